import CTapestry
import TapestryTensors

/// Sees what passes the gate.
package protocol Watcher: AnyObject {
  /// Whether it wants the operations of backward passes too.
  var seesBackward: Bool { get }

  /// An operation gave `value`. `mismatch`: one of its results and the shape that its rule said, where they differ.
  func saw(_ value: Tensor, of operation: String, mismatch: (value: Tensor, rule: Shape)?)

  /// A gradient is on its way to the output of `node`; from the backward of `operation`, nil where the pass starts.
  func saw(gradient: Variable, for node: Node, from operation: String?)
}

extension Watcher {
  package var seesBackward: Bool { true }
  package func saw(gradient: Variable, for node: Node, from operation: String?) {}
}

/// The one place that every operation passes with its result, and every gradient of a backward pass. Where nobody
/// watches it costs one load.
///
///     if Gate.isWatched { Gate.show(value, name) }
package enum Gate {
  @inline(__always)
  package static var isWatched: Bool { tp_gate_users() != 0 && ThreadSlot.hasGate }

  /// Runs `body` with one more watcher of what this thread does.
  package static func watched<R, E: Error>(by watcher: some Watcher, _ body: () throws(E) -> R) throws(E) -> R {
    let post = Post(watcher, outer: ThreadSlot.gate as? Post)
    tp_gate_add(1)
    defer { tp_gate_add(-1) }
    return try ThreadSlot.withGate(post, body)
  }

  @inline(never)
  package static func show(_ value: Tensor, _ operation: String, _ mismatch: (value: Tensor, rule: Shape)? = nil) {
    let isPassing = tp_thread().pointee.passes > 0
    each { if !isPassing || $0.seesBackward { $0.saw(value, of: operation, mismatch: mismatch) } }
  }

  /// The same for the results of an op that may have several.
  package static func show(_ value: some OpResult, _ operation: String, _ mismatch: (value: Tensor, rule: Shape)?) {
    show(value.first, operation, mismatch)
    for other in value.others { show(other, operation) }
  }

  @inline(never)
  static func show(gradient: Variable, for node: Node, from operation: String?) {
    each { $0.saw(gradient: gradient, for: node, from: operation) }
  }

  private static func each(_ body: (any Watcher) -> Void) {
    var post = ThreadSlot.gate as? Post
    while let here = post {
      body(here.watcher)
      post = here.outer
    }
  }

  private final class Post {
    let watcher: any Watcher, outer: Post?

    init(_ watcher: any Watcher, outer: Post?) {
      self.watcher = watcher
      self.outer = outer
    }
  }
}
