import CTapestry
import TapestryAutograd
import TapestryTensors

// Negative logarithms of likelihoods, written in other ops. Input and target as in LossesElementwise.swift.

/// The negative log-likelihood of counts t under a Poisson distribution with rate eˣ, or x without `logInput`, but for
/// the term that depends on t alone.
///
///     ℓ = eˣ − t·x     or     ℓ = x − t·ln(x + ε)
///     and with `full`, where t > 1, Stirling's  + t·ln t − t + ln(2πt)/2
public func poissonNLLLoss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, logInput: Bool = true, full: Bool = false,
  eps: Double = 1e-8,
  reduction: Reduction = .mean
) -> Variable {
  let x = x.asVariable, t = target.asVariable
  checkPair(x, t, "poissonNLLLoss")
  var losses = logInput ? exp(x) - t * x : x - t * log(x + eps)
  if full {
    let large = clamp(t, min: 1)  // no logarithm of 0, whose gradient would be NaN where it is not even used
    losses += (large * log(large) - large + log(large * (2 * Double.pi)) * 0.5).where(t .> 1, 0)
  }
  return reduction.reduce(losses)
}

/// The negative log-likelihood of targets t under normal distributions with mean x and the given variance, but for a
/// constant.
///
///     ℓ = (ln v + (x − t)²/v)/2     v = max(variance, ε)     and with `full`  + ln(2π)/2
///
/// - Parameters:
///   - target: x's shape, or one that broadcasts to it: PyTorch documents it for this loss alone
///   - variance: x's shape; or with 1 for one of its axes, or without the last: one variance for a row. A negative one
///     ends the program with a message
///   - eps: the least variance; the gradient passes through as if there were none
public func gaussianNLLLoss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, _ variance: some VariableConvertible,
  full: Bool = false, eps: Double = 1e-6,
  reduction: Reduction = .mean
) -> Variable {
  let x = x.asVariable, t = target.asVariable
  var v = variance.asVariable
  failing { [v] () throws(ShapeError) in try Specs(Inputs(x, t, v)).sameType("gaussianNLLLoss") }
  if x.shape.broadcast(with: t.shape) != x.shape {
    fail("gaussianNLLLoss: the target must have the shape of the input \(x.shape) or broadcast to it, got \(t.shape)")
  }
  if v.shape != x.shape {
    if x.rank > 0 && v.shape == Shape(x.shape.dropLast()) { v = v.unsqueezed(-1) }
    let differing = v.rank == x.rank ? (0..<x.rank).filter { v.shape[$0] != x.shape[$0] } : []
    if differing.count != 1 || v.shape[differing[0]] != 1 {
      fail(
        """
        gaussianNLLLoss: the variance must have the shape of the input \(x.shape), with 1 for one axis, or without \
        the last axis, got \(v.shape)
        """)
    }
  }
  if let position = Kernel.first(Int(TP_LT_SCALAR), v.value) {
    fail(
      """
      gaussianNLLLoss: a variance cannot be negative, but \(v.shape) has \(v.value.number(at: position).item) at \
      position \(position)
      """)
  }
  let small = v.value .< eps
  v = v + Variable(Kernel.select(small, eps - v.value, Tensor(0, v.dtype), shape: v.shape))
  let losses = (log(v) + square(x - t) / v) * 0.5
  return reduction.reduce(full ? losses + 0.5 * log(Variable(Tensor(2 * Double.pi, x.dtype))) : losses)
}

/// ln(1 + exp(−t·x)) of scores x and targets t = ±1.
public func softMarginLoss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, reduction: Reduction = .mean
) -> Variable {
  let x = x.asVariable, t = asNumbers(target, like: x)
  checkPair(x, t, "softMarginLoss")
  return reduction.reduce(-logSigmoid(x * t))
}

/// −(t·ln σ(x) + (1 − t)·ln σ(−x)), its mean over the classes: (…, classes) of scores and targets 0 or 1 give (…).
/// `weight` has a factor for each class.
public func multiLabelSoftMarginLoss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, weight: Tensor? = nil, reduction: Reduction = .mean
) -> Variable {
  let x = x.asVariable, t = asNumbers(target, like: x)
  checkPair(x, t, "multiLabelSoftMarginLoss")
  if x.rank == 0 { fail("multiLabelSoftMarginLoss: the input needs an axis of classes, got a scalar") }
  failing { () throws(ShapeError) in
    try ClassLabels.checkWeight(weight, classes: x.shape[x.rank - 1], "multiLabelSoftMarginLoss")
  }
  var losses = -(t * logSigmoid(x) + (1 - t) * logSigmoid(-x))
  if let weight { losses = losses * weight.cast(to: x.dtype) }
  return reduction.reduce(losses.mean(-1))
}

/// Targets that are labels (−1 and 1, or 0 and 1) may be integers, as data sets have them: they count as numbers of x's
/// type.
func asNumbers(_ target: some VariableConvertible, like x: some VariableConvertible) -> Variable {
  let t = target.asVariable
  return t.dtype.isFloatingPoint ? t : Variable(t.value.cast(to: x.asVariable.dtype))
}

/// Input and target of one type and one shape.
func checkPair(_ x: Variable, _ t: Variable, _ name: String) {
  failing { () throws(ShapeError) in
    let specs = Specs(Inputs(x, t))
    try specs.sameType(name)
    try specs.sameShape(name)
  }
}
