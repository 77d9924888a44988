import TapestryAutograd
import TapestryOps
import TapestryOptim
import TapestryTensors
import Testing

/// An optimizer and what five steps of PyTorch's of the same name leave of two parameters: OptimizerCases.swift.
struct OptimizerCase: CustomTestStringConvertible, Sendable {
  let description: String
  let make: @Sendable ([Parameter]) -> FusedOptimizer
  let expected: [Double]
  var testDescription: String { description }
}

/// A step of Σ (p − s/10)² + Σ (q + s/5)².
func step(_ p: Parameter, _ q: Parameter, _ optimizer: any Optimizer, _ s: Int) {
  optimizer.zeroGrad()
  let a = p - 0.1 * Double(s), b = q + 0.2 * Double(s)
  ((a * a).sum() + (b * b).sum()).backward()
  optimizer.step()
}

func startingPoint(_ dtype: DType = .float64) -> (p: Parameter, q: Parameter) {
  (
    Parameter(Tensor([1, -2, 3] as [Double]).cast(to: dtype)),
    Parameter(Tensor([0.5, -1.5] as [Double], shape: [2, 1]).cast(to: dtype))
  )
}

struct OptimizerTests {
  @Test(arguments: makeOptimizerCases())
  func agreesWithPyTorch(_ test: OptimizerCase) {
    let (p, q) = startingPoint()
    let optimizer = test.make([p, q])
    for s in 0..<5 { step(p, q, optimizer, s) }
    expectClose(p.value.array(Double.self) + q.value.array(Double.self), test.expected, test.description)
  }

  @Test(arguments: makeOptimizerCases())
  func float32IsNearFloat64(_ test: OptimizerCase) {
    let (p, q) = startingPoint(.float32)
    let optimizer = test.make([p, q])
    for s in 0..<5 { step(p, q, optimizer, s) }
    expectClose(
      (p.value.array(Float.self) + q.value.array(Float.self)).map(Double.init), test.expected, test.description,
      within: 2e-5)
  }

  /// Mixed types, a gradient whose layout is not the parameter's, and whole training steps whose graph backward
  /// released: nothing is allocated after the first step and no parameter moves.
  @Test func stepsInPlaceWithoutAllocating() async {
    // In a process of its own, because the allocator's counters are the process's.
    await #expect(processExitsWith: .success) {
      for test in makeOptimizerCases() {
        let p = Parameter(.ones([300], .float64)), q = Parameter(.ones([7, 5]))
        let optimizer = test.make([p, q])
        p.grad = .ones([300], .float64)
        q.grad = Tensor.ones([5, 7]).transposed()
        optimizer.step()
        let places = [p, q].map { $0.value.storage.pointer }
        let before = Memory.allocations
        for _ in 0..<3 { optimizer.step() }
        if Memory.allocations != before { fail("\(test) allocated") }

        for _ in 0..<3 {
          optimizer.zeroGrad()
          let loss = (p * p).sum() + (q * q).sum().cast(to: .float64)
          loss.backward()
          let before = Memory.allocations
          optimizer.step()
          if Memory.allocations != before { fail("\(test) allocated beside a released graph") }
          withExtendedLifetime(loss) {}
        }
        if [p, q].map({ $0.value.storage.pointer }) != places { fail("\(test) moved a parameter") }
      }
    }
  }

  @Test func aParameterStillHeldByAGraphIsCopiedNotCorrupted() {
    let w = Parameter(Tensor([2, 3] as [Double]))
    let optimizer = SGD([w], learningRate: 1)
    let loss = (w * w).sum()
    w.grad = Tensor([1, 1] as [Double])
    optimizer.step()
    #expect(w.value.array(Double.self) == [1, 2])
    w.grad = nil
    loss.backward()
    // d(w²)/dw at the values of the forward pass, not at the stepped ones.
    #expect(w.grad!.array(Double.self) == [4, 6])
  }

  @Test func parametersWithoutGradientStay() {
    let a = Parameter(.ones([2])), b = Parameter(.ones([2]))
    let optimizer = Adam([a, b], learningRate: 0.5)
    a.grad = .ones([2])
    optimizer.step()
    #expect(b.value.array(Float.self) == [1, 1])
    #expect(a.value.array(Float.self) != [1, 1])
  }

  /// A parameter that joins later counts its own steps: its bias correction is that of a first step.
  @Test func eachParameterCountsItsSteps() {
    let a = Parameter(.ones([1], .float64)), b = Parameter(.ones([1], .float64))
    let optimizer = Adam([a, b], learningRate: 0.1, eps: 0)
    for s in 0..<4 {
      a.grad = .ones([1], .float64)
      if s == 3 { b.grad = .ones([1], .float64) }
      optimizer.step()
    }
    // With a constant gradient and ε = 0 every step of Adam is η.
    expectClose([a.value.item, b.value.item], [0.6, 0.9], "Adam")
  }

  @Test func manyParametersOverSeveralChunksEqualOneByOne() {
    let sizes = [1, 0, 40_000, 3, 70_001, 0, 7]
    let all = sizes.map { Parameter(.ones([$0], .float64)) }, alone = sizes.map { Parameter(.ones([$0], .float64)) }
    for (i, size) in sizes.enumerated() {
      let gradient = Tensor((0..<size).map { Double($0 % 11 - 5) })
      (all[i].grad, alone[i].grad) = (gradient, gradient)
    }
    Adam(all, learningRate: 0.1).step()
    for parameter in alone { withThreads(1) { Adam([parameter], learningRate: 0.1).step() } }
    for (a, b) in zip(all, alone) { #expect(a.value.array(Double.self) == b.value.array(Double.self)) }
  }

  /// model.to(.float64) between steps: the moments go along.
  @Test func stateFollowsANewType() {
    let w = Parameter(.ones([2])), optimizer = Adam([w], learningRate: 0.1, eps: 0)
    w.grad = .ones([2])
    optimizer.step()
    w.convert(to: .float64)
    optimizer.step()
    #expect(w.dtype == .float64)
    for value in w.value.array(Double.self) { #expect(abs(value - 0.8) < 1e-6) }
  }

  @Test func aGradientThatNeverChangesKeepsCenteredRMSpropFinite() {
    let w = Parameter(.ones([5])), optimizer = RMSprop([w], learningRate: 1e-3, alpha: 0.5, centered: true)
    for _ in 0..<200 {
      w.grad = .full([5], 0.3)
      optimizer.step()
    }
    #expect(w.value.array(Float.self).allSatisfy { $0.isFinite })
  }

  /// A step that fails is no step for any parameter, of whatever group, and leaves nothing behind for the next one.
  @Test(arguments: [false, true])
  func aStepThatFailsChangesNothing(_ twoGroups: Bool) {
    let (p, q) = startingPoint(), (p2, q2) = startingPoint()
    let optimizer = Adam(twoGroups ? [ParameterGroup([p]), ParameterGroup([q])] : [p, q], learningRate: 0.1),
      other = Adam([p2, q2], learningRate: 0.1)
    p.grad = p.value
    (q.node as! Leaf).grad = .ones([2, 1])
    let failure = #expect(throws: Failure.self) { try Failure.catching { optimizer.step() } }
    let place = twoGroups ? "parameter 0 of group 1" : "parameter 1 of group 0"
    #expect(
      failure?.message
        == "Adam: \(place) is float64 [2, 1], but its gradient is float32 [2, 1]; call zeroGrad() after changing a parameter's type"
    )
    #expect(p.value.array(Double.self) == [1, -2, 3])
    for s in 0..<2 {
      step(p, q, optimizer, s)
      step(p2, q2, other, s)
    }
    #expect(p.value.array(Double.self) == p2.value.array(Double.self))
    #expect(optimizer.stateDict()["state.0.step"]!.item(Int.self) == 2)
  }
}
