/// Multiplies the rate by `gamma` at each of the `milestones`, which count steps; a milestone listed twice counts
/// twice.
public final class MultiStepLR: LRScheduler {
  /// The steps at which the rate is reduced.
  public let milestones: [Int]

  /// The factor of a reduction.
  public let gamma: Double

  /// `milestones` are at least 0, in any order; `gamma` is finite and at least 0.
  public init(_ optimizer: any Optimizer, milestones: [Int], gamma: Double = 0.1) {
    check("MultiStepLR", milestones.allSatisfy { $0 >= 0 }, "milestones must be at least 0, got \(milestones)")
    checkFactor("MultiStepLR", "gamma", gamma)
    self.milestones = milestones
    self.gamma = gamma
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    let hits = milestones.count { $0 == lastEpoch }
    return hits == 0 ? now : now * power(gamma, Double(hits))
  }
}
