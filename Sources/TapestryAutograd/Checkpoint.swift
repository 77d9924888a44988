import TapestryTensors

/// Runs `body` without keeping what its operations need for their derivatives: backward runs it again. Memory for time.
///
///     for block in blocks { x = checkpoint { block(x) } }
///
/// T. Chen et al.: Training deep nets with sublinear memory cost, 2016. `body` may use any Variables from outside; all of them get their gradients. It must do the
/// same in the second run: random operations draw the same numbers again, but a parameter that was assigned in between has its new value.
public func checkpoint(_ body: @escaping () -> Variable) -> Variable { checkpoint { [body()] }[0] }

/// The same for several results.
public func checkpoint(_ body: @escaping () -> [Variable]) -> [Variable] {
  if !isRecording { return body() }
  let random = Random.generator.state
  // Recorded, to see what needs a gradient; the graph dies when this function returns.
  let y = body()
  if !y.contains(where: { $0.node != nil }) { return y }
  let node = CheckpointNode(y, random, body)
  return y.enumerated().map { i, y in
    Variable(result: y.value, node: y.node == nil ? nil : node, index: Int32(i))
  }
}

@available(*, unavailable, message: "the backward pass runs the closure again, synchronously: await first, then call checkpoint { }")
public func checkpoint(_ body: @escaping () async -> Variable) async -> Variable { fail("checkpoint: the closure is async") }

/// Its backward runs the closure again, with recording on, and hands the gradients to the new graph, which reaches the same Variables.
final class CheckpointNode: Node {
  private let random: Generator.State
  @exclusivity(unchecked) private final var body: (() -> [Variable])?

  init(_ y: [Variable], _ random: Generator.State, _ body: @escaping () -> [Variable]) {
    self.random = random
    self.body = body
    // The edges only make the serial larger than those of all Variables that the closure used.
    super.init(shape: y[0].shape, Edge(), others: y.map { Edge($0) })
    others = []
    moreShapes = y.dropFirst().map(\.shape)
  }

  override var name: String { "checkpoint" }
  override var isReleased: Bool { body == nil }
  override var hidesInputs: Bool { true }
  override func release() { body = nil }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) { backward(all: [dy], &sink) }

  override func backward(all dy: [Variable?], _ sink: inout GradientSink) {
    let y = enableGrad { withGenerator(Generator(random)) { body!() } }
    let shapes = [shape] + moreShapes
    if y.map(\.shape) != shapes {
      fail("checkpoint: the closure gave \(shapes) before, but \(y.map(\.shape)) in the backward pass; it must do the same each time")
    }
    for (y, dy) in zip(y, dy) { if let dy { sink.splice(y, dy) } }
  }
}
