/// Down to 0 in `totalIters` steps: rate = base·(1 − min(t, total)/total)^power.
public final class PolynomialLR: LRScheduler {
  /// The steps to 0.
  public let totalIters: Int

  /// The exponent.
  public let power: Double

  /// `totalIters` is at least 1, `power` finite and at least 0.
  public init(_ optimizer: any Optimizer, totalIters: Int = 5, power: Double = 1) {
    check("PolynomialLR", totalIters >= 1, "totalIters must be at least 1, got \(totalIters)")
    checkFactor("PolynomialLR", "power", power)
    self.totalIters = totalIters
    self.power = power
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    if lastEpoch > totalIters { return now }
    let total = Double(totalIters), t = Double(lastEpoch)
    return now * TapestryOptim.power((1 - t / total) / (1 - (t - 1) / total), power)
  }

  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now }
}
