import CTapestry
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
    _ parameters: [any ParameterSource], learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0,
    nesterov: Bool = false, maximize: Bool = false
  ) {
    super.init(
      "SGD", parameters,
      [
        .learningRate: learningRate, .momentum: momentum, .dampening: dampening, .weightDecay: weightDecay,
        .nesterov: number(nesterov),
        .maximize: number(maximize),
      ], keeps: [StateTensor("momentum_buffer", when: { $0.momentum != 0 })], countsSteps: false)
  }

  override func mistake(_ value: (OptimizerOption) -> Double) -> String? {
    let momentum = value(.momentum), dampening = value(.dampening)
    if value(.nesterov) == 0 || (momentum > 0 && dampening == 0) { return nil }
    return "Nesterov momentum needs momentum > 0 and dampening 0, got momentum \(momentum) and dampening \(dampening)"
  }

  override func stepsRows(_ group: ParameterGroup) -> Bool {
    group.momentum == 0 && group.weightDecay == 0 && !group.maximize
  }

  override func run(_ group: ParameterGroup, _ buffers: inout StepBuffers) {
    var options = tp_sgd(
      lr: group.learningRate, momentum: group.momentum, dampening: group.dampening, weight_decay: group.weightDecay,
      nesterov: group.nesterov,
      maximize: group.maximize)
    buffers.run { $0.sgd($1, $2, &options) }
  }
}

extension OptimizerOption {
  /// τ of SGD.
  public static let dampening = OptimizerOption("dampening", nil, .any)

  /// Whether SGD looks ahead along its momentum.
  public static let nesterov = OptimizerOption("nesterov", nil, .flag)
}

extension ParameterGroup {
  /// τ of SGD.
  public var dampening: Double {
    get { self[.dampening] }
    set { self[.dampening] = newValue }
  }

  /// Whether SGD looks ahead along its momentum.
  public var nesterov: Bool {
    get { self[.nesterov] != 0 }
    set { self[.nesterov] = number(newValue) }
  }
}
