import TapestryAutograd
import TapestryTensors

/// yᵢ = exp xᵢ / Σⱼ exp xⱼ along an axis.    dx = y·(dy − Σ y·dy)
///
/// With `log` its logarithm yᵢ = xᵢ − ln Σⱼ exp xⱼ.    dx = dy − exp y·Σ dy
package struct SoftmaxOp: Op {
  package static let name = "softmax"
  let axis: Int
  var log = false

  package var title: String { log ? "logSoftmax" : "softmax" }

  package func shape(of x: Specs) throws(ShapeError) -> Shape { try x.alongAxis(axis, title) }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.softmax(log: log, x.first.value, axis: shape.resolve(along: axis, title)), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { .output }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let y = kept.output
    if !isRecording {
      return InputGradients(
        Variable(
          result: Kernel.softmaxGradient(log: log, y: y.value, dy: dy.value, axis: y.shape.resolve(along: axis, title)))
      )
    }
    return InputGradients(
      log ? dy - exp(y) * dy.sum(axis, keepDims: true) : y * (dy - (y * dy).sum(axis, keepDims: true)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("softmax", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try SoftmaxOp(axis: 2).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("softmax", "floating-point", "int64") { () throws(ShapeError) in
        _ = try SoftmaxOp(axis: 0).shape(of: Specs([[2, 3]], [.int64]))
      },
    ]
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis(scalar: true), log = draw.bool(), level = draw.level()
    return LawCase(
      [draw.tensor(shape, level - 2, level + 2)], label: "\(shape) along \(axis) around \(level), log \(log)",
      composed: {
        let logs = $0[0] - $0[0].logSumExp(axis, keepDims: true)
        return log ? logs : exp(logs)
      },
      call: { log ? logSoftmax($0[0], axis: axis) : softmax($0[0], axis: axis) })
  }
}

extension Specs {
  /// The shape of an op that works along one axis and changes nothing else.
  func alongAxis(_ axis: Int, _ name: String) throws(ShapeError) -> Shape {
    try sameType(name)
    _ = try self[0].axis(along: axis, name)
    return self[0]
  }
}

extension Draw {
  /// A shape of one axis or more, and one of its axes by any of its two names, not of size 0 (others may be). With
  /// `scalar` sometimes a scalar.
  mutating func shapeAndFilledAxis(scalar: Bool = false) -> (Shape, Int) {
    if scalar && int(0...9) == 0 { return (Shape(), pick([0, -1])) }
    var shape = shape(rank: int(1...4))
    let axis = int(0...shape.count - 1)
    if shape[axis] == 0 { shape[axis] = 3 }
    return (shape, bool() ? axis : axis - shape.count)
  }
}

/// exp x / Σ exp x along an axis: positive numbers whose sum is 1. Large x do not overflow. A scalar counts as an axis
/// of one number.
public func softmax(_ x: Variable, axis: Int = -1) -> Variable { SoftmaxOp(axis: axis).apply(Inputs(x)) }

/// The same of a Tensor.
@_disfavoredOverload
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  softmax(Variable(x), axis: axis).value
}

/// x − ln Σ exp x along an axis: the logarithm of `softmax`, without its loss of precision where that is near 0.
public func logSoftmax(_ x: Variable, axis: Int = -1) -> Variable { SoftmaxOp(axis: axis, log: true).apply(Inputs(x)) }

/// The same of a Tensor.
@_disfavoredOverload
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
  logSoftmax(Variable(x), axis: axis).value
}

/// softmax(−x): the smallest number gets the largest share.
public func softmin(_ x: Variable, axis: Int = -1) -> Variable {
  _ = failing { () throws(ShapeError) in try Specs(Inputs(x)).alongAxis(axis, "softmin") }
  return softmax(-x, axis: axis)
}

/// The same of a Tensor.
@_disfavoredOverload
public func softmin(_ x: Tensor, axis: Int = -1) -> Tensor {
  softmin(Variable(x), axis: axis).value
}
