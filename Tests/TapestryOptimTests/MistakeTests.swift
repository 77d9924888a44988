import TapestryAutograd
import TapestryOptim
import TapestryTensors
import TestSupport
import Testing

/// Mistakes with optimizers, groups and clipping. Each ends the program with its message, in release builds too.
struct MistakeTests {
  private static func one() -> [Parameter] { [Parameter(.ones([1, 1]))] }

  // One statement a mistake: the compiler takes long over large expressions.
  private static let mistakes: [Mistake] = {
    var m: [Mistake] = []
    // PyTorch's error_inputs (torch.testing._internal.common_optimizers, 2.15). Those that Swift's types rule out have
    // no test: a bare parameter or a set for the list, a Tensor for lr or betas (alone, of two elements, or with
    // foreach), names for some of the parameters only.
    m.append(
      Mistake("Adam: a parameter of shape [1, 1] is listed twice and would be stepped twice") {
        let w = Parameter(.ones([1, 1]))
        _ = Adam([w, w])
      })
    m.append(
      Mistake("SGD: a parameter of shape [1, 1] is listed twice and would be stepped twice") {
        let w = Parameter(.ones([1, 1]))
        _ = SGD([ParameterGroup([w]), ParameterGroup([w])])
      })
    m.append(
      Mistake("SGD: momentum must be at least 0, got -0.5") { _ = SGD(one(), learningRate: 1e-2, momentum: -0.5) })
    m.append(
      Mistake("RMSprop: momentum must be at least 0, got -1.0") { _ = RMSprop(one(), learningRate: 1e-2, momentum: -1) }
    )
    m.append(
      Mistake("Adam: betas.0 must be in 0 ..< 1, got 1.0") { _ = Adam(one(), learningRate: 1e-2, betas: (1, 0)) })
    m.append(
      Mistake("AdamW: betas.0 must be in 0 ..< 1, got 1.0") { _ = AdamW(one(), learningRate: 1e-2, betas: (1, 0)) })
    m.append(
      Mistake("Adam: weightDecay must be at least 0, got -1.0") { _ = Adam(one(), learningRate: 1e-2, weightDecay: -1) }
    )
    m.append(
      Mistake("AdamW: weightDecay must be at least 0, got -1.0") {
        _ = AdamW(one(), learningRate: 1e-2, weightDecay: -1)
      })
    m.append(
      Mistake("Adam: got no parameters; pass model.parameters(), after the model was built") {
        _ = Adam([])
      })
    m.append(
      Mistake("SGD: parameter group 1 has no parameters") { _ = SGD([ParameterGroup(one()), ParameterGroup([])]) })
    m.append(Mistake("SGD: learningRate must be at least 0, got -1.0") { _ = SGD(one(), learningRate: -1) })
    m.append(Mistake("Adam: learningRate must be finite, got nan") { _ = Adam(one(), learningRate: .nan) })
    m.append(Mistake("RMSprop: learningRate must be finite, got inf") { _ = RMSprop(one(), learningRate: .infinity) })
    m.append(Mistake("Adam: betas.1 must be in 0 ..< 1, got -0.1") { _ = Adam(one(), betas: (0.9, -0.1)) })
    m.append(Mistake("AdamW: betas.1 must be finite, got nan") { _ = AdamW(one(), betas: (0.9, .nan)) })
    m.append(Mistake("Adam: eps must be at least 0, got -1e-08") { _ = Adam(one(), eps: -1e-8) })
    m.append(Mistake("RMSprop: eps must be at least 0, got -1.0") { _ = RMSprop(one(), eps: -1) })
    m.append(Mistake("RMSprop: alpha must be at least 0, got -0.1") { _ = RMSprop(one(), alpha: -0.1) })
    m.append(Mistake("RMSprop: weightDecay must be at least 0, got -0.1") { _ = RMSprop(one(), weightDecay: -0.1) })
    m.append(Mistake("SGD: weightDecay must be at least 0, got -0.1") { _ = SGD(one(), weightDecay: -0.1) })
    m.append(Mistake("SGD: dampening must be finite, got nan") { _ = SGD(one(), dampening: .nan) })
    m.append(
      Mistake("SGD: Nesterov momentum needs momentum > 0 and dampening 0, got momentum 0.0 and dampening 0.0") {
        _ = SGD(one(), nesterov: true)
      })
    m.append(
      Mistake("SGD: Nesterov momentum needs momentum > 0 and dampening 0, got momentum 0.9 and dampening 0.1") {
        _ = SGD(one(), momentum: 0.9, dampening: 0.1, nesterov: true)
      })
    m.append(Mistake("SGD: Nesterov momentum needs momentum > 0") { _ = SGD([ParameterGroup(one(), nesterov: true)]) })
    m.append(
      Mistake("ParameterGroup: weightDecay must be at least 0, got -1.0") { _ = ParameterGroup(one(), weightDecay: -1) }
    )
    m.append(
      Mistake("Adam: parameter group 0 sets momentum, which Adam does not have") {
        _ = Adam([ParameterGroup(one(), momentum: 0.9)])
      })
    m.append(Mistake("SGD: has no option betas.0") { _ = SGD(one()).paramGroups[0].betas })
    m.append(Mistake("Adagrad: lrDecay must be at least 0, got -0.5") { _ = Adagrad(one(), lrDecay: -0.5) })
    m.append(Mistake("Adam: has no option alpha") { Adam(one()).paramGroups[0][.alpha] = 0.5 })
    m.append(
      Mistake("ParameterGroup: alpha must be at least 0, got -1.0") { _ = ParameterGroup(one(), options: [.alpha: -1]) }
    )
    m.append(
      Mistake("SGD: parameter group 0 sets alpha, which SGD does not have") {
        _ = SGD([ParameterGroup(one(), options: [.alpha: 0.5])])
      })
    m.append(Mistake("Adam: has no option centered") { Adam(one()).paramGroups[0].centered = true })
    m.append(
      Mistake(
        "ParameterGroup: learningRate was not given, so the optimizer decides it; read it from optimizer.paramGroups"
      ) {
        _ = ParameterGroup(one()).learningRate
      })
    m.append(Mistake("Adam: learningRate must be finite, got nan") { Adam(one()).paramGroups[0].learningRate = .nan })
    m.append(Mistake("Adam: learningRate must be at least 0, got -1.0") { Adam(one()).learningRate = -1 })
    m.append(Mistake("Adam: betas.1 must be in 0 ..< 1, got 1.0") { Adam(one()).paramGroups[0].betas = (0.9, 1) })
    m.append(
      Mistake("SGD: Nesterov momentum needs momentum > 0") {
        let w = Parameter(.ones([1, 1]))
        let optimizer = SGD([w], momentum: 0.9, nesterov: true)
        optimizer.paramGroups[0].momentum = 0
        optimizer.step()
      })
    m.append(
      Mistake("Adam: parameter group 0 belongs to another optimizer (SGD) already; make a new ParameterGroup") {
        let w = Parameter(.ones([1, 1]))
        let group = ParameterGroup([w])
        _ = SGD([group])
        _ = Adam([group])
      })
    m.append(
      Mistake("SGD: a parameter of shape [1, 1] is listed twice") {
        let w = Parameter(.ones([1, 1]))
        SGD([w]).addParamGroup(ParameterGroup([w]))
      })
    m.append(
      Mistake("Adam: parameter 0 of group 0 had shape [1, 1] at its last step and has [3] now; make a new optimizer") {
        let w = Parameter(.ones([1, 1]))
        let optimizer = Adam([w])
        w.grad = .ones([1, 1])
        optimizer.step()
        w.value = .ones([3])
        (w.node as! Leaf).grad = .ones([3])
        optimizer.step()
      })
    m.append(
      Mistake(
        """
        SGD: parameter 0 of group 0 is float64 [1, 1], but its gradient is float32 [1, 1]; call zeroGrad() after \
        changing a parameter's type
        """
      ) {
        let w = Parameter(.ones([1, 1]))
        let optimizer = SGD([w])
        w.grad = .ones([1, 1])
        w.value = .ones([1, 1], .float64)
        optimizer.step()
      })
    m.append(Mistake("clipGradNorm: maxNorm must be at least 0, got -1.0") { clipGradNorm(one(), maxNorm: -1) })
    m.append(Mistake("clipGradNorm: maxNorm must be at least 0, got nan") { clipGradNorm(one(), maxNorm: .nan) })
    m.append(
      Mistake("clipGradNorm: normType must be above 0 (2, 1, .infinity, …), got 0.0") {
        clipGradNorm(one(), maxNorm: 1, normType: 0)
      })
    m.append(
      Mistake("clipGradNorm: the norm of the gradients is nan: the gradient of parameter 1 of shape [2] contains nan") {
        let w = Parameter(.ones([1, 1]))
        let q = Parameter(.ones([2]))
        (w.grad, q.grad) = (.ones([1, 1]), Tensor([1, .nan] as [Float]))
        clipGradNorm([w, q], maxNorm: 1, errorIfNonfinite: true)
      })
    m.append(
      Mistake(
        "clipGradNorm: the norm of the gradients is nan: the gradient of parameter 2 of shape [1, 2] contains nan"
      ) {
        // The first NaN, not the first ∞; a parameter without a gradient counts in the numbering.
        let all = [Parameter(.ones([1])), Parameter(.ones([2])), Parameter(.ones([1, 2])), Parameter(.ones([1]))]
        (all[1].grad, all[2].grad, all[3].grad) = (
          Tensor([1, .infinity] as [Float]), Tensor([[.nan, 0]] as [[Float]]), Tensor([.nan] as [Float])
        )
        clipGradNorm(all, maxNorm: 1, errorIfNonfinite: true)
      })
    m.append(
      Mistake("clipGradNorm: the norm of the gradients is inf: the gradient of parameter 1 of shape [1] contains inf") {
        let all = [Parameter(.ones([1])), Parameter(.ones([1]))]
        (all[0].grad, all[1].grad) = (.ones([1]), Tensor([-.infinity] as [Float]))
        clipGradNorm(all, maxNorm: 1, normType: 1, errorIfNonfinite: true)
      })
    m.append(
      Mistake("clipGradNorm: the norm of the gradients is inf, though each of them is finite: they are too large") {
        let q = Parameter(.ones([2], .float64))
        q.grad = .full([2], 1e200, .float64)
        clipGradNorm([q], maxNorm: 1, errorIfNonfinite: true)
      })
    m.append(Mistake("clipGradValue: clipValue must be at least 0, got -1.0") { clipGradValue(one(), clipValue: -1) })
    return m
  }()

  @Test(arguments: mistakes)
  func isRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
