import TapestryAutograd
import TapestryTensors

/// Axes in another order: axis i of y is axis order[i] of x.    dx = dy with the inverse order
package struct Permute: AdjointPair {
  package static let name = "permuted"
  let axes: [Int]

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    Shape(try Tensor.permutation(axes, of: x[0]).map { x[0][$0] })
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) { (x.first.value.permuted(axes), ()) }

  package func adjoint(of _: Shape) -> Permute {
    var inverse = axes
    for (new, old) in axes.enumerated() { inverse[old < 0 ? old + axes.count : old] = new }
    return Permute(axes: inverse)
  }

  package static let law = Law(
    name,
    misuse: [
      .init("permuted", "[0, 0]", "[2, 3]") { () throws(ShapeError) in
        _ = try Permute(axes: [0, 0]).shape(of: Specs([[2, 3]], [.float32]))
      }
    ]
  ) { draw in
    let shape = draw.shape()
    let axes = Array(shape.indices).shuffledBy(&draw)
    return LawCase([draw.tensor(shape)], label: "\(shape) by \(axes)", isLinear: true) { $0[0].permuted(axes) }
  }
}

extension Variable {
  /// Axes in another order, without copying: `x.permuted(0, 2, 1)`. Negative axes count from the end.
  public func permuted(_ axes: [Int]) -> Variable { Permute(axes: axes).apply(Inputs(self)) }
  /// Axes in another order: axis i of the result is axis axes[i].
  public func permuted(_ axes: Int...) -> Variable { permuted(axes) }

  /// Two axes exchanged; by default the last two, the transpose of a matrix.
  public func transposed(_ a: Int = -2, _ b: Int = -1) -> Variable {
    if rank < 2 && a == -2 && b == -1 { fail("transposed: \(shape) has no two axes to exchange") }
    let a = shape.resolve(along: a, "transposed"), b = shape.resolve(along: b, "transposed")
    if rank == 0 { return self }
    var axes = Array(shape.indices)
    axes.swapAt(a, b)
    return permuted(axes)
  }

  /// One axis moved to another place, the others keeping their order: (batch, time, channels) with axis 2 moved to 1 is
  /// (batch, channels, time).
  public func movedAxis(_ from: Int, to place: Int) -> Variable {
    let from = shape.resolve(along: from, "movedAxis"), place = shape.resolve(along: place, "movedAxis")
    if rank == 0 { return self }
    var axes = Array(shape.indices)
    axes.insert(axes.remove(at: from), at: place)
    return permuted(axes)
  }

  /// Some axes moved to other places at once, the others keeping their order: axis from[i] becomes axis places[i].
  public func movedAxes(_ from: [Int], to places: [Int]) -> Variable {
    if from.count != places.count {
      fail("movedAxes: \(from.count) axes \(from) of \(shape) for \(places.count) places \(places)")
    }
    var order = [Int?](repeating: nil, count: rank)
    let moved = failing { () throws(ShapeError) in
      _ = try Tensor.axes(from, of: shape, "movedAxes")
      _ = try Tensor.axes(places, of: shape, "movedAxes")
      return from.map { shape.resolve(along: $0, "movedAxes") }
    }
    if rank == 0 { return self }
    for (axis, place) in zip(moved, places) { order[shape.resolve(place, "movedAxes")] = axis }
    var rest = shape.indices.filter { !moved.contains($0) }[...]
    return permuted(order.map { $0 ?? rest.removeFirst() })
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func movedAxis(_ from: Int, to place: Int) -> Tensor { Variable(self).movedAxis(from, to: place).value }

  /// The same of a Tensor.
  public func movedAxes(_ from: [Int], to places: [Int]) -> Tensor { Variable(self).movedAxes(from, to: places).value }
}
