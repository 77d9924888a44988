import CTapestry

/// Frees long chains of nodes without recursion: a node that loses its last reference while another is being freed
/// waits in a list.
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
