import CTapestry

// Comparisons element by element give bool tensors; `==` compares whole tensors. NaN is equal to nothing and neither
// smaller nor larger. Any number may stand beside whole numbers, even one that their type cannot hold: arithmetic
// decides.

extension Tensor {
  /// Elements that are equal, as a bool tensor: `==` compares whole tensors.
  public func equal(_ b: Tensor) -> Tensor { Kernel.binary(Int(TP_EQ), self, b, name: "equal") }

  /// Where a equals b, as a bool tensor, broadcast.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_EQ), a, b, name: ".==") }
  /// Where a differs from b, as a bool tensor, broadcast.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_NE), a, b, name: ".!=") }
  /// Where a is less than b, as a bool tensor, broadcast.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_LT), a, b, name: ".<") }
  /// Where a is at most b, as a bool tensor, broadcast.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_LE), a, b, name: ".<=") }
  /// Where a is greater than b, as a bool tensor, broadcast.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_GT), a, b, name: ".>") }
  /// Where a is at least b, as a bool tensor, broadcast.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_GE), a, b, name: ".>=") }

  /// Where a equals b, as a bool tensor.
  public static func .== (a: Tensor, b: some Scalar) -> Tensor { Kernel.compare(Int(TP_EQ_SCALAR), a, b.exact, ".==") }
  /// Where a differs from b, as a bool tensor.
  public static func .!= (a: Tensor, b: some Scalar) -> Tensor { Kernel.compare(Int(TP_NE_SCALAR), a, b.exact, ".!=") }
  /// Where a is less than b, as a bool tensor.
  public static func .< (a: Tensor, b: some Scalar) -> Tensor { Kernel.compare(Int(TP_LT_SCALAR), a, b.exact, ".<") }
  /// Where a is at most b, as a bool tensor.
  public static func .<= (a: Tensor, b: some Scalar) -> Tensor { Kernel.compare(Int(TP_LE_SCALAR), a, b.exact, ".<=") }
  /// Where a is greater than b, as a bool tensor.
  public static func .> (a: Tensor, b: some Scalar) -> Tensor { Kernel.compare(Int(TP_GT_SCALAR), a, b.exact, ".>") }
  /// Where a is at least b, as a bool tensor.
  public static func .>= (a: Tensor, b: some Scalar) -> Tensor { Kernel.compare(Int(TP_GE_SCALAR), a, b.exact, ".>=") }

  // Bit by bit on integers, and so logic on bool, as in PyTorch. `!` is bool for every type: true where an element is
  // zero.

  /// And bit by bit, broadcast; logic on bool. Traps for floating types.
  public static func & (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_AND), a, b, name: "&") }
  /// Or bit by bit, broadcast; logic on bool. Traps for floating types.
  public static func | (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_OR), a, b, name: "|") }
  /// Exclusive or bit by bit, broadcast; logic on bool. Traps for floating types.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_XOR), a, b, name: "^") }
  /// Every bit turned; logic on bool. Traps for floating types.
  public static prefix func ~ (a: Tensor) -> Tensor {
    if !a.isWhole { fail(Kernel.binaryMistake(Int(TP_NEEDS_WHOLE), a, a, "~")) }
    return a.dtype == .bool ? !a : Kernel.unary(Int(TP_RSUB_SCALAR), a, tp_number(whole: -1), name: "~")  // ~x = −1 − x
  }
  /// Where an element is zero, as a bool tensor; of any type.
  public static prefix func ! (a: Tensor) -> Tensor { Kernel.unary(Int(TP_NOT), a, name: "!") }

  /// Whether any element is NaN; never of whole numbers.
  public var containsNaN: Bool {
    dtype.isFloatingPoint && Kernel.first(Int(TP_IS_NAN), self, 0, "containsNaN") != nil
  }

  /// Whether |a − b| ≤ atol + rtol·|b| for all elements, broadcast. Equal infinities are close; NaN is close to NaN
  /// only with `equalNaN`.
  public func allClose(_ b: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false) -> Bool {
    if dtype != b.dtype || shape.broadcast(with: b.shape) == nil {
      fail(Kernel.binaryMistake(dtype != b.dtype ? Int(TP_BAD_DTYPES) : Int(TP_BAD_SHAPES), self, b, "allClose"))
    }
    let x = cast(to: .float64), y = b.cast(to: .float64)
    var close = (isWhole ? wholeDistance(to: b) : (x - y).absolute()) .<= y.absolute() * rtol + atol
    // ∞ ≤ ∞ would hold beside an infinite b.
    close = (close & Kernel.unary(Int(TP_IS_FINITE), y, name: "allClose")) | equal(b)
    if equalNaN {
      close =
        close | (Kernel.unary(Int(TP_IS_NAN), x, name: "allClose") & Kernel.unary(Int(TP_IS_NAN), y, name: "allClose"))
    }
    return close.all().item != 0
  }

  /// |a − b| of whole numbers in float64, rounded once at the end: the difference of two int64 may need 64 bits and
  /// no sign.
  private func wholeDistance(to b: Tensor) -> Tensor {
    let x = cast(to: .int64), y = b.cast(to: .int64)
    let d = (Kernel.binary(Int(TP_MAX), x, y, name: "allClose") - Kernel.binary(Int(TP_MIN), x, y, name: "allClose"))
      .cast(to: .float64)
    return d + (d .< 0).cast(to: .float64) * 0x1p64
  }
}

extension Tensor: Equatable {
  /// The same shape, type and elements (NaN differs from everything).
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.dtype == b.dtype && (a.count == 0 || a.equal(b).all().item != 0)
  }
}
