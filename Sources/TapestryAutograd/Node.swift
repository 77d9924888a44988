import CTapestry
import TapestryTensors

/// One recorded operation: edges to its inputs, what it keeps for backward, and the gradient that is waiting for it.
open class Node {
  /// Larger than every input's, so "newest first" is an order in which a node comes after all that use it.
  @exclusivity(unchecked) package final var serial: UInt64
  @exclusivity(unchecked) package final var first: Edge
  @exclusivity(unchecked) package final var second: Edge
  @exclusivity(unchecked) package final var third: Edge
  @exclusivity(unchecked) package final var others: [Edge]

  /// The shape of output 0; gradients are summed to it. `moreShapes` has the shapes of further outputs.
  @exclusivity(unchecked) package final var shape: Shape
  @exclusivity(unchecked) package final var moreShapes: [Shape] = []

  /// The gradient collected for output 0 in the backward pass `run`, and for further outputs.
  @exclusivity(unchecked) package final var pending: Variable?
  @exclusivity(unchecked) package final var morePending: [Variable?] = []
  @exclusivity(unchecked) package final var run: UInt64 = 0

  /// The search for leaves that saw this node last.
  @exclusivity(unchecked) final var visit: UInt64 = 0

  /// What `onGradient` and `mapGradient` asked for; empty when backward let go of some.
  @exclusivity(unchecked) package final var hooks: [GradientHook]?

  /// The next node in a chain that is being freed.
  @exclusivity(unchecked) package final var next: Unmanaged<Node>?

  /// Which module recorded this, where somebody watches.
  @exclusivity(unchecked) package final var place: RecordedPlace?

  /// The operation's name, for messages and drawings.
  open var name: String { "?" }

  /// Passes the gradients of the inputs to `sink`. `dy` is the gradient of output 0.
  open func backward(_ dy: consuming Variable, _ sink: inout GradientSink) { fail("\(name): has no derivative") }

  /// For nodes with several outputs; nil where no gradient arrived.
  open func backward(all dy: [Variable?], _ sink: inout GradientSink) { backward(dy[0]!, &sink) }

  /// Lets go of what was kept for backward.
  open func release() {}

  /// Whether `release` ran, so that a second backward pass is impossible.
  open var isReleased: Bool { false }

  /// Whether a gradient may lead to any leaf through here even though no edge says so (checkpoints).
  open var hidesInputs: Bool { false }

  /// To what such gradients may lead, as far as it was there when this was recorded.
  open var hiddenInputs: [Node] { [] }

  /// The output has this shape; the node is newer than all that the edges lead to.
  public init(shape: Shape, _ first: Edge, _ second: Edge = Edge(), _ third: Edge = Edge(), others: [Edge] = []) {
    let thread = tp_thread()!
    var newest = thread.pointee.serial
    if let node = first.node, node.serial > newest { newest = node.serial }
    if let node = second.node, node.serial > newest { newest = node.serial }
    if let node = third.node, node.serial > newest { newest = node.serial }
    for edge in others { if let node = edge.node, node.serial > newest { newest = node.serial } }
    serial = newest &+ 1
    thread.pointee.serial = newest &+ 1
    self.shape = shape
    self.first = first
    self.second = second
    self.third = third
    self.others = others
    if thread.pointee.slots.5 != nil { place = RecordedPlace() }  // Gate.isWatched, without a call
  }

  /// Leaves come before everything.
  init(leafOf value: Tensor) {
    (serial, shape) = (0, value.shape)
    (first, second, third, others) = (Edge(), Edge(), Edge(), [])
  }

  deinit {
    Drain.run {
      release()
      Drain.release(&first.node)
      Drain.release(&second.node)
      Drain.release(&third.node)
      while var edge = others.popLast() { Drain.release(&edge.node) }
      pending = nil
    }
  }

  package final func shape(ofOutput index: Int32) -> Shape { index == 0 ? shape : moreShapes[Int(index) - 1] }
}
