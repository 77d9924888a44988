import CTapestry
import TapestryAutograd
import TapestryTensors

/// RMSprop (Hinton, Neural Networks for Machine Learning, lecture 6e; centered: Graves 2013, arXiv:1308.0850), as
/// PyTorch computes it:
///
///     v = α·v + (1 − α)·g²      s = √v + ε      (centered: √(v − a²) + ε with a = α·a + (1 − α)·g)
///     b = μ·b + g/s             w = w − η·b
///
/// g has λ·w added for `weightDecay` λ. `maximize` climbs: g is the negative gradient.
public final class RMSprop: FusedOptimizer {
  /// `parameters` are parameters or groups of them.
  public init(
    _ parameters: [any ParameterSource], learningRate: Double = 1e-2, alpha: Double = 0.99, eps: Double = 1e-8,
    weightDecay: Double = 0,
    momentum: Double = 0, centered: Bool = false, maximize: Bool = false
  ) {
    super.init(
      "RMSprop", parameters,
      [
        .learningRate: learningRate, .alpha: alpha, .eps: eps, .weightDecay: weightDecay, .momentum: momentum,
        .centered: number(centered),
        .maximize: number(maximize),
      ],
      keeps: [
        StateTensor("square_avg"), StateTensor("grad_avg", when: { $0.centered }),
        StateTensor("momentum_buffer", when: { $0.momentum > 0 }),
      ])
  }

  override func run(_ group: ParameterGroup, _ buffers: inout StepBuffers) {
    var options = tp_rmsprop(
      lr: group.learningRate, alpha: group.alpha, eps: group.eps, weight_decay: group.weightDecay,
      momentum: group.momentum, centered: group.centered,
      maximize: group.maximize)
    buffers.run { $0.rmsprop($1, $2, &options) }
  }
}

extension OptimizerOption {
  /// α of RMSprop.
  public static let alpha = OptimizerOption("alpha")

  /// Whether RMSprop subtracts the square of the gradient's mean.
  public static let centered = OptimizerOption("centered", nil, .flag)
}

extension ParameterGroup {
  /// α of RMSprop, at least 0.
  public var alpha: Double {
    get { self[.alpha] }
    set { self[.alpha] = newValue }
  }

  /// Whether RMSprop subtracts the square of the gradient's mean.
  public var centered: Bool {
    get { self[.centered] != 0 }
    set { self[.centered] = number(newValue) }
  }
}
