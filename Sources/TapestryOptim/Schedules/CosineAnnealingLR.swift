/// Half a cosine from the base rate down to `etaMin` in `tMax` steps, and up again in the next `tMax` (Loshchilov and
/// Hutter 2016, arXiv:1608.03983):
///
///     rate = η_min + (base − η_min)·(1 + cos(π·t/T_max))/2
public final class CosineAnnealingLR: LRScheduler {
  /// T_max: the steps from the top to the bottom.
  public let tMax: Int

  /// η_min: the least rate.
  public let etaMin: Double

  /// `tMax` is at least 1, `etaMin` at least 0.
  public init(_ optimizer: any Optimizer, tMax: Int, etaMin: Double = 0) {
    checkSteps("CosineAnnealingLR", "tMax", tMax)
    checkFactor("CosineAnnealingLR", "etaMin", etaMin)
    self.tMax = tMax
    self.etaMin = etaMin
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    let total = Double(tMax)
    // At the bottom now − η_min is 0, and there is nothing to scale.
    if (lastEpoch - 1 - tMax) % (2 * tMax) == 0 {
      return nonnegative(now + (base - etaMin) * (1 - cosine(.pi / total)) / 2)
    }
    let after = 1 + cosine(.pi * Double(lastEpoch) / total), before = 1 + cosine(.pi * Double(lastEpoch - 1) / total)
    return nonnegative(after / before * (now - etaMin) + etaMin)
  }

  /// A base rate of 0 may come back as −10⁻¹⁷. What is far below 0 was set so by hand, and has a message.
  private func nonnegative(_ rate: Double) -> Double { rate < 0 && rate > -1e-9 * etaMin ? 0 : rate }

  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now }
}
