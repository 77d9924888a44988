import TapestryAutograd
import TapestryTensors

// Here and not beside `Op`, because only in the ops' own module does the compiler specialize this for each of them.

extension Op {
  /// Runs the op on inputs, recording it where a gradient is wanted.
  func apply(_ x: Inputs) -> Result.Variables {
    let shape = failing { () throws(ShapeError) in try self.shape(of: x.specs) }
    return apply(x, shape)
  }

  /// The same where the shape is known already.
  func apply(_ x: Inputs, _ shape: Result.Shapes) -> Result.Variables {
    let (value, extra) = forward(x, shape)
    if Gate.isWatched { Gate.show(value, title, value.mismatch(shape)) }
    return record(x, value, extra)
  }

  /// The results of a forward that ran, on the tape where a gradient is wanted.
  @inline(__always)
  func record(_ x: borrowing Inputs, _ value: consuming Result, _ extra: consuming Extra) -> Result.Variables {
    if !isRecording || !x.requiresGrad { return value.variables(nil) }
    let extra = extra, keeps = keeps(x.wants), node = OpNode(x, title, value.firstShape)
    if Result.self != Tensor.self { node.moreShapes = value.others.map(\.shape) }
    if keeps != .nothing || MemoryLayout<Extra>.size > 0 {
      node.keep(x, keeps)
      if keeps.contains(.output) { node.output = Variable(result: value.first) }
    }
    // A closure and not a generic node: methods of a generic class are called through its table, where they are not
    // specialized.
    node.derivative = { node, first, all, wants in
      let kept = Kept(node, node.attachedOutput, extra)
      let dy = first == nil ? Result.gradients(all: all) : Result.gradients(first!)
      return (isRecording ? nil : fused(dy, kept, wants)) ?? backward(dy, kept, wants)
    }
    // One result is the rule; its copy through the protocol would be noticed.
    if Result.self == Tensor.self {
      return unsafeBitCast(
        Variable(result: unsafeBitCast(value, to: Tensor.self), node: node), to: Result.Variables.self)
    }
    return value.variables(node)
  }
}

extension AdjointPair {
  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(adjoint(of: kept.shapes[0]).apply(Inputs(dy)))
  }
}

/// The tape's entry for an `Op`.
final class OpNode: KeepingNode {
  private let title: String

  /// The op's backward for the gradient of its only result, or of all, which holds the op and what its forward left.
  @exclusivity(unchecked) fileprivate final var derivative:
    ((OpNode, consuming Variable?, [Variable?], Wants) -> InputGradients)?

  override var name: String { title }

  @inline(__always)
  init(_ x: borrowing Inputs, _ title: String, _ shape: Shape) {
    self.title = title
    super.init(
      shape: shape, Edge(x.first), x.second.map { Edge($0) } ?? Edge(), x.third.map { Edge($0) } ?? Edge(),
      others: x.others.isEmpty ? [] : x.others.map { Edge($0) })
  }

  /// The output that was kept, on the tape again.
  @inline(__always)
  fileprivate var attachedOutput: Variable? {
    guard let output, isRecording else { return output }
    return Variable(result: output.value, node: self)
  }

  override func release() {
    super.release()
    if isReleased { derivative = nil }
  }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    let wants = wanted(&sink)
    give(derivative!(self, dy, [], wants), &sink)
  }

  override func backward(all dy: [Variable?], _ sink: inout GradientSink) {
    let wants = wanted(&sink)
    give(derivative!(self, nil, dy, wants), &sink)
  }
}
