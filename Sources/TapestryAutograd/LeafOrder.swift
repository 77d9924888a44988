import CTapestry

/// When each leaf of a backward pass is complete: as soon as the oldest of the nodes that use it has run, for a pass runs the newest first. So a gradient can be
/// used (clipped, sent to other machines, applied) while the pass goes on.
struct LeafOrder {
  /// The leaves below the pass's results with the serial of their oldest use, the newest of these last.
  private var leaves: [(oldestUse: UInt64, leaf: Unmanaged<Node>)] = []

  /// A number that no other pass of this thread has.
  static func newNumber() -> UInt64 {
    let thread = tp_thread()!
    thread.pointee.serial &+= 1
    return thread.pointee.serial
  }

  /// Looks through the graph below some nodes. `run` is the pass's number.
  mutating func add(from roots: [Node], _ run: UInt64) {
    var uses: [ObjectIdentifier: UInt64] = [:]  // of a pass that goes on already: of leaves that it knows
    for (use, leaf) in leaves { uses[ObjectIdentifier(leaf.takeUnretainedValue())] = use }
    let known = leaves.count, visit = known == 0 ? run : LeafOrder.newNumber()
    var open: [Unmanaged<Node>] = []
    for root in roots {
      if root.serial == 0 { note(root, .max, visit, uses) } else { enter(root, visit, &open) }
    }
    while let next = open.popLast() {
      next._withUnsafeGuaranteedRef { node in
        @inline(__always) func look(_ input: Node) {
          if input.serial == 0 { note(input, node.serial, visit, uses) } else { enter(input, visit, &open) }
        }
        if let input = node.first.node { look(input) }
        if let input = node.second.node { look(input) }
        if let input = node.third.node { look(input) }
        if !node.others.isEmpty { for edge in node.others { if let input = edge.node { look(input) } } }
        if node.hidesInputs { for input in node.hiddenInputs { look(input) } }
      }
    }
    for i in leaves.indices {
      leaves[i].leaf._withUnsafeGuaranteedRef { if $0.visit == visit { leaves[i].oldestUse = unsafeDowncast($0, to: Leaf.self).oldestUse } }
    }
    leaves.sort { $0.oldestUse < $1.oldestUse }
  }

  @inline(__always)
  private func enter(_ node: Node, _ visit: UInt64, _ open: inout [Unmanaged<Node>]) {
    if node.visit == visit { return }
    node.visit = visit
    open.append(.passUnretained(node))
  }

  @inline(__always)
  private mutating func note(_ node: Node, _ use: UInt64, _ visit: UInt64, _ uses: [ObjectIdentifier: UInt64]) {
    let leaf = unsafeDowncast(node, to: Leaf.self)
    if leaf.visit == visit {
      if use < leaf.oldestUse { leaf.oldestUse = use }
      return
    }
    leaf.visit = visit
    leaf.oldestUse = use
    if !uses.isEmpty, let before = uses[ObjectIdentifier(node)] {
      leaf.oldestUse = Swift.min(use, before)
    } else {
      leaves.append((use, .passUnretained(node)))
    }
  }

  /// A leaf whose uses have all run when nodes up to `serial` still wait; nil when there is none now.
  @inline(__always)
  mutating func next(usedAfter serial: UInt64) -> Unmanaged<Node>? {
    guard let last = leaves.last, last.oldestUse > serial else { return nil }
    return leaves.removeLast().leaf
  }
}
