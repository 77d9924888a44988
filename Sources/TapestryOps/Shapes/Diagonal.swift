import TapestryAutograd
import TapestryTensors

/// y[…, i] = x[i, i + offset] of two axes, a view with the diagonal as its last axis.
/// dx = dy on the diagonal, zeros beside it (`DiagonalEmbed`)
package struct Diagonal: AdjointPair {
  package static let name = "diagonal"
  let offset: Int, axis1: Int, axis2: Int

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    guard let a = x[0].axis(axis1), let b = x[0].axis(axis2), a != b else {
      throw ShapeError(
        "diagonal: needs two different axes of \(x[0]), which has \(x[0].count), got \(axis1) and \(axis2)")
    }
    return view(of: Tensor(0).expandedView(x[0])).shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) { (view(of: x.first.value), ()) }
  package func adjoint(of shape: Shape) -> DiagonalEmbed { DiagonalEmbed(diagonal: self, shape: shape) }

  func view(of x: Tensor) -> Tensor { x.diagonal(offset: offset, axis1: axis1, axis2: axis2) }

  package static let law = Law(
    name,
    misuse: [
      .init("diagonal", "two different axes", "[2, 3]") { () throws(ShapeError) in
        _ = try Diagonal(offset: 0, axis1: 1, axis2: -1).shape(of: Specs([[2, 3]], [.float32]))
      }
    ], neverScalar: true
  ) { draw in
    let (shape, diagonal) = draw.diagonal()
    return LawCase([draw.tensor(shape)], label: "\(shape), \(diagonal)", isLinear: true) {
      $0[0].diagonal(offset: diagonal.offset, axis1: diagonal.axis1, axis2: diagonal.axis2)
    }
  }
}

/// y = zeros of a shape with x on a diagonal.    dx = that diagonal of dy (`Diagonal`)
package struct DiagonalEmbed: AdjointPair {
  package static let name = "diagonalEmbedded"
  let diagonal: Diagonal
  let shape: Shape

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    let part = try diagonal.shape(of: Specs([shape], [x.dtype(0)]))
    if x[0] != part { throw ShapeError("diagonalEmbedded: \(x[0]) does not fill the diagonals \(part) of \(shape)") }
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.embed(x.first.value, in: shape) { diagonal.view(of: $0) }, ())
  }
  package func adjoint(of _: Shape) -> Diagonal { diagonal }

  package static let law = Law(
    name,
    misuse: [
      .init("diagonalEmbedded", "[3]", "[2]", "[2, 2]") { () throws(ShapeError) in
        _ = try DiagonalEmbed(diagonal: Diagonal(offset: 0, axis1: 0, axis2: 1), shape: [2, 2]).shape(
          of: Specs([[3]], [.float32]))
      }
    ], neverScalar: true
  ) { draw in
    let (shape, diagonal) = draw.diagonal()
    let part = diagonal.view(of: Tensor(0).expandedView(shape)).shape
    return LawCase([draw.tensor(part)], label: "\(part) in \(shape), \(diagonal)", isLinear: true) {
      DiagonalEmbed(diagonal: diagonal, shape: shape).apply(Inputs($0[0]))
    }
  }
}

extension Draw {
  fileprivate mutating func diagonal() -> (Shape, Diagonal) {
    let shape = shape(rank: int(2...4)), a = int(0...shape.count - 1), b = (a + int(1...shape.count - 1)) % shape.count
    return (shape, Diagonal(offset: int(-2...2), axis1: a, axis2: bool() ? b : b - shape.count))
  }
}

extension Variable {
  /// The diagonal of two axes as a new last axis, without copying; `offset` > 0 lies above the main one.
  public func diagonal(offset: Int = 0, axis1: Int = 0, axis2: Int = 1) -> Variable {
    Diagonal(offset: offset, axis1: axis1, axis2: axis2).apply(Inputs(self))
  }

  /// Square matrices with the last axis on their diagonal and zeros beside it: (…, n) gives (…, n + |offset|, n +
  /// |offset|). The two axes of the matrices stand where `axis1` and `axis2` say.
  public func diagonalEmbedded(offset: Int = 0, axis1: Int = -2, axis2: Int = -1) -> Variable {
    if rank == 0 || rank == Shape.maximumRank { fail("diagonalEmbedded: needs one to seven axes, got \(shape)") }
    let (a, b) = (
      shape.resolve(axis1, "diagonalEmbedded", extra: 1), shape.resolve(axis2, "diagonalEmbedded", extra: 1)
    )
    if a == b {
      fail("diagonalEmbedded: needs two different axes for the matrices of \(shape), got \(axis1) and \(axis2)")
    }
    let (size, overflow) = shape[rank - 1].addingReportingOverflow(Int(clamping: offset.magnitude))
    if overflow { fail("diagonalEmbedded: offset \(offset) makes matrices of \(shape) that do not fit into memory") }
    var whole = Shape(shape.dropLast())
    for axis in [a, b].sorted() { whole.insert(size, at: axis) }
    return DiagonalEmbed(diagonal: Diagonal(offset: offset, axis1: a, axis2: b), shape: whole).apply(Inputs(self))
  }

  /// The sum of the diagonal of a matrix.
  public func trace() -> Variable {
    if rank != 2 { fail("trace: needs a matrix, got \(shape)") }
    return diagonal().sum()
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func diagonalEmbedded(offset: Int = 0, axis1: Int = -2, axis2: Int = -1) -> Tensor {
    Variable(self).diagonalEmbedded(offset: offset, axis1: axis1, axis2: axis2).value
  }

  /// The same of a Tensor.
  public func trace() -> Tensor { Variable(self).trace().value }
}
