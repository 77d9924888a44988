import TapestryTensors

/// An option of optimizers: its names, and the values that make sense. An optimizer declares its own beside it, as
/// `extension OptimizerOption { static let … }`; those here are shared.
public struct OptimizerOption: Sendable, Hashable {
  /// Which numbers are allowed; all must be finite.
  package enum Values: Sendable { case atLeast0, below1, any, flag }

  /// In messages and in Swift: `learningRate`. Parts of one option are `betas.0` and `betas.1`.
  let name: StaticString

  /// In state dictionaries, PyTorch's: `lr`. Parts of one option share it and are written as one vector.
  let key: StaticString
  let values: Values

  /// Counts the options of the program.
  let id: Int
  private static let ids = Locked(0)

  init(_ name: StaticString, _ key: StaticString? = nil, _ values: Values = .atLeast0) {
    self.name = name
    self.key = key ?? name
    self.values = values
    id = Self.ids.with { last in
      last += 1
      return last
    }
  }

  /// Whether they are the same option; names do not count.
  public static func == (a: OptimizerOption, b: OptimizerOption) -> Bool { a.id == b.id }
  /// By its number.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  var isFlag: Bool { values == .flag }

  /// What is wrong with a value, nil when nothing is.
  func mistake(_ value: Double) -> String? {
    if !value.isFinite { return "\(name) must be finite, got \(value)" }
    switch values {
    case .below1: return (0..<1).contains(value) ? nil : "\(name) must be in 0 ..< 1, got \(value)"
    case .atLeast0: return value >= 0 ? nil : "\(name) must be at least 0, got \(value)"
    case .any, .flag: return nil
    }
  }

  func check(_ value: Double, _ owner: String) {
    if let mistake = mistake(value) { fail("\(owner): \(mistake)") }
  }
}

extension OptimizerOption {
  /// η
  public static let learningRate = OptimizerOption("learningRate", "lr")

  /// λ
  public static let weightDecay = OptimizerOption("weightDecay", "weight_decay")

  /// μ
  public static let momentum = OptimizerOption("momentum")

  /// ε
  public static let eps = OptimizerOption("eps")

  /// Whether to climb instead of to descend.
  public static let maximize = OptimizerOption("maximize", nil, .flag)

  /// β₁ and β₂
  public static let beta1 = OptimizerOption("betas.0", "betas", .below1)
  /// β₂ of Adam, in 0 ..< 1.
  public static let beta2 = OptimizerOption("betas.1", "betas", .below1)
}

/// Options with their numbers, in order.
struct OptionValues: Sendable {
  private(set) var options: [OptimizerOption] = []

  /// By `OptimizerOption.id`, for a step asks often; NaN, which no option may be, where there is none.
  private var numbers: [Double] = []

  subscript(_ option: OptimizerOption) -> Double? {
    get {
      let number = option.id < numbers.count ? numbers[option.id] : .nan
      return number.isNaN ? nil : number
    }
    set {
      guard let newValue, !newValue.isNaN else {
        fail("OptionValues: \(option.name) needs a number, got \(newValue.map { "\($0)" } ?? "none")")
      }
      if self[option] == nil { options.append(option) }
      while numbers.count <= option.id { numbers.append(.nan) }
      numbers[option.id] = newValue
    }
  }

  /// The options that share a key in state dictionaries, by key, in order.
  var byKey: [(key: String, options: [OptimizerOption])] {
    var found: [(key: String, options: [OptimizerOption])] = []
    for option in options {
      if let i = found.firstIndex(where: { $0.key == "\(option.key)" }) {
        found[i].options.append(option)
      } else {
        found.append(("\(option.key)", [option]))
      }
    }
    return found
  }

  /// `learningRate: 0.1, betas: (0.9, 0.999), maximize: false`
  var description: String {
    byKey.map { _, options in
      let texts = options.map { $0.isFlag ? "\(self[$0] != 0)" : "\(self[$0]!)" }
      let name = "\(options[0].name)".split(separator: ".")[0]
      return "\(name): \(texts.count == 1 ? texts[0] : "(" + texts.joined(separator: ", ") + ")")"
    }.joined(separator: ", ")
  }
}
