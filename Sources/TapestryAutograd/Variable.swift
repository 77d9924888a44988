import CTapestry
import TapestryTensors

// The tape in four files, to be read in this order.
//
// Variable.swift   A Variable is a value and an edge: (node, output index) of what computed it; nil for constants.
// Node.swift       A node is one recorded operation: edges to the nodes of its inputs, what it keeps for its
//                  derivative, and a serial number that is larger than its inputs'. Nothing points from a node to its
//                  results, so a graph lives as long as somebody holds its end.
// Backward.swift   One pass. The gradient of the result is put into the result's node, and the node into a queue. Then,
//                  until the queue is empty: take the newest node. All nodes that use its output are newer, so they
//                  have run, and its gradient is complete. Its `backward` turns dy into the gradients of its inputs and
//                  hands each to `give`, which sums it to the input's shape, adds it to what the input's node has
//                  already, and puts that node into the queue. A leaf adds its gradient to `grad`, hooks first, as soon
//                  as the oldest node that uses it has run (LeafOrder.swift).
// Gradients.swift  What users call: `backward()` fills `grad`, `gradients(of:withRespectTo:)` returns the gradients of
//                  chosen Variables, and visits only nodes that lead to them. With createGraph the pass is recorded
//                  like any other computation, for gradients are Variables.

/// A tensor whose history is recorded, so that gradients can flow back through it.
///
///     let w = Variable(Tensor([1, 2] as [Float]), requiresGrad: true)
///     let loss = (w * w).sum()
///     loss.backward()
///     w.grad            // [2, 4]
///
/// A Variable's value never changes (a `Parameter`'s does, by assignment). Not Sendable: a graph belongs to one thread
/// at a time.
public class Variable {
  /// The numbers.
  @exclusivity(unchecked) public package(set) final var value: Tensor

  /// The edge to what computed this: output `index` of `node`. Nil where no gradient is wanted.
  @exclusivity(unchecked) package final var node: Node?
  package final let index: Int32

  /// Made by an operation and owned by nobody else: its memory may be reused when only one reference is left.
  package final let isResult: Bool

  /// The result of an operation.
  @inline(__always)
  package init(result value: consuming Tensor, node: Node? = nil, index: Int32 = 0) {
    self.value = value
    self.node = node
    self.index = index
    isResult = true
  }

  /// A constant, or with `requiresGrad` a leaf that collects gradients in `grad`.
  public init(_ value: Tensor, requiresGrad: Bool = false) {
    self.value = value
    node = requiresGrad ? Leaf(of: value) : nil
    (index, isResult) = (0, false)
  }

  /// A leaf whose node was made before it.
  init(_ value: Tensor, _ leaf: Leaf) {
    self.value = value
    node = leaf
    (index, isResult) = (0, false)
  }

  /// The same value and the same edge under another object, so that a later assignment to a parameter cannot reach it.
  private init(snapshotOf other: Variable) {
    (value, node, index, isResult) = (other.value, other.node, other.index, false)
  }

  deinit {
    // A chain of a million nodes must not be freed by a million nested deinits.
    if node != nil { Drain.release(&node) }
  }

  /// Whether gradients flow to or through this.
  public final var requiresGrad: Bool { node != nil }

  /// A leaf that collects gradients, not the result of an operation.
  package final var isLeafWithGradient: Bool { node is Leaf }

  /// The same value without its history.
  public final func detach() -> Variable { Variable(value) }

  /// What an op keeps of an input for its backward: values of parameters may be assigned before it runs.
  @inline(__always)
  package final func kept() -> Variable { isMutable ? Variable(snapshotOf: self) : self }

  package var isMutable: Bool { false }
}
