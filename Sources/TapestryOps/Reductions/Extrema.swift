import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = max x over axes.    dx = dy, in equal parts to the elements that are largest
package struct Amax: Op {
  package static let name = "amax"
  let axes: [Int]?
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape { try x[0].extremum(axes, keepDims, Self.name) }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (x.first.value.reduced(Int(TP_REDUCE_MAX), axes, keepDims, Self.name), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), .output) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(dy.shared(amongst: kept[0].value, equalTo: kept.output.value, over: axes))
  }

  package static let law = Law(
    name, misuse: [.emptyAxis(name) { x throws(ShapeError) in _ = try Amax(axes: [0], keepDims: false).shape(of: x) }]
  ) { draw in
    draw.extremum { $0.amax(axes: $1, keepDims: $2) }
  }
}

/// y = min x over axes.    dx = dy, in equal parts to the elements that are smallest
package struct Amin: Op {
  package static let name = "amin"
  let axes: [Int]?
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape { try x[0].extremum(axes, keepDims, Self.name) }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (x.first.value.reduced(Int(TP_REDUCE_MIN), axes, keepDims, Self.name), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), .output) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(dy.shared(amongst: kept[0].value, equalTo: kept.output.value, over: axes))
  }

  package static let law = Law(
    name, misuse: [.emptyAxis(name) { x throws(ShapeError) in _ = try Amin(axes: [0], keepDims: false).shape(of: x) }]
  ) { draw in
    draw.extremum { $0.amin(axes: $1, keepDims: $2) }
  }
}

extension Shape {
  fileprivate func extremum(_ axes: [Int]?, _ keepDims: Bool, _ op: String) throws(ShapeError) -> Shape {
    let result = try reduced(axes, keepDims, op)
    for axis in try Tensor.axes(axes, of: self, op) where self[axis] == 0 {
      throw ShapeError("\(op): axis \(axis) of \(self) is empty, so there is no \(op)")
    }
    return result
  }
}

extension Variable {
  /// The gradient of a reduction, in equal parts to the elements that equal its result; to the NaNs where the result is
  /// NaN.
  func shared(amongst x: Tensor, equalTo y: Tensor, over axes: [Int]?) -> Variable {
    let axes = failing { () throws(ShapeError) in try Tensor.axes(axes, of: x.shape, "amax") }
    var kept = x.shape
    for axis in axes { kept[axis] = 1 }
    let chosen = (x .== y.reshaped(kept)) | Kernel.unary(Int(TP_IS_NAN), x, name: "amax")
    let count = chosen.cast(to: dtype).reduced(Int(TP_SUM), axes, true, "amax")
    return (reshaped(kept) / count).where(chosen, 0)
  }
}

extension Law.Misuse {
  fileprivate static func emptyAxis(_ op: String, _ shape: @escaping @Sendable (Specs) throws(ShapeError) -> Void)
    -> Law.Misuse
  {
    Law.Misuse(op, "axis 0 of [0, 3] is empty") { () throws(ShapeError) in try shape(Specs([[0, 3]], [.float32])) }
  }
}

extension Draw {
  /// Numbers in −2 ..< 2, no two nearer than 4/count: clear of ties.
  mutating func distinct(_ shape: Shape) -> Tensor {
    let step: Double = 4 / Double(shape.volume)
    let numbers: [Double] = Array(0..<shape.volume).shuffledBy(&self).map { (i: Int) -> Double in
      (Double(i) + 0.5) * step - 2
    }
    return Tensor(numbers, shape: shape)
  }

  fileprivate mutating func extremum(_ op: @escaping (Variable, [Int], Bool) -> Variable) -> LawCase {
    var shape = Shape()
    for _ in 0..<int(0...3) { shape.append(size(most: 4)) }
    let axes = filledAxes(of: shape), keepDims = bool()
    return LawCase([distinct(shape)], label: "\(shape) over \(axes)", isLinear: true) { op($0[0], axes, keepDims) }
  }
}

extension Variable {
  /// The largest element over the given axes (all without any); NaN if there is one. Equal ones share the gradient. An
  /// empty axis is a mistake.
  public func amax(_ axes: Int..., keepDims: Bool = false) -> Variable {
    amax(axes: axes.isEmpty ? nil : axes, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all.
  public func amax(axes: [Int]?, keepDims: Bool = false) -> Variable {
    Amax(axes: axes, keepDims: keepDims).apply(Inputs(self))
  }

  /// The smallest element over the given axes (all without any); NaN if there is one. Equal ones share the gradient. An
  /// empty axis is a mistake.
  public func amin(_ axes: Int..., keepDims: Bool = false) -> Variable {
    amin(axes: axes.isEmpty ? nil : axes, keepDims: keepDims)
  }

  /// The same with the axes as an array; nil means all.
  public func amin(axes: [Int]?, keepDims: Bool = false) -> Variable {
    Amin(axes: axes, keepDims: keepDims).apply(Inputs(self))
  }

  /// The largest element of all.
  public func max() -> Variable { amax(axes: nil) }

  /// The smallest element of all.
  public func min() -> Variable { amin(axes: nil) }
}

extension Tensor {
  /// The same of a Tensor.
  public func amax(axes: [Int]?, keepDims: Bool = false) -> Tensor {
    Variable(self).amax(axes: axes, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func amin(axes: [Int]?, keepDims: Bool = false) -> Tensor {
    Variable(self).amin(axes: axes, keepDims: keepDims).value
  }
}
