import CTapestry

// Kernels that read and write through indices, and those that only move elements. Shapes and types were checked by the caller; an index is int64
// and passed `checkIndices`.

extension Kernel {
  /// The first index outside 0 ..< bound, and its position in row-major order; nil where all are inside.
  package static func outside(_ index: Tensor, bound: Int) -> (position: Int, value: Int)? {
    let position = Int(index.withDescriptor { tp_check_indices($0, Int64(bound)) })
    if position < 0 { return nil }
    return (position, index.reshaped([index.count]).narrowed(axis: 0, start: position, count: 1).array(Int.self)[0])
  }

  /// y[…, i, …] = x[…, index[…, i, …], …]; y and index have one shape.
  package static func gather(_ x: Tensor, _ index: Tensor, axis: Int) -> Tensor {
    if x.rank == 0 || index.rank == 0 { return gather(x.asVector, index.asVector, axis: axis).reshaped(index.shape) }
    let y = Tensor(uninitialized: index.shape, x.dtype)
    y.withDescriptor { y in x.withDescriptor { x in index.withDescriptor { i in tp_current().pointee.gather(y, x, i, Int32(axis)) } } }
    return y
  }

  /// y[…, index[…, i, …], …] += x[…, i, …], in index order; x and index have one shape.
  package static func scatterAdd(into y: inout Tensor, _ index: Tensor, _ x: Tensor, axis: Int) {
    if y.rank == 0 || index.rank == 0 { return y.changeAsVector { scatterAdd(into: &$0, index.asVector, x.asVector, axis: axis) } }
    y.makeUnique()
    y.withDescriptor { y in index.withDescriptor { i in x.withDescriptor { x in tp_current().pointee.scatter_add(y, i, x, Int32(axis)) } } }
  }

  /// y[…, index[i], …] += x[…, i, …] for an index of rank 1, in index order.
  package static func indexAdd(into y: inout Tensor, _ index: Tensor, _ x: Tensor, axis: Int) {
    if y.rank == 0 || index.rank == 0 { return y.changeAsVector { indexAdd(into: &$0, index.asVector, x.asVector, axis: axis) } }
    y.makeUnique()
    y.withDescriptor { y in index.withDescriptor { i in x.withDescriptor { x in tp_current().pointee.index_add(y, i, x, Int32(axis)) } } }
  }

  /// The upper (lower) triangle of the last two axes from a diagonal on, zeros elsewhere.
  package static func triangle(upper: Bool, _ x: Tensor, diagonal: Int) -> Tensor {
    let y = Tensor(uninitialized: x.shape, x.dtype)
    y.withDescriptor { y in x.withDescriptor { x in tp_current().pointee.triangle(upper, y, x, Int64(diagonal)) } }
    return y
  }

  /// A new tensor whose parts (views of it, made by `place`) are the sources.
  package static func assemble(_ shape: Shape, _ sources: [Tensor], place: (Tensor, Int) -> Tensor) -> Tensor {
    let y = Tensor(uninitialized: shape, sources[0].dtype)
    for (i, x) in sources.enumerated() where x.count > 0 { place(y, i).copyMemory(from: x) }
    return y
  }

  /// A new tensor full of `value` where not x, which lies at the view that `place` makes of it.
  package static func embed(_ x: Tensor, in shape: Shape, value: ExactNumber = .whole(0), place: (Tensor) -> Tensor) -> Tensor {
    let y = Tensor.full(shape, value, x.dtype, "padded")
    if x.count > 0 { place(y).copyMemory(from: x) }
    return y
  }
}
