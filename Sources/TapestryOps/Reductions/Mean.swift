import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = Σ x / n over axes of n elements in all.    dx = dy/n expanded over them
package struct Mean: Op {
  package static let name = "mean"
  let axes: [Int]?
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    return try x[0].reduced(axes, keepDims, Self.name)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let value = x.first.value
    if axes == nil && !keepDims { return (Kernel.reduceAll(Int(TP_MEAN), value), ()) }
    return (value.reduced(Int(TP_MEAN), axes, keepDims, Self.name), ())
  }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients((dy / kept.shapes[0].volume(of: axes)).spread(over: axes, of: kept.shapes[0]))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("mean", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try Mean(axes: [2], keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("mean", "floating-point", "int64", "cast(to: .float32)") { () throws(ShapeError) in
        _ = try Mean(axes: nil, keepDims: false).shape(of: Specs([[2, 3]], [.int64]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), axes = draw.filledAxes(of: shape), keepDims = draw.bool()
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) over \(axes)", isLinear: true,
      composed: { $0[0].sum(axes: axes, keepDims: keepDims) / shape.volume(of: axes) },
      call: { $0[0].mean(axes: axes, keepDims: keepDims) })
  }
}

extension Shape {
  /// How many elements the given axes (nil: all) have together.
  func volume(of axes: [Int]?) -> Int {
    guard let axes else { return volume }
    return axes.reduce(1) { $0 * size(along: resolve(along: $1, "reduction")) }
  }
}

extension Variable {
  /// The mean over the given axes (all without any); NaN over no element. `keepDims` keeps them with size 1.
  public func mean(_ axes: Int..., keepDims: Bool = false) -> Variable {
    mean(axes: axes.isEmpty ? nil : axes, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all, an empty array none.
  public func mean(axes: [Int]?, keepDims: Bool = false) -> Variable {
    Mean(axes: axes, keepDims: keepDims).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func mean(axes: [Int]?, keepDims: Bool = false) -> Tensor {
    Variable(self).mean(axes: axes, keepDims: keepDims).value
  }
}
