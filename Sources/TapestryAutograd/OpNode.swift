import TapestryTensors

/// The tape's entry for an `Op`.
package final class OpNode<O: Op>: Node {
  @exclusivity(unchecked) final var op: O
  @exclusivity(unchecked) final var inputs: KeptInputs
  @exclusivity(unchecked) final var output: Tensor?
  @exclusivity(unchecked) final var extra: O.Extra?
  private let keepsNothing: Bool

  package override var name: String { O.name }
  package override var isReleased: Bool { extra == nil }

  package init(_ op: O, _ x: Inputs, _ value: Tensor, _ extra: O.Extra) {
    var wants = Wants(bits: 0)
    for i in 0..<min(x.count, 64) where x[i].node != nil { wants.bits |= 1 << UInt64(i) }
    let keeps = op.keeps(wants)
    self.op = op
    self.extra = extra
    keepsNothing = keeps == .nothing && O.Extra.self == Void.self
    inputs = KeptInputs(x, keeps)
    output = keeps.contains(.output) ? value : nil
    super.init(
      shape: value.shape, Edge(x.first), x.second.map { Edge($0) } ?? Edge(),
      others: x.third == nil ? [] : [Edge(x.third!)] + x.others.map { Edge($0) })
  }

  package override func release() {
    if keepsNothing { return }  // then backward may run again
    inputs = KeptInputs()
    output = nil
    extra = nil
  }

  package override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    var wants = Wants(bits: 0)
    if sink.wants(first) { wants.bits |= 1 }
    if sink.wants(second) { wants.bits |= 2 }
    for (i, edge) in others.enumerated() where i < 62 && sink.wants(edge) { wants.bits |= 4 << UInt64(i) }
    let result = output.map { Variable(result: $0, node: isRecording ? self : nil) }
    let gradients = op.backward(dy, Kept(inputs: inputs, result: result, extra: extra!), wants)
    if let dx = gradients.first { sink.give(first, dx) }
    if let dx = gradients.second { sink.give(second, dx) }
    if let dx = gradients.third { sink.give(others[0], dx) }
    for (i, dx) in gradients.others.enumerated() { if let dx { sink.give(others[i + 1], dx) } }
  }
}
