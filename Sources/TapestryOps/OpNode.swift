import TapestryAutograd
import TapestryTensors

// Here and not beside `Op`, because only in the ops' own module does the compiler specialise this for each of them.

extension Op {
  /// Runs the op on inputs, recording it where a gradient is wanted.
  func apply(_ x: Inputs) -> Variable {
    let shape = failing { () throws(ShapeError) in try self.shape(of: x.specs) }
    return apply(x, shape)
  }

  /// The same where the shape is known already.
  func apply(_ x: Inputs, _ shape: Shape) -> Variable {
    let (value, extra) = forward(x, shape)
    if Anomaly.isOn { Anomaly.check(value, title, shape) }
    guard isRecording, x.requiresGrad else { return Variable(result: value) }
    return Variable(result: value, node: OpNode(self, x, value, extra))
  }
}

/// The tape's entry for an `Op`.
final class OpNode<O: Op>: KeepingNode {
  @exclusivity(unchecked) private final var op: O
  @exclusivity(unchecked) private final var extra: O.Extra?

  override var name: String { op.title }

  init(_ op: O, _ x: borrowing Inputs, _ value: borrowing Tensor, _ extra: consuming O.Extra) {
    var wants = Wants(bits: 0)
    for i in 0..<min(x.count, 64) where x[i].requiresGrad { wants.bits |= 1 << UInt64(i) }
    self.op = op
    self.extra = extra
    super.init(
      shape: value.shape, Edge(x.first), x.second.map { Edge($0) } ?? Edge(),
      others: x.third == nil ? [] : [Edge(x.third!)] + x.others.map { Edge($0) })
    keep(x, value, op.keeps(wants), hasExtra: MemoryLayout<O.Extra>.size > 0)
  }

  override func release() {
    super.release()
    if isReleased { extra = nil }
  }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    var wants = Wants(bits: 0)
    if sink.wants(first) { wants.bits |= 1 }
    if sink.wants(second) { wants.bits |= 2 }
    for (i, edge) in others.enumerated() where i < 62 && sink.wants(edge) { wants.bits |= 4 << UInt64(i) }
    let result = output.map { Variable(result: $0, node: isRecording ? self : nil) }
    let gradients = op.backward(dy, Kept(self, result, extra!), wants)
    if let dx = gradients.first { sink.give(first, dx) }
    if let dx = gradients.second { sink.give(second, dx) }
    if let dx = gradients.third { sink.give(others[0], dx) }
    for (i, dx) in gradients.others.enumerated() { if let dx { sink.give(others[i + 1], dx) } }
  }
}
