import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = Σ x over axes.    dx = dy expanded over them
package struct Sum: Op {
  package static let name = "sum"
  let axes: [Int]?
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    axes == nil && !keepDims ? Shape() : try x[0].reduced(axes, keepDims, Self.name)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let value = x.first.value
    guard let axes else {
      let y = Kernel.reduceAll(Int(TP_SUM), value, dtype: Kernel.sumType(value.dtype))
      return (keepDims ? y.reshaped(shape) : y, ())
    }
    return (value.reduced(Int(TP_SUM), axes, keepDims, Self.name, dtype: Kernel.sumType(value.dtype)), ())
  }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    axes == nil && !keepDims
      ? InputGradients(expand(dy, kept.shapes[0])) : InputGradients(dy.spread(over: axes, of: kept.shapes[0]))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("sum", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try Sum(axes: [2], keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("sum", "twice") { () throws(ShapeError) in
        _ = try Sum(axes: [1, -1], keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), axes = draw.axes(of: shape), keepDims = draw.bool()
    return LawCase([draw.tensor(shape)], label: "\(shape) over \(axes)", isLinear: true) {
      $0[0].sum(axes: axes, keepDims: keepDims)
    }
  }
}

extension Shape {
  /// The shape after a reduction over `axes` (nil: all).
  package func reduced(_ axes: [Int]?, _ keepDims: Bool, _ op: String) throws(ShapeError) -> Shape {
    let axes = try Tensor.axes(axes, of: self, op)
    return Shape(enumerated().compactMap { axes.contains($0.offset) ? (keepDims ? 1 : nil) : $0.element })
  }
}

extension Draw {
  /// Some of a shape's axes, perhaps none, some of them counted from the end. A scalar's is 0 or −1.
  mutating func axes(of shape: Shape) -> [Int] {
    if shape.isEmpty { return pick([[], [0], [-1]]) }
    var axes: [Int] = []
    for axis in shape.indices where bool() { axes.append(bool() ? axis : axis - shape.count) }
    return axes
  }

  /// The same without axes of size 0: for reductions of which nothing has no value.
  mutating func filledAxes(of shape: Shape) -> [Int] {
    axes(of: shape).filter { shape.size(along: shape.resolve(along: $0, "law")) > 0 }
  }
}

extension Variable {
  /// The adjoint of a reduction: a reduced gradient (with or without its axes of size 1) repeated over `axes` of
  /// `shape`.
  func spread(over axes: [Int]?, of shape: Shape) -> Variable {
    if rank == 0 || rank == shape.count { return expand(self, shape) }
    var kept = shape
    for axis in failing({ () throws(ShapeError) in try Tensor.axes(axes, of: shape, "sum") }) { kept[axis] = 1 }
    return expand(reshaped(kept), shape)
  }

  /// The sum over the given axes (all without any). `keepDims` keeps them with size 1.
  public func sum(_ axes: Int..., keepDims: Bool = false) -> Variable {
    sum(axes: axes.isEmpty ? nil : axes, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all, an empty array none.
  public func sum(axes: [Int]?, keepDims: Bool = false) -> Variable {
    Sum(axes: axes, keepDims: keepDims).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func sum(axes: [Int]?, keepDims: Bool = false) -> Tensor {
    Variable(self).sum(axes: axes, keepDims: keepDims).value
  }
}
