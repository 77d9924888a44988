/// Half a cosine from the base rate down to `etaMin` in `tMax` steps, and up again in the next `tMax` (Loshchilov and Hutter 2016, arXiv:1608.03983):
///
///     rate = η_min + (base − η_min)·(1 + cos(π·t/T_max))/2
public final class CosineAnnealingLR: LRScheduler {
  public let tMax: Int
  public let etaMin: Double

  public init(_ optimizer: any Optimizer, tMax: Int, etaMin: Double = 0) {
    check("CosineAnnealingLR", tMax >= 1, "tMax must be at least 1, got \(tMax)")
    checkFactor("CosineAnnealingLR", "etaMin", etaMin)
    self.tMax = tMax
    self.etaMin = etaMin
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    let total = Double(tMax)
    // At the bottom now − η_min is 0, and there is nothing to scale.
    if (lastEpoch - 1 - tMax) % (2 * tMax) == 0 { return now + (base - etaMin) * (1 - cosine(.pi / total)) / 2 }
    let after = 1 + cosine(.pi * Double(lastEpoch) / total), before = 1 + cosine(.pi * Double(lastEpoch - 1) / total)
    return after / before * (now - etaMin) + etaMin
  }

  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now }
}
