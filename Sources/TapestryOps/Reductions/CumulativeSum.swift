import CTapestry
import TapestryAutograd
import TapestryTensors

/// yᵢ = x₀ + … + xᵢ along one axis; `reversed`: yᵢ = xᵢ + … + xₙ₋₁.    dx = dy, summed in the other direction
package struct CumulativeSum: Op {
  package static let name = "cumsum"
  let axis: Int
  let reversed: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    _ = try x[0].axis(along: axis, Self.name)
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let value = x.first.value.counted, axis = shape.resolve(along: axis, "cumsum")
    if reversed { return (Kernel.scan(Int(TP_CUMSUM), value.flipped(axis), axis: axis).flipped(axis), ()) }
    return (Kernel.scan(Int(TP_CUMSUM), value, axis: axis), ())
  }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(CumulativeSum(axis: axis, reversed: !reversed).apply(Inputs(dy)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("cumsum", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try CumulativeSum(axis: 2, reversed: false).shape(of: Specs([[2, 3]], [.float32]))
      }
    ]
  ) { draw in
    let shape = draw.shape(), axis = shape.isEmpty ? draw.pick([0, -1]) : draw.int(-shape.count...shape.count - 1)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) along \(axis)", isLinear: true,
      composed: { v in
        if shape.isEmpty { return v[0] * 1 }
        let size = shape[shape.resolve(axis, "law")], ones = Variable(.ones([size, size], v[0].dtype)).triu()
        return matmul(v[0].movedAxis(axis, to: -1).unsqueezed(-2), ones).squeezed(-2).movedAxis(-1, to: axis)
      }, call: { $0[0].cumsum(axis) })
  }
}

extension Variable {
  /// The running sum along an axis: yᵢ = x₀ + … + xᵢ. Integers and bool are counted in int64, as by `sum`.
  public func cumsum(_ axis: Int) -> Variable { CumulativeSum(axis: axis, reversed: false).apply(Inputs(self)) }
}

extension Tensor {
  /// The same of a Tensor.
  public func cumsum(_ axis: Int) -> Tensor { Variable(self).cumsum(axis).value }
}
