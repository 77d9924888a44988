import TapestryAutograd
import TapestryOptim
import TapestryTensors
import Testing

struct ParameterGroupTests {
  private func parameter(_ value: Double = 1) -> Parameter {
    let p = Parameter(Tensor([value]))
    p.grad = Tensor([1.0], .float64)
    return p
  }

  @Test func whatAGroupLeavesOutComesFromTheOptimizer() {
    let optimizer = AdamW(
      [
        ParameterGroup([parameter()], weightDecay: 0.5),
        ParameterGroup([parameter()], learningRate: 1e-4, weightDecay: 0),
      ], learningRate: 1e-3,
      betas: (0.5, 0.6))
    #expect(optimizer.paramGroups.map(\.weightDecay) == [0.5, 0])
    #expect(optimizer.paramGroups.map(\.learningRate) == [1e-3, 1e-4])
    #expect(
      optimizer.paramGroups.allSatisfy { $0.betas == (0.5, 0.6) && $0.eps == 1e-8 && !$0.amsgrad && !$0.maximize })
    #expect(optimizer.parameters.count == 2)
  }

  @Test func printing() {
    let optimizer = SGD(
      [parameter(), parameter(), ParameterGroup([parameter()], learningRate: 0.5)], learningRate: 0.1, momentum: 0.9,
      nesterov: true)
    optimizer.paramGroups[0].learningRate = 0.25
    let rest = "momentum: 0.9, dampening: 0.0, weightDecay: 0.0, nesterov: true, maximize: false"
    #expect(
      "\(optimizer)"
        == "SGD\n  group 0: 2 parameters, learningRate: 0.25, \(rest)\n  group 1: 1 parameter, learningRate: 0.5, \(rest)"
    )
    let adam = "\(Adam([parameter()], betas: (0.5, 0.75)))"
    #expect(adam.contains("weightDecay: 0.0, betas: (0.5, 0.75), eps: 1e-08"))
    #expect("\(ParameterGroup([parameter()], weightDecay: 0.5))" == "1 parameter, weightDecay: 0.5")
  }

  @Test func parametersAndGroupsMayStandSideBySide() {
    let (a, b, c) = (parameter(), parameter(), parameter())
    let optimizer = SGD([a, b, ParameterGroup([c], learningRate: 0.5)], learningRate: 0.1)
    #expect(optimizer.paramGroups.map(\.parameters.count) == [2, 1])
    optimizer.step()
    expectClose([a, b, c].map { $0.value.item }, [0.9, 0.9, 0.5], "SGD")
  }

  @Test func ratesAreSetOneByOneAndTogether() {
    let (a, b) = (parameter(), parameter())
    let optimizer = SGD([ParameterGroup([a]), ParameterGroup([b])], learningRate: 0.1)
    optimizer.paramGroups[1].learningRate = 0.25
    #expect(optimizer.learningRate == 0.1)
    optimizer.step()
    expectClose([a.value.item, b.value.item], [0.9, 0.75], "first step")
    optimizer.learningRate = 0.5
    #expect(optimizer.paramGroups.map(\.learningRate) == [0.5, 0.5])
    optimizer.step()
    expectClose([a.value.item, b.value.item], [0.4, 0.25], "second step")
  }

  @Test func everyOptionMayChangeWhileTraining() {
    let w = parameter()
    let optimizer = SGD([w], learningRate: 1)
    optimizer.step()
    optimizer.paramGroups[0].momentum = 0.5
    optimizer.paramGroups[0].nesterov = true
    optimizer.step()  // the buffer starts now: b = 1, w −= 1 + 0.5
    optimizer.paramGroups[0].nesterov = false
    optimizer.paramGroups[0].maximize = true
    optimizer.step()  // b = 0.5 − 1, w += 0.5
    #expect(w.value.item == -1)
  }

  /// The buffer starts with the gradient of the first step that has momentum, which dampening does not damp (PyTorch
  /// clones the gradient there), whenever that is.
  @Test func momentumSetLaterStartsWithTheWholeGradient() {
    let w = parameter(), optimizer = SGD([w], learningRate: 1, dampening: 0.5)
    optimizer.step()
    optimizer.paramGroups[0].momentum = 0.25
    optimizer.step()  // b = 1
    #expect(w.value.item == -1)
    optimizer.step()  // b = 0.25 + 0.5
    #expect(w.value.item == -1.75)
  }

  @Test func aGroupAddedLater() {
    let (a, b) = (parameter(), parameter())
    let optimizer = Adam([a], learningRate: 0.1, eps: 0)
    optimizer.step()
    optimizer.addParamGroup(ParameterGroup([b], learningRate: 0.2))
    optimizer.step()
    expectClose([a.value.item, b.value.item], [0.8, 0.8], "Adam")
  }

  @Test func frozenParametersStay() {
    let (a, b) = (parameter(), parameter())
    let optimizer = SGD([a, b], learningRate: 0.1, momentum: 0.9)
    optimizer.step()
    b.isFrozen = true
    optimizer.zeroGrad()
    a.grad = Tensor([1.0], .float64)
    optimizer.step()
    #expect(b.value.item == 0.9)
    b.isFrozen = false
    b.grad = Tensor([1.0], .float64)
    optimizer.step()
    // Its momentum is what it was before.
    expectClose([b.value.item], [0.9 - 0.1 * 1.9], "unfrozen")
  }

  @Test func parametersWithoutAShapeAreRefused() {
    let waiting = Parameter.uninitialized()
    let failure = #expect(throws: Failure.self) { try Failure.catching { _ = Adam([waiting]) } }
    #expect(
      failure?.message
        == "optimizer: a parameter has no shape before its layer's first input, and an optimizer needs it: call the model once on a batch before"
    )
    waiting.materialize(.ones([2]))
    waiting.grad = .ones([2])
    SGD([waiting], learningRate: 0.5).step()
    #expect(waiting.value == Tensor([0.5, 0.5]))
  }
}
