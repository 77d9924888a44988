import CTapestry
import TapestryAutograd
import TapestryTensors

/// Signs, absolute values and rounding. Steps have the derivative zero, everywhere, as in PyTorch.
enum Rounding {
  /// y = |x|.    dx = dy·sign x, 0 at 0
  static let abs = UnaryRule(
    "abs", Int(TP_ABS), keeps: .input, fused: Int(TP_ABS_GRAD), domain: UnaryDomain(-2...2, kinks: [0], isLinear: true)
  ) {
    x, _, _, dy in
    dy * TapestryOps.sign(x!)
  }

  /// y = −1, 0 or 1.    dx = 0
  static let sign = UnaryRule("sign", Int(TP_SIGN), stepsOn: UnaryDomain(-2...2, kinks: [0], isLinear: true))

  /// The largest integer ≤ x.    dx = 0
  static let floor = UnaryRule("floor", Int(TP_FLOOR), stepsOn: betweenIntegers)

  /// The smallest integer ≥ x.    dx = 0
  static let ceil = UnaryRule("ceil", Int(TP_CEIL), stepsOn: betweenIntegers)

  /// The nearest integer, halves to the even one.    dx = 0
  static let round = UnaryRule(
    "round", Int(TP_ROUND), stepsOn: UnaryDomain(-2.4...2.4, kinks: [-1.5, -0.5, 0.5, 1.5], isLinear: true))

  /// x without its fraction.    dx = 0
  static let trunc = UnaryRule("trunc", Int(TP_TRUNC), stepsOn: betweenIntegers)

  /// y = x − trunc x.    dx = dy
  static let frac = UnaryRule("frac", Int(TP_FRAC), keeps: .nothing, domain: betweenIntegers) { _, _, _, dy in dy }

  static let unary = [abs, sign, floor, ceil, round, trunc, frac]

  private static let betweenIntegers = UnaryDomain(-2.9...2.9, kinks: [-2, -1, 0, 1, 2], isLinear: true)
}

/// |x| of each element. The derivative at 0 is 0.
public func abs(_ x: consuming Variable) -> Variable { Rounding.abs(x) }

/// The same of a Tensor.
@_disfavoredOverload public func abs(_ x: Tensor) -> Tensor { abs(Variable(x)).value }

/// −1, 0 or 1 for each element. The derivative is zero.
public func sign(_ x: consuming Variable) -> Variable { Rounding.sign(x) }

/// The same of a Tensor.
@_disfavoredOverload public func sign(_ x: Tensor) -> Tensor { sign(Variable(x)).value }

/// The largest integer not above each element. The derivative is zero.
public func floor(_ x: consuming Variable) -> Variable { Rounding.floor(x) }

/// The same of a Tensor.
@_disfavoredOverload public func floor(_ x: Tensor) -> Tensor { floor(Variable(x)).value }

/// The smallest integer not below each element. The derivative is zero.
public func ceil(_ x: consuming Variable) -> Variable { Rounding.ceil(x) }

/// The same of a Tensor.
@_disfavoredOverload public func ceil(_ x: Tensor) -> Tensor { ceil(Variable(x)).value }

/// The nearest integer to each element, halves to the even one. The derivative is zero.
public func round(_ x: consuming Variable) -> Variable { Rounding.round(x) }

/// The same of a Tensor.
@_disfavoredOverload public func round(_ x: Tensor) -> Tensor { round(Variable(x)).value }

/// Each element without its fraction. The derivative is zero.
public func trunc(_ x: consuming Variable) -> Variable { Rounding.trunc(x) }

/// The same of a Tensor.
@_disfavoredOverload public func trunc(_ x: Tensor) -> Tensor { trunc(Variable(x)).value }

/// The fraction of each element, with its sign: x − trunc x.
public func frac(_ x: consuming Variable) -> Variable { Rounding.frac(x) }

/// The same of a Tensor.
@_disfavoredOverload public func frac(_ x: Tensor) -> Tensor { frac(Variable(x)).value }
