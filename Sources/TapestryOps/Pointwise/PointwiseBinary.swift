import CTapestry
import TapestryAutograd
import TapestryTensors

/// Functions of two inputs besides + − * /.
enum Pairs {
  /// y = aᵇ.    da = dy·b·aᵇ⁻¹, 0 where b = 0;  db = dy·y·ln a, 0 where a = 0 and b ≥ 0
  static let pow = BinaryRule(
    "pow", Int(TP_POW), domain: BinaryDomain(0.3...2, -2...2),
    da: [.a, .b],
    { a, b, dy in
      let counts = (b! .!= 0) | ((a! .!= 0) & !a!.isNaN())
      return dy.where(counts, 0) * (b! * TapestryOps.pow(a!.where(counts, 1), b! - 1))
    },
    db: [.a, .b],
    { a, b, dy in
      let counts = (a! .!= 0) | (b! .< 0), base = a!.where(counts, 1)
      return dy.where(counts, 0) * (TapestryOps.pow(base, b!) * log(base))
    })

  /// y = max(a, b).    dy goes to the larger, half to each where they are equal
  static let maximum = BinaryRule(
    "maximum", Int(TP_MAX), domain: apart,
    da: [.a, .b], { a, b, dy in winner(dy, loses: a! .< b!, ties: a! .== b!) },
    db: [.a, .b], { a, b, dy in winner(dy, loses: b! .< a!, ties: a! .== b!) })

  /// y = min(a, b).    dy goes to the smaller, half to each where they are equal
  static let minimum = BinaryRule(
    "minimum", Int(TP_MIN), domain: apart,
    da: [.a, .b], { a, b, dy in winner(dy, loses: a! .> b!, ties: a! .== b!) },
    db: [.a, .b], { a, b, dy in winner(dy, loses: b! .> a!, ties: a! .== b!) })

  /// y = the angle of the point (b, a).    da = dy·b/(a² + b²), db = −dy·a/(a² + b²), both 0 in the origin
  static let atan2 = BinaryRule(
    "atan2", Int(TP_ATAN2), domain: BinaryDomain(0.3...2, -2...2),
    da: [.a, .b], { a, b, dy in dy * b!.quotient(by: a! * a! + b! * b!) },
    db: [.a, .b], { a, b, dy in -(dy * a!.quotient(by: a! * a! + b! * b!)) })

  /// y = √(a² + b²).    da = dy·a/y, db = dy·b/y, both 0 in the origin
  static let hypot = BinaryRule(
    "hypot", Int(TP_HYPOT), domain: BinaryDomain(0.3...2, -2...2),
    da: [.a, .b], { a, b, dy in dy * a!.quotient(by: TapestryOps.hypot(a!, b!)) },
    db: [.a, .b], { a, b, dy in dy * b!.quotient(by: TapestryOps.hypot(a!, b!)) })

  /// y = |a| with the sign of b.    da = dy where the signs agree, −dy where they differ, 0 where a = 0;  db = 0
  static let copysign = BinaryRule(
    "copysign", Int(TP_COPYSIGN),
    domain: BinaryDomain(Interval(-2...2, kinks: [0]), Interval(-2...2, kinks: [0]), isLinear: true),
    da: [.a, .b],
    { a, b, dy in
      let s = sign(a!.detach())
      return dy.where(s .!= 0, 0) * (s * TapestryOps.copysign(s, b!.detach()))
    },
    db: [], { _, _, dy in zeros(dy) })

  /// y = ln(eᵃ + eᵇ).    da = dy·σ(a − b), db = dy·σ(b − a)
  static let logaddexp = BinaryRule(
    "logaddexp", Int(TP_LOGADDEXP), domain: BinaryDomain(-2...2, -2...2),
    da: [.a, .b], { a, b, dy in dy * sigmoid(a! - b!) },
    db: [.a, .b], { a, b, dy in dy * sigmoid(b! - a!) })

  /// y = a·ln b, 0 where a = 0.    da = dy·ln b, db = dy·a/b, both 0 where a = 0 and b ≤ 0
  static let xlogy = BinaryRule(
    "xlogy", Int(TP_XLOGY), domain: BinaryDomain(-2...2, 0.3...2),
    da: [.a, .b],
    { a, b, dy in
      let counts = (a! .!= 0) | !(b! .<= 0)
      return dy.where(counts, 0) * log(b!.where(counts, 1))
    },
    db: [.a, .b],
    { a, b, dy in
      let counts = (a! .!= 0) | !(b! .<= 0)
      return dy.where(counts, 0) * (a! / b!.where(counts, 1))
    })

  /// y = a − b·trunc(a/b), with a's sign.    da = dy, db = −dy·trunc(a/b)
  static let fmod = BinaryRule(
    "fmod", Int(TP_FMOD), domain: BinaryDomain(1.4...1.9, 1...1.3, isLinear: true),
    da: [], { _, _, dy in dy },
    db: [.a, .b], { a, b, dy in -(dy * trunc(a!.detach() / b!.detach())) })

  /// y = a − b·floor(a/b), with b's sign, as Python's %.    da = dy, db = −dy·floor(a/b)
  static let remainder = BinaryRule(
    "remainder", Int(TP_MOD), domain: BinaryDomain(-1.9 ... -1.4, 1...1.3, isLinear: true),
    da: [], { _, _, dy in dy },
    db: [.a, .b], { a, b, dy in -(dy * TapestryOps.floorDivide(a!.detach(), b!.detach())) })

  /// y = floor(a/b).    da = db = 0: a function of steps
  static let floorDivide = BinaryRule(
    "floorDivide", Int(TP_FLOOR_DIV), domain: BinaryDomain(-1.9 ... -1.4, 1...1.3, isLinear: true),
    da: [], { _, _, dy in zeros(dy) },
    db: [], { _, _, dy in zeros(dy) })

  static let binary = [pow, maximum, minimum, atan2, hypot, copysign, logaddexp, xlogy, fmod, remainder, floorDivide]

  private static let apart = BinaryDomain(.evenCells, .oddCells, isLinear: true)

  private static func zeros(_ dy: borrowing Variable) -> Variable { Variable(.zeros(dy.shape, dy.dtype)) }

  /// NaN neither loses nor ties: it gets the whole gradient, as in PyTorch.
  private static func winner(_ dy: consuming Variable, loses: Tensor, ties: Tensor) -> Variable {
    let half = (copy dy) * 0.5
    return half.where(ties, dy).where(!loses, 0)
  }
}

/// a to the power of b, broadcast; NaN for a negative base and a fractional exponent.
public func pow(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.pow(a, b) }

/// The same of Tensors.
@_disfavoredOverload public func pow(_ a: Tensor, _ b: Tensor) -> Tensor { pow(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func pow(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  pow(a.asVariable, b.asVariable)
}

/// The larger of a and b, broadcast; NaN where either is. Equal ones share the gradient.
public func maximum(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.maximum(a, b) }

/// The same of Tensors.
@_disfavoredOverload public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { maximum(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func maximum(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  maximum(a.asVariable, b.asVariable)
}

/// The smaller of a and b, broadcast; NaN where either is. Equal ones share the gradient.
public func minimum(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.minimum(a, b) }

/// The same of Tensors.
@_disfavoredOverload public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { minimum(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func minimum(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  minimum(a.asVariable, b.asVariable)
}

/// The angle of the point (x, y) in −π … π, broadcast.
public func atan2(_ y: consuming Variable, _ x: Variable) -> Variable { Pairs.atan2(y, x) }

/// The same of Tensors.
@_disfavoredOverload public func atan2(_ y: Tensor, _ x: Tensor) -> Tensor { atan2(Variable(y), Variable(x)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func atan2(_ y: some VariableConvertible, _ x: some VariableConvertible) -> Variable {
  atan2(y.asVariable, x.asVariable)
}

/// √(a² + b²) without overflow, broadcast.
public func hypot(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.hypot(a, b) }

/// The same of Tensors.
@_disfavoredOverload public func hypot(_ a: Tensor, _ b: Tensor) -> Tensor { hypot(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func hypot(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  hypot(a.asVariable, b.asVariable)
}

/// The magnitude of a with the sign of b, broadcast.
public func copysign(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.copysign(a, b) }

/// The same of Tensors.
@_disfavoredOverload
public func copysign(_ a: Tensor, _ b: Tensor) -> Tensor {
  copysign(Variable(a), Variable(b)).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func copysign(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  copysign(a.asVariable, b.asVariable)
}

/// ln(eᵃ + eᵇ) without overflow, broadcast.
public func logaddexp(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.logaddexp(a, b) }

/// The same of Tensors.
@_disfavoredOverload
public func logaddexp(_ a: Tensor, _ b: Tensor) -> Tensor {
  logaddexp(Variable(a), Variable(b)).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func logaddexp(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  logaddexp(a.asVariable, b.asVariable)
}

/// a·ln b, and 0 where a = 0, broadcast: for entropies.
public func xlogy(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.xlogy(a, b) }

/// The same of Tensors.
@_disfavoredOverload public func xlogy(_ a: Tensor, _ b: Tensor) -> Tensor { xlogy(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func xlogy(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  xlogy(a.asVariable, b.asVariable)
}

/// The remainder of a/b with a's sign, as C's fmod, broadcast.
public func fmod(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.fmod(a, b) }

/// The same of Tensors.
@_disfavoredOverload public func fmod(_ a: Tensor, _ b: Tensor) -> Tensor { fmod(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func fmod(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  fmod(a.asVariable, b.asVariable)
}

/// The remainder of a/b with b's sign, as Python's %, broadcast.
public func remainder(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.remainder(a, b) }

/// The same of Tensors.
@_disfavoredOverload
public func remainder(_ a: Tensor, _ b: Tensor) -> Tensor {
  remainder(Variable(a), Variable(b)).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func remainder(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  remainder(a.asVariable, b.asVariable)
}

/// floor(a/b), as Python's //, broadcast. The derivative is zero.
public func floorDivide(_ a: consuming Variable, _ b: Variable) -> Variable { Pairs.floorDivide(a, b) }

/// a + weight·(b − a): a at weight 0, b at weight 1.
public func lerp(_ a: Variable, _ b: Variable, _ weight: Variable) -> Variable {
  checkLerp([a, b, weight])
  return (b - a) * weight + a
}

/// The same of Tensors.
@_disfavoredOverload
public func lerp(_ a: Tensor, _ b: Tensor, _ weight: Tensor) -> Tensor {
  lerp(Variable(a), Variable(b), Variable(weight)).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func lerp(_ a: some VariableConvertible, _ b: some VariableConvertible, _ weight: some VariableConvertible)
  -> Variable
{
  lerp(a.asVariable, b.asVariable, weight.asVariable)
}
/// a + weight·(b − a) with one weight for all elements.
public func lerp(_ a: Variable, _ b: Variable, _ weight: some Scalar) -> Variable {
  checkLerp([a, b])
  return (b - a) * weight + a
}

/// The same of Tensors.
@_disfavoredOverload
public func lerp(_ a: Tensor, _ b: Tensor, _ weight: some Scalar) -> Tensor {
  lerp(Variable(a), Variable(b), weight).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func lerp(_ a: some VariableConvertible, _ b: some VariableConvertible, _ weight: some Scalar) -> Variable {
  lerp(a.asVariable, b.asVariable, weight)
}

private func checkLerp(_ inputs: [Variable]) {
  failing { () throws(ShapeError) in
    try Specs(Inputs(inputs)).sameType("lerp")
    var shape = inputs[0].shape
    for input in inputs {
      guard let common = shape.broadcast(with: input.shape) else {
        throw ShapeError(Kernel.broadcastMistake(shape, input.shape, "lerp"))
      }
      shape = common
    }
  }
}
