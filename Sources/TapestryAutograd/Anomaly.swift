import CTapestry
import TapestryTensors

/// Runs `body` and ends the program at the first NaN, with a message that names the operation: forward, the one whose result has it; backward, the one
/// whose derivative made it. Results are also compared with their shape rules. Slow; for finding a mistake.
@discardableResult
public func detectAnomaly<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  let thread = tp_thread()!
  let before = thread.pointee.anomaly
  thread.pointee.anomaly = true
  tp_anomaly_add(1)
  defer {
    thread.pointee.anomaly = before
    tp_anomaly_add(-1)
  }
  return try body()
}

@available(
  *, unavailable, message: "modes belong to a thread, and an async closure may change threads: await first, then call detectAnomaly { } around synchronous work"
)
public func detectAnomaly<R>(_ body: () async throws -> R) async rethrows -> R { fail("detectAnomaly: the closure is async") }

/// Where a node was recorded: `encoder.layers.1 (Block): `. An object, so that it takes one word of a node.
package final class RecordedPlace {
  package let text: String

  /// Nil outside of modules.
  init?() {
    guard let path = Failure.modulePath.with({ $0 })() else { return nil }
    text = path + ": "
  }
}

package enum Anomaly {
  @inline(__always)
  package static var isOn: Bool { tp_anomaly_users() != 0 && tp_thread().pointee.anomaly }

  /// `shape` is what the op's shape rule said.
  package static func check(_ value: Tensor, _ op: String, _ shape: Shape? = nil) {
    if let shape, shape != value.shape { fail("\(op): the result has shape \(value.shape), but its shape rule says \(shape)") }
    if value.containsNaN { fail("\(op): the result of shape \(value.shape) has a NaN (found by detectAnomaly)") }
  }

  /// A gradient on its way to the output of `node`; `op` is the operation whose backward made it, nil where the pass starts.
  static func check(_ gradient: Variable, for node: Node, from op: String?) {
    if !gradient.value.containsNaN { return }
    let place = "the gradient for an input of shape \(gradient.shape) (from \(node.name)) has a NaN (found by detectAnomaly)"
    fail(
      op.map { "\($0): backward: \(place)" }
        ?? "backward: the gradient to start from, for \(node.name) of shape \(gradient.shape), has a NaN (found by detectAnomaly)")
  }
}
