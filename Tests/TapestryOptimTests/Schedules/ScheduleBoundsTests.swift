import TapestryAutograd
import TapestryOptim
import TapestryTensors
import Testing

/// Schedules at their ends: the last steps, rates of 0, and the largest arguments.
struct ScheduleBoundsTests {
  private func sgd(_ rate: Double = 0.1) -> SGD { SGD([Parameter(.ones([1]))], learningRate: rate, momentum: 0.9) }
  private func adam() -> Adam { Adam([Parameter(.ones([1]))], learningRate: 0.1) }

  /// A step after each batch is one step more than the cycle has. A cosine is a little past its lowest point then, as
  /// in PyTorch; a line, which would cross 0, stays at its end: 0.1/25/10⁴.
  @Test(arguments: makeOneCycleEnds())
  func oneCycleTakesAsManyStepsAsItHas(steps: Int, rate: Double, beta: Double) {
    for threePhase in [false, true] {
      for strategy in [OneCycleLR.AnnealStrategy.cos, .linear] {
        let optimizer = adam()
        let schedule = OneCycleLR(
          optimizer, maxLR: 0.1, totalSteps: steps, annealStrategy: strategy, threePhase: threePhase)
        for _ in 0..<steps { schedule.step() }
        if strategy == .linear {
          expectClose([optimizer.learningRate, optimizer.paramGroups[0].betas.0], [4e-7, 0.95], "linear")
        }
        if strategy == .cos && !threePhase {
          expectClose([optimizer.learningRate, optimizer.paramGroups[0].betas.0], [rate, beta], "cosine")
        }
      }
    }
  }

  /// 1/3 + (0 − 1/3) rounds to −10⁻¹⁷ for some lengths.
  @Test func linearDownToZero() {
    for total in 1...50 {
      for start in [1.0, 1.0 / 3, 0.1] {
        let optimizer = sgd(), schedule = LinearLR(optimizer, startFactor: start, endFactor: 0, totalIters: total)
        for t in 1...total + 2 {
          schedule.step()
          let left = Swift.max(0, 1 - Double(t) / Double(total))
          expectClose(schedule.lastLearningRates, [0.1 * start * left], "\(total) steps from \(start), step \(t)")
        }
      }
    }
  }

  /// From 0 no factor leads back to the base rate.
  @Test func constantZeroAtFirst() {
    let schedule = ConstantLR(sgd(), factor: 0, totalIters: 3)
    var rates = schedule.lastLearningRates
    for _ in 0..<4 {
      schedule.step()
      rates += schedule.lastLearningRates
    }
    #expect(rates == [0, 0, 0, 0.1, 0.1])
  }

  /// A schedule that ran on its own before it became the first of several starts over, periods included.
  @Test func whatStartsOverForgetsItsPeriods() {
    let optimizer = sgd(), restarts = CosineAnnealingWarmRestarts(optimizer, t0: 2, tMult: 3), fresh = sgd()
    for _ in 0..<5 { restarts.step() }
    let sequence = SequentialLR(optimizer, schedulers: [restarts, ConstantLR(optimizer)], milestones: [20])
    let expected = CosineAnnealingWarmRestarts(fresh, t0: 2, tMult: 3)
    for step in 0..<15 {
      #expect(optimizer.learningRate == fresh.learningRate, "step \(step)")
      sequence.step()
      expected.step()
    }
  }

  @Test func polynomialDownToZero() {
    for total in 1...50 {
      let schedule = PolynomialLR(sgd(), totalIters: total)
      for _ in 0...total { schedule.step() }
      #expect(schedule.lastLearningRates == [0])
    }
  }

  /// A cosine that comes back to a base rate of 0.
  @Test func cosineBackToZero() {
    for total in 1...50 {
      let schedule = CosineAnnealingLR(sgd(0), tMax: total, etaMin: 0.1)
      for t in 1...6 * total {
        schedule.step()
        if t % (2 * total) == 0 { expectClose(schedule.lastLearningRates, [0], "\(total) steps, step \(t)") }
      }
    }
  }

  @Test func theLongestSchedules() throws {
    let most = 9_000_000_000_000_000
    let restarts = CosineAnnealingWarmRestarts(sgd(), t0: 2, tMult: most)
    for _ in 0..<3 { restarts.step() }
    // The second period, 2·9e15 steps, is cut to what a state dictionary can hold.
    try restarts.loadStateDict(restarts.stateDict())
    #expect(restarts.stateDict()["T_i"]!.item(Int.self) == most)
    let schedules = [
      CosineAnnealingLR(sgd(), tMax: most),
      CyclicLR(sgd(), baseLR: 0.1, maxLR: 1, stepSizeUp: most, stepSizeDown: most),
      OneCycleLR(sgd(), maxLR: 0.1, epochs: most, stepsPerEpoch: 1), StepLR(sgd(), stepSize: .max),
      LinearLR(sgd(), totalIters: .max),
    ]
    for schedule in schedules {
      for _ in 0..<3 { schedule.step() }
      #expect(schedule.lastEpoch == 3)
    }
  }

  @Test func aCooldownWithoutEnd() throws {
    let schedule = ReduceLROnPlateau(sgd(), patience: 0, cooldown: .max)
    for metric in [1.0, 2, 3] { schedule.step(metric) }
    try schedule.loadStateDict(schedule.stateDict())
    expectClose([schedule.optimizer.learningRate], [0.01], "one reduction")
  }
}
