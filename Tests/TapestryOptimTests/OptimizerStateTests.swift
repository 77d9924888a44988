import TapestryAutograd
import TapestryOps
import TapestryOptim
import TapestryTensors
import Testing

extension StateDict {
  var dictionary: [String: Tensor] { Dictionary(uniqueKeysWithValues: map { ($0.name, $0.tensor) }) }
}

struct OptimizerStateTests {
  /// An optimizer of a user's own, held as `any Optimizer`, whose groups say what they need; and one state for a whole
  /// run, by parts.
  @Test func everythingOfARunInOneState() throws {
    final class SignDescent: Optimizer {
      let paramGroups: [ParameterGroup]
      init(_ parameters: [Parameter], learningRate: Double) {
        paramGroups = [ParameterGroup(parameters, learningRate: learningRate, maximize: true)]
      }
      func step() {}
    }
    func run() -> (optimizers: [any Optimizer], parts: [String: any Stateful]) {
      let (p, q) = startingPoint()
      let optimizers: [any Optimizer] = [Adam([p, q]), SignDescent([q], learningRate: 0.5)]
      let schedule = ExponentialLR(optimizers[1], gamma: 0.5)
      let parts: [String: any Stateful] = [
        "adam": optimizers[0], "own": optimizers[1], "schedule": schedule,
        "generator": Generator(.init(key: .max, stream: 1 << 63, offset: 5)),
      ]
      return (optimizers, parts)
    }
    let (first, parts) = run()
    let (p, q) = (first[0].parameters[0], first[0].parameters[1])
    step(p, q, first[0], 0)
    (parts["schedule"] as! LRScheduler).step()
    (parts["generator"] as! Generator).state.offset = 9
    var state = StateDict()
    for (name, part) in parts { state.add(part.stateDict(), under: name) }
    // Adam's own state and not the options alone, though it is held as any Optimizer.
    #expect(state["adam.state.1.exp_avg"]?.shape == [2, 1])
    #expect(state["own.param_groups.0.lr"]?.item == 0.25 && state["own.param_groups.0.maximize"]?.dtype == .bool)
    #expect(state["generator.philox"]?.array(Int64.self) == [-1, .min, 9])

    let (second, others) = run()
    for (name, part) in others { try part.loadStateDict(state.part(name)) }
    #expect(second[1].learningRate == 0.25)
    #expect((others["generator"] as! Generator).state == Generator.State(key: .max, stream: 1 << 63, offset: 9))
    for (name, part) in others {
      let again = part.stateDict(), expected = state.part(name)
      #expect(again.names.sorted() == expected.names.sorted(), "\(name)")
      for (key, tensor) in again { #expect(expected[key]?.hasBits(of: tensor) == true, "\(name): \(key)") }
    }
    let wrong = #expect(throws: DataError.self) { try second[1].loadStateDict(state.part("generator")) }
    #expect(
      wrong?.mismatch?.problems == [
        "param_groups.0.params is missing", "param_groups.0.lr is missing", "param_groups.0.maximize is missing",
        "philox is unexpected",
      ])
    let short = #expect(throws: DataError.self) { try Generator(seed: 1).loadStateDict(["philox": Tensor([1, 2])]) }
    #expect(short?.description == "the state does not fit Generator:\n  wrong:\n    philox has shape [2], expected [3]")
    let type = #expect(throws: DataError.self) {
      try Generator(seed: 1).loadStateDict(["philox": Tensor([1, 2, 3] as [Float])])
    }
    #expect(type?.mismatch?.problems == ["philox has type float32, expected int64"])
  }

  /// Saved after three steps and loaded into a new optimizer that was made with other options, training goes on with
  /// the same bits.
  @Test(arguments: makeOptimizerCases())
  func resumes(_ test: OptimizerCase) throws {
    let (p, q) = startingPoint()
    let optimizer = test.make([p, q])
    for s in 0..<3 { step(p, q, optimizer, s) }
    let p2 = Parameter(p.value), q2 = Parameter(q.value)
    let resumed = test.make([p2, q2])
    resumed.learningRate = 77
    resumed.paramGroups[0].weightDecay = 3
    try resumed.loadStateDict(optimizer.stateDict())
    for s in 3..<7 {
      step(p, q, optimizer, s)
      step(p2, q2, resumed, s)
    }
    #expect(p2.value.array(Double.self) == p.value.array(Double.self))
    #expect(q2.value.array(Double.self) == q.value.array(Double.self))
    #expect(resumed.paramGroups.map(\.learningRate) == optimizer.paramGroups.map(\.learningRate))
  }

  @Test func namesArePyTorchs() {
    let (p, q) = startingPoint()
    let adam = Adam([ParameterGroup([p]), ParameterGroup([q], amsgrad: true)])
    step(p, q, adam, 0)
    let options = ["amsgrad", "betas", "eps", "lr", "maximize", "params", "weight_decay"]
    var expected = ["state.0.exp_avg", "state.0.exp_avg_sq", "state.0.step"]
    expected += ["state.1.exp_avg", "state.1.exp_avg_sq", "state.1.max_exp_avg_sq", "state.1.step"]
    for group in 0..<2 { expected += options.map { "param_groups.\(group).\($0)" } }
    let state = adam.stateDict()
    #expect(state.names.sorted() == expected.sorted())
    #expect(state["param_groups.1.params"]!.array(Int.self) == [1])
    #expect(state["state.1.exp_avg"]!.shape == [2, 1])
    #expect(state["state.0.step"]!.item(Int.self) == 1)

    let sgd = SGD([p], momentum: 0.9)
    sgd.step()
    #expect(sgd.stateDict().names.filter { $0.hasPrefix("state") } == ["state.0.momentum_buffer"])
    let rmsprop = RMSprop([p], momentum: 0.9, centered: true)
    rmsprop.step()
    let kept = ["state.0.grad_avg", "state.0.momentum_buffer", "state.0.square_avg", "state.0.step"]
    #expect(rmsprop.stateDict().names.filter { $0.hasPrefix("state") }.sorted() == kept)
  }

  /// A Linear's weight is (in, out) here and (out, in) in PyTorch's files; so are its moments.
  @Test func layoutsArePyTorchs() throws {
    let w = Parameter(Tensor([[1, 2, 3], [4, 5, 6]] as [[Double]]), fileLayout: .transposed),
      v = Parameter(w.value, fileLayout: .transposed)
    let optimizer = SGD([w], learningRate: 0.5, momentum: 0.5), resumed = SGD([v])
    w.grad = w.value
    optimizer.step()
    let state = optimizer.stateDict()
    #expect(state["state.0.momentum_buffer"]!.shape == [3, 2])
    #expect(state["state.0.momentum_buffer"]!.array(Double.self) == [1, 4, 2, 5, 3, 6])
    try resumed.loadStateDict(state)
    v.assign(w.value)
    for parameter in [w, v] { parameter.grad = Tensor.full([2, 3], 0.25, .float64) }
    optimizer.step()
    resumed.step()
    #expect(v.value.array(Double.self) == w.value.array(Double.self))
  }

  @Test func laterStepsDoNotChangeASavedState() {
    let (p, q) = startingPoint()
    let optimizer = Adam([p, q])
    step(p, q, optimizer, 0)
    let state = optimizer.stateDict(), before = state["state.0.exp_avg"]!.array(Double.self)
    step(p, q, optimizer, 1)
    #expect(state["state.0.exp_avg"]!.array(Double.self) == before)
  }

  /// Nor do they change a state that was loaded: it may be loaded into several optimizers.
  @Test(arguments: makeOptimizerCases())
  func stepsDoNotChangeALoadedState(_ test: OptimizerCase) throws {
    let (p, q) = startingPoint(), optimizer = test.make([p, q])
    step(p, q, optimizer, 0)
    let state = optimizer.stateDict(), before = state.dictionary.mapValues { $0.bytes }
    for _ in 0..<2 {
      let again = test.make([p, q])
      try again.loadStateDict(state)
      for s in 1..<4 { step(p, q, again, s) }
      #expect(state.dictionary.mapValues { $0.bytes } == before)
    }
  }

  @Test func everythingThatDoesNotFitIsListedAndNothingChanges() {
    let (p, q) = startingPoint()
    let optimizer = Adam([p, q])
    step(p, q, optimizer, 0)
    var state = optimizer.stateDict()
    state["param_groups.0.eps"] = nil
    state["param_groups.0.lr"] = Tensor(-1.0, .float64)
    state["state.1.exp_avg"] = .zeros([3], .float64)
    state["state.0.step"] = Tensor(1.5, .float64)
    state["state.7.exp_avg"] = .zeros([3], .float64)
    let error = #expect(throws: DataError.self) { try optimizer.loadStateDict(state) }
    #expect(
      error?.mismatch?.problems == [
        "param_groups.0.eps is missing", "param_groups.0.learningRate must be at least 0, got -1.0",
        "state.0.step must be a whole number of at least 0, got 1.5", "state.1.exp_avg has shape [3], expected [2, 1]",
        "state.7.exp_avg is unexpected",
      ])
    #expect(optimizer.learningRate == 1e-3)
    #expect(optimizer.stateDict()["state.0.step"]!.item(Int.self) == 1)

    let fewer = #expect(throws: DataError.self) { try Adam([p]).loadStateDict(optimizer.stateDict()) }
    #expect(fewer?.mismatch?.problems.first == "param_groups.0.params has shape [2], expected [1]")
    let nesterov = SGD([p], momentum: 0.9, nesterov: true).stateDict().dictionary.merging([
      "param_groups.0.momentum": Tensor(0.0, .float64)
    ]) { $1 }
    let combined = #expect(throws: DataError.self) { try SGD([p]).loadStateDict(nesterov) }
    #expect(
      combined?.mismatch?.problems.first?.hasPrefix("param_groups.0.Nesterov momentum needs momentum > 0") == true)
  }

  /// A number that no option may be, of each option, also where options are judged together: an error, and nothing
  /// changed.
  @Test(arguments: [Double.nan, .infinity, -1])
  func optionsThatAreNoneAreListed(_ number: Double) throws {
    let (p, q) = startingPoint()
    let optimizers: [FusedOptimizer] = [SGD([p], momentum: 0.9, nesterov: true), Adam([q]), RMSprop([p]), Adagrad([p])]
    var tried = 0
    for optimizer in optimizers {
      let before = optimizer.stateDict()
      for (key, value) in before where value.dtype == .float64 && !key.hasSuffix("dampening") {
        var state = before
        state[key] = .full(value.shape, number, .float64)
        let error = #expect(throws: DataError.self, "\(key)") { try optimizer.loadStateDict(state) }
        #expect(
          error?.mismatch?.problems.isEmpty == false
            && error?.mismatch?.problems.allSatisfy { $0.contains("must be") } == true,
          "\(key): \(error?.mismatch?.problems ?? [])")
        for (name, tensor) in optimizer.stateDict() {
          #expect(before[name]?.hasBits(of: tensor) == true, "\(key) changed \(name)")
        }
        tried += 1
      }
    }
    #expect(tried >= 14)
  }

  /// As many elements are not the same shape: a broadcast moment would be another parameter's.
  @Test(arguments: [[3], [1, 3], [3, 1], [1, 1, 3], []] as [[Int]])
  func momentsMustHaveTheParametersShape(_ shape: [Int]) {
    for other in [[3], [1, 3], [3, 1], [1, 1, 3], [], [6]] as [[Int]] where other != shape {
      for kind in ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] {
        let w = Parameter(.ones(Shape(shape), .float64)), optimizer = Adam([w], amsgrad: true)
        w.grad = .ones(Shape(shape), .float64)
        optimizer.step()
        let before = optimizer.stateDict()["state.0.\(kind)"]!
        let state = optimizer.stateDict().dictionary.merging(["state.0.\(kind)": .zeros(Shape(other), .float64)]) { $1 }
        let error = #expect(throws: DataError.self) { try optimizer.loadStateDict(state) }
        #expect(error?.mismatch?.problems == ["state.0.\(kind) has shape \(Shape(other)), expected \(Shape(shape))"])
        #expect(optimizer.stateDict()["state.0.\(kind)"] == before)
      }
    }
  }

  /// A Linear's moments lie the other way round in the state; a square matrix would fit either way, a file's layout
  /// decides.
  @Test func momentsOfATransposedLayoutHaveTheFilesShape() {
    let w = Parameter(.ones([2, 3], .float64), fileLayout: .transposed), optimizer = SGD([w], momentum: 0.5)
    w.grad = .ones([2, 3], .float64)
    optimizer.step()
    let state = optimizer.stateDict().dictionary.merging(["state.0.momentum_buffer": .zeros([2, 3], .float64)]) { $1 }
    let error = #expect(throws: DataError.self) { try optimizer.loadStateDict(state) }
    #expect(error?.mismatch?.problems == ["state.0.momentum_buffer has shape [2, 3], expected [3, 2]"])
  }

  /// Half of what is kept for a parameter would be filled up with zeros, and training would go another way.
  @Test func halfOfAParametersStateDoesNotFit() {
    let (p, q) = startingPoint()
    func problems(_ optimizer: FusedOptimizer, without keys: String...) -> [String]? {
      step(p, q, optimizer, 0)
      var state = optimizer.stateDict()
      for key in keys { state[key] = nil }
      return #expect(throws: DataError.self) { try optimizer.loadStateDict(state) }?.mismatch?.problems
    }
    #expect(problems(Adam([p, q]), without: "state.1.exp_avg_sq") == ["state.1.exp_avg_sq is missing"])
    #expect(
      problems(AdamW([p, q]), without: "state.0.exp_avg", "state.0.exp_avg_sq") == [
        "state.0.exp_avg is missing", "state.0.exp_avg_sq is missing",
      ])
    #expect(problems(Adam([p, q]), without: "state.0.step") == ["state.0.step is missing"])
    #expect(
      problems(RMSprop([p, q], momentum: 0.9), without: "state.1.square_avg", "state.1.step") == [
        "state.1.square_avg is missing", "state.1.step is missing",
      ])
    let centered = RMSprop([p, q], centered: true)
    step(p, q, centered, 0)
    let onlyMean = centered.stateDict().dictionary.filter { $0.key != "state.0.square_avg" && $0.key != "state.0.step" }
    let error = #expect(throws: DataError.self) { try centered.loadStateDict(onlyMean) }
    #expect(error?.mismatch?.problems == ["state.0.square_avg is missing", "state.0.step is missing"])
  }

  /// What only some options need may be missing: they may be set at any time. So may all that is kept for a parameter
  /// that was never stepped.
  @Test func whatOnlyAnOptionNeedsMayBeMissing() throws {
    let (p, q) = startingPoint()
    let adam = Adam([p, q], amsgrad: true)
    step(p, q, adam, 0)
    try adam.loadStateDict(
      adam.stateDict().dictionary.filter { !$0.key.hasSuffix("max_exp_avg_sq") && !$0.key.hasPrefix("state.1") })
    #expect(
      adam.stateDict().names.filter { $0.hasPrefix("state") }.sorted() == [
        "state.0.exp_avg", "state.0.exp_avg_sq", "state.0.step",
      ])
  }

  @Test func aStateOfNoStepsIsSavedWhole() throws {
    let (p, q) = startingPoint()
    let adam = Adam([p, q])
    step(p, q, adam, 0)
    try adam.loadStateDict(adam.stateDict().dictionary.merging(["state.0.step": Tensor([0], shape: [])]) { $1 })
    #expect(adam.stateDict()["state.0.step"]?.item(Int.self) == 0)
    try adam.loadStateDict(adam.stateDict())
  }

  @Test func parameterNumbersOfAnotherType() {
    let (p, q) = startingPoint()
    let optimizer = SGD([p, q])
    for numbers in [Tensor([0.0, 1], .float64), Tensor([0, 1] as [Int32]), Tensor([false, true])] {
      let state = optimizer.stateDict().dictionary.merging(["param_groups.0.params": numbers]) { $1 }
      let error = #expect(throws: DataError.self) { try optimizer.loadStateDict(state) }
      #expect(error?.mismatch?.problems == ["param_groups.0.params has type \(numbers.dtype), expected int64"])
    }
  }

  @Test(arguments: [
    (-1.0, "must be at least 0, got -1.0"), (.nan, "must be finite, got nan"), (.infinity, "must be finite, got inf"),
  ])
  func ratesThatAreNone(_ rate: Double, _ mistake: String) {
    let (p, q) = startingPoint()
    let optimizer = SGD([ParameterGroup([p]), ParameterGroup([q])], learningRate: 0.1),
      schedule = ExponentialLR(optimizer, gamma: 0.5)
    let state = optimizer.stateDict().dictionary.merging(["param_groups.1.initial_lr": Tensor(rate, .float64)]) { $1 }
    let initial = #expect(throws: DataError.self) { try optimizer.loadStateDict(state) }
    #expect(initial?.mismatch?.problems == ["param_groups.1.initial_lr: learningRate \(mistake)"])
    let rates = schedule.stateDict().dictionary.merging(["base_lrs": Tensor([0.1, rate])]) { $1 }
    let base = #expect(throws: DataError.self) { try schedule.loadStateDict(rates) }
    #expect(base?.mismatch?.problems == ["base_lrs.1: learningRate \(mistake)"])
    #expect(schedule.baseLearningRates == [0.1, 0.1])
  }

  @Test func aBestValueThatIsNone() {
    let schedule = ReduceLROnPlateau(SGD([startingPoint().0]))
    let state = schedule.stateDict().dictionary.merging(["best": Tensor(Double.nan, .float64)]) { $1 }
    let error = #expect(throws: DataError.self) { try schedule.loadStateDict(state) }
    #expect(error?.mismatch?.problems == ["best must be a number, got nan"])
  }
}
