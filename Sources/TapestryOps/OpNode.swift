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
    let node = OpNode(self, x, value, extra)
    return value.variables(node)
  }
}

extension AdjointPair {
  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(adjoint(of: kept.shapes[0]).apply(Inputs(dy)))
  }
}

/// The tape's entry for an `Op`.
final class OpNode<O: Op>: KeepingNode {
  @exclusivity(unchecked) private final var op: O
  @exclusivity(unchecked) private final var extra: O.Extra?

  override var name: String { op.title }

  init(_ op: O, _ x: borrowing Inputs, _ value: borrowing O.Result, _ extra: consuming O.Extra) {
    var wants = Wants(bits: 0)
    if x.first.node != nil { wants.bits |= 1 }
    if x.second?.node != nil { wants.bits |= 2 }
    if x.third?.node != nil { wants.bits |= 4 }
    for (i, input) in x.others.enumerated() where i < 61 && input.node != nil { wants.bits |= 8 << UInt64(i) }
    self.op = op
    self.extra = extra
    let first = value.first
    super.init(
      shape: first.shape, Edge(x.first), x.second.map { Edge($0) } ?? Edge(), x.third.map { Edge($0) } ?? Edge(),
      others: x.others.isEmpty ? [] : x.others.map { Edge($0) })
    if O.Result.self != Tensor.self { moreShapes = value.others.map(\.shape) }
    keep(x, first, op.keeps(wants), hasExtra: MemoryLayout<O.Extra>.size > 0)
  }

  override func release() {
    super.release()
    if isReleased { extra = nil }
  }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) { run(O.Result.gradients(dy), &sink) }
  override func backward(all dy: [Variable?], _ sink: inout GradientSink) { run(O.Result.gradients(all: dy), &sink) }

  @inline(__always)
  private func run(_ dy: consuming O.Result.Gradients, _ sink: inout GradientSink) {
    var wants = Wants(bits: 0)
    if sink.wants(first) { wants.bits |= 1 }
    if sink.wants(second) { wants.bits |= 2 }
    if sink.wants(third) { wants.bits |= 4 }
    for (i, edge) in others.enumerated() where i < 61 && sink.wants(edge) { wants.bits |= 8 << UInt64(i) }
    let recording = isRecording
    let kept = Kept(self, output.map { Variable(result: $0, node: recording ? self : nil) }, extra!)
    let gradients = (recording ? nil : op.fused(dy, kept, wants)) ?? op.backward(dy, kept, wants)
    if let dx = gradients.first { sink.give(first, dx) }
    if let dx = gradients.second { sink.give(second, dx) }
    if let dx = gradients.third { sink.give(third, dx) }
    for (i, dx) in gradients.others.enumerated() { if let dx { sink.give(others[i], dx) } }
  }
}
