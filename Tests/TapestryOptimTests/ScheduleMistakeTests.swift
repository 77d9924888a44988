import TapestryAutograd
import TapestryOptim
import TapestryTensors
import Testing

/// Mistakes with schedules end the program with a message. Each test is a process of its own.
struct ScheduleMistakeTests {
  // PyTorch's own checks.

  @Test func constantFactor() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ConstantLR(SGD([w]), factor: 1.5)
    }
    expectMessage("ConstantLR: factor must be in 0 ... 1, got 1.5", end)
  }

  @Test func linearStart() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = LinearLR(SGD([w]), startFactor: 0)
    }
    expectMessage("LinearLR: startFactor must be above 0 and at most 1, got 0.0", end)
  }

  @Test func linearEnd() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = LinearLR(SGD([w]), endFactor: -0.5)
    }
    expectMessage("LinearLR: endFactor must be in 0 ... 1, got -0.5", end)
  }

  @Test func restartLength() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CosineAnnealingWarmRestarts(SGD([w]), t0: 0)
    }
    expectMessage("CosineAnnealingWarmRestarts: t0 must be at least 1, got 0", end)
  }

  @Test func restartFactor() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CosineAnnealingWarmRestarts(SGD([w]), t0: 2, tMult: 0)
    }
    expectMessage("CosineAnnealingWarmRestarts: tMult must be at least 1, got 0", end)
  }

  @Test func oneCycleSteps() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = OneCycleLR(SGD([w]), maxLR: 1, totalSteps: 0)
    }
    expectMessage("OneCycleLR: totalSteps must be at least 1, got 0", end)
  }

  @Test func oneCycleEpochs() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = OneCycleLR(SGD([w]), maxLR: 1, epochs: 0, stepsPerEpoch: 3)
    }
    expectMessage("OneCycleLR: epochs and stepsPerEpoch must be at least 1, got 0 and 3", end)
  }

  @Test func oneCycleStart() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = OneCycleLR(SGD([w]), maxLR: 1, totalSteps: 10, pctStart: 1.5)
    }
    expectMessage("OneCycleLR: pctStart must be in 0 ... 1, got 1.5", end)
  }

  @Test func oneCycleRates() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = OneCycleLR(SGD([w]), maxLR: [1, 2], totalSteps: 10)
    }
    expectMessage("OneCycleLR: maxLR must have one value for each of the 1 parameter groups, got [1.0, 2.0]", end)
  }

  @Test func oneCycleTooLong() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let s = OneCycleLR(SGD([w]), maxLR: 1, totalSteps: 2)
      for _ in 0..<3 { s.step() }
    }
    expectMessage("OneCycleLR: step 3 of a schedule of totalSteps 2", end)
  }

  @Test func cyclicMomentum() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      final class Plain: Optimizer {
        let paramGroups: [ParameterGroup]
        init(_ w: Parameter) { paramGroups = [ParameterGroup([w], learningRate: 1)] }
        func step() {}
      }
      _ = CyclicLR(Plain(w), baseLR: 0.1, maxLR: 1)
    }
    expectMessage("CyclicLR: the optimizer has neither momentum nor betas, so there is nothing to cycle; pass cycleMomentum: false", end)
  }

  @Test func plateauFactor() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ReduceLROnPlateau(SGD([w]), factor: 1)
    }
    expectMessage("ReduceLROnPlateau: factor must be in 0 ..< 1, got 1.0", end)
  }

  @Test func plateauRates() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ReduceLROnPlateau(SGD([w]), minLR: [0.1, 0.2])
    }
    expectMessage("ReduceLROnPlateau: minLR must have one value for each of the 1 parameter groups, got [0.1, 0.2]", end)
  }

  @Test func lambdaCount() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = LambdaLR(SGD([w]), [{ _ in 1 }, { _ in 2 }])
    }
    expectMessage("LambdaLR: needs one function for each of the 1 parameter groups, got 2", end)
  }

  @Test func sequentialNone() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SequentialLR(SGD([w]), schedulers: [], milestones: [])
    }
    expectMessage("SequentialLR: needs at least one scheduler", end)
  }

  @Test func sequentialMilestones() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let o = SGD([w])
      _ = SequentialLR(o, schedulers: [StepLR(o, stepSize: 1)], milestones: [2])
    }
    expectMessage("SequentialLR: 1 schedulers need 0 milestones, got 1", end)
  }

  @Test func sequentialOptimizers() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SequentialLR(SGD([w]), schedulers: [StepLR(SGD([w]), stepSize: 1)], milestones: [])
    }
    expectMessage("SequentialLR: scheduler 0 (StepLR) belongs to another optimizer", end)
  }

  @Test func chainedNone() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = ChainedScheduler([])
    }
    expectMessage("ChainedScheduler: needs at least one scheduler", end)
  }

  @Test func chainedOptimizers() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ChainedScheduler([StepLR(SGD([w]), stepSize: 1), StepLR(SGD([w]), stepSize: 1)])
    }
    expectMessage("ChainedScheduler: scheduler 1 (StepLR) belongs to another optimizer", end)
  }

  // What PyTorch lets pass, and fails on later or never.

  @Test func stepSize() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = StepLR(SGD([w]), stepSize: 0)
    }
    expectMessage("StepLR: stepSize must be at least 1, got 0", end)
  }

  @Test func gamma() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = StepLR(SGD([w]), stepSize: 1, gamma: .nan)
    }
    expectMessage("StepLR: gamma must be finite and at least 0, got nan", end)
  }

  @Test func milestones() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = MultiStepLR(SGD([w]), milestones: [-1])
    }
    expectMessage("MultiStepLR: milestones must be at least 0, got [-1]", end)
  }

  @Test func exponentialGamma() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ExponentialLR(SGD([w]), gamma: -1)
    }
    expectMessage("ExponentialLR: gamma must be finite and at least 0, got -1.0", end)
  }

  @Test func totalIters() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = PolynomialLR(SGD([w]), totalIters: 0)
    }
    expectMessage("PolynomialLR: totalIters must be at least 1, got 0", end)
  }

  @Test func constantIters() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ConstantLR(SGD([w]), totalIters: 0)
    }
    expectMessage("ConstantLR: totalIters must be at least 1, got 0", end)
  }

  @Test func linearIters() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = LinearLR(SGD([w]), totalIters: -3)
    }
    expectMessage("LinearLR: totalIters must be at least 1, got -3", end)
  }

  @Test func cosineLength() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CosineAnnealingLR(SGD([w]), tMax: 0)
    }
    expectMessage("CosineAnnealingLR: tMax must be at least 1, got 0", end)
  }

  @Test func cyclicSteps() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CyclicLR(SGD([w]), baseLR: 0.1, maxLR: 1, stepSizeUp: 0)
    }
    expectMessage("CyclicLR: stepSizeUp and stepSizeDown must be at least 1, got 0 and 0", end)
  }

  @Test func cyclicRate() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CyclicLR(SGD([w]), baseLR: -1, maxLR: 1)
    }
    expectMessage("CyclicLR: baseLR must be finite and at least 0, got -1.0", end)
  }

  @Test func milestonesThatDescend() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let o = SGD([w])
      let parts = [StepLR(o, stepSize: 1), StepLR(o, stepSize: 1), StepLR(o, stepSize: 1)]
      _ = SequentialLR(o, schedulers: parts, milestones: [4, 2])
    }
    expectMessage("SequentialLR: milestones must ascend, got [4, 2]", end)
  }

  @Test func chainedTwice() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let s = StepLR(SGD([w]), stepSize: 1)
      _ = ChainedScheduler([s, s])
    }
    expectMessage("ChainedScheduler: scheduler 1 (StepLR) is listed twice", end)
  }

  @Test func aGroupAddedAfterTheSchedule() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let o = SGD([w]), s = StepLR(o, stepSize: 1)
      o.addParamGroup(ParameterGroup([Parameter(.ones([1]))]))
      s.step()
    }
    expectMessage("StepLR: the optimizer has 2 parameter groups, and had 1 when the schedule was made; make the schedule after addParamGroup", end)
  }

  @Test func aFunctionThatGivesNaN() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = LambdaLR(SGD([w])) { _ in .nan }
    }
    expectMessage("LambdaLR: gives group 0 the learning rate nan at step 0; a rate must be finite and at least 0", end)
  }

  @Test func previewOfNothing() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = StepLR(SGD([w]), stepSize: 1).preview(steps: 0)
    }
    expectMessage("StepLR: preview needs at least 1 step, got 0", end)
  }

  // Numbers of steps that arithmetic with them would overflow.

  @Test func cosineTooLong() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CosineAnnealingLR(SGD([w]), tMax: .max)
    }
    expectMessage("CosineAnnealingLR: tMax must be at most 9000000000000000, got 9223372036854775807", end)
  }

  @Test func restartsTooLong() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CosineAnnealingWarmRestarts(SGD([w]), t0: 2, tMult: .max)
    }
    expectMessage("CosineAnnealingWarmRestarts: tMult must be at most 9000000000000000, got 9223372036854775807", end)
  }

  @Test func cycleTooLong() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = CyclicLR(SGD([w], momentum: 0.9), baseLR: 0.1, maxLR: 1, stepSizeUp: .max)
    }
    expectMessage("CyclicLR: stepSizeUp and stepSizeDown must be at most 9000000000000000, got 9223372036854775807 and 9223372036854775807", end)
  }

  @Test func oneCycleOfTooManySteps() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = OneCycleLR(SGD([w], momentum: 0.9), maxLR: 1, totalSteps: .max)
    }
    expectMessage("OneCycleLR: totalSteps must be at most 9000000000000000, got 9223372036854775807", end)
  }

  @Test func oneCycleOfTooManyEpochs() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = OneCycleLR(SGD([w], momentum: 0.9), maxLR: 1, epochs: .max, stepsPerEpoch: 2)
    }
    expectMessage("OneCycleLR: epochs·stepsPerEpoch must be at most 9000000000000000, got 9223372036854775807·2", end)
  }
}
