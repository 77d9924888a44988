import TapestryAutograd
import TapestryTensors

/// y[…, i, …] = x[…, index[i], …] along one axis, for an index of rank 1.    dx = dy added at the index (`IndexAdd`)
package struct IndexSelect: AdjointPair {
  package static let name = "indexSelect"
  let axis: Int
  let index: Tensor

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    let axis = try x[0].axis(along: axis, Self.name)
    try index.checkLine(into: x[0], axis: axis, Self.name)
    return x[0].resized(along: axis, to: index.count)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (x.first.value.picking(index.cast(to: .int64), axis: shape.resolve(along: axis, Self.name)), ())
  }

  package func adjoint(of shape: Shape) -> IndexAdd { IndexAdd(axis: axis, index: index, shape: shape) }

  package static let law = Law(
    name,
    misuse: [
      .init("indexSelect", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try IndexSelect(axis: 2, index: Tensor([0])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("indexSelect", "index 3 at position 1", "axis 1 of [2, 3]", "0 ..< 3") { () throws(ShapeError) in
        _ = try IndexSelect(axis: 1, index: Tensor([0, 3])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("indexSelect", "float32", "cast(to: .int64)") { () throws(ShapeError) in
        _ = try IndexSelect(axis: 1, index: .zeros([2])).shape(of: Specs([[2, 3]], [.float32]))
      },
    ]
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis(scalar: true), index = draw.line(shape, axis)
    return LawCase([draw.tensor(shape)], label: "\(shape) along \(axis) at \(index)", isLinear: true) {
      $0[0].indexSelect(axis, index)
    }
  }
}

/// y = zeros of a shape, then y[…, index[i], …] += x[…, i, …] in the order of i, so that equal indices give the same
/// bits always.    dx = dy at the index (`IndexSelect`)
package struct IndexAdd: AdjointPair {
  package static let name = "indexAdd"
  let axis: Int
  let index: Tensor
  let shape: Shape

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    let axis = try shape.axis(along: axis, Self.name), source = shape.resized(along: axis, to: index.count)
    try index.checkLine(into: shape, axis: axis, Self.name)
    if x[0] != source {
      throw ShapeError(
        "indexAdd: \(index.count) indices into axis \(axis) of \(shape) need a source of shape \(source), got \(x[0])")
    }
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (
      Kernel.indexAdded(
        index.cast(to: .int64), x.first.value, axis: shape.resolve(along: axis, Self.name), shape: shape), ()
    )
  }

  package func adjoint(of _: Shape) -> IndexSelect { IndexSelect(axis: axis, index: index) }

  package static let law = Law(
    name,
    misuse: [
      .init("indexAdd", "2 indices", "axis 0 of [4, 3]", "[2, 3]", "got [3, 3]") { () throws(ShapeError) in
        _ = try IndexAdd(axis: 0, index: Tensor([0, 1]), shape: [4, 3]).shape(of: Specs([[3, 3]], [.float32]))
      },
      .init("indexAdd", "index -1 at position 0", "axis 0 of [4]") { () throws(ShapeError) in
        _ = try IndexAdd(axis: 0, index: Tensor([-1]), shape: [4]).shape(of: Specs([[1]], [.float32]))
      },
    ]
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis(scalar: true), index = draw.line(shape, axis)
    let source = shape.resized(along: shape.resolve(along: axis, "law"), to: index.count)
    return LawCase(
      [draw.tensor(shape), draw.tensor(source)], label: "\(shape) along \(axis) at \(index)", isLinear: true
    ) {
      $0[0].indexAdd(axis, index, $0[1])
    }
  }
}

extension Draw {
  /// An index for indexSelect: some positions of an axis, or a scalar that stands for one of them; one for a scalar.
  fileprivate mutating func line(_ shape: Shape, _ axis: Int) -> Tensor {
    let one: Shape = bool() ? [] : [1]
    if shape.isEmpty { return indices(one, below: 1) }
    return indices(int(0...9) == 0 ? one : [size(most: 5)], below: shape[shape.resolve(axis, "law")])
  }
}

extension Tensor {
  /// Throws unless this is an index of one axis (or a scalar, which stands for one position), all inside an axis of
  /// `shape`; a scalar has one position.
  fileprivate func checkLine(into shape: Shape, axis: Int, _ op: String) throws(ShapeError) {
    if rank > 1 { throw ShapeError("\(op): the index must have one axis, got \(self.shape)") }
    if shape.isEmpty && count != 1 {
      throw ShapeError("\(op): the scalar [] takes an index of one position, got \(self.shape)")
    }
    _ = try indices(into: shape, axis: axis, op)
  }

  /// These indices as int64, all inside an axis (0 ..< rank) of `shape`.
  package func indices(into shape: Shape, axis: Int, _ op: String) throws(ShapeError) -> Tensor {
    if dtype != .int64 && dtype != .int32 {
      throw ShapeError(
        "\(op): the indices must be int64 or int32, got \(dtype) \(self.shape); convert them with cast(to: .int64)")
    }
    let indices = cast(to: .int64)
    let size = shape.size(along: axis)
    if let (position, value) = Kernel.outside(indices, bound: size) {
      throw ShapeError(
        """
        \(op): index \(value) at position \(position) of \(self.shape) lies outside axis \(axis) of \(shape), 0 ..< \
        \(size)
        """)
    }
    return indices
  }
}

extension Variable {
  /// The positions of an axis that an index (int64 or int32, one axis or a scalar) names, in its order; they may
  /// repeat. A scalar has one position, 0, and stays a scalar. An index outside the axis ends the program with a
  /// message.
  public func indexSelect(_ axis: Int, _ index: Tensor) -> Variable {
    IndexSelect(axis: axis, index: index).apply(Inputs(self))
  }

  /// This with source[…, i, …] added at position index[i] of an axis. Equal indices add up.
  public func indexAdd(_ axis: Int, _ index: Tensor, _ source: Variable) -> Variable {
    failing { () throws(ShapeError) in try Specs(Inputs(self, source)).sameType(IndexAdd.name, floating: false) }
    return self + IndexAdd(axis: axis, index: index, shape: shape).apply(Inputs(source))
  }

  /// The same with a Tensor, a constant.
  @_disfavoredOverload
  public func indexAdd(_ axis: Int, _ index: Tensor, _ source: Tensor) -> Variable {
    indexAdd(axis, index, Variable(source))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func indexSelect(_ axis: Int, _ index: Tensor) -> Tensor { Variable(self).indexSelect(axis, index).value }

  /// The same of a Tensor.
  public func indexAdd(_ axis: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
    Variable(self).indexAdd(axis, index, Variable(source)).value
  }

  /// The same with a Variable.
  @_disfavoredOverload
  public func indexAdd(_ axis: Int, _ index: Tensor, _ source: Variable) -> Variable {
    Variable(self).indexAdd(axis, index, source)
  }
}
