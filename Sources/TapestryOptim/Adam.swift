import CTapestry
import TapestryAutograd
import TapestryTensors

/// Adam (Kingma and Ba 2014, arXiv:1412.6980), as PyTorch computes it:
///
///     m = β₁·m + (1 − β₁)·g        v = β₂·v + (1 − β₂)·g²
///     w = w − η/(1 − β₁ᵗ)·m / (√v/√(1 − β₂ᵗ) + ε)
///
/// `weightDecay` λ adds λ·w to the gradient; `AdamW` shrinks w by 1 − η·λ instead. `amsgrad` divides by the largest v
/// so far (Reddi, Kale and Kumar 2018, arXiv:1904.09237). `maximize` climbs: g is the negative gradient.
public class Adam: FusedOptimizer {
  private let decoupled: Bool

  /// `parameters` are parameters or groups of them.
  public convenience init(
    _ parameters: [any ParameterSource], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8,
    weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false
  ) {
    self.init("Adam", parameters, learningRate, betas, eps, weightDecay, amsgrad, maximize, decoupled: false)
  }

  init(
    _ name: String, _ parameters: [any ParameterSource], _ learningRate: Double, _ betas: (Double, Double),
    _ eps: Double, _ weightDecay: Double,
    _ amsgrad: Bool, _ maximize: Bool, decoupled: Bool
  ) {
    self.decoupled = decoupled
    super.init(
      name, parameters,
      [
        .learningRate: learningRate, .weightDecay: weightDecay, .beta1: betas.0, .beta2: betas.1, .eps: eps,
        .amsgrad: number(amsgrad),
        .maximize: number(maximize),
      ],
      keeps: [StateTensor("exp_avg"), StateTensor("exp_avg_sq"), StateTensor("max_exp_avg_sq", when: { $0.amsgrad })])
  }

  override func run(_ group: ParameterGroup, _ buffers: inout StepBuffers) {
    var options = tp_adam(
      lr: group.learningRate, beta1: group.betas.0, beta2: group.betas.1, eps: group.eps,
      weight_decay: group.weightDecay, decoupled: decoupled,
      amsgrad: group.amsgrad, maximize: group.maximize)
    buffers.run { $0.adam($1, $2, &options) }
  }
}

extension OptimizerOption {
  /// Whether Adam divides by the largest second moment so far.
  public static let amsgrad = OptimizerOption("amsgrad", nil, .flag)
}

extension ParameterGroup {
  /// Whether Adam divides by the largest second moment so far.
  public var amsgrad: Bool {
    get { self[.amsgrad] != 0 }
    set { self[.amsgrad] = number(newValue) }
  }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101): w = w·(1 − η·λ) before Adam's step.
public final class AdamW: Adam {
  /// `parameters` are parameters or groups of them.
  public convenience init(
    _ parameters: [any ParameterSource], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8,
    weightDecay: Double = 1e-2, amsgrad: Bool = false, maximize: Bool = false
  ) {
    self.init("AdamW", parameters, learningRate, betas, eps, weightDecay, amsgrad, maximize, decoupled: true)
  }
}
