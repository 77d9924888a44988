import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = Σ (x − mean x)²/max(0, n − correction) over axes of n elements in all.
/// dx = 2·dy·(x − mean x)/max(0, n − correction)
package struct Variance: Op {
  package static let name = "variance"
  let axes: [Int]?
  let correction: Double
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    return try x[0].reduced(axes, keepDims, Self.name)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (x.first.value.variance(axes, correction, keepDims), ())
  }
  package func keeps(_ wants: Wants) -> Keeps { .input(0) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(kept[0].varianceGradient(dy, axes, correction))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("variance", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try Variance(axes: [2], correction: 1, keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("variance", "floating-point", "int64") { () throws(ShapeError) in
        _ = try Variance(axes: nil, correction: 1, keepDims: false).shape(of: Specs([[2, 3]], [.int64]))
      },
    ]
  ) { draw in
    let (shape, axes, correction) = draw.variedAxes(scalar: true), keepDims = draw.bool()
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) over \(axes), correction \(correction)",
      composed: { Variance.composed($0[0], axes, correction, keepDims) },
      call: { $0[0].variance(axes: axes, correction: correction, keepDims: keepDims) })
  }
}

extension Variance {
  /// The formula in other ops.
  static func composed(_ x: Variable, _ axes: [Int], _ correction: Double, _ keepDims: Bool) -> Variable {
    let n = Double(x.shape.volume(of: axes)), centred = x - x.sum(axes: axes, keepDims: true) / n
    return square(centred).sum(axes: axes, keepDims: keepDims) / (n - correction)
  }
}

/// y = √variance.    dx = dy/2y · d variance, 0 where y = 0
package struct StandardDeviation: Op {
  package static let name = "standardDeviation"
  let axes: [Int]?
  let correction: Double
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    return try x[0].reduced(axes, keepDims, Self.name)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.unary(Int(TP_SQRT), x.first.value.variance(axes, correction, keepDims), name: "standardDeviation"), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), .output) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let y = kept.output
    return InputGradients(kept[0].varianceGradient(dy.quotient(by: y) / 2, axes, correction))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("standardDeviation", "twice") { () throws(ShapeError) in
        _ = try StandardDeviation(axes: [1, -1], correction: 1, keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      }
    ], neverScalar: true  // one element deviates by 0, where the root has a corner
  ) { draw in
    let (shape, axes, correction) = draw.variedAxes(), keepDims = draw.bool()
    return LawCase(
      [draw.checkered(shape)], label: "\(shape) over \(axes), correction \(correction)",
      composed: { sqrt(Variance.composed($0[0], axes, correction, keepDims)) },
      call: { $0[0].standardDeviation(axes: axes, correction: correction, keepDims: keepDims) })
  }
}

extension Tensor {
  fileprivate func variance(_ axes: [Int]?, _ correction: Double, _ keepDims: Bool) -> Tensor {
    let axes = failing { () throws(ShapeError) in try Tensor.axes(axes, of: shape, "variance") }
    return Kernel.variance(self, axes: axes, keepDims: keepDims, correction: correction)
  }
}

extension Variable {
  fileprivate func varianceGradient(_ dy: Variable, _ axes: [Int]?, _ correction: Double) -> Variable {
    let divisor = Swift.max(0, Double(shape.volume(of: axes)) - correction)
    return (self - mean(axes: axes ?? Array(shape.indices), keepDims: true))
      * (dy * (2 / divisor)).spread(over: axes, of: shape)
  }
}

extension Draw {
  /// A shape, axes over which two elements or more vary, and a correction. With `scalar` sometimes a scalar and a
  /// correction less than its one element.
  fileprivate mutating func variedAxes(scalar: Bool = false) -> (Shape, [Int], correction: Double) {
    if scalar && int(0...9) == 0 { return (Shape(), axes(of: []), pick([0, 0.5])) }
    var shape = shape(rank: int(1...3))
    let axis = int(0...shape.count - 1)
    shape[axis] = Swift.max(shape[axis], 2)
    var axes = [bool() ? axis : axis - shape.count]
    for other in shape.indices where other != axis && shape[other] > 0 && bool() { axes.append(other) }
    return (shape, axes, pick([0, 1, 0.5]))
  }

  /// Numbers that differ by one or more from their neighbors along every axis, so that no deviation comes near 0.
  fileprivate mutating func checkered(_ shape: Shape) -> Tensor {
    var numbers: [Double] = []
    for i in 0..<shape.volume {
      var rest = i, parity = 0
      for size in shape.reversed() {
        parity += rest % size
        rest /= size
      }
      numbers.append(Double(parity % 2 * 2 - 1) + real(-0.5, 0.5))
    }
    return Tensor(numbers, shape: shape)
  }
}

extension Variable {
  /// The variance over the given axes (all without any): Σ (x − mean)²/(n − correction). A correction of 1, PyTorch's
  /// default, is Bessel's; 0 gives the variance of the elements themselves. NaN where n ≤ correction.
  public func variance(_ axes: Int..., correction: Double = 1, keepDims: Bool = false) -> Variable {
    variance(axes: axes.isEmpty ? nil : axes, correction: correction, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all.
  public func variance(axes: [Int]?, correction: Double = 1, keepDims: Bool = false) -> Variable {
    Variance(axes: axes, correction: correction, keepDims: keepDims).apply(Inputs(self))
  }

  /// The standard deviation over the given axes (all without any), the root of `variance`. Where it is 0 the gradient
  /// is 0.
  public func standardDeviation(_ axes: Int..., correction: Double = 1, keepDims: Bool = false) -> Variable {
    standardDeviation(axes: axes.isEmpty ? nil : axes, correction: correction, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all.
  public func standardDeviation(axes: [Int]?, correction: Double = 1, keepDims: Bool = false) -> Variable {
    StandardDeviation(axes: axes, correction: correction, keepDims: keepDims).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func variance(axes: [Int]?, correction: Double = 1, keepDims: Bool = false) -> Tensor {
    Variable(self).variance(axes: axes, correction: correction, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func standardDeviation(axes: [Int]?, correction: Double = 1, keepDims: Bool = false) -> Tensor {
    Variable(self).standardDeviation(axes: axes, correction: correction, keepDims: keepDims).value
  }
}
