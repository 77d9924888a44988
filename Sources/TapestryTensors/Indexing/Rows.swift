import CTapestry

extension Tensor {
  /// The rows (positions of axis 0) that an int64 vector names, in its order, copied: (count, …).
  public func rows(_ indices: Tensor) -> Tensor {
    if rank == 0 { fail("rows: a scalar has no rows") }
    if indices.dtype != .int64 || indices.rank != 1 {
      fail("rows: needs an int64 vector of positions, got \(indices.dtype) \(indices.shape)")
    }
    if let (position, value) = Kernel.outside(indices, bound: shape[0]) {
      fail(
        """
        rows: index \(value) at position \(position) of \(indices.shape) lies outside 0 ..< \(shape[0]), the rows of \
        \(shape)
        """)
    }
    return picking(indices, axis: 0)
  }
}

extension Tensor {
  /// Tensors of one shape (…) and type along a new first axis: (count, …).
  package static func stacking(_ parts: [Tensor]) throws(ShapeError) -> Tensor {
    guard let first = parts.first else { throw ShapeError("stack: needs at least one tensor") }
    if first.rank == Shape.maximumRank { throw ShapeError("stack: \(first.shape) has 8 axes already") }
    for (i, x) in parts.enumerated() where x.shape != first.shape || x.dtype != first.dtype {
      throw ShapeError(
        "stack: tensor 0 is \(first.dtype) \(first.shape), tensor \(i) \(x.dtype) \(x.shape); they must be alike")
    }
    var shape = first.shape
    shape.insert(parts.count, at: 0)
    return Kernel.assemble(shape, parts) { y, i in y.selected(axis: 0, index: i) }
  }

  /// The rows of all parts (…), which differ in the number of rows alone.
  package static func joining(_ parts: [Tensor]) throws(ShapeError) -> Tensor {
    guard let first = parts.first, first.rank > 0 else {
      throw ShapeError("concatenate: needs at least one tensor, with at least one axis")
    }
    for (i, x) in parts.enumerated()
    where x.dtype != first.dtype || x.rank == 0 || !x.shape.dropFirst().elementsEqual(first.shape.dropFirst()) {
      throw ShapeError(
        """
        concatenate: tensor 0 is \(first.dtype) \(first.shape), tensor \(i) \(x.dtype) \(x.shape); only axis 0 may \
        differ
        """)
    }
    var shape = first.shape, starts = [0]
    for x in parts { starts.append(starts.last! + x.shape[0]) }
    shape[0] = starts.last!
    return Kernel.assemble(shape, parts) { y, i in y.narrowed(axis: 0, start: starts[i], count: parts[i].shape[0]) }
  }
}
