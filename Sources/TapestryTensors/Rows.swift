import CTapestry

extension Tensor {
  /// The rows (positions of axis 0) that an int64 vector names, in its order, copied: (count, …).
  public func rows(_ indices: Tensor) -> Tensor {
    if rank == 0 { fail("rows: a scalar has no rows") }
    if indices.dtype != .int64 || indices.rank != 1 { fail("rows: needs an int64 vector of positions, got \(indices.dtype) \(indices.shape)") }
    if let (position, value) = Kernel.outside(indices, bound: shape[0]) {
      fail("rows: index \(value) at position \(position) of \(indices.shape) lies outside 0 ..< \(shape[0]), the rows of \(shape)")
    }
    return picking(indices, axis: 0)
  }
}
