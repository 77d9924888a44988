import TapestryAutograd
import TapestryTensors

/// The order along some axes reversed: y[i] = x[n − 1 − i], a view.    dx = dy flipped
package struct Flip: AdjointPair {
  package static let name = "flipped"
  let axes: [Int]

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    _ = try Tensor.axes(axes, of: x[0], Self.name)
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) { (x.first.value.flipped(axes), ()) }
  package func adjoint(of _: Shape) -> Flip { self }

  package static let law = Law(
    name,
    misuse: [
      .init("flipped", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try Flip(axes: [2]).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("flipped", "twice") { () throws(ShapeError) in
        _ = try Flip(axes: [1, -1]).shape(of: Specs([[2, 3]], [.float32]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), axes = draw.axes(of: shape)
    return LawCase([draw.tensor(shape)], label: "\(shape) along \(axes)", isLinear: true) { $0[0].flipped(axes) }
  }
}

extension Variable {
  /// The order along the given axes reversed, without copying.
  public func flipped(_ axes: [Int]) -> Variable { Flip(axes: axes).apply(Inputs(self)) }
  /// The order along these axes reversed.
  public func flipped(_ axes: Int...) -> Variable { flipped(axes) }

  /// Turned by 90° `times` times in the plane of two axes, from the first towards the second.
  public func rotated90(_ times: Int = 1, axes: (Int, Int) = (0, 1)) -> Variable {
    let (a, b) = (shape.resolve(axes.0, "rotated90"), shape.resolve(axes.1, "rotated90"))
    if a == b { fail("rotated90: needs two different axes of \(shape), got \(axes)") }
    return switch ((times % 4) + 4) % 4 {
    case 1: flipped(b).transposed(a, b)
    case 2: flipped(a, b)
    case 3: transposed(a, b).flipped(b)
    default: self
    }
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func rotated90(_ times: Int = 1, axes: (Int, Int) = (0, 1)) -> Tensor {
    Variable(self).rotated90(times, axes: axes).value
  }
}
