import TapestryAutograd
import TapestryTensors

/// What an optimizer takes: a `Parameter`, or a `ParameterGroup` with options of its own. No other type needs to conform.
public protocol ParameterSource {}
extension Parameter: ParameterSource {}

/// Parameters that share their options. What a group leaves out comes from the optimizer:
///
///     let optimizer = AdamW(
///       [ParameterGroup(weights), ParameterGroup(biases, learningRate: 1e-4, weightDecay: 0)], learningRate: 1e-3, weightDecay: 0.01)
///     optimizer.paramGroups[1].learningRate = 1e-5
///
/// Every option may be set while training; a value that makes no sense ends the program with a message. An option that the optimizer does not
/// have (`momentum` of Adam) cannot be given, read or set.
public final class ParameterGroup: ParameterSource {
  /// The parameters, in the order given.
  public let parameters: [Parameter]

  /// Where schedules start from: the learning rate when the first schedule was made, PyTorch's `initial_lr`.
  var initialLearningRate: Double?

  /// By `Option.rawValue`; nil where neither this group nor its optimizer says anything.
  private(set) var values: [Double?]

  /// The name of the optimizer that took this group, nil before.
  private(set) var owner: String?

  /// The options that are given hold for this group alone; nil leaves one to the optimizer. Ranges stand at the properties of the same name.
  public init(
    _ parameters: [Parameter], learningRate: Double? = nil, weightDecay: Double? = nil, momentum: Double? = nil, dampening: Double? = nil,
    nesterov: Bool? = nil, betas: (Double, Double)? = nil, eps: Double? = nil, amsgrad: Bool? = nil, alpha: Double? = nil, centered: Bool? = nil,
    maximize: Bool? = nil
  ) {
    self.parameters = parameters
    values = Array(repeating: nil, count: Option.allCases.count)
    let given: [(Option, Double?)] = [
      (.learningRate, learningRate), (.weightDecay, weightDecay), (.momentum, momentum), (.dampening, dampening), (.nesterov, nesterov.map(number)),
      (.beta1, betas?.0), (.beta2, betas?.1), (.eps, eps), (.amsgrad, amsgrad.map(number)), (.alpha, alpha), (.centered, centered.map(number)),
      (.maximize, maximize.map(number)),
    ]
    for (option, value) in given {
      guard let value else { continue }
      option.check(value, "ParameterGroup")
      values[option.rawValue] = value
    }
  }

  /// η, at least 0.
  public var learningRate: Double {
    get { self[.learningRate] }
    set { self[.learningRate] = newValue }
  }

  /// λ, at least 0.
  public var weightDecay: Double {
    get { self[.weightDecay] }
    set { self[.weightDecay] = newValue }
  }

  /// μ of SGD and RMSprop, at least 0.
  public var momentum: Double {
    get { self[.momentum] }
    set { self[.momentum] = newValue }
  }

  /// τ of SGD.
  public var dampening: Double {
    get { self[.dampening] }
    set { self[.dampening] = newValue }
  }

  /// Whether SGD looks ahead along its momentum.
  public var nesterov: Bool {
    get { self[.nesterov] != 0 }
    set { self[.nesterov] = number(newValue) }
  }

  /// β₁ and β₂ of Adam, in 0 ..< 1.
  public var betas: (Double, Double) {
    get { (self[.beta1], self[.beta2]) }
    set { (self[.beta1], self[.beta2]) = newValue }
  }

  /// ε of Adam and RMSprop, at least 0.
  public var eps: Double {
    get { self[.eps] }
    set { self[.eps] = newValue }
  }

  /// Whether Adam divides by the largest second moment so far.
  public var amsgrad: Bool {
    get { self[.amsgrad] != 0 }
    set { self[.amsgrad] = number(newValue) }
  }

  /// α of RMSprop, at least 0.
  public var alpha: Double {
    get { self[.alpha] }
    set { self[.alpha] = newValue }
  }

  /// Whether RMSprop subtracts the square of the gradient's mean.
  public var centered: Bool {
    get { self[.centered] != 0 }
    set { self[.centered] = number(newValue) }
  }

  /// Whether to climb instead of to descend.
  public var maximize: Bool {
    get { self[.maximize] != 0 }
    set { self[.maximize] = number(newValue) }
  }

  func has(_ option: Option) -> Bool { values[option.rawValue] != nil }

  subscript(_ option: Option) -> Double {
    get {
      if let value = values[option.rawValue] { return value }
      if let owner { fail("\(owner): has no option \(option.name)") }
      fail("ParameterGroup: \(option.name) was not given, so the optimizer decides it; read it from optimizer.paramGroups after making the optimizer")
    }
    set {
      if let owner, values[option.rawValue] == nil { fail("\(owner): has no option \(option.name)") }
      option.check(newValue, owner ?? "ParameterGroup")
      values[option.rawValue] = newValue
    }
  }

  /// Becomes part of an optimizer: what is not given comes from `defaults`, which also say which options there are.
  func join(_ optimizer: String, number index: Int, _ defaults: [Option: Double]) {
    if let owner { fail("\(optimizer): parameter group \(index) belongs to another optimizer (\(owner)) already; make a new ParameterGroup") }
    if parameters.isEmpty { fail("\(optimizer): parameter group \(index) has no parameters") }
    for option in Option.allCases {
      if has(option) && defaults[option] == nil { fail("\(optimizer): parameter group \(index) sets \(option.name), which \(optimizer) does not have") }
      if !has(option) { values[option.rawValue] = defaults[option] }
    }
    owner = optimizer
  }
}

func number(_ flag: Bool) -> Double { flag ? 1 : 0 }

extension ParameterGroup: CustomStringConvertible {
  /// The number of tensors and the options: `2 parameters, learningRate: 0.001, weightDecay: 0.01, betas: (0.9, 0.999)`.
  public var description: String {
    let options = Option.allCases.compactMap { option -> String? in
      guard let value = values[option.rawValue] else { return nil }
      switch option {
      case .beta1: return "betas: (\(value), \(values[Option.beta2.rawValue] ?? .nan))"
      case .beta2: return nil
      default: return "\(option.name): \(option.isFlag ? "\(value != 0)" : "\(value)")"
      }
    }
    return (["\(parameters.count) \(parameters.count == 1 ? "parameter" : "parameters")"] + options).joined(separator: ", ")
  }
}
