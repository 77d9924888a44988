import TapestryAutograd
import TapestryTensors

/// Stochastic gradient descent, as PyTorch computes it:
///
///     g = g + λ·w        b = g at the first step, then μ·b + (1 − dampening)·g
///     w = w − η·b        (Nesterov: w − η·(g + μ·b))
///
/// `maximize` climbs: g is the negative gradient.
public final class SGD: FusedOptimizer {
  /// `parameters` are parameters or groups of them. Nesterov needs `momentum` > 0 and `dampening` 0.
  public init(
    _ parameters: [any ParameterSource], learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
    nesterov: Bool = false, maximize: Bool = false
  ) {
    super.init(
      "SGD", parameters,
      [
        .learningRate: learningRate, .momentum: momentum, .dampening: dampening, .weightDecay: weightDecay, .nesterov: number(nesterov),
        .maximize: number(maximize),
      ])
  }

  override var stateNames: [String] { ["momentum_buffer"] }
  override var countsSteps: Bool { false }
  override func stateNeeded(_ group: ParameterGroup) -> (Bool, Bool, Bool) { (group.momentum != 0, false, false) }

  override func mistake(_ value: (Option) -> Double) -> String? {
    let momentum = value(.momentum), dampening = value(.dampening)
    if value(.nesterov) == 0 || (momentum > 0 && dampening == 0) { return nil }
    return "Nesterov momentum needs momentum > 0 and dampening 0, got momentum \(momentum) and dampening \(dampening)"
  }

  override func run(_ group: ParameterGroup, _ buffers: inout StepBuffers) {
    buffers.sgd(
      learningRate: group.learningRate, momentum: group.momentum, dampening: group.dampening, weightDecay: group.weightDecay, nesterov: group.nesterov,
      maximize: group.maximize)
  }
}
