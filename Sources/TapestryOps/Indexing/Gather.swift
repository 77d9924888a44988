import TapestryAutograd
import TapestryTensors

/// y[i, j, k] = x[i, index[i, j, k], k] (here along axis 1), in the shape of the index.
/// dx = dy added at the index (`ScatterAdd`)
package struct Gather: AdjointPair {
  package static let name = "gather"
  let axis: Int
  let index: Tensor

  /// The function that a message names.
  var called = Self.name

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try index.checkGather(x[0], axis, called)
    return index.shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.gather(x.first.value, index.cast(to: .int64), axis: shape.resolve(along: axis, Self.name)), ())
  }

  package func adjoint(of shape: Shape) -> ScatterAdd { ScatterAdd(axis: axis, index: index, shape: shape) }

  package static let law = Law(
    name,
    misuse: [
      .init("gather", "index [2]", "[2, 3]", "as many axes") { () throws(ShapeError) in
        _ = try Gather(axis: 1, index: Tensor([0, 1])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("gather", "index 3 at position 1 of [1, 2]", "axis 1 of [2, 3]") { () throws(ShapeError) in
        _ = try Gather(axis: 1, index: Tensor([[0, 3]])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("gather", "axis 0", "size 4", "size 2") { () throws(ShapeError) in
        _ = try Gather(axis: 1, index: .zeros([4, 1], .int64)).shape(of: Specs([[2, 3]], [.float32]))
      },
    ]
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis(scalar: true)
    let index = draw.gatherIndex(shape, axis)
    return LawCase([draw.tensor(shape)], label: "\(shape) along \(axis) by \(index.shape)", isLinear: true) {
      $0[0].gather(axis, index)
    }
  }
}

/// y = zeros of a shape, then y[i, index[i, j, k], k] += x[i, j, k] (here along axis 1) in row-major order, so that
/// equal indices give the same bits
/// always.    dx = dy at the index (`Gather`)
package struct ScatterAdd: AdjointPair {
  package static let name = "scatterAdd"
  let axis: Int
  let index: Tensor
  let shape: Shape

  /// The function that a message names.
  var called = Self.name

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try index.checkGather(shape, axis, called)
    if x[0] != index.shape {
      throw ShapeError(
        """
        \(called): the source has shape \(x[0]), the index \(index.shape); the source must have as many axes and be \
        no smaller
        """)
    }
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    var y = Tensor.zeros(shape, x.first.dtype)
    Kernel.scatterAdd(into: &y, index.cast(to: .int64), x.first.value, axis: shape.resolve(along: axis, Self.name))
    return (y, ())
  }

  package func adjoint(of _: Shape) -> Gather { Gather(axis: axis, index: index) }

  package static let law = Law(
    name,
    misuse: [
      .init("scatterAdd", "source has shape [2, 2]", "index [2, 1]") { () throws(ShapeError) in
        _ = try ScatterAdd(axis: 1, index: .zeros([2, 1], .int64), shape: [2, 3]).shape(
          of: Specs([[2, 2]], [.float32]))
      },
      .init("scatterAdd", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try ScatterAdd(axis: 2, index: .zeros([2, 1], .int64), shape: [2, 3]).shape(
          of: Specs([[2, 1]], [.float32]))
      },
    ]
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis(scalar: true)
    let index = draw.gatherIndex(shape, axis)
    return LawCase(
      [draw.tensor(shape), draw.tensor(index.shape)], label: "\(shape) along \(axis) by \(index.shape)", isLinear: true
    ) {
      $0[0].scatterAdd(axis, index, $0[1])
    }
  }
}

extension Tensor {
  /// Throws unless this index fits a gather from `shape` along an axis: as many axes, on other axes no larger, all
  /// inside.
  fileprivate func checkGather(_ shape: Shape, _ named: Int, _ op: String) throws(ShapeError) {
    let axis = try shape.axis(along: named, op)
    if Swift.max(1, rank) != Swift.max(1, shape.count) {
      throw ShapeError("\(op): the index \(self.shape) must have as many axes as \(shape)")
    }
    for other in 0..<rank where other != axis && self.shape[other] > shape[other] {
      throw ShapeError(
        """
        \(op): on axis \(other) the index \(self.shape) has size \(self.shape[other]), more than size \(shape[other]) \
        of \(shape)
        """)
    }
    _ = try indices(into: shape, axis: axis, op)
  }
}

extension Draw {
  /// An index for gather: another size along the axis, the same or less on the others.
  fileprivate mutating func gatherIndex(_ shape: Shape, _ named: Int) -> Tensor {
    if shape.isEmpty { return indices(pick([[], [1], [3]]), below: 1) }
    let axis = shape.resolve(named, "law")
    if shape.count == 1 && int(0...9) == 0 { return indices([], below: shape[0]) }
    var sizes = shape
    for other in shape.indices where other != axis && shape[other] > 0 && int(0...2) == 0 {
      sizes[other] = int(1...shape[other])
    }
    sizes[axis] = size(most: 5)
    return indices(sizes, below: shape[axis])
  }
}

extension Variable {
  /// Elements picked along an axis, in the shape of the index: y[i, j, k] = x[i, index[i, j, k], k] along axis 1.
  ///
  /// The index (int64 or int32) has as many axes, on the others no larger; beside a vector a scalar counts as one. One
  /// outside the axis ends the program with a message.
  public func gather(_ axis: Int, _ index: Tensor) -> Variable { Gather(axis: axis, index: index).apply(Inputs(self)) }

  /// The same with the other axes of both broadcast: `x.takeAlong(1, x.argmax(1, keepDims: true))`.
  public func takeAlong(_ axis: Int, _ index: Tensor) -> Variable {
    let axis = shape.resolve(axis, "takeAlong")
    if index.rank != rank { fail("takeAlong: the index \(index.shape) must have as many axes as \(shape)") }
    var mine = shape, others = index.shape
    (mine[axis], others[axis]) = (1, 1)
    guard var common = mine.broadcast(with: others) else {
      fail("takeAlong: the index \(index.shape) does not broadcast with \(shape) beside axis \(axis)")
    }
    common[axis] = index.shape[axis]
    var wide = common
    wide[axis] = shape[axis]
    return Gather(axis: axis, index: index.expanded(to: common), called: "takeAlong").apply(Inputs(expanded(to: wide)))
  }

  /// This with source[i, j, k] added at [i, index[i, j, k], k] (along axis 1). Equal positions add up. The source may
  /// be larger than the index.
  public func scatterAdd(_ axis: Int, _ index: Tensor, _ source: Variable) -> Variable {
    self + placed(axis, index, source, "scatterAdd")
  }

  /// The same with a Tensor, a constant.
  @_disfavoredOverload
  public func scatterAdd(_ axis: Int, _ index: Tensor, _ source: Tensor) -> Variable {
    scatterAdd(axis, index, Variable(source))
  }

  /// Zeros of this shape with the source added at the index, for the function that a message names.
  func placed(_ axis: Int, _ index: Tensor, _ source: Variable, _ name: String) -> Variable {
    failing { () throws(ShapeError) in try Specs(Inputs(self, source)).sameType(name, floating: false) }
    return ScatterAdd(axis: axis, index: index, shape: shape, called: name).apply(
      Inputs(source.trimmed(to: index.shape)))
  }

  /// The first elements along every axis; itself where it has this shape already or another number of axes.
  private func trimmed(to shape: Shape) -> Variable {
    if self.shape == shape || rank != shape.count || zip(self.shape, shape).contains(where: { $0 < $1 }) { return self }
    return Slice(starts: shape.map { _ in 0 }, counts: Array(shape), steps: shape.map { _ in 1 }).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func gather(_ axis: Int, _ index: Tensor) -> Tensor { Variable(self).gather(axis, index).value }

  /// The same of a Tensor.
  public func takeAlong(_ axis: Int, _ index: Tensor) -> Tensor { Variable(self).takeAlong(axis, index).value }

  /// The same of a Tensor.
  public func scatterAdd(_ axis: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
    Variable(self).scatterAdd(axis, index, Variable(source)).value
  }

  /// The same with a Variable.
  @_disfavoredOverload
  public func scatterAdd(_ axis: Int, _ index: Tensor, _ source: Variable) -> Variable {
    Variable(self).scatterAdd(axis, index, source)
  }
}
