import CTapestry
import TapestryAutograd
import TapestryTensors

/// Adagrad (Duchi, Hazan and Singer 2011, JMLR 12:2121), as PyTorch computes it:
///
///     s = s + g²        w = w − η/(1 + (t − 1)·lrDecay) · g/(√s + ε)
///
/// s starts at `initialAccumulatorValue`; g has λ·w added for `weightDecay` λ. `maximize` climbs: g is the negative
/// gradient.
public final class Adagrad: FusedOptimizer {
  /// `parameters` are parameters or groups of them.
  public init(
    _ parameters: [any ParameterSource], learningRate: Double = 1e-2, lrDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0,
    eps: Double = 1e-10, maximize: Bool = false
  ) {
    super.init(
      "Adagrad", parameters,
      [
        .learningRate: learningRate, .lrDecay: lrDecay, .weightDecay: weightDecay,
        .initialAccumulatorValue: initialAccumulatorValue, .eps: eps,
        .maximize: number(maximize),
      ], keeps: [StateTensor("sum", start: { $0[.initialAccumulatorValue] })])
  }

  override func stepsRows(_ group: ParameterGroup) -> Bool {
    group.weightDecay == 0 && group.eps > 0 && !group.maximize
  }

  override func run(_ group: ParameterGroup, _ buffers: inout StepBuffers) {
    var options = tp_adagrad(
      lr: group.learningRate, lr_decay: group[.lrDecay], eps: group.eps, weight_decay: group.weightDecay,
      maximize: group.maximize)
    buffers.run { $0.adagrad($1, $2, &options) }
  }
}

extension OptimizerOption {
  /// How fast Adagrad's rate falls with the number of steps: `paramGroups[0][.lrDecay] = 0.1`.
  public static let lrDecay = OptimizerOption("lrDecay", "lr_decay")

  /// What Adagrad's sums of squares start at.
  public static let initialAccumulatorValue = OptimizerOption("initialAccumulatorValue", "initial_accumulator_value")
}
