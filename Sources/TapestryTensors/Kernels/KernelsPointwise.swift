import CTapestry

extension Kernel {
  /// y = condition ? a : b, each broadcast to `shape`. Shapes and types were checked.
  package static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor, shape: Shape) -> Tensor {
    let y = Tensor(uninitialized: shape, a.dtype, on: a.descriptor.device)
    run(y, condition, a, b, moving: true) { $0.pointee.select($1, $2, $3, $4) }
    return y
  }

  /// The running sum (TP_CUMSUM), product or extremum along one axis (0 ..< rank), in x's shape.
  package static func scan(_ op: Int, _ x: Tensor, axis: Int) -> Tensor {
    if x.rank == 0 { return scan(op, x.asVector, axis: 0).droppingAxis(0) }
    let y = Tensor(uninitialized: x.shape, x.dtype, on: x.descriptor.device)
    run(y, x) { $0.pointee.scan(Int32(op), $1, $2, Int32(axis)) }
    return y
  }

  /// y₀ = b₀, yᵢ = aᵢ·yᵢ₋₁ + bᵢ along one axis (0 ..< rank) of two floating tensors of one shape and type.
  package static func recurrence(_ a: Tensor, _ b: Tensor, axis: Int) -> Tensor {
    if b.rank == 0 { return recurrence(a.asVector, b.asVector, axis: 0).droppingAxis(0) }
    let y = Tensor(uninitialized: b.shape, b.dtype, on: b.descriptor.device)
    run(y, a, b) { $0.pointee.recurrence($1, $2, $3, Int32(axis)) }
    return y
  }

  /// Σ (x − mean)² / max(0, n − correction) over the given axes (0 ..< rank, each once), which stay with size 1 or go.
  package static func variance(_ x: Tensor, axes: [Int], keepDims: Bool, correction: Double) -> Tensor {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    let y = Tensor(uninitialized: shape, x.dtype, on: x.descriptor.device),
      mean = Tensor(uninitialized: shape, x.dtype, on: x.descriptor.device)
    run(y, mean, x) { $0.pointee.variance($1, $2, $3, correction) }
    return keepDims ? y : y.dropping(axes)
  }
}
