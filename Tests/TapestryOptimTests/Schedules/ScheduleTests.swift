import TapestryAutograd
import TapestryOptim
import TapestryTensors
import Testing

/// A schedule, and what PyTorch's does: the rates (and momenta, or β₁, when they change) of two groups at 25 steps, the
/// groups divided by ";".
struct ScheduleCase: Sendable, CustomTestStringConvertible {
  let pytorch: String
  let optimizer: String
  let make: @Sendable (any Optimizer) -> LRScheduler
  let rates: String
  var momenta = ""
  var testDescription: String { "\(pytorch), \(optimizer)" }
}

struct PlateauCase: Sendable {
  let make: @Sendable (any Optimizer) -> ReduceLROnPlateau
  let metrics: String
  let rates: String
}

/// Two groups with the rates 0.1 and 0.03.
func twoGroups(_ kind: String = "SGD") -> FusedOptimizer {
  let groups = [
    ParameterGroup([Parameter(.ones([1]))], learningRate: 0.1),
    ParameterGroup([Parameter(.ones([1]))], learningRate: 0.03),
  ]
  switch kind {
  case "Adam": return Adam(groups)
  case "RMSprop": return RMSprop(groups, momentum: 0.9)
  default: return SGD(groups, momentum: 0.9)
  }
}

func numbers(_ text: String) -> [[Double]] {
  text.split(separator: ";").map { $0.split { $0 == " " || $0 == "\n" }.map { Double($0)! } }
}

/// As many numbers, each within 1e-12, relative to numbers above 1.
func expectClose(
  _ found: [Double], _ expected: [Double], _ label: String, within tolerance: Double = 1e-12,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(found.count == expected.count, "\(label)", sourceLocation: sourceLocation)
  for (i, (a, b)) in zip(found, expected).enumerated() {
    #expect(
      abs(a - b) <= tolerance * max(1, abs(b)), "\(label): \(a) at \(i), expected \(b)", sourceLocation: sourceLocation)
  }
}

struct ScheduleTests {
  @Test(arguments: makeScheduleCases())
  func agreesWithPyTorch(_ test: ScheduleCase) {
    let optimizer = twoGroups(test.optimizer), schedule = test.make(optimizer)
    var rates: [[Double]] = [[], []], momenta: [[Double]] = [[], []]
    for s in 0..<25 {
      if s > 0 { schedule.step() }
      for (i, group) in optimizer.paramGroups.enumerated() {
        rates[i].append(group.learningRate)
        momenta[i].append(test.optimizer == "Adam" ? group.betas.0 : group.momentum)
      }
    }
    for (i, expected) in numbers(test.rates).enumerated() { expectClose(rates[i], expected, "rates of group \(i)") }
    for (i, expected) in numbers(test.momenta).enumerated() {
      expectClose(momenta[i], expected, "momenta of group \(i)")
    }
    #expect(schedule.lastEpoch == 24)
    #expect(schedule.lastLearningRates == rates.map { $0[24] })
  }

  @Test(arguments: makePlateauCases().indices)
  func plateauAgreesWithPyTorch(_ index: Int) {
    let test = makePlateauCases()[index], optimizer = twoGroups(), schedule = test.make(optimizer)
    var rates: [[Double]] = [[], []]
    for metric in numbers(test.metrics)[0] {
      schedule.step(metric)
      for (i, group) in optimizer.paramGroups.enumerated() { rates[i].append(group.learningRate) }
    }
    for (i, expected) in numbers(test.rates).enumerated() { expectClose(rates[i], expected, "rates of group \(i)") }
  }

  /// Saved in the midst and loaded into new objects, a schedule goes on with the same bits.
  @Test(arguments: makeScheduleCases())
  func resumes(_ test: ScheduleCase) throws {
    let optimizer = twoGroups(test.optimizer), schedule = test.make(optimizer)
    for _ in 0..<11 { schedule.step() }
    let resumedOptimizer = twoGroups(test.optimizer), resumed = test.make(resumedOptimizer)
    try resumedOptimizer.loadStateDict(optimizer.stateDict())
    try resumed.loadStateDict(schedule.stateDict())
    for _ in 0..<13 {
      schedule.step()
      resumed.step()
      #expect(resumed.lastLearningRates == schedule.lastLearningRates)
    }
    #expect(resumed.lastEpoch == 24)
  }

  /// The optimizer's state and the schedule's may be loaded in either order, before or after the schedule was made:
  /// making one sets the rates of step 0 and the momenta, and the states put back what was there. A rate set by hand is
  /// part of both.
  @Test(arguments: makeScheduleCases())
  func resumesInEveryOrder(_ test: ScheduleCase) throws {
    for steps in [0, 1, 7] {
      let optimizer = twoGroups(test.optimizer), schedule = test.make(optimizer)
      for _ in 0..<steps { schedule.step() }
      optimizer.paramGroups[1].learningRate *= 1.25
      let states = (optimizer: optimizer.stateDict(), schedule: schedule.stateDict())
      func options(_ optimizer: FusedOptimizer) -> [Double] {
        optimizer.paramGroups.flatMap { [$0.learningRate, test.optimizer == "Adam" ? $0.betas.0 : $0.momentum] }
      }
      var resumed: [(order: String, optimizer: FusedOptimizer, schedule: LRScheduler)] = []
      for order in [
        "make, optimizer, schedule", "make, schedule, optimizer", "optimizer, make, schedule", "make, schedule",
      ] {
        let again = twoGroups(test.optimizer)
        var made: LRScheduler?
        for part in order.split(separator: ", ") {
          switch part {
          case "make": made = test.make(again)
          case "optimizer": try again.loadStateDict(states.optimizer)
          default: try made!.loadStateDict(states.schedule)
          }
        }
        resumed.append((order, again, made!))
      }
      for step in steps..<24 {
        for (order, again, made) in resumed {
          #expect(
            options(again) == options(optimizer) && made.lastEpoch == step, "\(order), step \(step) after \(steps)")
          made.step()
        }
        schedule.step()
      }
    }
  }

  /// The rates that a schedule starts from are the optimizer's before any schedule changed them, and part of its state,
  /// or not part of it where there was none.
  @Test func baseRatesAreLoadedToo() throws {
    let optimizer = twoGroups(), plain = optimizer.stateDict(), schedule = ExponentialLR(optimizer, gamma: 0.5)
    for _ in 0..<3 { schedule.step() }
    let again = twoGroups()
    try again.loadStateDict(optimizer.stateDict())
    #expect(again.learningRate == 0.0125 && LambdaLR(again) { _ in 1 }.baseLearningRates == [0.1, 0.03])
    try again.loadStateDict(plain)
    again.learningRate = 0.5
    #expect(ExponentialLR(again, gamma: 0.5).baseLearningRates == [0.5, 0.5])
  }

  @Test func ratesAndMomentaThatAreNone() throws {
    let optimizer = twoGroups("Adam"), cycle = OneCycleLR(optimizer, maxLR: 1, totalSteps: 30)
    cycle.step()
    let rates = cycle.lastLearningRates
    let state = cycle.stateDict().dictionary.merging([
      "_last_lr": Tensor([0.1, -1]), "_last_momentum": Tensor([1, .nan]),
    ]) { $1 }
    let error = #expect(throws: DataError.self) { try cycle.loadStateDict(state) }
    #expect(
      error?.mismatch?.problems == [
        "_last_lr.1: learningRate must be at least 0, got -1.0",
        "_last_momentum.0: betas.0 must be in 0 ..< 1, got 1.0",
        "_last_momentum.1: betas.0 must be finite, got nan",
      ])
    #expect(cycle.lastLearningRates == rates)
    let fewer = #expect(throws: DataError.self) {
      try cycle.loadStateDict(cycle.stateDict().dictionary.filter { $0.key != "_last_lr" })
    }
    #expect(fewer?.mismatch?.problems == ["_last_lr is missing"])
  }

  @Test func plateauResumes() throws {
    let optimizer = twoGroups(), schedule = ReduceLROnPlateau(optimizer, patience: 1, cooldown: 2)
    for metric in [1.0, 2, 2, 2] { schedule.step(metric) }
    let resumedOptimizer = twoGroups(), resumed = ReduceLROnPlateau(resumedOptimizer, patience: 1, cooldown: 2)
    try resumedOptimizer.loadStateDict(optimizer.stateDict())
    try resumed.loadStateDict(schedule.stateDict())
    for metric in [3.0, 3, 3, 0.5, 3, 3, 3, 3, 3] {
      schedule.step(metric)
      resumed.step(metric)
      #expect(resumedOptimizer.paramGroups.map(\.learningRate) == optimizer.paramGroups.map(\.learningRate))
    }
    #expect(optimizer.learningRate < 0.1 && resumed.best == 0.5)
    #expect(throws: DataError.self) { try resumed.loadStateDict(["best": Tensor(1.0, .float64)]) }
  }

  /// NaN is no improvement, of a loss or of an accuracy, and neither is a value beside NaN an improvement by accident.
  @Test(arguments: [ReduceLROnPlateau.Mode.min, .max])
  func notANumberIsNoImprovement(_ mode: ReduceLROnPlateau.Mode) {
    let optimizer = twoGroups(), schedule = ReduceLROnPlateau(optimizer, mode: mode, patience: 1)
    for metric in [.nan, 1, .nan] { schedule.step(metric) }
    #expect(schedule.best == 1 && schedule.badEpochs == 1 && optimizer.learningRate == 0.1)
    schedule.step(.nan)
    expectClose([optimizer.learningRate], [0.01], "two bad values are more than one")
    #expect(schedule.best == 1 && schedule.badEpochs == 0)
  }

  @Test func stateOfAnotherScheduleDoesNotFit() throws {
    let step = StepLR(twoGroups(), stepSize: 2), restarts = CosineAnnealingWarmRestarts(twoGroups(), t0: 3)
    restarts.step()
    let missing = #expect(throws: DataError.self) { try restarts.loadStateDict(step.stateDict()) }
    #expect(
      missing?.description
        == "the state does not fit CosineAnnealingWarmRestarts:\n  missing in the state:\n    T_cur\n    T_i")
    #expect(restarts.lastEpoch == 1, "an error changes nothing")
    let unexpected = #expect(throws: DataError.self) { try step.loadStateDict(restarts.stateDict()) }
    #expect(unexpected?.mismatch?.problems == ["T_cur is unexpected", "T_i is unexpected"])
  }

  /// A rate that was changed by hand stays changed: the schedule goes on from it.
  @Test func aRateSetByHandStays() {
    let optimizer = twoGroups(), schedule = ExponentialLR(optimizer, gamma: 0.5)
    schedule.step()
    optimizer.paramGroups[1].learningRate = 1
    schedule.step()
    expectClose(schedule.lastLearningRates, [0.025, 0.5], "rates")
    #expect(schedule.baseLearningRates == [0.1, 0.03])
  }

  /// A schedule of the user's own, and one on an optimizer of the user's own.
  @Test func ownScheduleAndOptimizer() {
    final class Halving: LRScheduler {
      override init(_ optimizer: any Optimizer) {
        super.init(optimizer)
        begin()
      }
      override func rate(now: Double, base: Double, group: Int) -> Double { base / Double(1 << lastEpoch) }
    }
    final class SignDescent: Optimizer {
      let paramGroups: [ParameterGroup]
      init(_ parameters: [Parameter], learningRate: Double) {
        paramGroups = [ParameterGroup(parameters, learningRate: learningRate)]
      }
      func step() {
        for group in paramGroups {
          for w in group.parameters { if let dw = w.grad { w.assign(w.value - group.learningRate * dw) } }
        }
      }
    }
    let w = Parameter(Tensor([1, 2] as [Double])), optimizer = SignDescent([w], learningRate: 0.5),
      schedule = Halving(optimizer)
    for _ in 0..<2 {
      w.grad = Tensor([1, -1] as [Double])
      optimizer.step()
      schedule.step()
    }
    #expect(w.value.array(Double.self) == [0.25, 2.75])
    #expect(optimizer.learningRate == 0.125)
    optimizer.zeroGrad()
    #expect(w.grad == nil)
  }

  @Test func previewLeavesEverythingAsItIs() {
    let optimizer = twoGroups(), schedule = OneCycleLR(optimizer, maxLR: 1, totalSteps: 30)
    for _ in 0..<4 { schedule.step() }
    let before = optimizer.stateDict().dictionary.mapValues { $0.cast(to: .float64).array(Double.self) }
    let rates = schedule.preview(steps: 20, group: 1)
    #expect(optimizer.stateDict().dictionary.mapValues { $0.cast(to: .float64).array(Double.self) } == before)
    #expect(schedule.lastEpoch == 4)
    for rate in rates {
      #expect(optimizer.paramGroups[1].learningRate == rate)
      schedule.step()
    }
  }

  @Test func plot() {
    let optimizer = SGD([Parameter(.ones([1]))], learningRate: 0.1)
    let schedule = LinearLR(optimizer, startFactor: 0.5, totalIters: 7)
    #expect(schedule.plot(steps: 8, height: 2) == "LinearLR, steps 0 … 7\n 0.1 ┤⠀⠀⡠⠊\n0.05 ┤⡠⠊⠀⠀")
    let flat = LambdaLR(optimizer) { _ in 3.14159e-6 }
    flat.step()
    #expect(flat.plot(steps: 4, height: 2) == "LambdaLR, steps 1 … 4\n3.142e-7 ┤⠀⠀\n         │⠉⠉")
  }
}
