import TapestryAutograd
import TapestryTensors

/// RMSprop (Hinton, Neural Networks for Machine Learning, lecture 6e; centered: Graves 2013, arXiv:1308.0850), as PyTorch computes it:
///
///     v = α·v + (1 − α)·g²      s = √v + ε      (centered: √(v − a²) + ε with a = α·a + (1 − α)·g)
///     b = μ·b + g/s             w = w − η·b
///
/// g has λ·w added for `weightDecay` λ. `maximize` climbs: g is the negative gradient.
public final class RMSprop: FusedOptimizer {
  /// `parameters` are parameters or groups of them.
  public init(
    _ parameters: [any ParameterSource], learningRate: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8, weightDecay: Double = 0,
    momentum: Double = 0, centered: Bool = false, maximize: Bool = false
  ) {
    super.init(
      "RMSprop", parameters,
      [
        .learningRate: learningRate, .alpha: alpha, .eps: eps, .weightDecay: weightDecay, .momentum: momentum, .centered: number(centered),
        .maximize: number(maximize),
      ])
  }

  override var stateNames: [String] { ["square_avg", "grad_avg", "momentum_buffer"] }
  override var statesAlwaysKept: Int { 1 }
  override func stateNeeded(_ group: ParameterGroup) -> (Bool, Bool, Bool) { (true, group.centered, group.momentum > 0) }

  override func run(_ group: ParameterGroup, _ buffers: inout StepBuffers) {
    buffers.rmsprop(
      learningRate: group.learningRate, alpha: group.alpha, eps: group.eps, weightDecay: group.weightDecay, momentum: group.momentum,
      centered: group.centered, maximize: group.maximize)
  }
}
