import CTapestry
import TapestryAutograd
import TapestryTensors

// Comparisons element by element, broadcast. They give bool Tensors: data, through which no gradient flows. A Tensor or
// a number may stand on either side; arithmetic decides, beside integer tensors too, whose type may not hold it.

extension Variable {
  /// Where a equals b, as a bool tensor, broadcast.
  public static func .== (a: Variable, b: Variable) -> Tensor { a.value .== b.value }
  /// Where a differs from b, as a bool tensor, broadcast.
  public static func .!= (a: Variable, b: Variable) -> Tensor { a.value .!= b.value }
  /// Where a is less than b, as a bool tensor, broadcast.
  public static func .< (a: Variable, b: Variable) -> Tensor { a.value .< b.value }
  /// Where a is at most b, as a bool tensor, broadcast.
  public static func .<= (a: Variable, b: Variable) -> Tensor { a.value .<= b.value }
  /// Where a is greater than b, as a bool tensor, broadcast.
  public static func .> (a: Variable, b: Variable) -> Tensor { a.value .> b.value }
  /// Where a is at least b, as a bool tensor, broadcast.
  public static func .>= (a: Variable, b: Variable) -> Tensor { a.value .>= b.value }

  /// Where a equals b, as a bool tensor, broadcast.
  public static func .== (a: Variable, b: Tensor) -> Tensor { a.value .== b }
  /// Where a differs from b, as a bool tensor, broadcast.
  public static func .!= (a: Variable, b: Tensor) -> Tensor { a.value .!= b }
  /// Where a is less than b, as a bool tensor, broadcast.
  public static func .< (a: Variable, b: Tensor) -> Tensor { a.value .< b }
  /// Where a is at most b, as a bool tensor, broadcast.
  public static func .<= (a: Variable, b: Tensor) -> Tensor { a.value .<= b }
  /// Where a is greater than b, as a bool tensor, broadcast.
  public static func .> (a: Variable, b: Tensor) -> Tensor { a.value .> b }
  /// Where a is at least b, as a bool tensor, broadcast.
  public static func .>= (a: Variable, b: Tensor) -> Tensor { a.value .>= b }

  /// Where a equals b, as a bool tensor, broadcast.
  public static func .== (a: Tensor, b: Variable) -> Tensor { a .== b.value }
  /// Where a differs from b, as a bool tensor, broadcast.
  public static func .!= (a: Tensor, b: Variable) -> Tensor { a .!= b.value }
  /// Where a is less than b, as a bool tensor, broadcast.
  public static func .< (a: Tensor, b: Variable) -> Tensor { a .< b.value }
  /// Where a is at most b, as a bool tensor, broadcast.
  public static func .<= (a: Tensor, b: Variable) -> Tensor { a .<= b.value }
  /// Where a is greater than b, as a bool tensor, broadcast.
  public static func .> (a: Tensor, b: Variable) -> Tensor { a .> b.value }
  /// Where a is at least b, as a bool tensor, broadcast.
  public static func .>= (a: Tensor, b: Variable) -> Tensor { a .>= b.value }

  /// Where a equals b, as a bool tensor.
  public static func .== (a: Variable, b: some Scalar) -> Tensor { a.value .== b }
  /// Where a differs from b, as a bool tensor.
  public static func .!= (a: Variable, b: some Scalar) -> Tensor { a.value .!= b }
  /// Where a is less than b, as a bool tensor.
  public static func .< (a: Variable, b: some Scalar) -> Tensor { a.value .< b }
  /// Where a is at most b, as a bool tensor.
  public static func .<= (a: Variable, b: some Scalar) -> Tensor { a.value .<= b }
  /// Where a is greater than b, as a bool tensor.
  public static func .> (a: Variable, b: some Scalar) -> Tensor { a.value .> b }
  /// Where a is at least b, as a bool tensor.
  public static func .>= (a: Variable, b: some Scalar) -> Tensor { a.value .>= b }

  /// Where a equals b, as a bool tensor.
  public static func .== (a: some Scalar, b: Variable) -> Tensor { b.value .== a }
  /// Where a differs from b, as a bool tensor.
  public static func .!= (a: some Scalar, b: Variable) -> Tensor { b.value .!= a }
  /// Where a is less than b, as a bool tensor.
  public static func .< (a: some Scalar, b: Variable) -> Tensor { b.value .> a }
  /// Where a is at most b, as a bool tensor.
  public static func .<= (a: some Scalar, b: Variable) -> Tensor { b.value .>= a }
  /// Where a is greater than b, as a bool tensor.
  public static func .> (a: some Scalar, b: Variable) -> Tensor { b.value .< a }
  /// Where a is at least b, as a bool tensor.
  public static func .>= (a: some Scalar, b: Variable) -> Tensor { b.value .<= a }

  /// Where the elements are NaN; infinite; neither.
  public func isNaN() -> Tensor { Kernel.unary(Int(TP_IS_NAN), value, name: "isNaN") }
  /// Where an element is ∞ or −∞, as a bool Tensor.
  public func isInfinite() -> Tensor { Kernel.unary(Int(TP_IS_INF), value, name: "isInfinite") }
  /// Where an element is neither infinite nor NaN, as a bool Tensor.
  public func isFinite() -> Tensor { Kernel.unary(Int(TP_IS_FINITE), value, name: "isFinite") }
}
