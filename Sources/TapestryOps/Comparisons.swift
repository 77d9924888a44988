import CTapestry
import TapestryAutograd
import TapestryTensors

// Comparisons element by element, broadcast. They give bool Tensors: data, through which no gradient flows. A Tensor or a number may stand on either side.

extension Variable {
  public static func .< (a: Variable, b: Variable) -> Tensor { compare(Int(TP_LT), a.value, b.value, ".<") }
  public static func .<= (a: Variable, b: Variable) -> Tensor { compare(Int(TP_LE), a.value, b.value, ".<=") }
  public static func .> (a: Variable, b: Variable) -> Tensor { compare(Int(TP_GT), a.value, b.value, ".>") }
  public static func .>= (a: Variable, b: Variable) -> Tensor { compare(Int(TP_GE), a.value, b.value, ".>=") }

  public static func .< (a: Variable, b: Tensor) -> Tensor { compare(Int(TP_LT), a.value, b, ".<") }
  public static func .<= (a: Variable, b: Tensor) -> Tensor { compare(Int(TP_LE), a.value, b, ".<=") }
  public static func .> (a: Variable, b: Tensor) -> Tensor { compare(Int(TP_GT), a.value, b, ".>") }
  public static func .>= (a: Variable, b: Tensor) -> Tensor { compare(Int(TP_GE), a.value, b, ".>=") }

  public static func .< (a: Tensor, b: Variable) -> Tensor { compare(Int(TP_LT), a, b.value, ".<") }
  public static func .<= (a: Tensor, b: Variable) -> Tensor { compare(Int(TP_LE), a, b.value, ".<=") }
  public static func .> (a: Tensor, b: Variable) -> Tensor { compare(Int(TP_GT), a, b.value, ".>") }
  public static func .>= (a: Tensor, b: Variable) -> Tensor { compare(Int(TP_GE), a, b.value, ".>=") }

  public static func .< (a: Variable, b: some Scalar) -> Tensor { compare(Int(TP_LT_SCALAR), a.value, b, ".<") }
  public static func .<= (a: Variable, b: some Scalar) -> Tensor { compare(Int(TP_LE_SCALAR), a.value, b, ".<=") }
  public static func .> (a: Variable, b: some Scalar) -> Tensor { compare(Int(TP_GT_SCALAR), a.value, b, ".>") }
  public static func .>= (a: Variable, b: some Scalar) -> Tensor { compare(Int(TP_GE_SCALAR), a.value, b, ".>=") }

  public static func .< (a: some Scalar, b: Variable) -> Tensor { compare(Int(TP_GT_SCALAR), b.value, a, ".<") }
  public static func .<= (a: some Scalar, b: Variable) -> Tensor { compare(Int(TP_GE_SCALAR), b.value, a, ".<=") }
  public static func .> (a: some Scalar, b: Variable) -> Tensor { compare(Int(TP_LT_SCALAR), b.value, a, ".>") }
  public static func .>= (a: some Scalar, b: Variable) -> Tensor { compare(Int(TP_LE_SCALAR), b.value, a, ".>=") }

  /// Where the elements of both are equal, as a bool tensor; NaN equals nothing.
  public func equal(_ b: Variable) -> Tensor { Variable.compare(Int(TP_EQ), value, b.value, "equal") }
  public func equal(_ b: Tensor) -> Tensor { Variable.compare(Int(TP_EQ), value, b, "equal") }
  public func equal(_ b: some Scalar) -> Tensor { Variable.compare(Int(TP_EQ_SCALAR), value, b, "equal") }

  /// Where the elements of both differ, as a bool tensor; NaN differs from everything.
  public func notEqual(_ b: Variable) -> Tensor { Variable.compare(Int(TP_NE), value, b.value, "notEqual") }
  public func notEqual(_ b: Tensor) -> Tensor { Variable.compare(Int(TP_NE), value, b, "notEqual") }
  public func notEqual(_ b: some Scalar) -> Tensor { Variable.compare(Int(TP_NE_SCALAR), value, b, "notEqual") }

  /// Where the elements are NaN; infinite; neither.
  public func isNaN() -> Tensor { Kernel.unary(Int(TP_IS_NAN), value, name: "isNaN") }
  public func isInfinite() -> Tensor { Kernel.unary(Int(TP_IS_INF), value, name: "isInfinite") }
  public func isFinite() -> Tensor { Kernel.unary(Int(TP_IS_FINITE), value, name: "isFinite") }

  private static func compare(_ op: Int, _ a: Tensor, _ b: Tensor, _ name: StaticString) -> Tensor { Kernel.binary(op, a, b, name: name) }

  /// A number that an integer tensor cannot hold is compared as a floating one.
  private static func compare(_ op: Int, _ a: Tensor, _ b: some Scalar, _ name: StaticString) -> Tensor {
    let b = b.asDouble, fits = a.dtype.isFloatingPoint || (b == b.rounded(.towardZero) && Swift.abs(b) < 0x1p31)
    return Kernel.unary(op, fits ? a : a.cast(to: .float64), b, name: name)
  }
}
