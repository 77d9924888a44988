import TapestryTensors

/// One cycle over the whole training, counted in batches: from maxLR/divFactor up to maxLR and down to far below the
/// start, while the momentum goes the other way (super-convergence: Smith and Topin 2017, arXiv:1708.07120). Sets the
/// rates and, with `cycleMomentum`, `momentum` or β₁ itself, whatever they were.
///
/// - rise: `pctStart` of the steps, to maxLR;
/// - fall: the rest, to maxLR/divFactor/finalDivFactor; with `threePhase` as long as the rise, back to maxLR/divFactor,
///   and the rest down from there.
public final class OneCycleLR: LRScheduler {
  /// How the rate goes from one value to the next.
  public enum AnnealStrategy: Sendable {
    /// Half a cosine.
    case cos
    /// A line.
    case linear
  }

  /// The steps of the whole cycle.
  public let totalSteps: Int
  private let strategy: AnnealStrategy
  private let phases: [Phase]
  private let starts: [Double]
  private let largest: [Double]
  private let finalDivFactor: Double
  private let momentum: MomentumCycle?

  /// Where a phase ends, in steps, and between which rates (and, the other way round, momenta) it goes.
  private struct Phase {
    enum Level { case start, largest, least }
    let end: Double
    let from: Level
    let to: Level
  }

  /// `totalSteps` is at least 1. A step may follow each batch: that is one more than the cycle needs. `maxLR`,
  /// `baseMomentum` and `maxMomentum` are one number or one for each parameter group.
  public init(
    _ optimizer: any Optimizer, maxLR: any PerGroup, totalSteps: Int, pctStart: Double = 0.3,
    annealStrategy: AnnealStrategy = .cos,
    cycleMomentum: Bool = true, baseMomentum: any PerGroup = 0.85, maxMomentum: any PerGroup = 0.95,
    divFactor: Double = 25,
    finalDivFactor: Double = 1e4, threePhase: Bool = false
  ) {
    let name = "OneCycleLR"
    checkSteps(name, "totalSteps", totalSteps)
    check(name, (0...1).contains(pctStart), "pctStart must be in 0 ... 1, got \(pctStart)")
    check(name, divFactor.isFinite && divFactor > 0, "divFactor must be finite and above 0, got \(divFactor)")
    check(
      name, finalDivFactor.isFinite && finalDivFactor > 0,
      "finalDivFactor must be finite and above 0, got \(finalDivFactor)")
    self.totalSteps = totalSteps
    self.finalDivFactor = finalDivFactor
    strategy = annealStrategy
    let rise = pctStart * Double(totalSteps), last = Double(totalSteps - 1)
    phases =
      threePhase
      ? [
        Phase(end: rise - 1, from: .start, to: .largest),
        Phase(end: 2 * pctStart * Double(totalSteps) - 2, from: .largest, to: .start),
        Phase(end: last, from: .start, to: .least),
      ]
      : [Phase(end: rise - 1, from: .start, to: .largest), Phase(end: last, from: .largest, to: .least)]
    largest = maxLR.values(for: optimizer, name, "maxLR")
    starts = largest.map { $0 / divFactor }
    for (group, rate) in zip(optimizer.paramGroups, starts) { group.initialLearningRate = rate }
    momentum = cycleMomentum ? MomentumCycle(optimizer, name, base: baseMomentum, largest: maxMomentum) : nil
    super.init(optimizer)
    begin()
  }

  /// With `epochs`·`stepsPerEpoch` steps.
  public convenience init(
    _ optimizer: any Optimizer, maxLR: any PerGroup, epochs: Int, stepsPerEpoch: Int, pctStart: Double = 0.3,
    annealStrategy: AnnealStrategy = .cos,
    cycleMomentum: Bool = true, baseMomentum: any PerGroup = 0.85, maxMomentum: any PerGroup = 0.95,
    divFactor: Double = 25,
    finalDivFactor: Double = 1e4, threePhase: Bool = false
  ) {
    check(
      "OneCycleLR", epochs >= 1 && stepsPerEpoch >= 1,
      "epochs and stepsPerEpoch must be at least 1, got \(epochs) and \(stepsPerEpoch)")
    let (steps, tooMany) = epochs.multipliedReportingOverflow(by: stepsPerEpoch)
    check(
      "OneCycleLR", !tooMany && steps <= mostSteps,
      "epochs·stepsPerEpoch must be at most \(mostSteps), got \(epochs)·\(stepsPerEpoch)")
    self.init(
      optimizer, maxLR: maxLR, totalSteps: steps, pctStart: pctStart, annealStrategy: annealStrategy,
      cycleMomentum: cycleMomentum,
      baseMomentum: baseMomentum, maxMomentum: maxMomentum, divFactor: divFactor, finalDivFactor: finalDivFactor,
      threePhase: threePhase)
  }

  override var cycled: OptimizerOption? { momentum?.option }

  public override func rate(now: Double, base: Double, group: Int) -> Double {
    check(name, lastEpoch <= totalSteps, "step \(lastEpoch) of a schedule of totalSteps \(totalSteps)")
    let step = Double(lastEpoch)
    let index = phases.firstIndex { step <= $0.end } ?? phases.count - 1
    let phase = phases[index], begin = index == 0 ? 0 : phases[index - 1].end
    // A phase of no length is over as soon as it begins.
    let part = phase.end == begin ? 1 : (step - begin) / (phase.end - begin)
    if let momentum {
      func level(_ level: Phase.Level) -> Double { level == .largest ? momentum.base[group] : momentum.largest[group] }
      optimizer.paramGroups[group][momentum.option] = anneal(level(phase.from), level(phase.to), part)
    }
    func level(_ level: Phase.Level) -> Double {
      switch level {
      case .start: starts[group]
      case .largest: largest[group]
      case .least: starts[group] / finalDivFactor
      }
    }
    return anneal(level(phase.from), level(phase.to), part)
  }

  private func anneal(_ start: Double, _ end: Double, _ part: Double) -> Double {
    switch strategy {
    case .cos: end + (start - end) / 2 * (cosine(.pi * part) + 1)
    // After the last step of the cycle a line would go on, below 0.
    case .linear: (end - start) * Swift.min(part, 1) + start
    }
  }
}
