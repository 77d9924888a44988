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

  /// Where the elements are NaN, as bool.
  public func isNaN() -> Tensor { value.isNaN() }
  /// Where the elements are ∞ or −∞, as bool.
  public func isInfinite() -> Tensor { value.isInfinite() }
  /// Where the elements are neither NaN nor infinite, as bool.
  public func isFinite() -> Tensor { value.isFinite() }
}

extension Tensor {
  /// Where the elements are NaN, as bool.
  public func isNaN() -> Tensor { Kernel.unary(Int(TP_IS_NAN), self, name: "isNaN") }
  /// Where the elements are ∞ or −∞, as bool.
  public func isInfinite() -> Tensor { Kernel.unary(Int(TP_IS_INF), self, name: "isInfinite") }
  /// Where the elements are neither NaN nor infinite, as bool.
  public func isFinite() -> Tensor { Kernel.unary(Int(TP_IS_FINITE), self, name: "isFinite") }

  /// Where a equals b, as a bool tensor.
  public static func .== (a: some Scalar, b: Tensor) -> Tensor { b .== a }
  /// Where a differs from b, as a bool tensor.
  public static func .!= (a: some Scalar, b: Tensor) -> Tensor { b .!= a }
  /// Where a is less than b, as a bool tensor.
  public static func .< (a: some Scalar, b: Tensor) -> Tensor { b .> a }
  /// Where a is at most b, as a bool tensor.
  public static func .<= (a: some Scalar, b: Tensor) -> Tensor { b .>= a }
  /// Where a is greater than b, as a bool tensor.
  public static func .> (a: some Scalar, b: Tensor) -> Tensor { b .< a }
  /// Where a is at least b, as a bool tensor.
  public static func .>= (a: some Scalar, b: Tensor) -> Tensor { b .<= a }
}
