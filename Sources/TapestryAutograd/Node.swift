import CTapestry
import TapestryTensors

/// Points to output `index` of a node. Edges lead from a result to its inputs, never to values: what no op keeps is freed during forward.
public struct Edge {
  package var node: Node?
  package var index: Int32

  @inline(__always)
  public init(_ variable: borrowing Variable) {
    node = variable.node
    index = variable.index
  }

  /// To nothing: no gradient is wanted.
  public init() {
    node = nil
    index = 0
  }
}

/// One recorded operation: edges to its inputs, what it keeps for backward, and the gradient that is waiting for it.
open class Node {
  /// Larger than every input's, so "newest first" is an order in which a node comes after all that use it.
  @exclusivity(unchecked) package final var serial: UInt64
  @exclusivity(unchecked) package final var first: Edge
  @exclusivity(unchecked) package final var second: Edge
  @exclusivity(unchecked) package final var others: [Edge]

  /// The shape of output 0; gradients are summed to it. `moreShapes` has the shapes of further outputs.
  @exclusivity(unchecked) package final var shape: Shape
  @exclusivity(unchecked) package final var moreShapes: [Shape] = []

  /// The gradient collected for output 0 in the backward pass `run`, and for further outputs.
  @exclusivity(unchecked) package final var pending: Variable?
  @exclusivity(unchecked) package final var morePending: [Variable?] = []
  @exclusivity(unchecked) package final var run: UInt64 = 0

  /// Called with the whole gradient of output `index`; may replace it.
  @exclusivity(unchecked) package final var hooks: [(index: Int32, call: (Variable) -> Variable?)]?

  /// The next node in a chain that is being freed, or the next leaf that a backward pass reached.
  @exclusivity(unchecked) package final var next: Unmanaged<Node>?

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

  public init(shape: Shape, _ first: Edge, _ second: Edge = Edge(), others: [Edge] = []) {
    let thread = tp_thread()!
    var newest = thread.pointee.serial
    if let node = first.node, node.serial > newest { newest = node.serial }
    if let node = second.node, node.serial > newest { newest = node.serial }
    for edge in others { if let node = edge.node, node.serial > newest { newest = node.serial } }
    serial = newest &+ 1
    thread.pointee.serial = newest &+ 1
    self.shape = shape
    self.first = first
    self.second = second
    self.others = others
  }

  /// Leaves come before everything.
  fileprivate init(leafOf value: Tensor) {
    serial = 0
    shape = value.shape
    first = Edge()
    second = Edge()
    others = []
  }

  deinit {
    Drain.run {
      release()
      Drain.release(&first.node)
      Drain.release(&second.node)
      while var edge = others.popLast() { Drain.release(&edge.node) }
      pending = nil
    }
  }

  package final var edges: [Edge] {
    var all = others
    if second.node != nil || !all.isEmpty { all.insert(second, at: 0) }
    all.insert(first, at: 0)
    return all
  }

  package final func shape(ofOutput index: Int32) -> Shape { index == 0 ? shape : moreShapes[Int(index) - 1] }
}

/// The end of the tape: a Variable that the user made with `requiresGrad`, or a Parameter. It keeps the sum of its gradients.
package final class Leaf: Node {
  @exclusivity(unchecked) package final var grad: Tensor?
  package let dtype: DType

  init(of value: Tensor) {
    if !value.dtype.isFloatingPoint {
      fail("Variable: only floating-point tensors can require a gradient, got \(value.dtype); convert it with cast(to: .float32)")
    }
    dtype = value.dtype
    super.init(leafOf: value)
  }

  package override var name: String { "leaf" }

  func accumulate(_ dy: Variable) {
    if grad == nil { grad = dy.value } else { grad!.add(dy.value) }
  }
}

/// Frees long chains of nodes without recursion: a node that loses its last reference while another is being freed waits in a list.
package enum Drain {
  /// Drops a reference to a node.
  @inline(__always)
  static func release(_ node: inout Node?) {
    guard node != nil else { return }
    if isKnownUniquelyReferenced(&node) { releaseLast(&node) } else { node = nil }
  }

  @inline(never)
  private static func releaseLast(_ node: inout Node?) {
    let thread = tp_thread()!
    if thread.pointee.draining {
      let last = node.take()!
      last.next = thread.pointee.drain_list.map { Unmanaged.fromOpaque($0) }
      thread.pointee.drain_list = Unmanaged.passRetained(last).toOpaque()
    } else {
      node = nil
    }
  }

  /// Runs a node's own release, then frees what became garbage, until nothing is left.
  @inline(__always)
  static func run(_ body: () -> Void) {
    let thread = tp_thread()!
    if thread.pointee.draining { return body() }
    thread.pointee.draining = true
    body()
    while let next = thread.pointee.drain_list {
      let node = Unmanaged<Node>.fromOpaque(next)
      thread.pointee.drain_list = node._withUnsafeGuaranteedRef { $0.next?.toOpaque() }
      node.release()
    }
    thread.pointee.draining = false
  }
}
