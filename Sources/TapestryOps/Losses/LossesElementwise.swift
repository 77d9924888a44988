import CTapestry
import TapestryAutograd
import TapestryTensors

/// The losses of an input x and a target t, element by element, with d = x − t. (`mseLoss` has an op of its own,
/// MeanSquaredError.swift.)
enum Losses {
  /// ℓ = |d|.    ∂x = sign d, 0 where d = 0;  ∂t = −∂x
  static let l1 = LossRule(
    "l1Loss", domain: apart,
    value: { x, t, _ in abs(x - t) },
    dx: { x, t, _ in sign(x - t) },
    dt: { x, t, _ in sign(t - x) })

  /// ℓ = d²/2 where |d| ≤ p, else p·(|d| − p/2).    ∂x = min(max(d, −p), p);  ∂t = −∂x
  static let huber = LossRule(
    "huberLoss", domain: BinaryDomain(.evenCells, .oddCells), constants: [1, 0.5],
    value: { x, t, c in
      let d = abs(x - t)
      return (square(d) / 2).where(d .<= c.p, (d - c.p / 2) * c.p)
    },
    dx: { x, t, c in clamp(x - t, min: -c.p, max: c.p) },
    dt: { x, t, c in clamp(t - x, min: -c.p, max: c.p) })

  /// ℓ = d²/2p where |d| < p, else |d| − p/2.    ∂x = min(max(d/p, −1), 1);  ∂t = −∂x
  static let smoothL1 = LossRule(
    "smoothL1Loss", domain: BinaryDomain(.evenCells, .oddCells), constants: [1, 0.5],
    value: { x, t, c in
      let d = abs(x - t)
      return (square(d) / (2 * c.p)).where(d .< c.p, d - c.p / 2)
    },
    dx: { x, t, c in clamp((x - t) / c.p, min: -1, max: 1) },
    dt: { x, t, c in clamp((t - x) / c.p, min: -1, max: 1) })

  /// ℓ = −t·ln x − (1 − t)·ln(1 − x), each logarithm at least −100.
  /// ∂x = d/max(x·(1 − x), 10⁻¹²);  ∂t = ln(1 − x) − ln x, cut alike
  static let binaryCrossEntropy = LossRule(
    "binaryCrossEntropy", domain: BinaryDomain(0.1...0.9, 0...1),
    value: { x, t, _ in (t - 1) * clamp(log1p(-x), min: -100) - t * clamp(log(x), min: -100) },
    dx: { x, t, _ in (x - t) / clamp((1 - x) * x, min: 1e-12) },
    dt: { x, _, _ in clamp(log1p(-x), min: -100) - clamp(log(x), min: -100) })

  /// ℓ = −w₊·t·ln σ(x) − (1 − t)·ln(1 − σ(x)) = (1 − t)·x − (1 + (w₊ − 1)·t)·ln σ(x), finite for every x, with w₊ the
  /// weight of positive targets.
  ///
  ///     ∂x = (1 − t) − (1 + (w₊ − 1)·t)·σ(−x)        ∂t = −x − (w₊ − 1)·ln σ(x)
  static let binaryCrossEntropyWithLogits = LossRule(
    "binaryCrossEntropyWithLogits", domain: BinaryDomain(-4...4, 0...1),
    value: { x, t, c in
      guard let w = c.positiveWeight else { return (1 - t) * x - logSigmoid(x) }
      return (1 - t) * x - (t * (w - 1) + 1) * logSigmoid(x)
    },
    dx: { x, t, c in
      guard let w = c.positiveWeight else { return sigmoid(x) - t }
      return (1 - t) - (t * (w - 1) + 1) * sigmoid(-x)
    },
    dt: { x, _, c in
      guard let w = c.positiveWeight else { return -x }
      return -x - logSigmoid(x) * (w - 1)
    })

  /// ℓ = t·(ln t − x), 0 where t = 0, for x the logarithm of a probability.
  /// ∂x = −t;  ∂t = ln t + 1 − x, 0 where t = 0
  static let divergence = LossRule(
    "klDivLoss", domain: BinaryDomain(-2...2, 0.1...0.9),
    value: { x, t, _ in
      let counts = t .!= 0  // a class without probability is ignored, also where x is −∞
      return xlogy(t, t) - t * x.where(counts, 0)
    },
    dx: { _, t, _ in -t },
    dt: { x, t, _ in
      let counts = t .!= 0
      return (log(t.where(counts, 1)) + 1 - x).where(counts, 0)
    })

  /// The same for a target t that is a logarithm too: ℓ = eᵗ·(t − x).    ∂x = −eᵗ;  ∂t = eᵗ·(t − x + 1)
  static let logDivergence = LossRule(
    "klDivLoss", domain: BinaryDomain(-2...2, -2...0),
    value: { x, t, _ in exp(t) * (t - x) },
    dx: { _, t, _ in -exp(t) },
    dt: { x, t, _ in exp(t) * (t - x + 1) })

  static let elementwise = [
    l1, huber, smoothL1, binaryCrossEntropy, binaryCrossEntropyWithLogits, divergence, logDivergence,
  ]

  private static let apart = BinaryDomain(.evenCells, .oddCells, isLinear: true)
}

// Input and target must have one shape and one floating type, else the program ends with a message: broadcasting would
// hide mistakes. Either may be a Tensor, a constant. Gradients flow to both. A scalar result, but for
// `reduction: .none`; the mean over no element is NaN.

/// |x − target|, by default its mean.
public func l1Loss(_ x: some VariableConvertible, _ target: some VariableConvertible, reduction: Reduction = .mean)
  -> Variable
{
  Losses.l1(x.asVariable, target.asVariable, LossConstants(), reduction)
}

/// d²/2 where |d| ≤ δ and δ·(|d| − δ/2) beyond, d = x − target (Huber 1964). δ must be positive.
public func huberLoss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, delta: Double = 1, reduction: Reduction = .mean
) -> Variable {
  if !(delta > 0) || !delta.isFinite { fail("huberLoss: delta must be positive and finite, got \(delta)") }
  return Losses.huber(x.asVariable, target.asVariable, LossConstants(p: delta), reduction)
}

/// d²/2β where |d| < β and |d| − β/2 beyond, d = x − target (Girshick 2015, arXiv:1504.08083): `huberLoss` over β. β =
/// 0 is `l1Loss`.
public func smoothL1Loss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, beta: Double = 1, reduction: Reduction = .mean
) -> Variable {
  if !(beta >= 0) || !beta.isFinite { fail("smoothL1Loss: beta must be at least 0 and finite, got \(beta)") }
  return (beta == 0 ? Losses.l1 : Losses.smoothL1)(x.asVariable, target.asVariable, LossConstants(p: beta), reduction)
}

/// −t·ln x − (1 − t)·ln(1 − x) of probabilities x and targets t, both in 0 … 1. The logarithms are cut at −100, so the
/// loss is always finite.
///
/// `weight` is a factor for each loss and broadcasts to x. An x or a target outside it ends the program with a message;
/// for logits there is `binaryCrossEntropyWithLogits`.
public func binaryCrossEntropy(
  _ x: some VariableConvertible, _ target: some VariableConvertible, weight: Tensor? = nil, reduction: Reduction = .mean
) -> Variable {
  let x = x.asVariable, target = target.asVariable
  checkProbabilities(x.value, "input", hint: "; for logits use binaryCrossEntropyWithLogits")
  checkProbabilities(target.value, "target")
  return Losses.binaryCrossEntropy(x, target, LossConstants(weight: weight), reduction)
}

/// NaN is no probability either.
private func checkProbabilities(_ x: Tensor, _ what: String, hint: String = "") {
  if x.count == 0 || !x.dtype.isFloatingPoint { return }
  let outside =
    Kernel.first(Int(TP_LT_SCALAR), x) ?? Kernel.first(Int(TP_GT_SCALAR), x, 1) ?? Kernel.first(Int(TP_IS_NAN), x)
  guard let position = outside else { return }
  fail(
    """
    binaryCrossEntropy: the \(what) must lie in 0 … 1, but \(x.shape) has \(x.number(at: position).item) at position \
    \(position)\(hint)
    """)
}

/// `binaryCrossEntropy` of σ(x), computed without overflow or loss of precision from the logits x.
///
/// - Parameters:
///   - weight: a factor for each loss, broadcast to x
///   - posWeight: a factor for the part of positive targets, broadcast to x: the number of negatives over that of
///     positives balances a class
public func binaryCrossEntropyWithLogits(
  _ x: some VariableConvertible, _ target: some VariableConvertible, weight: Tensor? = nil, posWeight: Tensor? = nil,
  reduction: Reduction = .mean
) -> Variable {
  Losses.binaryCrossEntropyWithLogits(
    x.asVariable, target.asVariable, LossConstants(weight: weight, positiveWeight: posWeight), reduction)
}

/// What `klDivLoss` does with its losses. `.batchMean`, their sum over the size of axis 0, is the divergence as
/// mathematics defines it; `.mean`, PyTorch's default, divides by the number of elements.
public enum DivergenceReduction: Sendable, CaseIterable { case none, mean, batchMean, sum }

/// The Kullback–Leibler divergence t·(ln t − x) of log-probabilities x from probabilities t, or from their logarithms
/// with `logTarget`.
public func klDivLoss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, logTarget: Bool = false,
  reduction: DivergenceReduction = .mean
) -> Variable {
  let x = x.asVariable, rule = logTarget ? Losses.logDivergence : Losses.divergence
  switch reduction {
  case .none: return rule(x, target.asVariable, LossConstants(), .none)
  case .mean: return rule(x, target.asVariable, LossConstants(), .mean)
  case .sum: return rule(x, target.asVariable, LossConstants(), .sum)
  case .batchMean:
    return rule(x, target.asVariable, LossConstants(), .sum) / (x.shape.first ?? 1)  // a scalar is one example
  }
}
