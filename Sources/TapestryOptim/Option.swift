import TapestryTensors

/// The options of all optimizers, and the values that make sense for each: PyTorch's ranges, and only finite numbers. Flags are 0 and 1.
enum Option: Int, CaseIterable {
  case learningRate, momentum, dampening, weightDecay, nesterov, beta1, beta2, eps, amsgrad, alpha, centered, maximize

  var name: String {
    switch self {
    case .beta1: "betas.0"
    case .beta2: "betas.1"
    default: "\(self)"
    }
  }

  /// The key in state dictionaries; β₁ and β₂ share one.
  var key: String {
    switch self {
    case .learningRate: "lr"
    case .weightDecay: "weight_decay"
    case .beta1, .beta2: "betas"
    default: "\(self)"
    }
  }

  var isFlag: Bool {
    switch self {
    case .nesterov, .amsgrad, .centered, .maximize: true
    default: false
    }
  }

  /// What is wrong with a value, nil when nothing is.
  func mistake(_ value: Double) -> String? {
    if !value.isFinite { return "\(name) must be finite, got \(value)" }
    switch self {
    case .beta1, .beta2: return (0..<1).contains(value) ? nil : "\(name) must be in 0 ..< 1, got \(value)"
    case .dampening, .nesterov, .amsgrad, .centered, .maximize: return nil
    default: return value >= 0 ? nil : "\(name) must be at least 0, got \(value)"
    }
  }

  func check(_ value: Double, _ owner: String) {
    if let mistake = mistake(value) { fail("\(owner): \(mistake)") }
  }
}
