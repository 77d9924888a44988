import CTapestry
import TapestryAutograd
import TapestryTensors

/// Activations made of straight pieces and of exponential ones. At a corner the derivative is the one that PyTorch 2.15
/// gives.
enum Rectifier {
  /// y = max(x, 0).    dx = dy where y > 0, else 0
  static let relu = UnaryRule("relu", Int(TP_RELU), keeps: .output, fused: Int(TP_RELU_GRAD), domain: bent) {
    y, _, _, dy in dy.where(y! .> 0, 0)
  }

  /// y = x > 0 ? x : p·x.    dx = dy where x > 0, else p·dy
  static let leakyRelu = UnaryRule(
    "leakyRelu", Int(TP_LEAKY_RELU), keeps: .input,
    domain: UnaryDomain(-2...2, kinks: [0], parameters: [(0.01, 0), (0.3, 0)], isLinear: true)
  ) { x, p, _, dy in (copy dy).where(x! .> 0, dy * p) }

  /// y = x ≤ p ? q : x.    dx = dy where x > p, else 0
  static let threshold = UnaryRule(
    "threshold", Int(TP_THRESHOLD), keeps: .input,
    domain: UnaryDomain(-2...2, parameters: [(0.1, 20), (-1, 0)], kinksAtParameters: true, isLinear: true)
  ) { x, p, _, dy in dy.where(x! .> p, 0) }

  /// y = min(max(x + 3, 0), 6)/6.    dx = dy/6 where −3 < x < 3, else 0
  static let hardsigmoid = UnaryRule(
    "hardsigmoid", Int(TP_HARD_SIGMOID), keeps: .input, domain: UnaryDomain(-5...5, kinks: [-3, 3], isLinear: true)
  ) { x, _, _, dy in (dy / 6).where(inside(x!), 0) }

  /// y = x·min(max(x + 3, 0), 6)/6.    dx = 0 where x ≤ −3, dy·(x/3 + 1/2) where −3 < x < 3, else dy
  static let hardswish = UnaryRule(
    "hardswish", Int(TP_HARD_SWISH), keeps: .input, domain: UnaryDomain(-5...5, kinks: [-3, 3])
  ) { x, _, _, dy in
    let bends = inside(x!), bent = (copy dy).where(bends, 0) * (x!.where(bends, 0) / 3 + 0.5)
    return dy.where(x! .>= 3, bent)
  }

  /// y = x − min(max(x, −p), p).    dx = dy where |x| > p, else 0
  static let softshrink = UnaryRule("softshrink", Int(TP_SOFT_SHRINK), keeps: .input, domain: shrunk) { x, p, _, dy in
    dy.where(x!.value.absolute() .> p, 0)
  }

  /// y = |x| > p ? x : 0.    dx = dy where |x| > p, else 0
  static let hardshrink = UnaryRule("hardshrink", Int(TP_HARD_SHRINK), keeps: .input, domain: shrunk) { x, p, _, dy in
    dy.where(x!.value.absolute() .> p, 0)
  }

  /// y = x > 0 ? x : p·(eˣ − 1).    dx = dy where x > 0, else dy·p·eˣ
  static let elu = UnaryRule(
    "elu", Int(TP_ELU), keeps: .input, domain: UnaryDomain(-3...2, kinks: [0], parameters: [(1, 0), (0.4, 0)])
  ) { x, p, _, dy in
    // clamped: where x is large, eˣ would be infinite and its gradient 0·∞
    (copy dy).where(x! .> 0, dy * (exp(clamp(x!, max: 0)) * p))
  }

  /// y = p·elu(x, q).    dx = p·dy where x > 0, else p·q·dy·eˣ
  static let selu = UnaryRule(
    "selu", Int(TP_SELU), keeps: .input, domain: UnaryDomain(-3...2, kinks: [0], parameters: [(1.05, 1.67)])
  ) { x, p, q, dy in
    let scaled = dy * p
    return (copy scaled).where(x! .> 0, scaled * (exp(clamp(x!, max: 0)) * q))
  }

  /// y = x > 0 ? x : p·(exp(x/p) − 1).    dx = dy where x > 0, else dy·exp(x/p)
  static let celu = UnaryRule(
    "celu", Int(TP_CELU), keeps: .input,
    domain: UnaryDomain(-3...2, kinks: [0], parameters: [(1, 0), (0.7, 0), (-2, 0)])
  ) {
    x, p, _, dy in
    (copy dy).where(x! .> 0, dy * exp(clamp(x!, max: 0) / p))
  }

  static let unary = [relu, leakyRelu, threshold, hardsigmoid, hardswish, softshrink, hardshrink, elu, selu, celu]

  /// y = a > 0 ? a : a·b.    da = dy where a > 0, else dy·b;  db = 0 where a > 0, else dy·a
  static let prelu = BinaryRule(
    "prelu", Int(TP_PRELU), domain: BinaryDomain(Interval(-2...2, kinks: [0]), Interval(-1...1)),
    da: [.a, .b], { a, b, dy in dy * Variable(Tensor(1, b!.dtype)).where(a! .> 0, b!) },
    db: .a,
    { a, _, dy in
      let bent = !(a! .> 0)
      return dy.where(bent, 0) * a!.where(bent, 0)
    })

  static let binary = [prelu]

  private static let bent = UnaryDomain(-2...2, kinks: [0], isLinear: true)
  private static let shrunk = UnaryDomain(-2...2, kinks: [-0.5, 0.5], parameters: [(0.5, 0)], isLinear: true)

  private static func inside(_ x: Variable) -> Tensor { (x .> -3) & (x .< 3) }
}

/// max(x, 0) of each element. The derivative at 0 is 0.
public func relu(_ x: consuming Variable) -> Variable { Rectifier.relu(x) }

/// The same of a Tensor.
@_disfavoredOverload public func relu(_ x: Tensor) -> Tensor { relu(Variable(x)).value }

/// x limited to 0 … 6.
public func relu6(_ x: consuming Variable) -> Variable { clamp(x, min: 0, max: 6) }

/// The same of a Tensor.
@_disfavoredOverload public func relu6(_ x: Tensor) -> Tensor { relu6(Variable(x)).value }

/// x limited to min … max.
public func hardtanh(_ x: consuming Variable, min: Double = -1, max: Double = 1) -> Variable {
  if !(min <= max) { fail("hardtanh: min must not be greater than max, got \(min) and \(max)") }
  return clamp(x, min: min, max: max)
}

/// The same of a Tensor.
@_disfavoredOverload
public func hardtanh(_ x: Tensor, min: Double = -1, max: Double = 1) -> Tensor {
  hardtanh(Variable(x), min: min, max: max).value
}

/// x where positive, else x·negativeSlope (Maas, Hannun, Ng 2013).
public func leakyRelu(_ x: consuming Variable, negativeSlope: Double = 0.01) -> Variable {
  Rectifier.leakyRelu(x, negativeSlope)
}

/// The same of a Tensor.
@_disfavoredOverload
public func leakyRelu(_ x: Tensor, negativeSlope: Double = 0.01) -> Tensor {
  leakyRelu(Variable(x), negativeSlope: negativeSlope).value
}

/// x where it is greater than the threshold, else `value`.
public func threshold(_ x: consuming Variable, _ threshold: Double, _ value: Double) -> Variable {
  Rectifier.threshold(x, threshold, value)
}

/// The same of a Tensor.
@_disfavoredOverload
public func threshold(_ x: Tensor, _ threshold: Double, _ value: Double) -> Tensor {
  TapestryOps.threshold(Variable(x), threshold, value).value
}

/// min(max(x + 3, 0), 6)/6, the logistic function in three straight pieces (Howard et al. 2019, arXiv:1905.02244).
public func hardsigmoid(_ x: consuming Variable) -> Variable { Rectifier.hardsigmoid(x) }

/// The same of a Tensor.
@_disfavoredOverload public func hardsigmoid(_ x: Tensor) -> Tensor { hardsigmoid(Variable(x)).value }

/// x·hardsigmoid(x) (Howard et al. 2019, arXiv:1905.02244).
public func hardswish(_ x: consuming Variable) -> Variable { Rectifier.hardswish(x) }

/// The same of a Tensor.
@_disfavoredOverload public func hardswish(_ x: Tensor) -> Tensor { hardswish(Variable(x)).value }

/// x moved towards 0 by λ, and 0 where |x| ≤ λ. λ must not be negative.
public func softshrink(_ x: consuming Variable, lambda: Double = 0.5) -> Variable {
  if !(lambda >= 0) { fail("softshrink: lambda must be at least 0, got \(lambda)") }
  return Rectifier.softshrink(x, lambda)
}

/// The same of a Tensor.
@_disfavoredOverload
public func softshrink(_ x: Tensor, lambda: Double = 0.5) -> Tensor {
  softshrink(Variable(x), lambda: lambda).value
}

/// x where |x| > λ, else 0.
public func hardshrink(_ x: consuming Variable, lambda: Double = 0.5) -> Variable { Rectifier.hardshrink(x, lambda) }

/// The same of a Tensor.
@_disfavoredOverload
public func hardshrink(_ x: Tensor, lambda: Double = 0.5) -> Tensor {
  hardshrink(Variable(x), lambda: lambda).value
}

/// x where positive, else α·(eˣ − 1) (Clevert, Unterthiner, Hochreiter 2016, arXiv:1511.07289).
public func elu(_ x: consuming Variable, alpha: Double = 1) -> Variable { Rectifier.elu(x, alpha) }

/// The same of a Tensor.
@_disfavoredOverload public func elu(_ x: Tensor, alpha: Double = 1) -> Tensor { elu(Variable(x), alpha: alpha).value }

/// λ·elu(x, α) with the λ and α that keep mean 0 and variance 1 through layers (Klambauer et al. 2017,
/// arXiv:1706.02515).
public func selu(_ x: consuming Variable) -> Variable {
  Rectifier.selu(x, 1.0507009873554804934193349852946, 1.6732632423543772848170429916717)
}

/// The same of a Tensor.
@_disfavoredOverload public func selu(_ x: Tensor) -> Tensor { selu(Variable(x)).value }

/// max(0, x) + min(0, α·(exp(x/α) − 1)), an elu with a continuous derivative for every α (Barron 2017,
/// arXiv:1704.07483).
public func celu(_ x: consuming Variable, alpha: Double = 1) -> Variable {
  if alpha == 0 || !alpha.isFinite { fail("celu: alpha must be finite and not 0, got \(alpha)") }
  return Rectifier.celu(x, alpha)
}

/// The same of a Tensor.
@_disfavoredOverload
public func celu(_ x: Tensor, alpha: Double = 1) -> Tensor {
  celu(Variable(x), alpha: alpha).value
}

/// x where positive, else x·weight (He et al. 2015, arXiv:1502.01852).
///
/// `weight` has one number for all, or one for each channel: axis 1 of x (batch, channels, …), axis 0 of an x with one
/// axis. Its gradient is summed.
public func prelu(_ x: consuming Variable, _ weight: Variable) -> Variable {
  let shape = x.shape
  if weight.count == 1 && weight.rank <= 1 {
    return Rectifier.prelu(x, weight.rank > shape.count ? weight.reshaped(Shape()) : weight)
  }
  let axis = shape.count > 1 ? 1 : 0
  if shape.isEmpty || weight.rank != 1 || weight.count != shape[axis] {
    fail("prelu: the weight must have 1 number or one for each channel (axis \(axis)) of \(shape), got \(weight.shape)")
  }
  return Rectifier.prelu(x, weight.reshaped(Shape([weight.count] + shape.dropFirst(axis + 1).map { _ in 1 })))
}

/// The same of Tensors.
@_disfavoredOverload
public func prelu(_ x: Tensor, _ weight: Tensor) -> Tensor {
  prelu(Variable(x), Variable(weight)).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func prelu(_ x: some VariableConvertible, _ weight: some VariableConvertible) -> Variable {
  prelu(x.asVariable, weight.asVariable)
}
