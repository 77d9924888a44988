import CTapestry
import TapestryTensors

// The tape in four files, to be read in this order.
//
// Variable.swift   A Variable is a value and an edge: (node, output index) of what computed it; nil for constants.
// Node.swift       A node is one recorded operation: edges to the nodes of its inputs, what it keeps for its derivative, and a serial number that is larger
//                  than its inputs'. Nothing points from a node to its results, so a graph lives as long as somebody holds its end.
// Backward.swift   One pass. The gradient of the result is put into the result's node, and the node into a queue. Then, until the queue is empty: take the newest
//                  node. All nodes that use its output are newer, so they have run, and its gradient is complete. Its `backward` turns dy into the
//                  gradients of its inputs and hands each to `give`, which sums it to the input's shape, adds it to what the input's node has
//                  already, and puts that node into the queue. Leaves wait until the end and add their gradient to `grad`.
// Gradients.swift  What users call: `backward()` fills `grad`, `gradients(of:withRespectTo:)` returns the gradients of chosen Variables, and visits only nodes
//                  that lead to them. With createGraph the pass is recorded like any other computation, for gradients are Variables.

/// Where a node's backward hands the gradients of its inputs; the state of one backward pass. No recursion; missing gradients stay nil.
public struct GradientSink {
  private var queue = NodeQueue()

  /// The leaves that a gradient reached, linked through `next`.
  private var leaves: Unmanaged<Node>?
  private var saved: [(node: Node, run: UInt64, pending: Variable?, more: [Variable?], next: Unmanaged<Node>?)] = []
  private var alive: [Node] = []
  private let run: UInt64

  /// Looking for NaN: the operation whose backward runs now.
  private let anomaly: Bool
  private var running: String?

  /// Whose gradients are asked for, and the nodes that lead to one of them; nil for all leaves.
  private let targets: Set<ObjectIdentifier>?
  private var wanted: Set<ObjectIdentifier>?

  package init(roots: [Node] = [], targets: Set<ObjectIdentifier>? = nil) {
    let thread = tp_thread()!
    thread.pointee.serial &+= 1  // a number that no other pass of this thread has
    run = thread.pointee.serial
    anomaly = thread.pointee.anomaly
    self.targets = targets
    if let targets { wanted = reachable(from: roots, leadingTo: targets) }
  }

  /// Whether the gradient of this input is asked for; if not, it need not be computed.
  @inline(__always)
  package func wants(_ edge: borrowing Edge) -> Bool {
    guard let node = edge.node else { return false }
    return wanted == nil || wanted!.contains(ObjectIdentifier(node))
  }

  /// Adds to the gradient of what `edge` points to, summed over the axes that were broadcast.
  @inline(__always)
  public mutating func give(_ edge: borrowing Edge, _ gradient: consuming Variable) {
    if let node = edge.node { deliver(node, edge.index, gradient) }
  }

  package mutating func deliver(_ node: Node, _ index: Int32, _ gradient: consuming Variable) {
    if wanted != nil && !wanted!.contains(ObjectIdentifier(node)) { return }
    let shape = node.shape(ofOutput: index)
    if gradient.shape != shape { gradient = sumTo(gradient, shape) }
    if anomaly { Anomaly.check(gradient, for: node, from: running) }
    if node.run != run { enter(node) }
    if index == 0 {
      if node.pending == nil { node.pending = gradient } else { node.pending = add(node.pending.take()!, gradient) }
    } else {
      let i = Int(index) - 1
      node.morePending[i] = node.morePending[i] == nil ? gradient : add(node.morePending[i].take()!, gradient)
    }
  }

  /// First gradient for a node in this pass. A pass inside another one (in a hook, say) puts the outer one's gradients aside.
  private mutating func enter(_ node: Node) {
    if node.pending != nil || node.morePending.contains(where: { $0 != nil }) {
      saved.append((node, node.run, node.pending.take(), node.morePending, node.next))
    }
    node.run = run
    if !node.moreShapes.isEmpty { node.morePending = Array(repeating: nil, count: node.moreShapes.count) }
    if node.serial == 0 {
      node.next = leaves
      leaves = .passUnretained(node)
    } else {
      queue.push(node)
    }
  }

  /// Continues into a graph that was built during the pass (a recomputed checkpoint), and keeps it until the pass ends.
  package mutating func splice(_ output: Variable, _ gradient: Variable) {
    guard let node = output.node else { return }
    alive.append(node)
    if let targets { wanted!.formUnion(reachable(from: [node], leadingTo: targets)) }
    deliver(node, output.index, gradient)
  }

  /// Runs every node that a gradient reaches. `collect` sees the complete gradients of each target, hooks included.
  package mutating func drain(retain: Bool, collect: ((Node, [Variable?]) -> Void)? = nil) {
    // The pass checks what each node hands on, and names the node; its kernels need no checks of their own.
    if anomaly { tp_thread().pointee.anomaly = false }
    // Unretained: every node is reachable from the result that the caller holds, or from `alive`.
    while let next = queue.pop() { next._withUnsafeGuaranteedRef { run($0, retain, collect) } }
    while let leaf = leaves {
      leaf._withUnsafeGuaranteedRef { leaf in
        leaves = leaf.next
        leaf.next = nil
        finish(leaf, collect)
        leaf.run = 0
        let dy = leaf.pending.take()!
        if collect == nil { unsafeDowncast(leaf, to: Leaf.self).accumulate(dy) }
      }
    }
    for (node, run, pending, more, next) in saved {
      (node.run, node.pending, node.morePending, node.next) = (run, pending, more, next)
    }
    if anomaly { tp_thread().pointee.anomaly = true }
  }

  private mutating func run(_ node: Node, _ retain: Bool, _ collect: ((Node, [Variable?]) -> Void)?) {
    finish(node, collect)
    node.run = 0
    if wanted != nil && !node.hidesInputs && !node.edges.contains(where: { wants($0) }) {  // a target with nothing beyond
      node.pending = nil
      node.morePending = []
      return
    }
    if node.isReleased || node.hooksAreGone {
      fail("\(node.name): backward ran through this graph before and released it; pass retainGraph: true to the first backward pass")
    }
    if anomaly { running = node.place.map { $0.text + node.name } ?? node.name }
    if node.morePending.isEmpty {
      node.backward(node.pending.take()!, &self)
    } else {
      let all = [node.pending.take()] + node.morePending
      node.morePending = []
      node.backward(all: all, &self)
    }
    if !retain {
      node.release()
      node.releaseHooks()
    }
  }

  /// Hooks, and the collecting of targets.
  private func finish(_ node: Node, _ collect: ((Node, [Variable?]) -> Void)?) {
    if node.hooks != nil { node.runHooks() }
    if let collect, let targets, targets.contains(ObjectIdentifier(node)) { collect(node, [node.pending] + node.morePending) }
  }
}
