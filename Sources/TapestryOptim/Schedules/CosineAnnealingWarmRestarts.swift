import TapestryTensors

/// Half a cosine from the base rate down to `etaMin` in `t0` steps, then from the start again, each time `tMult` times
/// as long (SGDR: Loshchilov and Hutter 2016, arXiv:1608.03983):
///
///     rate = η_min + (base − η_min)·(1 + cos(π·t/T))/2      t steps since the last restart, T from there to the next
public final class CosineAnnealingWarmRestarts: LRScheduler {
  /// The steps to the first restart.
  public let t0: Int

  /// How many times as long each period is as the one before.
  public let tMult: Int

  /// η_min: the least rate.
  public let etaMin: Double
  private var since = 0
  private var length: Int

  /// `t0` and `tMult` are at least 1, `etaMin` at least 0.
  public init(_ optimizer: any Optimizer, t0: Int, tMult: Int = 1, etaMin: Double = 0) {
    checkSteps("CosineAnnealingWarmRestarts", "t0", t0)
    checkSteps("CosineAnnealingWarmRestarts", "tMult", tMult)
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
    let (next, overflow) = length.multipliedReportingOverflow(by: tMult)
    length = overflow ? mostSteps : Swift.min(next, mostSteps)
  }

  override func reset() { (since, length) = (0, t0) }

  override func write(_ state: inout StateDict, _ prefix: String) {
    super.write(&state, prefix)
    state[prefix + "T_cur"] = Tensor([since], shape: [])
    state[prefix + "T_i"] = Tensor([length], shape: [])
  }

  override func read(_ reader: inout StateReader, _ prefix: String) -> () -> Void {
    let apply = super.read(&reader, prefix), since = reader.count(prefix + "T_cur"),
      length = reader.count(prefix + "T_i", atLeast: 1)
    return { [self] in
      apply()
      (self.since, self.length) = (since, length)
    }
  }
}
