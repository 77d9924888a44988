import CTapestry

extension Tensor {
  /// The rows (positions of axis 0) that an int64 vector names, in its order, copied: (count, …).
  public func rows(_ indices: Tensor) -> Tensor {
    if rank == 0 { fail("rows: a scalar has no rows") }
    if indices.dtype != .int64 || indices.rank != 1 { fail("rows: needs an int64 vector of positions, got \(indices.dtype) \(indices.shape)") }
    let bad = indices.withDescriptor { tp_check_indices($0, Int64(shape[0])) }
    if bad >= 0 { fail("rows: position \(bad) of the indices lies outside 0 ..< \(shape[0]), the rows of \(shape)") }
    var result = shape
    result[0] = indices.count
    let y = Tensor(uninitialized: result, dtype)
    y.withDescriptor { y in withDescriptor { x in indices.withDescriptor { i in tp_current().pointee.index_select(y, x, i, 0) } } }
    return y
  }
}
