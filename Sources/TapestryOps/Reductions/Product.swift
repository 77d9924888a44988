import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = Π x over axes.
/// dxᵢ = dy·Π xⱼ over j ≠ i: what is before i times what is after it, so that zeros are no special case
package struct Product: Op {
  package static let name = "prod"
  let axes: [Int]?
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name, floating: false)
    return try x[0].reduced(axes, keepDims, Self.name)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (x.first.value.reduced(Int(TP_PROD), axes, keepDims, Self.name, dtype: Kernel.sumType(x.first.dtype)), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { .input(0) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let x = kept[0], shape = x.shape
    let reduced = failing { () throws(ShapeError) in try Tensor.axes(axes, of: shape, Self.name) }
    // The reduced axes as one, the last.
    let order = shape.indices.filter { !reduced.contains($0) } + reduced
    let moved = x.permuted(order)
    let lines = moved.reshaped(Shape(moved.shape.dropLast(reduced.count) + [shape.volume(of: reduced)]))
    let before = CumulativeProduct(axis: -1, reversed: false).apply(Inputs(lines)).shifted(-1, 1, filling: 1)
    let after = CumulativeProduct(axis: -1, reversed: true).apply(Inputs(lines)).shifted(-1, -1, filling: 1)
    let others = (before * after).reshaped(moved.shape).permuted(shape.indices.map { order.firstIndex(of: $0)! })
    return InputGradients(others * dy.spread(over: axes, of: shape))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("prod", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try Product(axes: [2], keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      }
    ]
  ) { draw in
    // Some elements 0, and few enough factors for float32.
    var shape = Shape()
    for _ in 0..<draw.int(0...3) { shape.append(draw.size(most: 3)) }
    let axes = draw.axes(of: shape), keepDims = draw.bool()
    let numbers = (0..<shape.volume).map { _ in draw.int(0...5) == 0 ? 0 : draw.real(0.5, 1.5) * (draw.bool() ? 1 : -1)
    }
    return LawCase([Tensor(numbers, shape: shape)], label: "\(shape) over \(axes)") {
      $0[0].prod(axes: axes, keepDims: keepDims)
    }
  }
}

extension Variable {
  /// The product over the given axes (all without any); 1 over no element. `keepDims` keeps them with size 1.
  public func prod(_ axes: Int..., keepDims: Bool = false) -> Variable {
    prod(axes: axes.isEmpty ? nil : axes, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all, an empty array none.
  public func prod(axes: [Int]?, keepDims: Bool = false) -> Variable {
    Product(axes: axes, keepDims: keepDims).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func prod(_ axes: Int..., keepDims: Bool = false) -> Tensor {
    Variable(self).prod(axes: axes.isEmpty ? nil : axes, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func prod(axes: [Int]?, keepDims: Bool = false) -> Tensor {
    Variable(self).prod(axes: axes, keepDims: keepDims).value
  }
}
