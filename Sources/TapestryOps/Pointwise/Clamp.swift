import CTapestry
import TapestryAutograd
import TapestryTensors

/// Limits. At a limit itself the derivative is 0, as in PyTorch 2.15.
enum Limits {
  /// y = min(max(x, p), q).    dx = dy where p < x < q, else 0
  static let clamp = UnaryRule(
    "clamp", Int(TP_CLAMP), keeps: .input,
    domain: UnaryDomain(-2...2, parameters: [(-0.5, 1), (0, 1.5), (-3, 3)], kinksAtParameters: true, isLinear: true)
  ) { x, p, q, dy in dy.where((x! .> p) & (x! .< q), 0) }

  /// y = max(x, p).    dx = dy where x > p, else 0
  static let atLeast = UnaryRule(
    "clamp(min:)", Int(TP_MAX_SCALAR), keeps: .input,
    domain: UnaryDomain(-2...2, parameters: [(-0.5, -0.5), (0, 0)], kinksAtParameters: true, isLinear: true)
  ) { x, p, _, dy in dy.where(x! .> p, 0) }

  /// y = min(x, p).    dx = dy where x < p, else 0
  static let atMost = UnaryRule(
    "clamp(max:)", Int(TP_MIN_SCALAR), keeps: .input,
    domain: UnaryDomain(-2...2, parameters: [(-0.5, -0.5), (1, 1)], kinksAtParameters: true, isLinear: true)
  ) { x, p, _, dy in dy.where(x! .< p, 0) }

  static let unary = [clamp, atLeast, atMost]
}

// A limit may lie outside what an integer type can hold, 256 for uint8, unless it would be a result.

/// Each element, but at least `min` and at most `max`. Where min > max the result is max, as in PyTorch.
public func clamp(_ x: consuming Variable, min: some Scalar, max: some Scalar) -> Variable {
  let (low, high) = x.value.fittingLimits(min.exact, max.exact)
  return Limits.clamp(x, low, high)
}

/// The same of a Tensor.
@_disfavoredOverload
public func clamp(_ x: Tensor, min: some Scalar, max: some Scalar) -> Tensor {
  clamp(Variable(x), min: min, max: max).value
}

/// Each element, but at least `min`.
public func clamp(_ x: consuming Variable, min: some Scalar) -> Variable {
  let low = x.value.fittingLimits(min.exact, nil).0
  return Limits.atLeast(x, low)
}

/// The same of a Tensor.
@_disfavoredOverload public func clamp(_ x: Tensor, min: some Scalar) -> Tensor { clamp(Variable(x), min: min).value }

/// Each element, but at most `max`.
public func clamp(_ x: consuming Variable, max: some Scalar) -> Variable {
  let high = x.value.fittingLimits(nil, max.exact).1
  return Limits.atMost(x, high)
}

/// The same of a Tensor.
@_disfavoredOverload public func clamp(_ x: Tensor, max: some Scalar) -> Tensor { clamp(Variable(x), max: max).value }
