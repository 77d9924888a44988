import TapestryAutograd
import TapestryTensors

// y = x repeated to a larger shape, without copying; dx = Σ dy over the repeated axes. The engine needs it itself: its
// node stands in TapestryAutograd/Structural.swift.

package enum Expand {
  static func check(_ x: Shape, _ sizes: [Int]) throws(ShapeError) -> Shape {
    let added = sizes.count - x.count
    if sizes.count > Shape.maximumRank { throw ShapeError("expanded: \(sizes) has more than 8 axes") }
    if added < 0 || sizes.prefix(Swift.max(0, added)).contains(-1) {
      throw ShapeError(
        """
        expanded: \(x) does not broadcast to \
        \(sizes)\(added < 0 ? ", which has fewer axes" : ": a new axis needs a size")
        """)
    }
    let filled = sizes.enumerated().map { $1 == -1 ? x[$0 - added] : $1 }
    for (axis, size) in filled.enumerated()
    where size < 0 || (axis >= added && x[axis - added] != size && x[axis - added] != 1) {
      throw ShapeError(
        "expanded: \(x) does not broadcast to \(sizes): axis \(axis) has size \(axis < added ? 1 : x[axis - added])")
    }
    let shape = Shape(filled)
    _ = shape.volume  // must be countable
    return shape
  }

  package static let expansion = Law(
    "expanded",
    misuse: [
      .init("expanded", "[2, 3]", "[2, 4]", "axis 1 has size 3") { () throws(ShapeError) in
        _ = try check([2, 3], [2, 4])
      },
      .init("expanded", "[2, 3]", "fewer axes") { () throws(ShapeError) in _ = try check([2, 3], [3]) },
      .init("expanded", "new axis") { () throws(ShapeError) in _ = try check([3], [-1, 3]) },
    ]
  ) { draw in
    let whole = draw.shape()
    let small = whole.map { draw.bool() ? 1 : $0 }
    let x = Shape(small.dropFirst(draw.int(0...small.count)))
    return LawCase([draw.tensor(x)], label: "\(x) to \(whole)", isLinear: true) { $0[0].expanded(to: whole) }
  }
}

extension Variable {
  /// Repeated to a larger shape without copying, after NumPy's broadcasting rule: axes of size 1 repeat, new ones come
  /// in front.
  public func expanded(to shape: Shape) -> Variable {
    let shape = failing { () throws(ShapeError) in try Expand.check(self.shape, Array(shape)) }
    return shape == self.shape ? self : expand(self, shape)
  }

  /// The same with sizes listed; −1 keeps an axis as it is: `x.expanded(32, -1)`.
  public func expanded(_ sizes: Int...) -> Variable { expanded(sizes) }

  /// The same with sizes that were computed as an array.
  public func expanded(_ sizes: [Int]) -> Variable {
    let shape = failing { () throws(ShapeError) in try Expand.check(self.shape, sizes) }
    return shape == self.shape ? self : expand(self, shape)
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func expanded(_ sizes: Int...) -> Tensor { Variable(self).expanded(sizes).value }

  /// The same of a Tensor.
  public func expanded(_ sizes: [Int]) -> Tensor { Variable(self).expanded(sizes).value }
}
