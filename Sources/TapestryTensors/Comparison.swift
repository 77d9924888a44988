import CTapestry

// Comparisons element by element give bool tensors; `==` compares whole tensors. NaN is equal to nothing and neither smaller nor larger.

extension Tensor {
  /// Elements that are equal, as a bool tensor: `==` compares whole tensors.
  public func equal(_ b: Tensor) -> Tensor { Kernel.binary(Int(TP_EQ), self, b, name: "equal") }

  public static func .== (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_EQ), a, b, name: ".==") }
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_NE), a, b, name: ".!=") }
  public static func .< (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_LT), a, b, name: ".<") }
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_LE), a, b, name: ".<=") }
  public static func .> (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_GT), a, b, name: ".>") }
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_GE), a, b, name: ".>=") }

  public static func .== (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_EQ_SCALAR), a, b.asDouble, ".==") }
  public static func .!= (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_NE_SCALAR), a, b.asDouble, ".!=") }
  public static func .< (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_LT_SCALAR), a, b.asDouble, ".<") }
  public static func .<= (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_LE_SCALAR), a, b.asDouble, ".<=") }
  public static func .> (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_GT_SCALAR), a, b.asDouble, ".>") }
  public static func .>= (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_GE_SCALAR), a, b.asDouble, ".>=") }

  // Logic: an element counts as true where it differs from zero; the results are bool.

  public static func & (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_AND), a, b, name: "&") }
  public static func | (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_OR), a, b, name: "|") }
  public static func ^ (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_XOR), a, b, name: "^") }
  public static prefix func ! (a: Tensor) -> Tensor { Kernel.unary(Int(TP_NOT), a, name: "!") }

  public var containsNaN: Bool {
    dtype.isFloatingPoint && Kernel.unary(Int(TP_IS_NAN), self, name: "containsNaN").any().item != 0
  }

  /// Whether |a − b| ≤ atol + rtol·|b| for all elements, broadcast. Equal infinities are close; NaN is close to NaN only with `equalNaN`.
  public func allClose(_ b: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false) -> Bool {
    if dtype != b.dtype || shape.broadcast(with: b.shape) == nil {
      fail(Kernel.binaryMistake(dtype != b.dtype ? Int(TP_BAD_DTYPES) : Int(TP_BAD_SHAPES), self, b, "allClose"))
    }
    let x = cast(to: .float64), y = b.cast(to: .float64)
    var close = (x - y).absolute() .<= y.absolute() * rtol + atol
    // ∞ ≤ ∞ would hold beside an infinite b.
    close = (close & Kernel.unary(Int(TP_IS_FINITE), y, name: "allClose")) | (x .== y)
    if equalNaN { close = close | (Kernel.unary(Int(TP_IS_NAN), x, name: "allClose") & Kernel.unary(Int(TP_IS_NAN), y, name: "allClose")) }
    return close.all().item != 0
  }
}

extension Tensor: Equatable {
  /// The same shape, type and elements (NaN differs from everything).
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.dtype == b.dtype && (a.count == 0 || a.equal(b).all().item != 0)
  }
}
