import TapestryTensors

/// Changes an optimizer's learning rates as training goes on. Make the optimizer, then the schedule, which sets the
/// first rates at once, and call `step()` after each epoch (or after each batch, for schedules counted in batches),
/// after the optimizer's own step:
///
///     let schedule = StepLR(optimizer, stepSize: 30, gamma: 0.1)
///     for epoch in 0..<90 {
///       train(optimizer)
///       schedule.step()
///     }
///
/// Every group is scaled from its own rate. As in PyTorch most schedules change the rate that is there, so that several
/// can act on one optimizer, and a rate set by hand stays changed. Kinds: `StepLR`, `MultiStepLR`, `ConstantLR`,
/// `LinearLR`, `ExponentialLR`, `PolynomialLR`, `CosineAnnealingLR`, `CosineAnnealingWarmRestarts`, `OneCycleLR`,
/// `CyclicLR`, `LambdaLR`, `MultiplicativeLR`, `SequentialLR`, `ChainedScheduler`, and `ReduceLROnPlateau`, whose step
/// takes a loss. A schedule of your own overrides `rate(now:base:group:)`.
open class LRScheduler: Stateful {
  /// Whose rates are changed.
  public let optimizer: any Optimizer

  /// How many steps were made.
  public internal(set) var lastEpoch = 0

  /// Each group's learning rate before the first schedule changed it.
  public internal(set) var baseLearningRates: [Double]

  let name: String

  /// Takes the present rates as base rates, unless a schedule before did. The initializer of a subclass sets its own
  /// properties, calls this, and ends with `begin()`.
  public init(_ optimizer: any Optimizer) {
    name = "\(type(of: self))"
    self.optimizer = optimizer
    if optimizer.paramGroups.isEmpty { fail("\(name): the optimizer has no parameter groups") }
    for group in optimizer.paramGroups where group.initialLearningRate == nil {
      group.initialLearningRate = group.learningRate
    }
    baseLearningRates = optimizer.paramGroups.map { $0.initialLearningRate! }
  }

  /// The rate of a group after `lastEpoch` steps, from the rate `now` before this step and the group's base rate.
  open func rate(now: Double, base: Double, group: Int) -> Double { now }

  /// The rate of a group at step 0, from the rate that is there when the schedule begins.
  open func firstRate(now: Double, base: Double, group: Int) -> Double { rate(now: now, base: base, group: group) }

  /// Goes on by one.
  open func step() {
    lastEpoch += 1
    advance()
    update { rate(now: $0, base: $1, group: $2) }
  }

  /// The learning rate of each group.
  public final var lastLearningRates: [Double] { optimizer.paramGroups.map(\.learningRate) }

  /// Sets the rates of step 0. Every initializer ends with this.
  public func begin() { restart { firstRate(now: $0, base: $1, group: $2) } }

  /// Sets the rates of step 0 again, in the midst of training: those of the base rates.
  func beginAgain() { restart { firstRate(now: $1, base: $1, group: $2) } }

  final func restart(_ rate: (_ now: Double, _ base: Double, _ group: Int) -> Double) {
    lastEpoch = 0
    reset()
    update(rate)
  }

  /// Counts what is counted besides `lastEpoch`.
  func advance() {}

  /// Sets it to its first value.
  func reset() {}

  final func update(_ rate: (_ now: Double, _ base: Double, _ group: Int) -> Double) {
    let groups = optimizer.paramGroups, made = baseLearningRates.count
    check(
      name, groups.count == made,
      """
      the optimizer has \(groups.count) parameter groups, and had \(made) when the schedule was made; make the \
      schedule after addParamGroup
      """)
    for (i, group) in groups.enumerated() {
      let value = rate(group.learningRate, baseLearningRates[i], i)
      check(
        name, value.isFinite && value >= 0,
        "gives group \(i) the learning rate \(value) at step \(lastEpoch); a rate must be finite and at least 0")
      group.learningRate = value
    }
  }

  /// What the next step depends on besides parameters, and the rates (and momenta or β₁, where the schedule cycles
  /// them) that are there now.
  public final func stateDict() -> StateDict {
    var state = StateDict()
    write(&state, "")
    for (option, key) in carried { state[key] = Tensor(optimizer.paramGroups.map { $0[option] }) }
    return state
  }

  /// Takes over what `stateDict()` of a schedule of the same kind and options gave. Throws an error that lists
  /// everything missing, unexpected or misshapen, and then nothing was changed. The optimizer's state may be loaded
  /// before or after, and before or after the schedule was made: making one sets the rates of step 0, and this puts
  /// those back that were there.
  public final func loadStateDict(_ state: StateDict) throws(DataError) {
    var reader = StateReader(state)
    let apply = read(&reader, ""), groups = optimizer.paramGroups
    let values = carried.map { option, key in (option: option, values: reader.numbers(key, groups.count)) }
    for ((_, key), (option, values)) in zip(carried, values) {
      for (i, value) in values.enumerated() {
        if let mistake = option.mistake(value) { reader.wrong.append("\(key).\(i): \(mistake)") }
      }
    }
    try reader.finish(name)
    apply()
    for (option, values) in values { for (group, value) in zip(groups, values) { group[option] = value } }
  }

  /// The option besides the learning rate that this schedule or a member of it sets.
  var cycled: OptimizerOption? { nil }

  /// What making a schedule changes in the optimizer, with the keys in state dictionaries. The rates' is PyTorch's.
  private var carried: [(OptimizerOption, String)] {
    [(.learningRate, "_last_lr")] + (cycled.map { [($0, "_last_momentum")] } ?? [])
  }

  func write(_ state: inout StateDict, _ prefix: String) {
    state[prefix + "last_epoch"] = Tensor([lastEpoch], shape: [])
    state[prefix + "base_lrs"] = Tensor(baseLearningRates)
  }

  /// Reads, and returns what to do when everything was right.
  func read(_ reader: inout StateReader, _ prefix: String) -> () -> Void {
    let epoch = reader.count(prefix + "last_epoch"),
      rates = reader.numbers(prefix + "base_lrs", baseLearningRates.count)
    for (i, rate) in rates.enumerated() {
      if let mistake = OptimizerOption.learningRate.mistake(rate) {
        reader.wrong.append("\(prefix)base_lrs.\(i): \(mistake)")
      }
    }
    return { [self] in (lastEpoch, baseLearningRates) = (epoch, rates) }
  }
}

/// One number for all parameter groups, or an array with one for each: `maxLR: 0.1`, `maxLR: [0.1, 0.01]`.
public protocol PerGroup: Sendable {
  /// The value of each of `count` groups, nil when there are as many values as no optimizer asked for.
  func values(for count: Int) -> [Double]?
}

extension Double: PerGroup {
  /// This number for each group.
  public func values(for count: Int) -> [Double]? { Array(repeating: self, count: count) }
}
extension Int: PerGroup {
  /// This number for each group.
  public func values(for count: Int) -> [Double]? { Array(repeating: Double(self), count: count) }
}
extension Array: PerGroup where Element == Double {
  /// The array itself when it has one number for each group, else nil.
  public func values(for count: Int) -> [Double]? { self.count == count ? self : nil }
}

extension PerGroup {
  /// The same, checked: finite and at least 0.
  func values(for optimizer: any Optimizer, _ owner: String, _ name: String) -> [Double] {
    let count = optimizer.paramGroups.count
    guard let values = values(for: count) else {
      fail("\(owner): \(name) must have one value for each of the \(count) parameter groups, got \(self)")
    }
    for value in values {
      check(owner, value.isFinite && value >= 0, "\(name) must be finite and at least 0, got \(value)")
    }
    return values
  }
}

/// Traps with `owner: mistake` when something does not hold.
func check(_ owner: String, _ holds: Bool, _ mistake: @autoclosure () -> String) {
  if !holds { fail("\(owner): \(mistake())") }
}
