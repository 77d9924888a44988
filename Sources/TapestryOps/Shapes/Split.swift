import TapestryAutograd
import TapestryTensors

/// yᵢ = the i-th part of x along an axis, a view.    dx = all dyᵢ put together, zeros where a part was not used
///
/// One node with many outputs: going back through a hundred time steps costs one gradient and not a hundred.
package struct Split: Op {
  package static let name = "split"
  let sizes: [Int]
  let axis: Int

  /// Whether the parts, of size 1, lose the axis.
  var unbinds = false

  package func shape(of x: Specs) throws(ShapeError) -> [Shape] {
    try Split.sizes(sizes, of: x[0], axis: axis).map { size in
      var part = x[0]
      if unbinds { part.remove(at: axis) } else { part[axis] = size }
      return part
    }
  }

  package func forward(_ x: Inputs, _ shapes: [Shape]) -> (Results, Void) {
    var start = 0
    let parts = sizes.map { size in
      defer { start += size }
      let part = x.first.value.strided(axis: axis, start: start, count: size, step: 1)
      return unbinds ? part.droppingAxis(axis) : part
    }
    return (Results(parts), ())
  }

  package func backward(_ dy: [Variable?], _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let whole = kept.shapes[0],
      shapes = failing { () throws(ShapeError) in
        try shape(of: Specs([whole], [dy.lazy.compactMap(\.self).first!.dtype]))
      }
    let dtype = dy.lazy.compactMap(\.self).first!.dtype
    let parts = zip(dy, shapes).map { $0 ?? Variable(.zeros($1, dtype)) }
    return InputGradients(unbinds ? stack(parts, axis: axis) : concatenate(parts, axis: axis))
  }

  /// The sizes of the parts, checked.
  static func sizes(_ sizes: [Int], of shape: Shape, axis: Int) throws(ShapeError) -> [Int] {
    // Compared one by one, so that no sum overflows.
    var rest = shape[axis]
    for size in sizes where rest >= 0 { rest = size < 0 || size > rest ? -1 : rest - size }
    if sizes.isEmpty || rest != 0 {
      throw ShapeError("split: the sizes \(sizes) must add up to \(shape[axis]), the size of axis \(axis) of \(shape)")
    }
    return sizes
  }

  /// Parts of one size, the last one smaller where it does not go into the axis.
  static func sizes(_ size: Int, of shape: Shape, axis: Int) throws(ShapeError) -> [Int] {
    if size < 1 { throw ShapeError("split: parts of size \(size) along axis \(axis) of \(shape) are impossible") }
    let whole = shape[axis]
    return whole == 0 ? [0] : Swift.stride(from: 0, to: whole, by: size).map { Swift.min(size, whole - $0) }
  }

  package static let law = Law(
    name,
    misuse: [
      .init("split", "[1, 3]", "add up to 3", "axis 1 of [2, 3]") { () throws(ShapeError) in
        _ = try Split.sizes([1, 3], of: [2, 3], axis: 1)
      },
      .init("split", "size 0", "[2, 3]") { () throws(ShapeError) in _ = try Split.sizes(0, of: [2, 3], axis: 1) },
    ], neverScalar: true
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis()
    let size = shape[shape.resolve(axis, "law")], part = draw.int(1...size), first = draw.int(0...size),
      unbinds = draw.bool()
    // The parts in reversed order, and one of them left out.
    return LawCase([draw.tensor(shape)], label: "\(shape) along \(axis), parts \(part), \(first)", isLinear: true) {
      x in
      var parts =
        unbinds
        ? x[0].unbind(axis: axis).map { $0.unsqueezed(axis) }
        : x[0].split(part, axis: axis) + x[0].split([first, size - first], axis: axis)
      parts.reverse()
      return concatenate(parts.count > 1 ? Array(parts.dropFirst()) : parts, axis: axis)
    }
  }
}

extension Variable {
  /// Parts of `size` positions along an axis, without copying; the last is smaller where the size does not go into the
  /// axis.
  public func split(_ size: Int, axis: Int = 0) -> [Variable] {
    let shape = shape, axis = shape.resolve(axis, "split")
    return Split(sizes: failing { () throws(ShapeError) in try Split.sizes(size, of: shape, axis: axis) }, axis: axis)
      .apply(Inputs(self))
  }

  /// Parts of the given sizes, which add up to the axis.
  public func split(_ sizes: [Int], axis: Int = 0) -> [Variable] {
    Split(sizes: sizes, axis: shape.resolve(axis, "split")).apply(Inputs(self))
  }

  /// `count` parts of equal size (rounded up, so that the last may be smaller and there may be fewer).
  public func chunk(_ count: Int, axis: Int = 0) -> [Variable] {
    if count < 1 || count > Int(Int32.max) { fail("chunk: cannot make \(count) parts of \(shape)") }
    let axis = shape.resolve(axis, "chunk")
    if shape[axis] == 0 { return Split(sizes: [Int](repeating: 0, count: count), axis: axis).apply(Inputs(self)) }
    return split((shape[axis] + count - 1) / count, axis: axis)
  }

  /// Every position of an axis, which disappears: x[0], x[1], …
  public func unbind(axis: Int = 0) -> [Variable] {
    let axis = shape.resolve(axis, "unbind")
    if shape[axis] == 0 { return [] }
    return Split(sizes: [Int](repeating: 1, count: shape[axis]), axis: axis, unbinds: true).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func split(_ size: Int, axis: Int = 0) -> [Tensor] { Variable(self).split(size, axis: axis).map(\.value) }

  /// The same of a Tensor.
  public func split(_ sizes: [Int], axis: Int = 0) -> [Tensor] { Variable(self).split(sizes, axis: axis).map(\.value) }

  /// The same of a Tensor.
  public func chunk(_ count: Int, axis: Int = 0) -> [Tensor] { Variable(self).chunk(count, axis: axis).map(\.value) }
}
