import CTapestry

// What whole numbers and bool refuse in arithmetic. Floating types have ±∞ and NaN for it; here the answer would be
// silently wrong.

extension Kernel {
  /// Traps where x op p has no whole number for an answer: arithmetic on bool, ±∞ and NaN as p, a division by 0, a
  /// negative power.
  @inline(never)
  package static func checkIntegers(_ op: Int, _ x: borrowing Tensor, _ p: Double, _ name: StaticString) {
    let row = tp_unary_op(Int32(op)).pointee
    if row.test || !row.whole { return }
    let (dtype, shape) = (x.dtype, x.shape)
    if dtype == .bool {
      fail("\(name): is not defined for bool \(shape); convert it with cast(to: .float32) or to an integer type")
    }
    if row.has(TP_FINITE) && !p.isFinite {
      fail("\(name): cannot combine \(dtype) \(shape) with \(p); convert the tensor with cast(to: .float32)")
    }
    switch op {
    case Int(TP_POW_SCALAR) where p < 0:
      fail(
        """
        \(name): cannot raise \(dtype) \(shape) to the power \(p), which gives fractions; convert it with cast(to: \
        .float32)
        """)
    case Int(TP_RPOW_SCALAR) where holds(Int(TP_LT_SCALAR), x):
      fail(
        """
        \(name): cannot raise \(p) to the powers \(dtype) \(shape), some of which are negative; convert them with \
        cast(to: .float32)
        """)
    default: return
    }
  }

  /// The same for two tensors. Two types, and functions of floating types alone, are left to the kernel's own message.
  @inline(never)
  package static func checkIntegers(_ op: Int, _ a: borrowing Tensor, _ b: borrowing Tensor, _ name: StaticString) {
    let row = tp_binary_op(Int32(op)).pointee
    if a.descriptor.dtype != b.descriptor.dtype || row.test { return }
    if !row.whole { fail(binaryMistake(Int(TP_BAD_DTYPE), a, b, "\(name)")) }
    let (dtype, shapes) = (a.dtype, (a.shape, b.shape))
    if dtype == .bool && row.has(TP_NOT_BOOL) {
      fail("\(name): is not defined for bool \(shapes.0) and \(shapes.1); convert them with cast(to:), or see & | ^")
    }
    if row.has(TP_DIVIDES) && holds(Int(TP_EQ_SCALAR), b) {
      fail("\(name): cannot divide \(dtype) \(shapes.0) by \(shapes.1), which holds 0")
    }
    if row.has(TP_POWERS) && holds(Int(TP_LT_SCALAR), b) {
      fail(
        """
        \(name): cannot raise \(dtype) \(shapes.0) to the powers \(shapes.1), some of which are negative; convert \
        both with cast(to: .float32)
        """)
    }
  }

  /// Whether x op 0 is true anywhere.
  private static func holds(_ op: Int, _ x: borrowing Tensor) -> Bool { first(op, x) != nil }
}

extension tp_pointwise {
  fileprivate func has<Flag: BinaryInteger>(_ flag: Flag) -> Bool { flags & UInt8(flag) == UInt8(flag) }
}
