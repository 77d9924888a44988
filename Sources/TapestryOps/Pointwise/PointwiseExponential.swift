import CTapestry
import TapestryAutograd
import TapestryTensors

/// Powers, roots, exponentials and logarithms.
enum Exponential {
  /// y = x².    dx = 2·dy·x
  static let square = UnaryRule("square", Int(TP_SQUARE), keeps: .input, domain: UnaryDomain(-2...2)) { x, _, _, dy in
    dy * x! * 2
  }

  /// y = √x.    dx = dy/2y
  static let sqrt = UnaryRule("sqrt", Int(TP_SQRT), keeps: .output, domain: UnaryDomain(0.3...3)) { y, _, _, dy in
    dy / (2 * y!)
  }

  /// y = 1/√x.    dx = −dy·y³/2
  static let rsqrt = UnaryRule("rsqrt", Int(TP_RSQRT), keeps: .output, domain: UnaryDomain(0.3...3)) { y, _, _, dy in
    dy * (y! * y! * y!) * -0.5
  }

  /// y = 1/x.    dx = −dy·y²
  static let reciprocal = UnaryRule("reciprocal", Int(TP_RECIPROCAL), keeps: .output, domain: UnaryDomain(0.5...3)) {
    y, _, _, dy in -(dy * (y! * y!))
  }

  /// y = xᵖ.    dx = dy·p·xᵖ⁻¹, which is 0 for p = 0 whatever x is
  static let pow = UnaryRule(
    "pow", Int(TP_POW_SCALAR), keeps: .input,
    domain: UnaryDomain(0.4...2, parameters: [(2, 0), (3, 0), (0.5, 0), (-1, 0), (-1.7, 0), (1, 0), (0, 0)])
  ) { x, p, _, dy in p == 0 ? Variable(.zeros(dy.shape, dy.dtype)) : dy * (TapestryOps.pow(x!, p - 1) * p) }

  /// y = pˣ.    dx = dy·y·ln p; for p = 0 the function is constant where it is finite
  static let rpow = UnaryRule(
    "pow", Int(TP_RPOW_SCALAR), keeps: .output, domain: UnaryDomain(-2...2, parameters: [(2, 0), (0.3, 0), (1, 0)])
  ) { y, p, _, dy in
    if p != 0 { return dy * (y! * logarithm(p)) }
    let steep = !y!.isFinite()  // chosen before it is multiplied: 0·∞ is NaN
    return dy.where(steep, 0) * Variable(y!.value * -Double.infinity).where(steep, 1)
  }

  /// y = eˣ.    dx = dy·y
  static let exp = UnaryRule("exp", Int(TP_EXP), keeps: .output, domain: UnaryDomain(-3...3)) { y, _, _, dy in dy * y! }

  /// y = 2ˣ.    dx = dy·y·ln 2
  static let exp2 = UnaryRule("exp2", Int(TP_EXP2), keeps: .output, domain: UnaryDomain(-3...3)) { y, _, _, dy in
    dy * y! * ln2
  }

  /// y = eˣ − 1.    dx = dy·(y + 1)
  static let expm1 = UnaryRule("expm1", Int(TP_EXPM1), keeps: .output, domain: UnaryDomain(-3...3)) { y, _, _, dy in
    dy * (y! + 1)
  }

  /// y = ln x.    dx = dy/x
  static let log = UnaryRule("log", Int(TP_LOG), keeps: .input, domain: UnaryDomain(0.3...4)) { x, _, _, dy in dy / x! }

  /// y = ln(1 + x).    dx = dy/(1 + x)
  static let log1p = UnaryRule("log1p", Int(TP_LOG1P), keeps: .input, domain: UnaryDomain(-0.7...3)) { x, _, _, dy in
    dy / (x! + 1)
  }

  /// y = log₂ x.    dx = dy/(x·ln 2)
  static let log2 = UnaryRule("log2", Int(TP_LOG2), keeps: .input, domain: UnaryDomain(0.3...4)) { x, _, _, dy in
    dy / (x! * ln2)
  }

  /// y = log₁₀ x.    dx = dy/(x·ln 10)
  static let log10 = UnaryRule("log10", Int(TP_LOG10), keeps: .input, domain: UnaryDomain(0.3...4)) { x, _, _, dy in
    dy / (x! * ln10)
  }

  static let unary = [square, sqrt, rsqrt, reciprocal, pow, rpow, exp, exp2, expm1, log, log1p, log2, log10]

  private static let ln2 = 0.693147180559945309417
  private static let ln10 = 2.30258509299404568402

  /// The logarithm of one number, by the kernel.
  private static func logarithm(_ p: Double) -> Double {
    Kernel.unary(Int(TP_LOG), Tensor(p, .float64), name: "log").item
  }
}

/// x² of each element.
public func square(_ x: consuming Variable) -> Variable { Exponential.square(x) }

/// The same of a Tensor.
@_disfavoredOverload public func square(_ x: Tensor) -> Tensor { square(Variable(x)).value }

/// √x of each element; NaN below zero.
public func sqrt(_ x: consuming Variable) -> Variable { Exponential.sqrt(x) }

/// The same of a Tensor.
@_disfavoredOverload public func sqrt(_ x: Tensor) -> Tensor { sqrt(Variable(x)).value }

/// 1/√x of each element.
public func rsqrt(_ x: consuming Variable) -> Variable { Exponential.rsqrt(x) }

/// The same of a Tensor.
@_disfavoredOverload public func rsqrt(_ x: Tensor) -> Tensor { rsqrt(Variable(x)).value }

/// 1/x of each element.
public func reciprocal(_ x: consuming Variable) -> Variable { Exponential.reciprocal(x) }

/// The same of a Tensor.
@_disfavoredOverload public func reciprocal(_ x: Tensor) -> Tensor { reciprocal(Variable(x)).value }

/// x to the power of a number, of each element; NaN for a negative base and a fractional exponent.
public func pow(_ x: consuming Variable, _ exponent: some Scalar) -> Variable {
  let p = x.value.fittingExponent(exponent.exact, "pow")
  return Exponential.pow(x, p)
}

/// The same of a Tensor.
@_disfavoredOverload
public func pow(_ x: Tensor, _ exponent: some Scalar) -> Tensor {
  pow(Variable(x), exponent).value
}

/// A number to the power of each element.
public func pow(_ base: some Scalar, _ x: consuming Variable) -> Variable {
  let p = x.value.fitting(base.exact, "pow")
  return Exponential.rpow(x, p)
}

/// The same of a Tensor.
@_disfavoredOverload public func pow(_ base: some Scalar, _ x: Tensor) -> Tensor { pow(base, Variable(x)).value }

/// eˣ of each element.
public func exp(_ x: consuming Variable) -> Variable { Exponential.exp(x) }

/// The same of a Tensor.
@_disfavoredOverload public func exp(_ x: Tensor) -> Tensor { exp(Variable(x)).value }

/// 2ˣ of each element.
public func exp2(_ x: consuming Variable) -> Variable { Exponential.exp2(x) }

/// The same of a Tensor.
@_disfavoredOverload public func exp2(_ x: Tensor) -> Tensor { exp2(Variable(x)).value }

/// eˣ − 1 of each element, accurate near zero.
public func expm1(_ x: consuming Variable) -> Variable { Exponential.expm1(x) }

/// The same of a Tensor.
@_disfavoredOverload public func expm1(_ x: Tensor) -> Tensor { expm1(Variable(x)).value }

/// The natural logarithm of each element; NaN below zero, −∞ at zero.
public func log(_ x: consuming Variable) -> Variable { Exponential.log(x) }

/// The same of a Tensor.
@_disfavoredOverload public func log(_ x: Tensor) -> Tensor { log(Variable(x)).value }

/// ln(1 + x) of each element, accurate near zero.
public func log1p(_ x: consuming Variable) -> Variable { Exponential.log1p(x) }

/// The same of a Tensor.
@_disfavoredOverload public func log1p(_ x: Tensor) -> Tensor { log1p(Variable(x)).value }

/// The logarithm to base 2 of each element.
public func log2(_ x: consuming Variable) -> Variable { Exponential.log2(x) }

/// The same of a Tensor.
@_disfavoredOverload public func log2(_ x: Tensor) -> Tensor { log2(Variable(x)).value }

/// The logarithm to base 10 of each element.
public func log10(_ x: consuming Variable) -> Variable { Exponential.log10(x) }

/// The same of a Tensor.
@_disfavoredOverload public func log10(_ x: Tensor) -> Tensor { log10(Variable(x)).value }
