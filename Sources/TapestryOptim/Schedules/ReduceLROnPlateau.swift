import TapestryTensors

/// Lowers the learning rates when a measured value, usually the validation loss, has not improved for more than
/// `patience` steps:
///
///     let schedule = ReduceLROnPlateau(optimizer, factor: 0.5, patience: 3)
///     schedule.step(validationLoss)
public final class ReduceLROnPlateau: Stateful {
  /// Which values are better.
  public enum Mode: Sendable {
    /// Smaller is better: a loss.
    case min
    /// Larger is better: an accuracy.
    case max
  }

  /// What `threshold` is measured in.
  public enum ThresholdMode: Sendable {
    /// Better means by more than `threshold` times the best value.
    case rel
    /// Better means by more than `threshold`.
    case abs
  }

  /// Whose rates are lowered.
  public let optimizer: any Optimizer

  /// Whether smaller or larger values are better.
  public let mode: Mode

  /// What a reduction multiplies the rates by.
  public let factor: Double

  /// So many steps without an improvement lead to no reduction yet.
  public let patience: Int

  /// By how much a value must be better to count as an improvement.
  public let threshold: Double

  /// Whether `threshold` is relative to the best value or a difference.
  public let thresholdMode: ThresholdMode

  /// For so many steps after a reduction bad values do not count.
  public let cooldown: Int

  /// A rate that would change by at most this stays.
  public let eps: Double

  /// How many steps were made.
  public private(set) var lastEpoch = 0

  /// The best value so far; ±∞ before the first step.
  public private(set) var best: Double

  /// Steps since the last improvement.
  public private(set) var badEpochs = 0

  private var cooldownLeft = 0
  private let minRates: [Double]

  /// A reduction multiplies each rate by `factor` (in 0 ..< 1), but not below `minLR` (one number or one for each
  /// parameter group), and leaves a rate that would change by at most `eps`. For `cooldown` steps after a reduction bad
  /// values do not count.
  public init(
    _ optimizer: any Optimizer, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
    thresholdMode: ThresholdMode = .rel,
    cooldown: Int = 0, minLR: any PerGroup = 0.0, eps: Double = 1e-8
  ) {
    let name = "ReduceLROnPlateau"
    check(name, (0..<1).contains(factor), "factor must be in 0 ..< 1, got \(factor)")
    check(
      name, patience >= 0 && cooldown >= 0, "patience and cooldown must be at least 0, got \(patience) and \(cooldown)")
    checkFactor(name, "threshold", threshold)
    checkFactor(name, "eps", eps)
    self.optimizer = optimizer
    self.mode = mode
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.thresholdMode = thresholdMode
    self.cooldown = cooldown
    self.eps = eps
    minRates = minLR.values(for: optimizer, name, "minLR")
    best = mode == .min ? .infinity : -.infinity
  }

  /// Takes the newest value. NaN is no improvement.
  public func step(_ metric: Double) {
    lastEpoch += 1
    if isBetter(metric) {
      best = metric
      badEpochs = 0
    } else {
      badEpochs += 1
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      badEpochs = 0
    }
    if badEpochs > patience {
      reduce()
      cooldownLeft = Swift.min(cooldown, mostSteps)
      badEpochs = 0
    }
  }

  private func isBetter(_ value: Double) -> Bool {
    switch (mode, thresholdMode) {
    case (.min, .rel): value < best * (1 - threshold)
    case (.min, .abs): value < best - threshold
    case (.max, .rel): value > best * (1 + threshold)
    case (.max, .abs): value > best + threshold
    }
  }

  private func reduce() {
    let groups = optimizer.paramGroups
    check(
      "ReduceLROnPlateau", groups.count == minRates.count,
      """
      the optimizer has \(groups.count) parameter groups, and had \(minRates.count) when the schedule was made; make \
      the schedule after addParamGroup
      """)
    for (group, least) in zip(groups, minRates) {
      let rate = Swift.max(group.learningRate * factor, least)
      if group.learningRate - rate > eps { group.learningRate = rate }
    }
  }

  /// What the next step depends on, besides the optimizer's state, which has the rates themselves.
  public func stateDict() -> StateDict {
    StateDict([
      ("last_epoch", Tensor([lastEpoch], shape: [])), ("best", Tensor(best, .float64)),
      ("num_bad_epochs", Tensor([badEpochs], shape: [])),
      ("cooldown_counter", Tensor([cooldownLeft], shape: [])),
    ])
  }

  /// Takes over what `stateDict()` gave. Throws an error that lists everything that does not fit, and then nothing was
  /// changed.
  public func loadStateDict(_ state: StateDict) throws(DataError) {
    var reader = StateReader(state)
    let epoch = reader.count("last_epoch"), value = reader.number("best"), bad = reader.count("num_bad_epochs"),
      left = reader.count("cooldown_counter")
    if value.isNaN { reader.wrong.append("best must be a number, got nan") }
    try reader.finish("ReduceLROnPlateau")
    (lastEpoch, best, badEpochs, cooldownLeft) = (epoch, value, bad, left)
  }
}
