import CTapestry
import TapestryAutograd
import TapestryTensors

/// Circular and hyperbolic functions and their inverses.
enum Trigonometric {
  /// y = sin x.    dx = dy·cos x
  static let sin = UnaryRule("sin", Int(TP_SIN), keeps: .input, domain: UnaryDomain(-4...4)) { x, _, _, dy in
    dy * TapestryOps.cos(x!)
  }

  /// y = cos x.    dx = −dy·sin x
  static let cos = UnaryRule("cos", Int(TP_COS), keeps: .input, domain: UnaryDomain(-4...4)) { x, _, _, dy in
    -(dy * TapestryOps.sin(x!))
  }

  /// y = sin πx/πx, 1 at 0.    dx = dy·sinc′(x)
  static let sinc = UnaryRule("sinc", Int(TP_SINC), keeps: .input, domain: UnaryDomain(-3...3)) { x, _, _, dy in
    dy * sincSlope(x!)
  }

  /// sinc′(x) = (cos πx − sinc x)/x. Near 0 that difference cancels: there it is π·Σₖ (−1)ᵏ·2k·u²ᵏ⁻¹/(2k + 1)!, u = πx,
  /// with as many terms as float64 tells apart.
  private static func sincSlope(_ x: Variable) -> Variable {
    let near = abs(x) .< 0.25
    let u = x.where(near, 0) * Double.pi, z = square(u)
    var series = z * sincTerms[0]
    for term in sincTerms.dropFirst() { series = (series + term) * z }
    series = u * (series - 1.0 / 3) * Double.pi
    let far = x.where(!near, 1)  // 1 keeps the untaken half finite
    return series.where(near, (TapestryOps.cos(far * Double.pi) - TapestryOps.sinc(far)) / far)
  }

  /// (−1)ᵏ·2k/(2k + 1)! for k = 10, 9 … 2, for Horner's rule.
  private static let sincTerms: [Double] = (2...10).reversed().map { (k: Int) -> Double in
    let factorial = (2...2 * k + 1).reduce(1.0) { (product: Double, i: Int) in product * Double(i) }
    return (k % 2 == 0 ? 1 : -1) * Double(2 * k) / factorial
  }

  /// y = tan x.    dx = dy·(1 + y²)
  static let tan = UnaryRule("tan", Int(TP_TAN), keeps: .output, domain: UnaryDomain(-1.1...1.1)) { y, _, _, dy in
    dy * (y! * y! + 1)
  }

  /// y = arcsin x.    dx = dy/√(1 − x²)
  static let asin = UnaryRule("asin", Int(TP_ASIN), keeps: .input, domain: UnaryDomain(-0.8...0.8)) { x, _, _, dy in
    dy * rsqrt(1 - x! * x!)
  }

  /// y = arccos x.    dx = −dy/√(1 − x²)
  static let acos = UnaryRule("acos", Int(TP_ACOS), keeps: .input, domain: UnaryDomain(-0.8...0.8)) { x, _, _, dy in
    -(dy * rsqrt(1 - x! * x!))
  }

  /// y = arctan x.    dx = dy/(1 + x²)
  static let atan = UnaryRule("atan", Int(TP_ATAN), keeps: .input, domain: UnaryDomain(-3...3)) { x, _, _, dy in
    dy / (x! * x! + 1)
  }

  /// y = sinh x.    dx = dy·cosh x
  static let sinh = UnaryRule("sinh", Int(TP_SINH), keeps: .input, domain: UnaryDomain(-2...2)) { x, _, _, dy in
    dy * TapestryOps.cosh(x!)
  }

  /// y = cosh x.    dx = dy·sinh x
  static let cosh = UnaryRule("cosh", Int(TP_COSH), keeps: .input, domain: UnaryDomain(-2...2)) { x, _, _, dy in
    dy * TapestryOps.sinh(x!)
  }

  /// y = tanh x.    dx = dy·(1 − y²)
  static let tanh = UnaryRule(
    "tanh", Int(TP_TANH), keeps: .output, fused: Int(TP_TANH_GRAD), domain: UnaryDomain(-2...2)
  ) { y, _, _, dy in
    dy * (1 - y! * y!)
  }

  /// y = arsinh x.    dx = dy/√(x² + 1)
  static let asinh = UnaryRule("asinh", Int(TP_ASINH), keeps: .input, domain: UnaryDomain(-3...3)) { x, _, _, dy in
    dy * rsqrt(x! * x! + 1)
  }

  /// y = arcosh x.    dx = dy/√(x² − 1)
  static let acosh = UnaryRule("acosh", Int(TP_ACOSH), keeps: .input, domain: UnaryDomain(1.3...3)) { x, _, _, dy in
    dy * rsqrt(x! * x! - 1)
  }

  /// y = artanh x.    dx = dy/(1 − x²)
  static let atanh = UnaryRule("atanh", Int(TP_ATANH), keeps: .input, domain: UnaryDomain(-0.8...0.8)) { x, _, _, dy in
    dy / (1 - x! * x!)
  }

  static let unary = [sin, cos, sinc, tan, asin, acos, atan, sinh, cosh, tanh, asinh, acosh, atanh]
}

/// The sine of each element, in radians.
public func sin(_ x: consuming Variable) -> Variable { Trigonometric.sin(x) }

/// The same of a Tensor.
@_disfavoredOverload public func sin(_ x: Tensor) -> Tensor { sin(Variable(x)).value }

/// The cosine of each element, in radians.
public func cos(_ x: consuming Variable) -> Variable { Trigonometric.cos(x) }

/// The same of a Tensor.
@_disfavoredOverload public func cos(_ x: Tensor) -> Tensor { cos(Variable(x)).value }

/// sin πx/πx of each element, and 1 at 0: the normalized sinc function, exactly 0 at the other whole numbers.
public func sinc(_ x: consuming Variable) -> Variable { Trigonometric.sinc(x) }

/// The same of a Tensor.
@_disfavoredOverload public func sinc(_ x: Tensor) -> Tensor { sinc(Variable(x)).value }

/// The tangent of each element, in radians.
public func tan(_ x: consuming Variable) -> Variable { Trigonometric.tan(x) }

/// The same of a Tensor.
@_disfavoredOverload public func tan(_ x: Tensor) -> Tensor { tan(Variable(x)).value }

/// The angle in −π/2 … π/2 whose sine each element is; NaN outside −1 … 1.
public func asin(_ x: consuming Variable) -> Variable { Trigonometric.asin(x) }

/// The same of a Tensor.
@_disfavoredOverload public func asin(_ x: Tensor) -> Tensor { asin(Variable(x)).value }

/// The angle in 0 … π whose cosine each element is; NaN outside −1 … 1.
public func acos(_ x: consuming Variable) -> Variable { Trigonometric.acos(x) }

/// The same of a Tensor.
@_disfavoredOverload public func acos(_ x: Tensor) -> Tensor { acos(Variable(x)).value }

/// The angle in −π/2 … π/2 whose tangent each element is.
public func atan(_ x: consuming Variable) -> Variable { Trigonometric.atan(x) }

/// The same of a Tensor.
@_disfavoredOverload public func atan(_ x: Tensor) -> Tensor { atan(Variable(x)).value }

/// The hyperbolic sine of each element.
public func sinh(_ x: consuming Variable) -> Variable { Trigonometric.sinh(x) }

/// The same of a Tensor.
@_disfavoredOverload public func sinh(_ x: Tensor) -> Tensor { sinh(Variable(x)).value }

/// The hyperbolic cosine of each element.
public func cosh(_ x: consuming Variable) -> Variable { Trigonometric.cosh(x) }

/// The same of a Tensor.
@_disfavoredOverload public func cosh(_ x: Tensor) -> Tensor { cosh(Variable(x)).value }

/// The hyperbolic tangent of each element.
public func tanh(_ x: consuming Variable) -> Variable { Trigonometric.tanh(x) }

/// The same of a Tensor.
@_disfavoredOverload public func tanh(_ x: Tensor) -> Tensor { tanh(Variable(x)).value }

/// The inverse of sinh of each element.
public func asinh(_ x: consuming Variable) -> Variable { Trigonometric.asinh(x) }

/// The same of a Tensor.
@_disfavoredOverload public func asinh(_ x: Tensor) -> Tensor { asinh(Variable(x)).value }

/// The inverse of cosh of each element; NaN below 1.
public func acosh(_ x: consuming Variable) -> Variable { Trigonometric.acosh(x) }

/// The same of a Tensor.
@_disfavoredOverload public func acosh(_ x: Tensor) -> Tensor { acosh(Variable(x)).value }

/// The inverse of tanh of each element; NaN outside −1 … 1.
public func atanh(_ x: consuming Variable) -> Variable { Trigonometric.atanh(x) }

/// The same of a Tensor.
@_disfavoredOverload public func atanh(_ x: Tensor) -> Tensor { atanh(Variable(x)).value }
