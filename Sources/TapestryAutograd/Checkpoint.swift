import CTapestry
import TapestryTensors

// T. Chen et al.: Training deep nets with sublinear memory cost, 2016.

/// body(x), without keeping what its operations need for their derivatives: backward runs it again. Memory for time.
///
///     for block in blocks { x = checkpoint(x) { block($0) } }
///
/// Hand over as inputs what the closure computes with (Variables or Tensors, which are constants; further forms take
/// two, three, or an array, and give several results). A closure that is kept for later would see what a `var` holds
/// then. Parameters that it uses, in layers or by themselves, need not be handed over; they and their layers get their
/// gradients too.
///
/// The second run finds what the first one found: inputs, the values of parameters and which are frozen, the mode
/// (`train()`, `eval()`) of modules that are called, and generators, the current one and your own. If it gives other
/// bits all the same, because something else changed in between, the program ends with a message. Only what `body`
/// returns is kept, for that comparison.
public func checkpoint(_ x: some VariableConvertible, _ body: @escaping (Variable) -> Variable) -> Variable {
  checkpoint([x.asVariable]) { [body($0[0])] }[0]
}

/// The same for several results.
public func checkpoint(_ x: some VariableConvertible, _ body: @escaping (Variable) -> [Variable]) -> [Variable] {
  checkpoint([x.asVariable]) { body($0[0]) }
}

/// The same for two inputs.
public func checkpoint(
  _ x: some VariableConvertible, _ y: some VariableConvertible, _ body: @escaping (Variable, Variable) -> Variable
) -> Variable {
  checkpoint([x.asVariable, y.asVariable]) { [body($0[0], $0[1])] }[0]
}

/// The same for two inputs and several results.
public func checkpoint(
  _ x: some VariableConvertible, _ y: some VariableConvertible, _ body: @escaping (Variable, Variable) -> [Variable]
) -> [Variable] {
  checkpoint([x.asVariable, y.asVariable]) { body($0[0], $0[1]) }
}

/// The same for three inputs.
public func checkpoint(
  _ x: some VariableConvertible, _ y: some VariableConvertible, _ z: some VariableConvertible,
  _ body: @escaping (Variable, Variable, Variable) -> Variable
) -> Variable {
  checkpoint([x.asVariable, y.asVariable, z.asVariable]) { [body($0[0], $0[1], $0[2])] }[0]
}

/// The same for three inputs and several results.
public func checkpoint(
  _ x: some VariableConvertible, _ y: some VariableConvertible, _ z: some VariableConvertible,
  _ body: @escaping (Variable, Variable, Variable) -> [Variable]
) -> [Variable] {
  checkpoint([x.asVariable, y.asVariable, z.asVariable]) { body($0[0], $0[1], $0[2]) }
}

/// The same for any number of inputs.
public func checkpoint(_ inputs: [Variable], _ body: @escaping ([Variable]) -> Variable) -> Variable {
  checkpoint(inputs) { [body($0)] }[0]
}

/// The same for any number of inputs and results.
public func checkpoint(_ inputs: [Variable], _ body: @escaping ([Variable]) -> [Variable]) -> [Variable] {
  if !isRecording { return body(inputs) }
  let inputs = inputs.map { $0.kept() }, first = FirstRun(), thread = tp_thread()!
  for input in inputs { if let node = input.node { thread.pointee.serial = max(thread.pointee.serial, node.serial) } }
  let before = thread.pointee.serial
  // Recorded, to see what needs a gradient; the graph dies when this function returns.
  let y = first.noting { body(inputs) }
  if !y.contains(where: { $0.node != nil }) { return y }
  let node = CheckpointNode(inputs, y, first, Recorded(y, after: before), body)
  return y.enumerated().map { i, y in
    Variable(result: y.value, node: y.node == nil ? nil : node, index: Int32(i))
  }
}

/// Whether a backward pass runs the closure of a `checkpoint` again: for what should happen once a step (statistics,
/// logs, counters).
public var isRecomputing: Bool { tp_thread().pointee.recomputing }

/// Refused: what the closure computes with must be handed over; the message says how.
@available(
  *, unavailable,
  message: """
    a closure kept for later sees what a var holds then: hand over what it computes with, checkpoint(x) { x in \
    block(x) }
    """
)
public func checkpoint(_ body: () -> Variable) -> Variable { fail("checkpoint: needs inputs") }

/// Refused: what the closure computes with must be handed over; the message says how.
@available(
  *, unavailable,
  message: """
    a closure kept for later sees what a var holds then: hand over what it computes with, checkpoint(x) { x in \
    [block(x)] }
    """
)
public func checkpoint(_ body: () -> [Variable]) -> [Variable] { fail("checkpoint: needs inputs") }

/// Refused: the closure must be synchronous, for it runs again in the midst of a backward pass.
@available(
  *, unavailable,
  message: "the backward pass runs the closure again, synchronously: await first, then call checkpoint(x) { x in … }"
)
public func checkpoint(_ x: some VariableConvertible, _ body: @escaping (Variable) async -> Variable) async -> Variable
{
  fail("checkpoint: the closure is async")
}

/// Its backward runs the closure again, with recording on, and hands the gradients to the new graph, which reaches the
/// same Variables.
final class CheckpointNode: Node {
  private typealias Body = ([Variable]) -> [Variable]

  @exclusivity(unchecked) private final var body: Body?
  @exclusivity(unchecked) private final var inputs: [Variable]
  @exclusivity(unchecked) private final var results: [Tensor]
  @exclusivity(unchecked) private final var firstRun: FirstRun?
  /// The parameters that the first run recorded, as it found them.
  @exclusivity(unchecked) private final var parameters: [(parameter: Parameter, then: (value: Tensor, node: Node?))]

  /// What the first run used that was recorded before it: the second one will lead there.
  @exclusivity(unchecked) private final var used: [Node]

  fileprivate init(
    _ inputs: [Variable], _ y: [Variable], _ firstRun: FirstRun, _ recorded: Recorded,
    _ body: @escaping ([Variable]) -> [Variable]
  ) {
    self.body = body
    self.inputs = inputs
    self.firstRun = firstRun
    results = y.map(\.value)
    used = recorded.used
    parameters = recorded.leaves.compactMap(\.parameter).map {
      ($0.takeUnretainedValue(), $0.takeUnretainedValue().recordedState)
    }
    // The results' edges only make the serial larger than those of all Variables that the closure used.
    super.init(shape: y[0].shape, Edge(), others: (y + inputs).map { Edge($0) })
    others = inputs.map { Edge($0) }
    moreShapes = y.dropFirst().map(\.shape)
  }

  override var name: String { "checkpoint" }
  override var isReleased: Bool { body == nil }
  override var hidesInputs: Bool { true }
  override var hiddenInputs: [Node] { used }

  override func release() {
    body = nil
    inputs = []
    results = []
    firstRun = nil
    parameters = []
    used = []
  }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) { backward(all: [dy], &sink) }

  override func backward(all dy: [Variable?], _ sink: inout GradientSink) {
    // What the second run records is newer than all that the first one used, on whatever thread that was.
    let thread = tp_thread()!
    thread.pointee.serial = max(thread.pointee.serial, serial)
    let before = thread.pointee.serial
    let y = asBefore { recomputing { enableGrad { firstRun!.again { body!(inputs) } } } }
    check(y.map(\.value))
    let known = Set(parameters.map { ObjectIdentifier($0.parameter) })
    Recorded(y, after: before).cut {
      $0.parameter.map { !known.contains(ObjectIdentifier($0.takeUnretainedValue())) } ?? false
    }
    sink.splice(zip(y, dy).compactMap { y, dy in dy.map { (y, $0) } })
  }

  private func recomputing<R>(_ body: () -> R) -> R {
    let thread = tp_thread()!, before = thread.pointee.recomputing
    thread.pointee.recomputing = true
    defer { thread.pointee.recomputing = before }
    return body()
  }

  /// Runs `body` with the parameters as they were.
  private func asBefore<R>(_ body: () -> R) -> R {
    let now = parameters.map(\.parameter.recordedState)
    for (parameter, then) in parameters { parameter.recordedState = then }
    defer { for (i, (parameter, _)) in parameters.enumerated() { parameter.recordedState = now[i] } }
    return body()
  }

  private func check(_ y: [Tensor]) {
    let shapes = results.map(\.shape)
    if y.map(\.shape) != shapes {
      fail(
        """
        checkpoint: the closure gave \(shapes) before, but \(y.map(\.shape)) in the backward pass; it must do the \
        same each time
        """)
    }
    if !zip(y, results).allSatisfy({ $0.hasBits(of: $1) }) {
      fail(
        """
        checkpoint: the closure gave other numbers in the backward pass than before, so the gradients would be wrong: \
        it uses what changed in between; hand that over as an input, checkpoint(x, y) { x, y in … }
        """)
    }
  }
}

/// What the run of a closure recorded on the way to its results: the nodes that are newer than the run's begin.
private struct Recorded {
  private var nodes: [Node] = []

  /// The parameters' ends of the tape that it reached, each once.
  private(set) var leaves: [Leaf] = []

  /// The older nodes that it reached, leaves among them.
  private(set) var used: [Node] = []

  init(_ results: [Variable], after before: UInt64) {
    var seen = Set<ObjectIdentifier>(), open = results.compactMap(\.node)
    while let node = open.popLast() {
      if !seen.insert(ObjectIdentifier(node)).inserted { continue }
      if let leaf = node as? Leaf { leaves.append(leaf) }
      if node.serial <= before {
        used.append(node)
        continue
      }
      nodes.append(node)
      open += node.hiddenInputs
      for edge in node.edges { if let parent = edge.node { open.append(parent) } }
    }
  }

  /// Takes the edges to some leaves away: to parameters that were frozen in the first run.
  func cut(_ isCut: (Leaf) -> Bool) {
    func cut(_ edge: inout Edge) { if let leaf = edge.node as? Leaf, isCut(leaf) { edge = Edge() } }
    for node in nodes where leaves.contains(where: isCut) {
      cut(&node.first)
      cut(&node.second)
      cut(&node.third)
      for i in node.others.indices { cut(&node.others[i]) }
    }
  }
}
