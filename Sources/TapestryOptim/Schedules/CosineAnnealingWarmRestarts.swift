import TapestryTensors

/// Half a cosine from the base rate down to `etaMin` in `t0` steps, then from the start again, each time `tMult` times as long (SGDR: Loshchilov and Hutter
/// 2016, arXiv:1608.03983):
///
///     rate = η_min + (base − η_min)·(1 + cos(π·t/T))/2      t steps since the last restart, T from there to the next
public final class CosineAnnealingWarmRestarts: LRScheduler {
  public let t0: Int
  public let tMult: Int
  public let etaMin: Double
  private var since = 0
  private var length: Int

  public init(_ optimizer: any Optimizer, t0: Int, tMult: Int = 1, etaMin: Double = 0) {
    check("CosineAnnealingWarmRestarts", t0 >= 1, "t0 must be at least 1, got \(t0)")
    check("CosineAnnealingWarmRestarts", tMult >= 1, "tMult must be at least 1, got \(tMult)")
    checkFactor("CosineAnnealingWarmRestarts", "etaMin", etaMin)
    self.t0 = t0
    self.tMult = tMult
    self.etaMin = etaMin
    length = t0
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    etaMin + (base - etaMin) * (1 + cosine(.pi * Double(since) / Double(length))) / 2
  }

  override func advance() {
    since += 1
    if since < length { return }
    since = 0
    length *= tMult
  }

  override func reset() { (since, length) = (0, t0) }

  override func write(_ state: inout [String: Tensor], _ prefix: String) {
    super.write(&state, prefix)
    state[prefix + "T_cur"] = Tensor([since], shape: [])
    state[prefix + "T_i"] = Tensor([length], shape: [])
  }

  override func read(_ reader: inout StateReader, _ prefix: String) -> () -> Void {
    let apply = super.read(&reader, prefix), since = reader.count(prefix + "T_cur"), length = reader.count(prefix + "T_i", atLeast: 1)
    return { [self] in
      apply()
      (self.since, self.length) = (since, length)
    }
  }
}
