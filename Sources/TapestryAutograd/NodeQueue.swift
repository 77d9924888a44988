/// The nodes that wait in a backward pass, the newest serial first: a binary heap with its top apart, so that a chain
/// never touches the heap.
struct NodeQueue {
  private var newest: Unmanaged<Node>?
  /// Of the newest node that waits; 0 when none does.
  private(set) var newestSerial: UInt64 = 0
  private var heap: [(serial: UInt64, node: Unmanaged<Node>)] = []

  /// The caller keeps the node alive.
  mutating func push(_ node: Node) {
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

  mutating func pop() -> Unmanaged<Node>? {
    guard let top = newest else { return nil }
    guard let last = heap.popLast() else {
      newest = nil
      newestSerial = 0
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
}
