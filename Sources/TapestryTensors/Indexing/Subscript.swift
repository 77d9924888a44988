import CTapestry

extension Tensor {
  /// A part of the tensor, after NumPy's rules. Bounds outside an axis mean its ends, so that `x[..<1000]` is all there
  /// is; a single position outside is a mistake:
  ///
  ///     x[0]   x[-1]                                  one position; the axis disappears
  ///     x[1..<3]   x[(-2)...]   x[..<(-1)]            a range of them; −1 is the last, and `-2..<0` are the last two
  ///     x[.slice(from: 8, to: 2, step: -2)]           Python's 8:2:-2
  ///     x[stride(from: 0, to: 9, by: 3)]              Swift's own stride
  ///     x[.all, 0]   x[..., 0]   x[0, .ellipsis, 1]   one whole axis; as many as are left
  ///     x[.newAxis]                                   a new axis of size 1
  ///     x[mask]   x[.all, positions]                  where a bool tensor is true; the positions in an int64 tensor
  ///
  /// Reading gives a view, without copying (masks and positions copy). Assigning broadcasts the new value to the part;
  /// other tensors that share the memory keep what they had. To write a number, use `x[0].fill(5)`. A position outside
  /// an axis, too many parts, and a value that does not fit end the program with a message.
  public subscript(_ parts: any TensorIndex...) -> Tensor {
    get { part(parts.map(\.indexPart)) }
    set { assign(newValue, to: parts.map(\.indexPart)) }
  }

  /// `x[..., 0]`: `...` stands for as many whole axes as are left.
  public subscript(_: UnboundedRange, _ parts: any TensorIndex...) -> Tensor {
    get { part([.ellipsis] + parts.map(\.indexPart)) }
    set { assign(newValue, to: [.ellipsis] + parts.map(\.indexPart)) }
  }

  /// `x[0, ..., 1]`.
  public subscript(_ first: any TensorIndex, _: UnboundedRange, _ parts: any TensorIndex...) -> Tensor {
    get { part([first.indexPart, .ellipsis] + parts.map(\.indexPart)) }
    set { assign(newValue, to: [first.indexPart, .ellipsis] + parts.map(\.indexPart)) }
  }

  /// `x[0, 1, ..., 2]`. Further on, write `.ellipsis`.
  public subscript(_ first: any TensorIndex, _ second: any TensorIndex, _: UnboundedRange, _ parts: any TensorIndex...)
    -> Tensor
  {
    get { part([first.indexPart, second.indexPart, .ellipsis] + parts.map(\.indexPart)) }
    set { assign(newValue, to: [first.indexPart, second.indexPart, .ellipsis] + parts.map(\.indexPart)) }
  }

  /// Sets every element: `x[0, 1..<3].fill(5)`. The type stays.
  public mutating func fill(_ value: some Scalar) {
    let value = Kernel.element(value.exact, dtype, shape, "fill")
    if !isKnownUniquelyReferenced(&storage) || !isDense || count * dtype.itemSize != storage.bytes {
      self = Tensor(uninitialized: shape, dtype, on: descriptor.device)
    }
    fillMemory(value)
  }

  private func part(_ parts: [IndexPart]) -> Tensor {
    let (view, picks) = Selection(parts, shape).view(of: self)
    guard let picks else { return view }
    let flat = view.picking(picks.positions.reshaped(picks.positions.count), axis: picks.axis)
    return flat.reshaped(
      Shape(flat.shape[..<picks.axis] + Array(picks.positions.shape) + flat.shape[(picks.axis + 1)...]))
  }

  package mutating func assign(_ value: Tensor, to parts: [IndexPart]) {
    if value.dtype != dtype {
      fail(
        """
        subscript: cannot assign \(value.dtype) \(value.shape) to a part of a \(dtype) tensor; convert it with \
        cast(to: .\(dtype))
        """)
    }
    makeUnique()
    let selection = Selection(parts, shape)
    if selection.tensors > 0 && !isContiguous { self = copied() }  // a mask over several axes needs them as one
    let (view, picks) = selection.view(of: self)
    guard let picks else { return view.write(value) }
    let (axis, positions) = (picks.axis, picks.positions)
    let target = Shape(view.shape[..<axis] + Array(positions.shape) + view.shape[(axis + 1)...])
    if value.shape.broadcast(with: target) != target { Tensor.cannotAssign(value.shape, to: target) }
    // (…, positions as one axis, …), written one position at a time, so that the last of equal positions stays.
    let flat = Shape(view.shape[..<axis] + [positions.count] + view.shape[(axis + 1)...])
    let rows = value.expandedView(target).reshaped(flat)
    for (row, position) in positions.array(Int.self).enumerated() {
      view.selected(axis: axis, index: position).write(rows.selected(axis: axis, index: row))
    }
  }

  /// Writes through this view.
  private func write(_ value: Tensor) {
    if value.shape.broadcast(with: shape) != shape { Tensor.cannotAssign(value.shape, to: shape) }
    if count > 0 { copyMemory(from: value) }
  }

  private static func cannotAssign(_ value: Shape, to part: Shape) -> Never {
    fail("subscript: cannot assign \(value) to a part of shape \(part): it does not broadcast to it")
  }

  /// The positions of an axis that an int64 vector (or scalar) names, copied. They were checked.
  package func picking(_ positions: Tensor, axis: Int) -> Tensor {
    if positions.rank == 0 { return picking(positions.asVector, axis: axis) }
    if rank == 0 { return asVector.picking(positions, axis: 0).droppingAxis(0) }
    var result = shape
    result[axis] = positions.count
    let y = Tensor(uninitialized: result, dtype, on: descriptor.device)
    if y.count > 0 {
      Kernel.run(y, self, positions, moving: true) { $0.pointee.index_select($1, $2, $3, Int32(axis)) }
    }
    return y
  }
}
