import CTapestry

// The kernels as functions on tensors. Nothing above this room sees a pointer; shapes were checked by the caller unless
// said.

package enum Kernel {
  // `inout` here only borrows in place: a stored property passed by address is neither copied nor retained, which a
  // small tensor notices.

  /// y = op(x). Traps when an integer tensor meets an operation that only floating types have.
  @inline(__always)
  package static func unary(
    _ op: Int, _ x: inout Tensor, _ p: tp_number, _ q: tp_number = tp_number(), name: StaticString
  ) -> Tensor {
    var y = tp_tensor()
    if x.isWhole { checkIntegers(op, x, p.real, name) }
    let bytes = tp_new_unary(table(x.descriptor.device), Int32(truncatingIfNeeded: op), &x.descriptor, &y, p, q)
    if bytes < 0 { fail(unaryMistake(Int(bytes), x, "\(name)")) }
    return Tensor(descriptor: y, storage: Storage(adopting: y.data, bytes: Int(bytes), on: y.device))
  }

  /// y = a op b, broadcast. Traps when the shapes or types do not fit.
  @inline(__always)
  package static func binary(_ op: Int, _ a: inout Tensor, _ b: inout Tensor, name: StaticString) -> Tensor {
    var y = tp_tensor()
    if a.isWhole { checkIntegers(op, a, b, name) }
    let bytes = tp_new_binary(
      table(a.descriptor.device), Int32(truncatingIfNeeded: op), &a.descriptor, &b.descriptor, &y)
    if bytes < 0 { fail(binaryMistake(Int(bytes), a, b, "\(name)")) }
    return Tensor(descriptor: y, storage: Storage(adopting: y.data, bytes: Int(bytes), on: y.device))
  }

  package static func unary(_ op: Int, _ x: Tensor, _ p: tp_number, _ q: tp_number = tp_number(), name: StaticString)
    -> Tensor
  {
    var x = x
    return unary(op, &x, p, q, name: name)
  }

  /// The same with numbers of the library's own, for floating types.
  package static func unary(_ op: Int, _ x: Tensor, _ p: Double = 0, _ q: Double = 0, name: StaticString) -> Tensor {
    unary(op, x, tp_number(p), tp_number(q), name: name)
  }

  package static func binary(_ op: Int, _ a: Tensor, _ b: Tensor, name: StaticString) -> Tensor {
    var a = a, b = b
    return binary(op, &a, &b, name: name)
  }

  /// a = a op b where `a` holds its memory alone, is dense, and b broadcasts to it.
  @inline(__always)
  package static func binaryInPlace(_ op: Int, _ a: inout Tensor, _ b: inout Tensor) {
    run(&a.descriptor, &b.descriptor, "in-place arithmetic") {
      $0.pointee.binary(Int32(truncatingIfNeeded: op), $1, $1, $2)
    }
  }

  package static func unaryInPlace(_ op: Int, _ x: inout Tensor, _ p: Double = 0, _ q: Double = 0) {
    unaryInPlace(op, &x, tp_number(p), tp_number(q))
  }

  package static func unaryInPlace(_ op: Int, _ x: inout Tensor, _ p: tp_number, _ q: tp_number = tp_number()) {
    run(&x.descriptor, "in-place arithmetic") { $0.pointee.unary(Int32(truncatingIfNeeded: op), $1, $1, p, q) }
  }

  package static func unaryMistake(_ status: Int, _ x: borrowing Tensor, _ name: String) -> String {
    !x.dtype.isComputed
      ? storedOnly(x.dtype, x.shape, named: name)
      : status == Int(TP_TOO_LARGE)
        ? "\(name): the result \(x.shape) has more elements than fit into memory"
        : "\(name): needs a floating-point tensor, got \(x.dtype) \(x.shape); convert it with cast(to: .float32)"
  }

  package static func binaryMistake(_ status: Int, _ a: borrowing Tensor, _ b: borrowing Tensor, _ name: String)
    -> String
  {
    switch status {
    case Int(TP_BAD_DTYPE) where !a.dtype.isComputed, Int(TP_NEEDS_WHOLE) where !a.dtype.isComputed:
      storedOnly(a.dtype, a.shape, named: name)
    case Int(TP_BAD_DTYPES):
      "\(name): cannot combine \(a.dtype) \(a.shape) with \(b.dtype) \(b.shape); convert one with cast(to:)"
    case Int(TP_BAD_DTYPE):
      "\(name): needs floating-point tensors, got \(a.dtype) \(a.shape); convert them with cast(to: .float32)"
    case Int(TP_NEEDS_WHOLE):
      """
      \(name): works bit by bit, on integers and bool, got \(a.dtype) \(a.shape); compare first, as in x .!= 0, or \
      cast(to:)
      """
    case Int(TP_OTHER_DEVICE):
      """
      \(name): cannot combine tensors of two devices, \(a.descriptor.device) and \(b.descriptor.device); bring them \
      to one
      """
    case Int(TP_TOO_LARGE):
      "\(name): the result of \(a.shape) and \(b.shape) has more elements than fit into memory"
    default:
      broadcastMistake(a.shape, b.shape, name)
    }
  }

  package static func broadcastMistake(_ a: Shape, _ b: Shape, _ name: String) -> String {
    for i in 1...max(a.count, b.count, 1) where i <= a.count && i <= b.count {
      let m = a[a.count - i], n = b[b.count - i]
      if m != n && m != 1 && n != 1 {
        return "\(name): cannot broadcast \(a) with \(b): sizes \(m) and \(n) of axis \(-i) differ and neither is 1"
      }
    }
    return "\(name): cannot broadcast \(a) with \(b)"
  }
}
