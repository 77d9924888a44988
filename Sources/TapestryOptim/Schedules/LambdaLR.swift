/// The base rate times a function of the step: `LambdaLR(optimizer) { 1 / Double($0 + 1) }`. The function is not part
/// of the state that is saved.
public final class LambdaLR: LRScheduler {
  private let factors: [(Int) -> Double]

  /// One function of the step for all parameter groups.
  public convenience init(_ optimizer: any Optimizer, _ factor: @escaping (Int) -> Double) {
    self.init(optimizer, Array(repeating: factor, count: optimizer.paramGroups.count))
  }

  /// One function for each parameter group.
  public init(_ optimizer: any Optimizer, _ factors: [(Int) -> Double]) {
    checkCount("LambdaLR", factors.count, optimizer)
    self.factors = factors
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double { base * factors[group](lastEpoch) }
}

/// Multiplies the rate at every step by a function of the step: `MultiplicativeLR(optimizer) { _ in 0.95 }`. The
/// function is not part of the state that is saved.
public final class MultiplicativeLR: LRScheduler {
  private let factors: [(Int) -> Double]

  /// One function of the step for all parameter groups.
  public convenience init(_ optimizer: any Optimizer, _ factor: @escaping (Int) -> Double) {
    self.init(optimizer, Array(repeating: factor, count: optimizer.paramGroups.count))
  }

  /// One function for each parameter group.
  public init(_ optimizer: any Optimizer, _ factors: [(Int) -> Double]) {
    checkCount("MultiplicativeLR", factors.count, optimizer)
    self.factors = factors
    super.init(optimizer)
    begin()
  }

  public override func rate(now: Double, base: Double, group: Int) -> Double { now * factors[group](lastEpoch) }
  public override func firstRate(now: Double, base: Double, group: Int) -> Double { now }

  /// PyTorch goes on from the rate that the schedule before left, times the factor of step 0.
  override func beginAgain() { restart { now, base, group in rate(now: now, base: base, group: group) } }
}

private func checkCount(_ owner: String, _ count: Int, _ optimizer: any Optimizer) {
  let groups = optimizer.paramGroups.count
  check(owner, count == groups, "needs one function for each of the \(groups) parameter groups, got \(count)")
}
