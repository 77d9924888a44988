import CTapestry

// Views: other shapes and orders over the same memory. None of these copies, but for `reshaped` where strides do not
// allow it.

extension Tensor {
  /// The same elements in row-major order under another shape. One size may be −1: it is computed from the others.
  /// Copies only where the strides do not allow a view.
  public func reshaped(_ shape: Shape) -> Tensor {
    if let view = reshapedView(shape) { return view }
    var y = copied()
    y.setContiguousShape(shape)
    return y
  }

  /// Sizes with one −1 are filled in by this.
  package static func inferred(_ sizes: [Int], from shape: Shape, _ op: String = "reshaped") throws(ShapeError) -> Shape
  {
    var sizes = sizes
    if sizes.count > Shape.maximumRank { throw ShapeError("\(op): \(sizes) has more than 8 axes") }
    let unknown = sizes.indices.filter { sizes[$0] == -1 }
    if unknown.count > 1 { throw ShapeError("\(op): only one size may be -1, got \(sizes)") }
    if let bad = sizes.first(where: { $0 < -1 }) { throw ShapeError("\(op): size \(bad) in \(sizes) is negative") }
    if let i = unknown.first {
      var known = 1
      for (j, size) in sizes.enumerated() where j != i {
        let (product, overflow) = known.multipliedReportingOverflow(by: size)
        if overflow {
          throw ShapeError(
            """
            \(op): cannot fit \(shape) (\(shape.volume) elements) into \(sizes), which has more elements than fit \
            into memory
            """)
        }
        known = product
      }
      if known == 0 || shape.volume % known != 0 {
        throw ShapeError(
          """
          \(op): cannot fit \(shape) (\(shape.volume) elements) into \(sizes): \(shape.volume) is no multiple of \
          \(known)
          """)
      }
      sizes[i] = shape.volume / known
    }
    let result = Shape(sizes)
    if result.volume != shape.volume {
      throw ShapeError(
        "\(op): cannot turn \(shape) (\(shape.volume) elements) into \(result) (\(result.volume) elements)")
    }
    return result
  }

  /// The same with sizes listed: `x.reshaped(2, -1)`.
  public func reshaped(_ sizes: Int...) -> Tensor { reshaped(sizes) }

  /// The same with sizes that were computed as an array.
  public func reshaped(_ sizes: [Int]) -> Tensor {
    reshaped(failing { () throws(ShapeError) in try Tensor.inferred(sizes, from: shape) })
  }

  private mutating func setContiguousShape(_ shape: Shape) {
    descriptor.size = shape.sizes
    descriptor.rank = shape.rank
    tp_set_contiguous(&descriptor)
  }

  /// A view with this shape, or nil where only a copy can have it.
  package func reshapedView(_ shape: Shape) -> Tensor? {
    if shape.volume != count {
      fail("reshaped: cannot turn \(self.shape) (\(count) elements) into \(shape) (\(shape.volume) elements)")
    }
    var y = self
    if count == 0 || isContiguous {
      y.setContiguousShape(shape)
      return y
    }
    // Split both shapes into groups of equal volume; within a group the old axes must be mergeable (stride[i] =
    // stride[i+1]·size[i+1]).
    var old: [(size: Int, stride: Int64)] = (0..<rank).map { (self.shape[$0], axisStride($0)) }
    old.removeAll { $0.size == 1 }
    y.descriptor.size = shape.sizes
    y.descriptor.rank = shape.rank
    var i = 0, axis = 0
    while axis < shape.count {
      if shape[axis] == 1 {
        y.setAxis(axis, size: 1, stride: 0)
        axis += 1
        continue
      }
      var oldVolume = old[i].size, last = i
      var newVolume = shape[axis], lastAxis = axis
      while oldVolume != newVolume {
        if oldVolume < newVolume {
          last += 1
          if old[last - 1].stride != old[last].stride * Int64(old[last].size) { return nil }
          oldVolume *= old[last].size
        } else {
          lastAxis += 1
          newVolume *= shape[lastAxis]
        }
      }
      var step = old[last].stride
      for a in Swift.stride(from: lastAxis, through: axis, by: -1) {
        y.setAxis(a, size: shape[a], stride: step)
        step *= Int64(shape[a])
      }
      axis = lastAxis + 1
      i = last + 1
    }
    return y
  }

  /// Axes in another order: `x.permuted(0, 2, 1)`. Each axis appears once; negative ones count from the end.
  public func permuted(_ axes: [Int]) -> Tensor {
    let order = failing { () throws(ShapeError) in try Tensor.permutation(axes, of: shape) }
    var y = self
    for (new, old) in order.enumerated() { y.setAxis(new, size: shape[old], stride: axisStride(old)) }
    return y
  }

  /// Axes in another order: axis i of the result is axis axes[i]. A view.
  public func permuted(_ axes: Int...) -> Tensor { permuted(axes) }

  package static func permutation(_ axes: [Int], of shape: Shape) throws(ShapeError) -> [Int] {
    let order = axes.compactMap { shape.axis($0) }
    if order.count != axes.count || order.count != shape.count || Set(order).count != order.count {
      throw ShapeError("permuted: \(axes) is no order of the \(shape.count) axes of \(shape)")
    }
    return order
  }

  /// Two axes exchanged; by default the last two, the transpose of a matrix.
  public func transposed(_ a: Int = -2, _ b: Int = -1) -> Tensor {
    if rank < 2 && a == -2 && b == -1 { fail("transposed: \(shape) has no two axes to exchange") }
    let a = shape.resolve(along: a, "transposed"), b = shape.resolve(along: b, "transposed")
    if rank == 0 { return self }
    var y = self
    y.setAxis(a, size: shape[b], stride: axisStride(b))
    y.setAxis(b, size: shape[a], stride: axisStride(a))
    return y
  }

  /// Repeated to a larger shape without copying, after NumPy's broadcasting rule.
  public func expanded(to shape: Shape) -> Tensor {
    guard self.shape.broadcast(with: shape) == shape else {
      fail("expanded: \(self.shape) does not broadcast to \(shape)")
    }
    _ = shape.volume  // must be countable
    return expandedView(shape)
  }

  package func expandedView(_ shape: Shape) -> Tensor {
    var target = tp_tensor()
    (target.size, target.rank) = (shape.sizes, shape.rank)
    return Tensor(descriptor: withDescriptor { tp_expanded($0, &target) }, storage: storage)
  }

  /// Elements start, start + step, … of one axis; `count` of them. The caller has checked the bounds.
  package func strided(axis: Int, start: Int, count: Int, step: Int) -> Tensor {
    var y = self
    if count > 0 && self.count > 0 {
      y.descriptor.data += Int(Int64(start) * axisStride(axis)) * dtype.itemSize
    }
    y.setAxis(axis, size: count, stride: axisStride(axis) * Int64(step))
    return y
  }

  /// `count` elements of an axis from `start` on; a negative start counts from the end.
  public func narrowed(axis: Int, start: Int, count: Int) -> Tensor {
    let (axis, first) = failing { () throws(ShapeError) in try shape.narrowing(axis, start, count) }
    return strided(axis: axis, start: first, count: count, step: 1)
  }

  /// One position of an axis, which disappears.
  public func selected(axis: Int, index: Int) -> Tensor {
    let axis = shape.resolve(axis, "selected")
    let size = shape[axis], i = index < 0 ? index + size : index
    if i < 0 || i >= size { fail("selected: index \(index) lies outside axis \(axis) of \(shape)") }
    return strided(axis: axis, start: i, count: 1, step: 1).droppingAxis(axis)
  }

  /// An axis of size 1 taken away. The caller has checked its size.
  package func droppingAxis(_ axis: Int) -> Tensor {
    var y = self
    for a in axis..<(rank - 1) { y.setAxis(a, size: shape[a + 1], stride: axisStride(a + 1)) }
    y.descriptor.rank -= 1
    return y
  }

  /// A scalar as a vector of its only element, as what works along an axis sees it; other tensors as they are.
  package var asVector: Tensor { rank == 0 ? unsqueezed(0) : self }

  /// Changes this scalar in place as a vector, which shares no memory meanwhile.
  package mutating func changeAsVector(_ change: (inout Tensor) -> Void) {
    let shape = shape
    var vector = asVector
    self = Tensor(0)
    change(&vector)
    self = vector.reshaped(shape)
  }

  /// A new axis of size 1 before position `axis` (−1: after the last).
  public func unsqueezed(_ axis: Int) -> Tensor {
    if rank == Shape.maximumRank { fail("unsqueezed: \(shape) has 8 axes already") }
    let axis = shape.resolve(axis, "unsqueezed", extra: 1)
    var y = self
    y.descriptor.rank += 1
    for a in Swift.stride(from: rank, to: axis, by: -1) { y.setAxis(a, size: shape[a - 1], stride: axisStride(a - 1)) }
    y.setAxis(axis, size: 1, stride: 0)
    return y
  }

  /// Without an axis of size 1; without an argument, without all of them.
  public func squeezed(_ axis: Int? = nil) -> Tensor {
    if let axis {
      let a = shape.resolve(along: axis, "squeezed")
      if rank == 0 { return self }
      if shape[a] != 1 { fail("squeezed: axis \(axis) of \(shape) has size \(shape[a]), not 1") }
      return droppingAxis(a)
    }
    var y = self
    for a in (0..<rank).reversed() where shape[a] == 1 { y = y.droppingAxis(a) }
    return y
  }

  /// The order of the given axes reversed, without copying (negative strides).
  public func flipped(_ axes: [Int]) -> Tensor {
    var y = self
    for axis in failing({ () throws(ShapeError) in try Tensor.axes(axes, of: shape, "flipped") }) where shape[axis] > 0
    {
      y = y.strided(axis: axis, start: shape[axis] - 1, count: shape[axis], step: -1)
    }
    return y
  }

  /// The order along these axes reversed. A view.
  public func flipped(_ axes: Int...) -> Tensor { flipped(axes) }

  /// The diagonal of the two axes as a new last axis; `offset` > 0 lies above the main one.
  public func diagonal(offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Tensor {
    let a = shape.resolve(axis1, "diagonal"), b = shape.resolve(axis2, "diagonal")
    if a == b { fail("diagonal: needs two different axes, got \(axis1) twice") }
    let rows = shape[a], columns = shape[b]
    // Beyond the corners there is nothing, however far.
    let offset = Swift.min(Swift.max(offset, -rows), columns)
    let length = Swift.max(0, offset >= 0 ? Swift.min(rows, columns - offset) : Swift.min(rows + offset, columns))
    var y = self
    if length > 0 {
      let first = offset >= 0 ? Int64(offset) * axisStride(b) : Int64(-offset) * axisStride(a)
      y.descriptor.data += Int(first) * dtype.itemSize
    }
    let step = axisStride(a) + axisStride(b)
    y = y.strided(axis: a, start: 0, count: 1, step: 1).strided(axis: b, start: 0, count: 1, step: 1)
    y = y.droppingAxis(Swift.max(a, b)).droppingAxis(Swift.min(a, b)).unsqueezed(-1)
    y.setAxis(y.rank - 1, size: length, stride: step)
    return y
  }
}

extension Shape {
  /// The axis and the first position of `count` positions from `start` on, when they lie inside.
  package func narrowing(_ named: Int, _ start: Int, _ count: Int) throws(ShapeError) -> (axis: Int, start: Int) {
    guard let axis = axis(named) else {
      throw ShapeError("narrowed: axis \(named) does not exist in \(self), which has \(self.count) axes")
    }
    let size = self[axis], first = start < 0 ? start + size : start
    if first < 0 || first > size || count < 0 || count > size - first {
      throw ShapeError(
        "narrowed: \(count) positions from \(start) on lie outside axis \(axis) of \(self), which has size \(size)")
    }
    return (axis, first)
  }
}
