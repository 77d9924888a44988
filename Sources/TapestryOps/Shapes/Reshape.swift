import TapestryAutograd
import TapestryTensors

/// The same elements under another shape.    dx = dy reshaped back
package struct ReshapeOp: AdjointPair {
  package static let name = "reshaped"
  let shape: Shape

  package func shape(of x: Specs) throws(ShapeError) -> Shape { try Tensor.inferred(Array(shape), from: x[0]) }
  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) { (x.first.value.reshaped(shape), ()) }
  package func adjoint(of shape: Shape) -> ReshapeOp { ReshapeOp(shape: shape) }

  package static let law = Law(
    name,
    misuse: [
      .init("reshaped", "[2, 3]", "[4]") { () throws(ShapeError) in
        _ = try ReshapeOp(shape: [4]).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("reshaped", "only one size may be -1") { () throws(ShapeError) in
        _ = try Tensor.inferred([-1, -1], from: [2, 3])
      },
    ]
  ) { draw in
    let shape = draw.shape()
    let target = Shape(Array(shape).shuffledBy(&draw))
    return LawCase([draw.tensor(shape)], label: "\(shape) to \(target)", isLinear: true) { $0[0].reshaped(target) }
  }
}

extension Array {
  func shuffledBy(_ draw: inout Draw) -> [Element] {
    var y = self
    for i in y.indices.reversed() { y.swapAt(i, draw.int(0...i)) }
    return y
  }
}

extension Variable {
  /// The same elements in row-major order under another shape; a view where the strides allow it.
  public func reshaped(_ shape: Shape) -> Variable { ReshapeOp(shape: shape).apply(Inputs(self)) }

  /// The same with sizes listed; one may be −1 and is computed from the others: `x.reshaped(32, -1)`.
  public func reshaped(_ sizes: Int...) -> Variable { reshaped(sizes) }

  /// The same with an array of sizes.
  public func reshaped(_ sizes: [Int]) -> Variable {
    reshaped(failing { () throws(ShapeError) in try Tensor.inferred(sizes, from: shape) })
  }

  /// A new axis of size 1 before position `axis` (−1: after the last).
  public func unsqueezed(_ axis: Int) -> Variable {
    var shape = shape
    if rank == Shape.maximumRank { fail("unsqueezed: \(shape) has 8 axes already") }
    shape.insert(1, at: shape.resolve(axis, "unsqueezed", extra: 1))
    return reshaped(shape)
  }

  /// Without an axis of size 1; without an argument, without all of them.
  public func squeezed(_ axis: Int? = nil) -> Variable {
    guard let axis else { return reshaped(Shape(shape.filter { $0 != 1 })) }
    var shape = shape
    let a = shape.resolve(along: axis, "squeezed")
    if rank == 0 { return self }
    if shape[a] != 1 { fail("squeezed: axis \(axis) of \(shape) has size \(shape[a]), not 1") }
    shape.remove(at: a)
    return reshaped(shape)
  }

  /// All axes from `start` to `end` (inclusive) as one: `x.flattened(from: 1)` keeps the batch axis.
  public func flattened(from start: Int = 0, to end: Int = -1) -> Variable {
    let a = shape.resolve(along: start, "flattened"), b = shape.resolve(along: end, "flattened")
    if rank == 0 { return reshaped([1]) }
    if a > b { fail("flattened: from axis \(start) to axis \(end) of \(shape) is no range") }
    return reshaped(Shape(shape[..<a] + [Shape(shape[a...b]).volume] + shape[(b + 1)...]))
  }

  /// One axis as several: `x.unflattened(1, [3, -1])`; one size may be −1.
  public func unflattened(_ axis: Int, _ sizes: [Int]) -> Variable {
    let shape = shape, axis = shape.resolve(axis, "unflattened")
    let parts = failing { () throws(ShapeError) in try Tensor.inferred(sizes, from: [shape[axis]], "unflattened") }
    if parts.count + shape.count - 1 > Shape.maximumRank {
      fail("unflattened: \(sizes) for axis \(axis) of \(shape) gives more than 8 axes")
    }
    return reshaped(Shape(shape[..<axis] + Array(parts) + shape[(axis + 1)...]))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func flattened(from start: Int = 0, to end: Int = -1) -> Tensor {
    Variable(self).flattened(from: start, to: end).value
  }

  /// The same of a Tensor.
  public func unflattened(_ axis: Int, _ sizes: [Int]) -> Tensor { Variable(self).unflattened(axis, sizes).value }
}
