import CTapestry

/// When each leaf of a backward pass is complete: as soon as the oldest of the nodes that use it has run, for a pass
/// runs the newest first. So a gradient can be used (clipped, sent to other machines, applied) while the pass goes on.
/// Only hooks can tell: without any the search is saved, and leaves are complete at the end.
struct LeafOrder {
  /// The leaves below the pass's results with the serial of their oldest use, the newest of these last.
  private var leaves: [(oldestUse: UInt64, leaf: Unmanaged<Node>)] = []

  /// Nodes that the search has to look at.
  private var open: [Unmanaged<Node>] = []

  /// Where a search goes on in a pass that has begun: what it knows of leaves.
  private var known: [ObjectIdentifier: UInt64] = [:]

  /// Looks through the graph below some nodes. `run` is the pass's number.
  mutating func add(from roots: @autoclosure () -> [Node], _ run: UInt64) {
    if tp_hooks() == 0 { return }
    let isFirst = leaves.isEmpty, visit = isFirst ? run : tp_new_pass()
    for (use, leaf) in leaves { known[ObjectIdentifier(leaf.takeUnretainedValue())] = use }
    open.reserveCapacity(16)
    leaves.reserveCapacity(leaves.count + 16)
    for root in roots() { look(root, .max, visit, run) }
    while let next = open.popLast() {
      let node = next.takeUnretainedValue(), serial = node.serial
      if let input = node.first.node { look(input, serial, visit, run) }
      if let input = node.second.node { look(input, serial, visit, run) }
      if let input = node.third.node { look(input, serial, visit, run) }
      if !node.others.isEmpty {
        for edge in node.others { if let input = edge.node { look(input, serial, visit, run) } }
      }
      if node.hidesInputs { for input in node.hiddenInputs { look(input, serial, visit, run) } }
    }
    for i in leaves.indices {
      let leaf = unsafeDowncast(leaves[i].leaf.takeUnretainedValue(), to: Leaf.self)
      if leaf.visit == visit { leaves[i].oldestUse = leaf.oldestUse }
    }
    if leaves.count > 1 { leaves.sort { $0.oldestUse < $1.oldestUse } }
    if !isFirst { known = [:] }
  }

  /// An input of the node with the serial `use`.
  @inline(__always)
  private mutating func look(_ input: Node, _ use: UInt64, _ visit: UInt64, _ run: UInt64) {
    if input.serial == 0 {
      let leaf = unsafeDowncast(input, to: Leaf.self)
      if leaf.visit == visit { if use < leaf.oldestUse { leaf.oldestUse = use } } else { note(leaf, use, visit, run) }
    } else if input.visit != visit {
      input.visit = visit
      open.append(.passUnretained(input))
    }
  }

  private mutating func note(_ leaf: Leaf, _ use: UInt64, _ visit: UInt64, _ run: UInt64) {
    leaf.visit = visit
    leaf.awaited = run
    leaf.oldestUse = use
    if !known.isEmpty, let before = known[ObjectIdentifier(leaf)] {
      leaf.oldestUse = Swift.min(use, before)
    } else {
      leaves.append((use, .passUnretained(leaf)))
    }
  }

  /// A leaf whose uses have all run when nodes up to `serial` still wait; nil when there is none now.
  @inline(__always)
  mutating func next(usedAfter serial: UInt64) -> Unmanaged<Node>? {
    guard let last = leaves.last, last.oldestUse > serial else { return nil }
    leaves.removeLast()
    unsafeDowncast(last.leaf.takeUnretainedValue(), to: Leaf.self).awaited = 0
    return last.leaf
  }
}

/// Leaves in their order, on a stack that the thread keeps, so that a backward pass makes no array. A pass within a
/// pass stands above it.
struct LateLeaves {
  private let bottom = tp_thread().pointee.late_count

  @inline(__always)
  func add(_ leaf: Node) { tp_late_push(tp_thread(), Unmanaged.passUnretained(leaf).toOpaque()) }

  /// Hands each over and takes them all away.
  @inline(__always)
  func empty(_ body: (Unmanaged<Node>) -> Void) {
    var i = bottom
    while i < tp_thread().pointee.late_count {
      body(.fromOpaque(tp_thread().pointee.late[Int(i)]!))
      i += 1
    }
    tp_thread().pointee.late_count = bottom
  }
}
