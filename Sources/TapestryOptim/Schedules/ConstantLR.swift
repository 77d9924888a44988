/// The rate times `factor` for the first `totalIters` steps, then the whole rate.
public final class ConstantLR: LRScheduler {
  /// What the rate is multiplied by at first.
  public let factor: Double

  /// For how many steps.
  public let totalIters: Int

  /// `factor` is in 0 … 1, `totalIters` at least 1.
  public init(_ optimizer: any Optimizer, factor: Double = 1.0 / 3, totalIters: Int = 5) {
    check("ConstantLR", (0...1).contains(factor), "factor must be in 0 ... 1, got \(factor)")
    check("ConstantLR", totalIters >= 1, "totalIters must be at least 1, got \(totalIters)")
    self.factor = factor
    self.totalIters = totalIters
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    if lastEpoch != totalIters { return now }
    return factor == 0 ? base : now * (1 / factor)
  }

  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now * factor }
}
