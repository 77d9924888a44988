import TapestryAutograd
import TapestryTensors

/// yᵢ = xᵢ₋ₛ along one axis, 0 where nothing comes from.    dx = dy, shifted back
package struct Shift: Op {
  package static let name = "shift"
  let axis: Int
  let offset: Int

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    if x[0].axis(axis) == nil { throw ShapeError("shift: axis \(axis) does not exist in \(x[0]), which has \(x[0].count) axes") }
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.shifted(x.first.value, axis: shape.resolve(axis, Self.name), by: offset), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { .nothing }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(Shift(axis: axis, offset: -offset).apply(Inputs(dy)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("shift", "axis 2", "[2, 3]") { () throws(ShapeError) in _ = try Shift(axis: 2, offset: 1).shape(of: Specs([[2, 3]], [.float32])) }
    ], neverScalar: true
  ) { draw in
    let shape = draw.shape(rank: draw.int(1...4)), axis = draw.int(-shape.count...shape.count - 1), offset = draw.int(-5...5)
    return LawCase([draw.tensor(shape)], label: "\(shape) along \(axis) by \(offset)", isLinear: true) {
      Shift(axis: axis, offset: offset).apply(Inputs($0[0]))
    }
  }
}

extension Variable {
  /// The running product along an axis: yᵢ = x₀·…·xᵢ.
  ///
  /// Composed of log₂ n steps, in each of which a product of s factors takes over the s factors before it. No element is divided by, so
  /// derivatives of every order are right where elements are 0.
  public func cumprod(_ axis: Int) -> Variable { runningProduct(axis, direction: 1) }

  /// From the front with `direction` 1, from the back with −1.
  func runningProduct(_ axis: Int, direction: Int) -> Variable {
    let size = shape[shape.resolve(axis, "cumprod")]
    var y = self, step = 1
    while step < size {
      y = y * y.shiftedOnes(axis, step * direction)
      step *= 2
    }
    return y
  }

  /// Shifted, with ones where nothing comes from.
  func shiftedOnes(_ axis: Int, _ offset: Int) -> Variable {
    let axis = shape.resolve(axis, "cumprod"), size = shape[axis]
    var line = Shape(shape.map { _ in 1 })
    line[axis] = size
    let positions = (0..<size).map { $0 - offset }
    let inside = Tensor(positions.map { $0 >= 0 && $0 < size }, shape: line)
    return Shift(axis: axis, offset: offset).apply(Inputs(self)).where(inside, 1)
  }
}
