import TapestryAutograd
import TapestryOptim
import TapestryTensors
import TestSupport
import Testing

/// Mistakes with schedules. Each ends the program with its message, in release builds too.
struct ScheduleMistakeTests {
  private static func one() -> [Parameter] { [Parameter(.ones([1, 1]))] }

  // One statement a mistake: the compiler takes long over large expressions.
  private static let mistakes: [Mistake] = {
    var m: [Mistake] = []
    m.append(Mistake("ConstantLR: factor must be in 0 ... 1, got 1.5") { _ = ConstantLR(SGD(one()), factor: 1.5) })
    m.append(
      Mistake("LinearLR: startFactor must be above 0 and at most 1, got 0.0") {
        _ = LinearLR(SGD(one()), startFactor: 0)
      })
    m.append(Mistake("LinearLR: endFactor must be in 0 ... 1, got -0.5") { _ = LinearLR(SGD(one()), endFactor: -0.5) })
    m.append(
      Mistake("CosineAnnealingWarmRestarts: t0 must be at least 1, got 0") {
        _ = CosineAnnealingWarmRestarts(SGD(one()), t0: 0)
      })
    m.append(
      Mistake("CosineAnnealingWarmRestarts: tMult must be at least 1, got 0") {
        _ = CosineAnnealingWarmRestarts(SGD(one()), t0: 2, tMult: 0)
      })
    m.append(
      Mistake("OneCycleLR: totalSteps must be at least 1, got 0") {
        _ = OneCycleLR(SGD(one()), maxLR: 1, totalSteps: 0)
      })
    m.append(
      Mistake("OneCycleLR: epochs and stepsPerEpoch must be at least 1, got 0 and 3") {
        _ = OneCycleLR(SGD(one()), maxLR: 1, epochs: 0, stepsPerEpoch: 3)
      })
    m.append(
      Mistake("OneCycleLR: pctStart must be in 0 ... 1, got 1.5") {
        _ = OneCycleLR(SGD(one()), maxLR: 1, totalSteps: 10, pctStart: 1.5)
      })
    m.append(
      Mistake("OneCycleLR: maxLR must have one value for each of the 1 parameter groups, got [1.0, 2.0]") {
        _ = OneCycleLR(SGD(one()), maxLR: [1, 2], totalSteps: 10)
      })
    m.append(
      Mistake("OneCycleLR: step 3 of a schedule of totalSteps 2") {
        let w = Parameter(.ones([1, 1]))
        let s = OneCycleLR(SGD([w]), maxLR: 1, totalSteps: 2)
        for _ in 0..<3 { s.step() }
      })
    m.append(
      Mistake(
        """
        CyclicLR: the optimizer has neither momentum nor betas, so there is nothing to cycle; pass cycleMomentum: false
        """
      ) {
        let w = Parameter(.ones([1, 1]))
        final class Plain: Optimizer {
          let paramGroups: [ParameterGroup]
          init(_ w: Parameter) { paramGroups = [ParameterGroup([w], learningRate: 1)] }
          func step() {}
        }
        _ = CyclicLR(Plain(w), baseLR: 0.1, maxLR: 1)
      })
    m.append(
      Mistake("ReduceLROnPlateau: factor must be in 0 ..< 1, got 1.0") { _ = ReduceLROnPlateau(SGD(one()), factor: 1) })
    m.append(
      Mistake("ReduceLROnPlateau: minLR must have one value for each of the 1 parameter groups, got [0.1, 0.2]") {
        _ = ReduceLROnPlateau(SGD(one()), minLR: [0.1, 0.2])
      })
    m.append(
      Mistake("LambdaLR: needs one function for each of the 1 parameter groups, got 2") {
        _ = LambdaLR(SGD(one()), [{ _ in 1 }, { _ in 2 }])
      })
    m.append(
      Mistake("SequentialLR: needs at least one scheduler") {
        _ = SequentialLR(SGD(one()), schedulers: [], milestones: [])
      })
    m.append(
      Mistake("SequentialLR: 1 schedulers need 0 milestones, got 1") {
        let w = Parameter(.ones([1, 1]))
        let o = SGD([w])
        _ = SequentialLR(o, schedulers: [StepLR(o, stepSize: 1)], milestones: [2])
      })
    m.append(
      Mistake("SequentialLR: scheduler 0 (StepLR) belongs to another optimizer") {
        let w = Parameter(.ones([1, 1]))
        _ = SequentialLR(SGD([w]), schedulers: [StepLR(SGD([w]), stepSize: 1)], milestones: [])
      })
    m.append(
      Mistake("ChainedScheduler: needs at least one scheduler") {
        _ = ChainedScheduler([])
      })
    m.append(
      Mistake("ChainedScheduler: scheduler 1 (StepLR) belongs to another optimizer") {
        let w = Parameter(.ones([1, 1]))
        _ = ChainedScheduler([StepLR(SGD([w]), stepSize: 1), StepLR(SGD([w]), stepSize: 1)])
      })
    m.append(Mistake("StepLR: stepSize must be at least 1, got 0") { _ = StepLR(SGD(one()), stepSize: 0) })
    m.append(
      Mistake("StepLR: gamma must be finite and at least 0, got nan") {
        _ = StepLR(SGD(one()), stepSize: 1, gamma: .nan)
      })
    m.append(
      Mistake("MultiStepLR: milestones must be at least 0, got [-1]") { _ = MultiStepLR(SGD(one()), milestones: [-1]) })
    m.append(
      Mistake("ExponentialLR: gamma must be finite and at least 0, got -1.0") {
        _ = ExponentialLR(SGD(one()), gamma: -1)
      })
    m.append(
      Mistake("PolynomialLR: totalIters must be at least 1, got 0") { _ = PolynomialLR(SGD(one()), totalIters: 0) })
    m.append(Mistake("ConstantLR: totalIters must be at least 1, got 0") { _ = ConstantLR(SGD(one()), totalIters: 0) })
    m.append(Mistake("LinearLR: totalIters must be at least 1, got -3") { _ = LinearLR(SGD(one()), totalIters: -3) })
    m.append(
      Mistake("CosineAnnealingLR: tMax must be at least 1, got 0") { _ = CosineAnnealingLR(SGD(one()), tMax: 0) })
    m.append(
      Mistake("CyclicLR: stepSizeUp and stepSizeDown must be at least 1, got 0 and 0") {
        _ = CyclicLR(SGD(one()), baseLR: 0.1, maxLR: 1, stepSizeUp: 0)
      })
    m.append(
      Mistake("CyclicLR: baseLR must be finite and at least 0, got -1.0") {
        _ = CyclicLR(SGD(one()), baseLR: -1, maxLR: 1)
      })
    m.append(
      Mistake("SequentialLR: milestones must ascend, got [4, 2]") {
        let w = Parameter(.ones([1, 1]))
        let o = SGD([w])
        let parts = [StepLR(o, stepSize: 1), StepLR(o, stepSize: 1), StepLR(o, stepSize: 1)]
        _ = SequentialLR(o, schedulers: parts, milestones: [4, 2])
      })
    m.append(
      Mistake("ChainedScheduler: scheduler 1 (StepLR) is listed twice") {
        let w = Parameter(.ones([1, 1]))
        let s = StepLR(SGD([w]), stepSize: 1)
        _ = ChainedScheduler([s, s])
      })
    m.append(
      Mistake(
        """
        StepLR: the optimizer has 2 parameter groups, and had 1 when the schedule was made; make the schedule after \
        addParamGroup
        """
      ) {
        let w = Parameter(.ones([1, 1]))
        let o = SGD([w]), s = StepLR(o, stepSize: 1)
        o.addParamGroup(ParameterGroup([Parameter(.ones([1]))]))
        s.step()
      })
    m.append(
      Mistake("LambdaLR: gives group 0 the learning rate nan at step 0; a rate must be finite and at least 0") {
        _ = LambdaLR(SGD(one())) { _ in .nan }
      })
    m.append(
      Mistake("StepLR: preview needs at least 1 step, got 0") { _ = StepLR(SGD(one()), stepSize: 1).preview(steps: 0) })
    m.append(
      Mistake("CosineAnnealingLR: tMax must be at most 9000000000000000, got 9223372036854775807") {
        _ = CosineAnnealingLR(SGD(one()), tMax: .max)
      })
    m.append(
      Mistake("CosineAnnealingWarmRestarts: tMult must be at most 9000000000000000, got 9223372036854775807") {
        _ = CosineAnnealingWarmRestarts(SGD(one()), t0: 2, tMult: .max)
      })
    m.append(
      Mistake(
        """
        CyclicLR: stepSizeUp and stepSizeDown must be at most 9000000000000000, got 9223372036854775807 and \
        9223372036854775807
        """
      ) {
        _ = CyclicLR(SGD(one(), momentum: 0.9), baseLR: 0.1, maxLR: 1, stepSizeUp: .max)
      })
    m.append(
      Mistake("OneCycleLR: totalSteps must be at most 9000000000000000, got 9223372036854775807") {
        _ = OneCycleLR(SGD(one(), momentum: 0.9), maxLR: 1, totalSteps: .max)
      })
    m.append(
      Mistake("OneCycleLR: epochs·stepsPerEpoch must be at most 9000000000000000, got 9223372036854775807·2") {
        _ = OneCycleLR(SGD(one(), momentum: 0.9), maxLR: 1, epochs: .max, stepsPerEpoch: 2)
      })
    return m
  }()

  @Test(arguments: mistakes)
  func isRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
