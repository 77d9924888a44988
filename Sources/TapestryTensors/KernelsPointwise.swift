import CTapestry

extension Kernel {
  /// y = condition ? a : b, each broadcast to `shape`. Shapes and types were checked.
  package static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor, shape: Shape) -> Tensor {
    let y = Tensor(uninitialized: shape, a.dtype)
    y.withDescriptor { y in
      condition.withDescriptor { condition in
        a.withDescriptor { a in b.withDescriptor { b in tp_current().pointee.select(y, condition, a, b) } }
      }
    }
    return y
  }

  /// The running sum (TP_CUMSUM), product or extremum along one axis (0 ..< rank), in x's shape.
  package static func scan(_ op: Int, _ x: Tensor, axis: Int) -> Tensor {
    if x.rank == 0 { return scan(op, x.asVector, axis: 0).droppingAxis(0) }
    let y = Tensor(uninitialized: x.shape, x.dtype)
    y.withDescriptor { y in x.withDescriptor { x in tp_current().pointee.scan(Int32(op), y, x, Int32(axis)) } }
    return y
  }

  /// y₀ = b₀, yᵢ = aᵢ·yᵢ₋₁ + bᵢ along one axis (0 ..< rank) of two floating tensors of one shape and type.
  package static func recurrence(_ a: Tensor, _ b: Tensor, axis: Int) -> Tensor {
    if b.rank == 0 { return recurrence(a.asVector, b.asVector, axis: 0).droppingAxis(0) }
    let y = Tensor(uninitialized: b.shape, b.dtype)
    y.withDescriptor { y in a.withDescriptor { a in b.withDescriptor { b in tp_current().pointee.recurrence(y, a, b, Int32(axis)) } } }
    return y
  }

  /// Σ (x − mean)² / max(0, n − correction) over the given axes (0 ..< rank, each once), which stay with size 1 or go.
  package static func variance(_ x: Tensor, axes: [Int], keepDims: Bool, correction: Double) -> Tensor {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    let y = Tensor(uninitialized: shape, x.dtype), mean = Tensor(uninitialized: shape, x.dtype)
    y.withDescriptor { y in
      mean.withDescriptor { mean in x.withDescriptor { x in tp_current().pointee.variance(y, mean, x, correction) } }
    }
    return keepDims ? y : y.dropping(axes)
  }
}
