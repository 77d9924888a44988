import TapestryAutograd
import TapestryTensors

/// yᵢ = xᵢ − ln Σⱼ exp xⱼ along an axis.    dx = dy − exp y·Σ dy
package struct LogSoftmaxOp: Op {
  package static let name = "logSoftmax"
  let axis: Int

  package func shape(of x: Specs) throws(ShapeError) -> Shape { try x.alongAxis(axis, Self.name) }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.softmax(log: true, x.first.value, axis: shape.resolve(axis, Self.name)), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { .output }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let y = kept.output
    if !isRecording {
      let axis = y.shape.resolve(axis, Self.name)
      return InputGradients(Variable(result: Kernel.softmaxGradient(log: true, y: y.value, dy: dy.value, axis: axis)))
    }
    return InputGradients(dy - exp(y) * dy.sum(axis, keepDims: true))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("logSoftmax", "axis -3", "[2, 3]") { () throws(ShapeError) in _ = try LogSoftmaxOp(axis: -3).shape(of: Specs([[2, 3]], [.float32])) }
    ], neverScalar: true
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis()
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) along \(axis)", composed: { $0[0] - $0[0].logSumExp(axis, keepDims: true) },
      call: { logSoftmax($0[0], axis: axis) })
  }
}

/// x − ln Σ exp x along an axis: the logarithm of `softmax`, without its loss of precision where that is near 0.
public func logSoftmax(_ x: Variable, axis: Int = -1) -> Variable { LogSoftmaxOp(axis: axis).apply(Inputs(x)) }
