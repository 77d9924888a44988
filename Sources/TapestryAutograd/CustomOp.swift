import TapestryTensors

/// An operation with a derivative of your own.
///
///     /// y = x³,  dx = 3·x²·dy
///     func cube(_ x: Variable) -> Variable {
///       customOp("cube", [x]) { x in
///         x[0] * x[0] * x[0]
///       } backward: { x, y, dy in
///         [3 * x[0] * x[0] * dy]
///       }
///     }
///
/// - Parameters:
///   - name: Stands in messages and in drawings of the graph.
///   - inputs: What the operation is differentiated for; all of them are kept for backward, and so is the result.
///   - forward: Computes the result from the inputs' values.
///   - backward: Gives the gradient of each input (nil for zero) from the inputs, the result and the result's gradient. A gradient of a shape that the
///     input broadcasts to is summed. Written in operations on Variables it can be differentiated again; `gradientCheck` tells whether it is right.
///     It runs later: what it captures besides (a `var`, a parameter) it sees as that is then, so make everything it computes with an input.
///
/// Traps when the number of gradients or a gradient's shape or type does not fit the inputs.
public func customOp(
  _ name: String, _ inputs: [Variable], forward: ([Tensor]) -> Tensor,
  backward: @escaping (_ inputs: [Variable], _ result: Variable, _ dy: Variable) -> [Variable?]
) -> Variable {
  let value = forward(inputs.map(\.value))
  if Gate.isWatched { Gate.show(value, name) }
  guard isRecording, inputs.contains(where: { $0.node != nil }) else { return Variable(result: value) }
  if !value.dtype.isFloatingPoint { fail("\(name): the result is \(value.dtype), which has no gradient; compute it inside noGrad") }
  return Variable(result: value, node: CustomNode(name, inputs, value, backward))
}

final class CustomNode: Node {
  typealias Derivative = ([Variable], Variable, Variable) -> [Variable?]

  private let title: String
  private let count: Int
  @exclusivity(unchecked) private final var inputs: [Variable]
  @exclusivity(unchecked) private final var result: Tensor?
  @exclusivity(unchecked) private final var derivative: Derivative?

  init(_ name: String, _ inputs: [Variable], _ result: Tensor, _ derivative: @escaping Derivative) {
    title = name
    count = inputs.count
    self.inputs = inputs.map { $0.kept() }
    self.result = result
    self.derivative = derivative
    super.init(shape: result.shape, Edge(), others: inputs.map { Edge($0) })
  }

  override var name: String { title }
  override var isReleased: Bool { derivative == nil }

  override func release() {
    inputs = []
    result = nil
    derivative = nil
  }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    let dtype = dy.dtype
    let gradients = derivative!(inputs, Variable(result: result!, node: isRecording ? self : nil), dy)
    if gradients.count != count { fail("\(title): backward gave \(gradients.count) gradients for \(count) inputs") }
    for (i, dx) in gradients.enumerated() {
      guard let dx, others[i].node != nil else { continue }
      let shape = inputs[i].shape
      if shape.broadcast(with: dx.shape) != dx.shape || dx.dtype != dtype {
        fail("\(title): backward gave a gradient of \(dx.dtype) \(dx.shape) for input \(i), which is \(inputs[i].dtype) \(shape)")
      }
      sink.give(others[i], dx)
    }
  }
}
