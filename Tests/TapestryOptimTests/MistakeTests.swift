import TapestryAutograd
import TapestryOptim
import TapestryTensors
import Testing

/// Mistakes with optimizers, groups and clipping end the program with a message. Each test is a process of its own.
struct MistakeTests {
  // PyTorch's error_inputs (torch.testing._internal.common_optimizers, 2.15). Those that Swift's types rule out have no test: a bare parameter
  // or a set for the list, a Tensor for lr or betas (alone, of two elements, or with foreach), names for some of the parameters only.

  @Test func sameParameterTwice() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = Adam([w, w])
    }
    expectMessage("Adam: a parameter of shape [1, 1] is listed twice and would be stepped twice", end)
  }

  @Test func sameParameterInTwoGroups() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([ParameterGroup([w]), ParameterGroup([w])])
    }
    expectMessage("SGD: a parameter of shape [1, 1] is listed twice and would be stepped twice", end)
  }

  @Test func sgdMomentum() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([w], learningRate: 1e-2, momentum: -0.5)
    }
    expectMessage("SGD: momentum must be at least 0, got -0.5", end)
  }

  @Test func rmspropMomentum() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = RMSprop([w], learningRate: 1e-2, momentum: -1)
    }
    expectMessage("RMSprop: momentum must be at least 0, got -1.0", end)
  }

  @Test func adamBeta1() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = Adam([w], learningRate: 1e-2, betas: (1, 0))
    }
    expectMessage("Adam: betas.0 must be in 0 ..< 1, got 1.0", end)
  }

  @Test func adamWBeta1() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = AdamW([w], learningRate: 1e-2, betas: (1, 0))
    }
    expectMessage("AdamW: betas.0 must be in 0 ..< 1, got 1.0", end)
  }

  @Test func adamWeightDecay() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = Adam([w], learningRate: 1e-2, weightDecay: -1)
    }
    expectMessage("Adam: weightDecay must be at least 0, got -1.0", end)
  }

  @Test func adamWWeightDecay() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = AdamW([w], learningRate: 1e-2, weightDecay: -1)
    }
    expectMessage("AdamW: weightDecay must be at least 0, got -1.0", end)
  }

  // The other checks of the constructors, and what PyTorch lets pass: NaN and ∞.

  @Test func noParameters() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Adam([])
    }
    expectMessage("Adam: got no parameters; pass model.parameters(), after the model was built", end)
  }

  @Test func noParametersInAGroup() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([ParameterGroup([w]), ParameterGroup([])])
    }
    expectMessage("SGD: parameter group 1 has no parameters", end)
  }

  @Test func negativeRate() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([w], learningRate: -1)
    }
    expectMessage("SGD: learningRate must be at least 0, got -1.0", end)
  }

  @Test func nanRate() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = Adam([w], learningRate: .nan)
    }
    expectMessage("Adam: learningRate must be finite, got nan", end)
  }

  @Test func infiniteRate() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = RMSprop([w], learningRate: .infinity)
    }
    expectMessage("RMSprop: learningRate must be finite, got inf", end)
  }

  @Test func beta2() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = Adam([w], betas: (0.9, -0.1))
    }
    expectMessage("Adam: betas.1 must be in 0 ..< 1, got -0.1", end)
  }

  @Test func nanBeta() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = AdamW([w], betas: (0.9, .nan))
    }
    expectMessage("AdamW: betas.1 must be finite, got nan", end)
  }

  @Test func adamEps() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = Adam([w], eps: -1e-8)
    }
    expectMessage("Adam: eps must be at least 0, got -1e-08", end)
  }

  @Test func rmspropEps() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = RMSprop([w], eps: -1)
    }
    expectMessage("RMSprop: eps must be at least 0, got -1.0", end)
  }

  @Test func rmspropAlpha() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = RMSprop([w], alpha: -0.1)
    }
    expectMessage("RMSprop: alpha must be at least 0, got -0.1", end)
  }

  @Test func rmspropWeightDecay() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = RMSprop([w], weightDecay: -0.1)
    }
    expectMessage("RMSprop: weightDecay must be at least 0, got -0.1", end)
  }

  @Test func sgdWeightDecay() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([w], weightDecay: -0.1)
    }
    expectMessage("SGD: weightDecay must be at least 0, got -0.1", end)
  }

  @Test func nanDampening() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([w], dampening: .nan)
    }
    expectMessage("SGD: dampening must be finite, got nan", end)
  }

  @Test func nesterovWithoutMomentum() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([w], nesterov: true)
    }
    expectMessage("SGD: Nesterov momentum needs momentum > 0 and dampening 0, got momentum 0.0 and dampening 0.0", end)
  }

  @Test func nesterovWithDampening() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([w], momentum: 0.9, dampening: 0.1, nesterov: true)
    }
    expectMessage("SGD: Nesterov momentum needs momentum > 0 and dampening 0, got momentum 0.9 and dampening 0.1", end)
  }

  @Test func nesterovInAGroup() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([ParameterGroup([w], nesterov: true)])
    }
    expectMessage("SGD: Nesterov momentum needs momentum > 0", end)
  }

  // Groups.

  @Test func optionInAGroup() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ParameterGroup([w], weightDecay: -1)
    }
    expectMessage("ParameterGroup: weightDecay must be at least 0, got -1.0", end)
  }

  @Test func optionThatTheOptimizerLacks() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = Adam([ParameterGroup([w], momentum: 0.9)])
    }
    expectMessage("Adam: parameter group 0 sets momentum, which Adam does not have", end)
  }

  @Test func readingAnOptionThatTheOptimizerLacks() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = SGD([w]).paramGroups[0].betas
    }
    expectMessage("SGD: has no option betas.0", end)
  }

  @Test func settingAnOptionThatTheOptimizerLacks() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      Adam([w]).paramGroups[0].centered = true
    }
    expectMessage("Adam: has no option centered", end)
  }

  @Test func readingAnOptionTooEarly() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      _ = ParameterGroup([w]).learningRate
    }
    expectMessage("ParameterGroup: learningRate was not given, so the optimizer decides it; read it from optimizer.paramGroups", end)
  }

  @Test func rateOnAssignment() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      Adam([w]).paramGroups[0].learningRate = .nan
    }
    expectMessage("Adam: learningRate must be finite, got nan", end)
  }

  @Test func rateOfAllOnAssignment() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      Adam([w]).learningRate = -1
    }
    expectMessage("Adam: learningRate must be at least 0, got -1.0", end)
  }

  @Test func betasOnAssignment() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      Adam([w]).paramGroups[0].betas = (0.9, 1)
    }
    expectMessage("Adam: betas.1 must be in 0 ..< 1, got 1.0", end)
  }

  @Test func nesterovOnAssignment() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let optimizer = SGD([w], momentum: 0.9, nesterov: true)
      optimizer.paramGroups[0].momentum = 0
      optimizer.step()
    }
    expectMessage("SGD: Nesterov momentum needs momentum > 0", end)
  }

  @Test func groupOfTwoOptimizers() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let group = ParameterGroup([w])
      _ = SGD([group])
      _ = Adam([group])
    }
    expectMessage("Adam: parameter group 0 belongs to another optimizer (SGD) already; make a new ParameterGroup", end)
  }

  @Test func addedTwice() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      SGD([w]).addParamGroup(ParameterGroup([w]))
    }
    expectMessage("SGD: a parameter of shape [1, 1] is listed twice", end)
  }

  // Steps.

  @Test func aParameterOfAnotherShape() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let optimizer = Adam([w])
      w.grad = .ones([1, 1])
      optimizer.step()
      w.value = .ones([3])
      (w.node as! Leaf).grad = .ones([3])
      optimizer.step()
    }
    expectMessage("Adam: parameter 0 of group 0 had shape [1, 1] at its last step and has [3] now; make a new optimizer", end)
  }

  @Test func aGradientOfAnotherType() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let optimizer = SGD([w])
      w.grad = .ones([1, 1])
      w.value = .ones([1, 1], .float64)
      optimizer.step()
    }
    expectMessage("SGD: parameter 0 of group 0 is float64 [1, 1], but its gradient is float32 [1, 1]; call zeroGrad() after changing a parameter's type", end)
  }

  // Clipping.

  @Test func maxNorm() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      clipGradNorm([w], maxNorm: -1)
    }
    expectMessage("clipGradNorm: maxNorm must be at least 0, got -1.0", end)
  }

  @Test func nanMaxNorm() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      clipGradNorm([w], maxNorm: .nan)
    }
    expectMessage("clipGradNorm: maxNorm must be at least 0, got nan", end)
  }

  @Test func normType() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      clipGradNorm([w], maxNorm: 1, normType: 0)
    }
    expectMessage("clipGradNorm: normType must be above 0 (2, 1, .infinity, …), got 0.0", end)
  }

  @Test func nonfiniteNorm() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      let q = Parameter(.ones([2]))
      (w.grad, q.grad) = (.ones([1, 1]), Tensor([1, .nan] as [Float]))
      clipGradNorm([w, q], maxNorm: 1, errorIfNonfinite: true)
    }
    expectMessage("clipGradNorm: the norm of the gradients is nan: the gradient of parameter 1 of shape [2] contains nan", end)
  }

  @Test func overflowingNorm() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let q = Parameter(.ones([2], .float64))
      q.grad = .full([2], 1e200, .float64)
      clipGradNorm([q], maxNorm: 1, errorIfNonfinite: true)
    }
    expectMessage("clipGradNorm: the norm of the gradients is inf, though each of them is finite: they are too large", end)
  }

  @Test func clipValue() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let w = Parameter(.ones([1, 1]))
      clipGradValue([w], clipValue: -1)
    }
    expectMessage("clipGradValue: clipValue must be at least 0, got -1.0", end)
  }
}

/// The message on standard error is `Tapestry: ` and this.
func expectMessage(_ message: String, _ end: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation) {
  let text = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
  #expect(text.contains("Tapestry: \(message)"), "got \(text)", sourceLocation: sourceLocation)
}
