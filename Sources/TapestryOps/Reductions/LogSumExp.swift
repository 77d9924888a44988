import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = ln Σ eˣ over axes, computed as m + ln Σ exp(x − m) with m = max x.    dx = dy·exp(x − y)
package struct LogSumExp: Op {
  package static let name = "logSumExp"
  let axes: [Int]?
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    return try x[0].reduced(axes, keepDims, Self.name)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let value = x.first.value
    if value.shape.volume(of: axes) == 0 { return (.full(shape, -Double.infinity, value.dtype), ()) }
    // An infinite maximum is not subtracted: ∞ − ∞ would be NaN.
    let max = value.reduced(Int(TP_REDUCE_MAX), axes, true, Self.name)
    let finite = Kernel.unary(Int(TP_IS_FINITE), max, name: "logSumExp")
    let shift = Kernel.select(finite, max, Tensor(0, value.dtype), shape: max.shape)
    let sum = Kernel.unary(Int(TP_EXP), value - shift, name: "logSumExp").reduced(Int(TP_SUM), axes, true, Self.name)
    return ((Kernel.unary(Int(TP_LOG), sum, name: "logSumExp") + shift).reshaped(shape), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), .output) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let x = kept[0]
    return InputGradients(exp(x - kept.output.spread(over: axes, of: x.shape)) * dy.spread(over: axes, of: x.shape))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("logSumExp", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try LogSumExp(axes: [2], keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("logSumExp", "floating-point", "int64") { () throws(ShapeError) in
        _ = try LogSumExp(axes: nil, keepDims: false).shape(of: Specs([[2, 3]], [.int64]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), axes = draw.filledAxes(of: shape), keepDims = draw.bool(), level = draw.level()
    return LawCase(
      [draw.tensor(shape, level - 2, level + 2)], label: "\(shape) over \(axes) around \(level)",
      composed: { log(exp($0[0] - level).sum(axes: axes, keepDims: keepDims)) + level },
      call: { $0[0].logSumExp(axes: axes, keepDims: keepDims) })
  }
}

extension Variable {
  /// ln Σ eˣ over the given axes (all without any), without overflow; −∞ over no element and where all are −∞.
  public func logSumExp(_ axes: Int..., keepDims: Bool = false) -> Variable {
    logSumExp(axes: axes.isEmpty ? nil : axes, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all, an empty array none.
  public func logSumExp(axes: [Int]?, keepDims: Bool = false) -> Variable {
    LogSumExp(axes: axes, keepDims: keepDims).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func logSumExp(_ axes: Int..., keepDims: Bool = false) -> Tensor {
    Variable(self).logSumExp(axes: axes.isEmpty ? nil : axes, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func logSumExp(axes: [Int]?, keepDims: Bool = false) -> Tensor {
    Variable(self).logSumExp(axes: axes, keepDims: keepDims).value
  }
}
