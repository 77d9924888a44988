import TapestryAutograd
import TapestryTensors

/// What an optimizer takes: a `Parameter`, or a `ParameterGroup` with options of its own. No other type needs to
/// conform.
public protocol ParameterSource {}
extension Parameter: ParameterSource {}

/// Parameters that share their options. What a group leaves out comes from the optimizer:
///
///     let optimizer = AdamW(
///       [ParameterGroup(weights), ParameterGroup(biases, learningRate: 1e-4, weightDecay: 0)],
///       learningRate: 1e-3, weightDecay: 0.01)
///     optimizer.paramGroups[1].learningRate = 1e-5
///
/// Every option may be set while training; a value that makes no sense ends the program with a message. An option that
/// the optimizer does not have (`momentum` of Adam) cannot be given, read or set.
public final class ParameterGroup: ParameterSource {
  /// The parameters, in the order given.
  public let parameters: [Parameter]

  /// Where schedules start from: the learning rate when the first schedule was made, PyTorch's `initial_lr`.
  var initialLearningRate: Double?

  /// What this group or its optimizer says.
  @exclusivity(unchecked) private(set) final var values = OptionValues()

  /// The name of the optimizer that took this group, nil before.
  private(set) var owner: String?

  /// The options that are given hold for this group alone; nil leaves one to the optimizer. Ranges stand at the
  /// properties of the same name. Options that have no label here, of the rarer optimizers, go into `options`:
  /// `[.lrDecay: 0.1]`, flags as 0 and 1.
  public init(
    _ parameters: [Parameter], learningRate: Double? = nil, weightDecay: Double? = nil, momentum: Double? = nil,
    dampening: Double? = nil,
    nesterov: Bool? = nil, betas: (Double, Double)? = nil, eps: Double? = nil, amsgrad: Bool? = nil,
    alpha: Double? = nil, centered: Bool? = nil,
    maximize: Bool? = nil, options: KeyValuePairs<OptimizerOption, Double> = [:]
  ) {
    if parameters.contains(where: \.isUninitialized) {
      fail("optimizer: \(Parameter.stillToCome("an optimizer needs it"))")
    }
    self.parameters = parameters
    let given: [(OptimizerOption, Double?)] = [
      (.learningRate, learningRate), (.weightDecay, weightDecay), (.momentum, momentum), (.dampening, dampening),
      (.nesterov, nesterov.map(number)),
      (.beta1, betas?.0), (.beta2, betas?.1), (.eps, eps), (.amsgrad, amsgrad.map(number)), (.alpha, alpha),
      (.centered, centered.map(number)),
      (.maximize, maximize.map(number)),
    ]
    for (option, value) in given + options.map({ ($0.key, $0.value) }) {
      guard let value else { continue }
      option.check(value, "ParameterGroup")
      values[option] = value
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

  /// Whether to climb instead of to descend.
  public var maximize: Bool {
    get { self[.maximize] != 0 }
    set { self[.maximize] = number(newValue) }
  }

  func has(_ option: OptimizerOption) -> Bool { values[option] != nil }

  /// The number of an option, 0 and 1 for a flag. One that the optimizer does not have ends the program with a message.
  public subscript(_ option: OptimizerOption) -> Double {
    get {
      if let value = values[option] { return value }
      if let owner { fail("\(owner): has no option \(option.name)") }
      fail(
        """
        ParameterGroup: \(option.name) was not given, so the optimizer decides it; read it from optimizer.paramGroups \
        after making the optimizer
        """)
    }
    set {
      if let owner, values[option] == nil { fail("\(owner): has no option \(option.name)") }
      option.check(newValue, owner ?? "ParameterGroup")
      values[option] = newValue
    }
  }

  /// Becomes part of an optimizer: what is not given comes from `defaults`, which also say which options there are, and
  /// in which order.
  func join(_ optimizer: String, number index: Int, _ defaults: OptionValues) {
    if let owner {
      fail(
        """
        \(optimizer): parameter group \(index) belongs to another optimizer (\(owner)) already; make a new \
        ParameterGroup
        """)
    }
    if parameters.isEmpty { fail("\(optimizer): parameter group \(index) has no parameters") }
    for option in values.options where defaults[option] == nil {
      fail("\(optimizer): parameter group \(index) sets \(option.name), which \(optimizer) does not have")
    }
    var all = defaults
    for option in values.options { all[option] = values[option] }
    values = all
    owner = optimizer
  }
}

func number(_ flag: Bool) -> Double { flag ? 1 : 0 }

extension ParameterGroup: CustomStringConvertible {
  /// The number of tensors and the options:
  /// `2 parameters, learningRate: 0.001, weightDecay: 0.01, betas: (0.9, 0.999)`.
  public var description: String {
    let count = "\(parameters.count) \(parameters.count == 1 ? "parameter" : "parameters")"
    return values.options.isEmpty ? count : "\(count), \(values.description)"
  }
}
