import TapestryTensors

/// Multiplies the rate by `gamma` every `stepSize` steps.
public final class StepLR: LRScheduler {
  /// The steps from one reduction to the next.
  public let stepSize: Int

  /// The factor of a reduction.
  public let gamma: Double

  /// `stepSize` is at least 1, `gamma` finite and at least 0.
  public init(_ optimizer: any Optimizer, stepSize: Int, gamma: Double = 0.1) {
    check("StepLR", stepSize >= 1, "stepSize must be at least 1, got \(stepSize)")
    checkFactor("StepLR", "gamma", gamma)
    self.stepSize = stepSize
    self.gamma = gamma
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    lastEpoch % stepSize == 0 ? now * gamma : now
  }
  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now }
}

/// Traps when a number of steps is not in 1 … `mostSteps`.
func checkSteps(_ owner: String, _ name: String, _ value: Int) {
  check(owner, value >= 1, "\(name) must be at least 1, got \(value)")
  check(owner, value <= mostSteps, "\(name) must be at most \(mostSteps), got \(value)")
}

/// Traps when a factor is not a finite number of at least 0.
func checkFactor(_ owner: String, _ name: String, _ value: Double) {
  check(owner, value.isFinite && value >= 0, "\(name) must be finite and at least 0, got \(value)")
}
