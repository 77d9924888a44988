import TapestryAutograd
import TapestryTensors

/// y = x, in row-major memory without gaps.    dx = dy
package struct Contiguous: Op {
  package static let name = "contiguous"
  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    if x.shapes.count != 1 { throw ShapeError("contiguous: takes one input, got \(x.shapes)") }
    return x[0]
  }
  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) { (x.first.value.contiguous(), ()) }
  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients { InputGradients(dy) }

  package static let law = Law(
    name,
    misuse: [
      .init("contiguous", "[2]", "[3]") { () throws(ShapeError) in
        _ = try Contiguous().shape(of: Specs([[2], [3]], [.float32, .float32]))
      }
    ]
  ) { draw in
    let shape = draw.shape()
    return LawCase([draw.tensor(shape)], label: "\(shape)", isLinear: true) { x in
      let order = Array(shape.indices.reversed())
      return x[0].permuted(order).contiguous().permuted(order)
    }
  }
}

extension Variable {
  /// The same elements in row-major memory without gaps; itself when they lie so already.
  public func contiguous() -> Variable { value.isContiguous ? self : Contiguous().apply(Inputs(self)) }
}
