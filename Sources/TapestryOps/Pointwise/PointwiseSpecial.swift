import CTapestry
import TapestryAutograd
import TapestryTensors

/// The error function and the gamma function.
enum Special {
  /// y = erf x = 2/√π·∫₀ˣ exp(−t²) dt.    dx = dy·2/√π·exp(−x²)
  static let erf = UnaryRule("erf", Int(TP_ERF), keeps: .input, domain: UnaryDomain(-2...2)) { x, _, _, dy in
    dy * (exp(-(x! * x!)) * twoOverRootPi)
  }

  /// y = erfc x = 1 − erf x.    dx = −dy·2/√π·exp(−x²)
  static let erfc = UnaryRule("erfc", Int(TP_ERFC), keeps: .input, domain: UnaryDomain(-2...2)) { x, _, _, dy in
    dy * (exp(-(x! * x!)) * -twoOverRootPi)
  }

  /// erf y = x.    dx = dy·√π/2·exp(y²)
  static let erfinv = UnaryRule("erfinv", Int(TP_ERFINV), keeps: .output, domain: UnaryDomain(-0.8...0.8)) {
    y, _, _, dy in
    dy * (exp(y! * y!) * (1 / twoOverRootPi))
  }

  /// y = ln |Γ(x)|.    dx = dy·ψ(x)
  static let lgamma = UnaryRule("lgamma", Int(TP_LGAMMA), keeps: .input, domain: gamma) { x, _, _, dy in
    dy * TapestryOps.digamma(x!)
  }

  /// y = ψ(x) = Γ′(x)/Γ(x).    dx = dy·ψ′(x)
  static let digamma = UnaryRule("digamma", Int(TP_DIGAMMA), keeps: .input, domain: gamma) { x, _, _, dy in
    dy * TapestryOps.trigamma(x!)
  }

  static let unary = [erf, erfc, erfinv, lgamma, digamma]

  /// The poles 0, −1 and −2 at a distance.
  private static let gamma = UnaryDomain(
    -2.5...5, kinks: [-2.15, -1.85, -1.15, -0.85, -0.15, 0.15, -2, -1, 0].flatMap { [$0 - 0.08, $0, $0 + 0.08] })

  private static let twoOverRootPi = 1.12837916709551257390

  /// ψ′ = Σₖ 1/(x + k)², as a composition, so that it has derivatives of every order. Left of ½ by reflection, ψ′(x) =
  /// π²/sin²(πx) − ψ′(1 − x); then ten terms of the sum, and at z = x + 10 the asymptotic series 1/z + 1/2z² + Σ
  /// B₂ₖ/z²ᵏ⁺¹.
  fileprivate static func trigamma(_ x: Variable) -> Variable {
    let left = x .< 0.5
    var z = (1 - x).where(left, x)
    var sum = 1 / square(z)
    for _ in 1..<10 {
      z = z + 1
      sum = sum + 1 / square(z)
    }
    z = z + 1
    let r = 1 / z, r2 = square(r)
    var series = r2 * bernoulli[0]
    for b in bernoulli.dropFirst() { series = (series + b) * r2 }
    let right = sum + r * (1 + r * 0.5 + series)
    // ½ in the untaken half keeps the sine away from zero, where its derivative is infinite. Its square has the period
    // 1.
    let turn = x.where(left, 0.5)
    let sine = sin((turn - round(turn)) * pi)
    return (square(pi / sine) - right).where(left, right)
  }

  private static let pi = Double.pi

  /// B₁₄, B₁₂ … B₂, for Horner's rule in 1/z².
  private static let bernoulli: [Double] = [7.0 / 6, -691.0 / 2730, 5.0 / 66, -1.0 / 30, 1.0 / 42, -1.0 / 30, 1.0 / 6]
}

/// The error function 2/√π·∫₀ˣ exp(−t²) dt of each element.
public func erf(_ x: consuming Variable) -> Variable { Special.erf(x) }

/// The same of a Tensor.
@_disfavoredOverload public func erf(_ x: Tensor) -> Tensor { erf(Variable(x)).value }

/// 1 − erf x of each element, accurate for large x.
public func erfc(_ x: consuming Variable) -> Variable { Special.erfc(x) }

/// The same of a Tensor.
@_disfavoredOverload public func erfc(_ x: Tensor) -> Tensor { erfc(Variable(x)).value }

/// The inverse of erf of each element; ±∞ at ±1, NaN beyond.
public func erfinv(_ x: consuming Variable) -> Variable { Special.erfinv(x) }

/// The same of a Tensor.
@_disfavoredOverload public func erfinv(_ x: Tensor) -> Tensor { erfinv(Variable(x)).value }

/// ln |Γ(x)| of each element.
public func lgamma(_ x: consuming Variable) -> Variable { Special.lgamma(x) }

/// The same of a Tensor.
@_disfavoredOverload public func lgamma(_ x: Tensor) -> Tensor { lgamma(Variable(x)).value }

/// ψ(x), the derivative of lgamma, of each element.
public func digamma(_ x: consuming Variable) -> Variable { Special.digamma(x) }

/// The same of a Tensor.
@_disfavoredOverload public func digamma(_ x: Tensor) -> Tensor { digamma(Variable(x)).value }

/// ψ′(x), the derivative of digamma, of each element; differentiable itself to every order. PyTorch calls it
/// polygamma(1, x).
public func trigamma(_ x: Variable) -> Variable { Special.trigamma(x) }

/// The same of a Tensor.
@_disfavoredOverload public func trigamma(_ x: Tensor) -> Tensor { trigamma(Variable(x)).value }
