/// From the rate times `startFactor` to the rate times `endFactor` in `totalIters` equal steps, and no change after: a
/// linear warm-up.
///
///     rate = base·(start + (end − start)·min(t, total)/total)
public final class LinearLR: LRScheduler {
  /// The factor of the first rate.
  public let startFactor: Double

  /// The factor of the last rate.
  public let endFactor: Double

  /// The steps from the first to the last.
  public let totalIters: Int

  /// `startFactor` is above 0 and at most 1, `endFactor` in 0 … 1, `totalIters` at least 1.
  public init(_ optimizer: any Optimizer, startFactor: Double = 1.0 / 3, endFactor: Double = 1, totalIters: Int = 5) {
    check(
      "LinearLR", startFactor > 0 && startFactor <= 1, "startFactor must be above 0 and at most 1, got \(startFactor)")
    check("LinearLR", (0...1).contains(endFactor), "endFactor must be in 0 ... 1, got \(endFactor)")
    check("LinearLR", totalIters >= 1, "totalIters must be at least 1, got \(totalIters)")
    self.startFactor = startFactor
    self.endFactor = endFactor
    self.totalIters = totalIters
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    if lastEpoch > totalIters { return now }
    let rise = endFactor - startFactor
    // With endFactor 0 the last factor may be rounded to −10⁻¹⁷.
    return now * Swift.max(1 + rise / (Double(totalIters) * startFactor + Double(lastEpoch - 1) * rise), 0)
  }

  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now * startFactor }
}
