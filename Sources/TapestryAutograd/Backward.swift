import CTapestry
import TapestryTensors

/// Where a node's backward hands the gradients of its inputs; the state of one backward pass. No recursion; missing
/// gradients stay nil.
public struct GradientSink {
  private var queue = NodeQueue()
  private var order = LeafOrder()

  /// The leaves that a gradient reached and nobody awaits.
  private let late = LateLeaves()
  private var saved: [(node: Node, run: UInt64, pending: Variable?, more: [Variable?])] = []
  private var alive: [Node] = []
  private let run: UInt64

  /// Whether somebody watches, and the operation whose backward runs now.
  let isWatched = Gate.isWatched
  private var running: String?

  /// Whose gradients are asked for, and the nodes that lead to one of them; nil for all leaves.
  let targets: Set<ObjectIdentifier>?
  private var wanted: Set<ObjectIdentifier>?

  package init(roots: @autoclosure () -> [Node], targets: Set<ObjectIdentifier>? = nil) {
    run = tp_new_pass()
    self.targets = targets
    if let targets { wanted = reachable(from: roots(), leadingTo: targets) }
    order.add(from: roots(), run)
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
    if gradient.shape != shape { if let fitted = fit(gradient, node, shape) { gradient = fitted } else { return } }
    if isWatched { Gate.show(gradient: gradient, for: node, from: running) }
    if node.run != run { enter(node) }
    if index == 0 {
      if node.pending == nil { node.pending = gradient } else { node.pending = add(node.pending.take()!, gradient) }
    } else {
      let i = Int(index) - 1
      node.morePending[i] = node.morePending[i] == nil ? gradient : add(node.morePending[i].take()!, gradient)
    }
  }

  /// First gradient for a node in this pass. A pass inside another one (in a hook, say) puts the outer one's gradients
  /// aside.
  private mutating func enter(_ node: Node) {
    if node.pending != nil || node.morePending.contains(where: { $0 != nil }) {
      saved.append((node, node.run, node.pending.take(), node.morePending))
    }
    node.run = run
    if !node.moreShapes.isEmpty { node.morePending = Array(repeating: nil, count: node.moreShapes.count) }
    if node.serial > 0 { return queue.push(node) }
    if unsafeDowncast(node, to: Leaf.self).awaited == run { return }
    late.add(node)
  }

  /// Continues into a graph that was built during the pass (a recomputed checkpoint), and keeps it until the pass ends.
  package mutating func splice(_ outputs: [(Variable, gradient: Variable)]) {
    let nodes = outputs.compactMap(\.0.node)
    alive += nodes
    if let targets { wanted!.formUnion(reachable(from: nodes, leadingTo: targets)) }
    order.add(from: nodes, run)
    for (output, gradient) in outputs { if let node = output.node { deliver(node, output.index, gradient) } }
  }

  /// Runs every node that a gradient reaches. `collect` sees the complete gradients of each target, hooks included.
  package mutating func drain(retain: Bool, collect: ((Node, [Variable?]) -> Void)? = nil) {
    tp_thread().pointee.passes += 1
    // Unretained: every node is reachable from the result that the caller holds, or from `alive`.
    while true {
      while let leaf = order.next(usedAfter: queue.newestSerial) { complete(leaf, collect) }
      guard let next = queue.pop() else { break }
      next._withUnsafeGuaranteedRef { run($0, retain, collect) }
    }
    late.empty { complete($0, collect) }
    for (node, run, pending, more) in saved { (node.run, node.pending, node.morePending) = (run, pending, more) }
    tp_thread().pointee.passes -= 1
  }

  private mutating func run(_ node: Node, _ retain: Bool, _ collect: ((Node, [Variable?]) -> Void)?) {
    finish(node, collect)
    node.run = 0
    // a target with nothing beyond
    if wanted != nil && !node.hidesInputs && !node.edges.contains(where: { wants($0) }) {
      node.pending = nil
      node.morePending = []
      return
    }
    if node.isReleased || node.hooksAreGone {
      fail(
        """
        \(node.name): backward ran through this graph before and released it; pass retainGraph: true to the first \
        backward pass
        """)
    }
    if isWatched { running = node.place.map { $0.text + node.name } ?? node.name }
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

  /// A leaf that no more gradients will reach: its hooks run, and it keeps the sum.
  private func complete(_ leaf: Unmanaged<Node>, _ collect: ((Node, [Variable?]) -> Void)?) {
    let leaf = leaf.takeUnretainedValue()
    if leaf.run != run { return }
    finish(leaf, collect)
    leaf.run = 0
    let dy = leaf.pending.take()!
    if collect == nil { unsafeDowncast(leaf, to: Leaf.self).accumulate(dy) }
  }

  /// Hooks, and the collecting of targets.
  private func finish(_ node: Node, _ collect: ((Node, [Variable?]) -> Void)?) {
    if node.hooks != nil { node.runHooks() }
    if let collect, let targets, targets.contains(ObjectIdentifier(node)) {
      collect(node, [node.pending] + node.morePending)
    }
  }
}
