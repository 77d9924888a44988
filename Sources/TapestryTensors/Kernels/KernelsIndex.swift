import CTapestry

// Kernels that find, that read and write through indices, and that only move elements. Shapes and types were checked by
// the caller; an index is int64 and passed `checkIndices`.

extension Kernel {
  /// The row-major position of the first element that passes a test with p; nil where none does. What callers refuse is
  /// found by this: a kernel that flags, with no tensor of results to read back.
  package static func first(_ test: Int, _ x: borrowing Tensor, _ p: Double = 0, _ name: StaticString = #function)
    -> Int?
  {
    var position: Int64 = -1
    run(x, name) { $0.pointee.find(Int32(test), $1, tp_number(p), &position) }
    return position < 0 ? nil : Int(position)
  }

  /// The first index outside 0 ..< bound, and its position in row-major order; nil where all are inside.
  package static func outside(_ index: Tensor, bound: Int) -> (position: Int, value: Int)? {
    var position: Int64 = -1
    run(index) { $0.pointee.check_indices($1, Int64(bound), &position) }
    return position < 0 ? nil : (Int(position), index.number(at: Int(position)).item(Int.self))
  }

  /// y[…, i, …] = x[…, index[…, i, …], …]; y and index have one shape.
  package static func gather(_ x: Tensor, _ index: Tensor, axis: Int) -> Tensor {
    if x.rank == 0 || index.rank == 0 { return gather(x.asVector, index.asVector, axis: axis).reshaped(index.shape) }
    let y = Tensor(uninitialized: index.shape, x.dtype, on: x.descriptor.device)
    run(y, x, index, moving: true) { $0.pointee.gather($1, $2, $3, Int32(axis)) }
    return y
  }

  /// y[…, index[…, i, …], …] += x[…, i, …], in index order; x and index have one shape.
  package static func scatterAdd(into y: inout Tensor, _ index: Tensor, _ x: Tensor, axis: Int) {
    if y.rank == 0 || index.rank == 0 {
      return y.changeAsVector { scatterAdd(into: &$0, index.asVector, x.asVector, axis: axis) }
    }
    y.makeUnique()
    run(y, index, x) { $0.pointee.scatter_add($1, $2, $3, Int32(axis)) }
  }

  /// y[…, index[i], …] += x[…, i, …] for an index of rank 1, in index order.
  package static func indexAdd(into y: inout Tensor, _ index: Tensor, _ x: Tensor, axis: Int) {
    if y.rank == 0 || index.rank == 0 {
      return y.changeAsVector { indexAdd(into: &$0, index.asVector, x.asVector, axis: axis) }
    }
    y.makeUnique()
    run(y, index, x) { $0.pointee.index_add($1, $2, $3, Int32(axis)) }
  }

  /// The same into zeros of a shape.
  package static func indexAdded(_ index: Tensor, _ x: Tensor, axis: Int, shape: Shape) -> Tensor {
    var y = Tensor.zeros(shape, x.dtype)
    indexAdd(into: &y, index, x, axis: axis)
    return y
  }

  /// The upper (lower) triangle of the last two axes from a diagonal on, zeros elsewhere.
  package static func triangle(upper: Bool, _ x: Tensor, diagonal: Int) -> Tensor {
    let y = Tensor(uninitialized: x.shape, x.dtype, on: x.descriptor.device)
    run(y, x, moving: true) { $0.pointee.triangle(upper, $1, $2, Int64(diagonal)) }
    return y
  }

  /// A new tensor whose parts (views of it, made by `place`) are the sources.
  package static func assemble(_ shape: Shape, _ sources: [Tensor], place: (Tensor, Int) -> Tensor) -> Tensor {
    let y = Tensor(uninitialized: shape, sources[0].dtype, on: sources[0].descriptor.device)
    for (i, x) in sources.enumerated() where x.count > 0 { place(y, i).copyMemory(from: x) }
    return y
  }

  /// A new tensor full of `value` where not x, which lies at the view that `place` makes of it.
  package static func embed(_ x: Tensor, in shape: Shape, value: ExactNumber = .whole(0), place: (Tensor) -> Tensor)
    -> Tensor
  {
    let y = Tensor.full(shape, value, x.dtype, "padded")
    if x.count > 0 { place(y).copyMemory(from: x) }
    return y
  }
}
