import CTapestry
import TapestryTensors

/// Where a node's backward hands the gradients of its inputs; the state of one backward pass.
///
/// Nodes run newest first: a node's serial is larger than its inputs', so when it comes up every user of it has run.
/// There is no recursion, and missing gradients stay nil.
public struct GradientSink {
  /// The newest node that waits, and the others as a binary heap: a chain never touches the heap.
  private var newest: Unmanaged<Node>?
  private var newestSerial: UInt64 = 0
  private var heap: [(serial: UInt64, node: Unmanaged<Node>)] = []

  /// The leaves that a gradient reached, linked through `next`.
  private var leaves: Unmanaged<Node>?
  private var saved: [(node: Node, run: UInt64, pending: Variable?, more: [Variable?])] = []
  private var alive: [Variable] = []
  private let run: UInt64
  private let anomaly: Bool

  /// With targets, only nodes that lead to one are run.
  private var wanted: Set<ObjectIdentifier>?

  package init(wanted: Set<ObjectIdentifier>? = nil) {
    let thread = tp_thread()!
    thread.pointee.serial &+= 1  // a number that no other pass of this thread has
    run = thread.pointee.serial
    anomaly = thread.pointee.anomaly
    self.wanted = wanted
  }

  /// Whether the gradient of this input is asked for; if not, it need not be computed.
  @inline(__always)
  package func wants(_ edge: borrowing Edge) -> Bool {
    guard let node = edge.node else { return false }
    return wanted == nil || wanted!.contains(ObjectIdentifier(node))
  }

  /// Adds to the gradient of what `edge` points to, summed over the axes that were broadcast.
  @inline(__always)
  package mutating func give(_ edge: borrowing Edge, _ gradient: consuming Variable) {
    if let node = edge.node { deliver(node, edge.index, gradient) }
  }

  package mutating func deliver(_ node: Node, _ index: Int32, _ gradient: consuming Variable) {
    if wanted != nil && !wanted!.contains(ObjectIdentifier(node)) { return }
    let shape = node.shape(ofOutput: index)
    if gradient.shape != shape { gradient = sumTo(gradient, shape) }
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
      saved.append((node, node.run, node.pending.take(), node.morePending))
    }
    node.run = run
    if !node.moreShapes.isEmpty { node.morePending = Array(repeating: nil, count: node.moreShapes.count) }
    if node.serial == 0 {
      node.next = leaves
      leaves = .passUnretained(node)
    } else {
      push(node)
    }
  }

  /// Keeps a graph that was built during the pass (a recomputed checkpoint) until the pass ends, and continues into it.
  package mutating func splice(_ output: Variable, _ gradient: Variable) {
    guard let node = output.node else { return }
    alive.append(output)
    if wanted != nil { wanted!.formUnion(reachable(from: [node], leadingTo: wanted!)) }
    deliver(node, output.index, gradient)
  }

  private mutating func push(_ node: Node) {
    var serial = node.serial
    var entry = Unmanaged.passUnretained(node)
    guard let newest else {
      newest = entry
      newestSerial = serial
      return
    }
    if serial > newestSerial {
      self.newest = entry
      swap(&newestSerial, &serial)
      entry = newest
    }
    heap.append((serial, entry))
    var i = heap.count - 1
    while i > 0 {
      let parent = (i - 1) / 2
      if heap[parent].serial >= heap[i].serial { break }
      heap.swapAt(i, parent)
      i = parent
    }
  }

  private mutating func pop() -> Unmanaged<Node>? {
    guard let top = newest else { return nil }
    guard let last = heap.popLast() else {
      newest = nil
      return top
    }
    if heap.isEmpty {
      (newestSerial, newest) = last
      return top
    }
    (newestSerial, newest) = heap[0]
    heap[0] = last
    var i = 0
    while true {
      var child = 2 * i + 1
      if child >= heap.count { break }
      if child + 1 < heap.count && heap[child + 1].serial > heap[child].serial { child += 1 }
      if heap[i].serial >= heap[child].serial { break }
      heap.swapAt(i, child)
      i = child
    }
    return top
  }

  /// Runs every node that a gradient reaches. `collect` sees each node's gradients (hooks included) before they are passed on.
  package mutating func drain(retain: Bool, collect: ((Node, [Variable?]) -> Void)? = nil) {
    // Unretained: every node is reachable from the result that the caller holds, or from `alive`.
    while let next = pop() { next._withUnsafeGuaranteedRef { run($0, retain, collect) } }
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
    for (node, run, pending, more) in saved {
      node.run = run
      node.pending = pending
      node.morePending = more
    }
  }

  private mutating func run(_ node: Node, _ retain: Bool, _ collect: ((Node, [Variable?]) -> Void)?) {
    finish(node, collect)
    node.run = 0
    if node.isReleased {
      fail("\(node.name): backward ran through this graph before and released it; pass retainGraph: true to the first backward pass")
    }
    if node.morePending.isEmpty {
      node.backward(node.pending.take()!, &self)
    } else {
      let all = [node.pending.take()] + node.morePending
      node.morePending = []
      node.backward(all: all, &self)
    }
    if !retain { node.release() }
  }

  /// Hooks, the search for NaN, and the collecting of targets.
  private func finish(_ node: Node, _ collect: ((Node, [Variable?]) -> Void)?) {
    if let hooks = node.hooks {
      for hook in hooks {
        if hook.index == 0, let dy = node.pending { node.pending = hook.call(dy) ?? dy }
        if hook.index > 0, let dy = node.morePending[Int(hook.index) - 1] { node.morePending[Int(hook.index) - 1] = hook.call(dy) ?? dy }
      }
    }
    if anomaly { Anomaly.checkGradients(of: node) }
    if let collect { collect(node, [node.pending] + node.morePending) }
  }
}
