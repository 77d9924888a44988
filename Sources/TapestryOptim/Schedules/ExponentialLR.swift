/// Multiplies the rate by `gamma` at every step.
public final class ExponentialLR: LRScheduler {
  /// The factor of a step.
  public let gamma: Double

  /// `gamma` is finite and at least 0.
  public init(_ optimizer: any Optimizer, gamma: Double) {
    checkFactor("ExponentialLR", "gamma", gamma)
    self.gamma = gamma
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double { now * gamma }
  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now }
}
