import TapestryAutograd
import TapestryTensors

// Here and not beside `Op`, because only in the ops' own module does the compiler specialise this for each of them.

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
    // A closure and not a generic node: methods of a generic class are called through its table, where they are not specialised.
    node.derivative = { node, first, all, wants in
      let kept = Kept(node, node.attachedOutput, extra)
      let dy = first == nil ? Result.gradients(all: all) : Result.gradients(first!)
      return (isRecording ? nil : fused(dy, kept, wants)) ?? backward(dy, kept, wants)
    }
    // One result is the rule; its copy through the protocol would be noticed.
    if Result.self == Tensor.self { return unsafeBitCast(Variable(result: unsafeBitCast(value, to: Tensor.self), node: node), to: Result.Variables.self) }
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
  @exclusivity(unchecked) fileprivate final var derivative: ((OpNode, consuming Variable?, [Variable?], Wants) -> InputGradients)?

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
    let wants = wants(&sink)
    give(derivative!(self, dy, [], wants), &sink)
  }

  override func backward(all dy: [Variable?], _ sink: inout GradientSink) {
    let wants = wants(&sink)
    give(derivative!(self, nil, dy, wants), &sink)
  }

  @inline(__always)
  private func wants(_ sink: inout GradientSink) -> Wants {  // `borrowing` would copy it
    var wants = Wants(bits: 0)
    if sink.wants(first) { wants.bits |= 1 }
    if sink.wants(second) { wants.bits |= 2 }
    if sink.wants(third) { wants.bits |= 4 }
    if !others.isEmpty { for (i, edge) in others.enumerated() where i < 61 && sink.wants(edge) { wants.bits |= 8 << UInt64(i) } }
    return wants
  }

  @inline(__always)
  private func give(_ gradients: consuming InputGradients, _ sink: inout GradientSink) {
    if let dx = gradients.first.take() { sink.give(first, dx) }
    if let dx = gradients.second.take() { sink.give(second, dx) }
    if let dx = gradients.third.take() { sink.give(third, dx) }
    if !gradients.others.isEmpty { for (i, dx) in gradients.others.enumerated() { if let dx { sink.give(others[i], dx) } } }
  }
}

extension Inputs {
  /// Those that have a history.
  var wants: Wants {
    var wants = Wants(bits: 0)
    if first.node != nil { wants.bits |= 1 }
    if second?.node != nil { wants.bits |= 2 }
    if third?.node != nil { wants.bits |= 4 }
    if !others.isEmpty { for (i, input) in others.enumerated() where i < 61 && input.node != nil { wants.bits |= 8 << UInt64(i) } }
    return wants
  }
}
