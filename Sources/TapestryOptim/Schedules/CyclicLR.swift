import TapestryTensors

/// Up from `baseLR` to `maxLR` in `stepSizeUp` steps and down again in `stepSizeDown`, over and over, counted in
/// batches, while the momentum goes the other way (Smith 2015, arXiv:1506.01186). Sets the rates and, with
/// `cycleMomentum`, `momentum` or β₁ itself, whatever they were.
public final class CyclicLR: LRScheduler {
  /// How the height of the cycles changes.
  public enum Mode: Sendable {
    /// Not at all.
    case triangular
    /// Half of the height after each cycle.
    case triangular2
    /// Times gammaᵗ at step t.
    case expRange
  }

  private let low: [Double]
  private let high: [Double]
  private let length: Double
  private let rise: Double
  private let mode: Mode
  private let gamma: Double
  private let momentum: MomentumCycle?

  /// Rates and momenta are one number or one for each parameter group. `stepSizeDown` is `stepSizeUp` when left out.
  public init(
    _ optimizer: any Optimizer, baseLR: any PerGroup, maxLR: any PerGroup, stepSizeUp: Int = 2000,
    stepSizeDown: Int? = nil, mode: Mode = .triangular,
    gamma: Double = 1, cycleMomentum: Bool = true, baseMomentum: any PerGroup = 0.8, maxMomentum: any PerGroup = 0.9
  ) {
    let name = "CyclicLR", down = stepSizeDown ?? stepSizeUp
    check(
      name, stepSizeUp >= 1 && down >= 1,
      "stepSizeUp and stepSizeDown must be at least 1, got \(stepSizeUp) and \(down)")
    check(
      name, Swift.max(stepSizeUp, down) <= mostSteps,
      "stepSizeUp and stepSizeDown must be at most \(mostSteps), got \(stepSizeUp) and \(down)")
    checkFactor(name, "gamma", gamma)
    low = baseLR.values(for: optimizer, name, "baseLR")
    high = maxLR.values(for: optimizer, name, "maxLR")
    length = Double(stepSizeUp + down)
    rise = Double(stepSizeUp) / length
    self.mode = mode
    self.gamma = gamma
    for (group, rate) in zip(optimizer.paramGroups, low) { group.learningRate = rate }
    momentum = cycleMomentum ? MomentumCycle(optimizer, name, base: baseMomentum, largest: maxMomentum) : nil
    super.init(optimizer)
    begin()
  }

  override var cycled: OptimizerOption? { momentum?.option }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    let t = Double(lastEpoch)
    let cycle = (1 + t / length).rounded(.down), x = 1 + t / length - cycle
    let triangle = x <= rise ? x / rise : (x - 1) / (rise - 1)
    let scale =
      switch mode {
      case .triangular: 1.0
      case .triangular2: 1 / power(2, cycle - 1)
      case .expRange: power(gamma, t)
      }
    if let momentum {
      let (least, largest) = (momentum.base[group], momentum.largest[group])
      optimizer.paramGroups[group][momentum.option] = largest - (largest - least) * triangle * scale
    }
    return low[group] + (high[group] - low[group]) * triangle * scale
  }
}
