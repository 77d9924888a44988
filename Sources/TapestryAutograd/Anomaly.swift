import CTapestry
import TapestryTensors

/// Runs `body` and ends the program at the first NaN, with a message that names the operation: forward, the one whose
/// result has it; backward, the one whose derivative made it. Results are also compared with their shape rules. Slow;
/// for finding a mistake.
@discardableResult
public func detectAnomaly<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  try Gate.watched(by: AnomalyWatcher(), body)
}

/// Refused: the closure must be synchronous, for the search belongs to a thread.
@available(
  *, unavailable,
  message: """
    modes belong to a thread, and an async closure may change threads: await first, then call detectAnomaly { } \
    around synchronous work
    """
)
public func detectAnomaly<R>(_ body: () async throws -> R) async rethrows -> R {
  fail("detectAnomaly: the closure is async")
}

/// Where a node was recorded: `encoder.layers.1 (Block): `. An object, so that it takes one word of a node.
package final class RecordedPlace {
  package let text: String

  /// Nil outside of modules.
  init?() {
    guard let path = Failure.modulePath.with({ $0 })() else { return nil }
    text = path + ": "
  }
}

/// Ends the program at a NaN. Of a backward pass it looks at the gradients, which name the node; the kernels on the way
/// need no checks of their own.
private final class AnomalyWatcher: Watcher {
  let seesBackward = false

  func saw(_ value: Tensor, of operation: String, mismatch: (value: Tensor, rule: Shape)?) {
    if let (value, rule) = mismatch {
      fail("\(operation): the result has shape \(value.shape), but its shape rule says \(rule)")
    }
    if value.containsNaN { fail("\(operation): the result of shape \(value.shape) has a NaN (found by detectAnomaly)") }
  }

  func saw(gradient: Variable, for node: Node, from operation: String?) {
    if !gradient.value.containsNaN { return }
    let place =
      "the gradient for an input of shape \(gradient.shape) (from \(node.name)) has a NaN (found by detectAnomaly)"
    fail(
      operation.map { "\($0): backward: \(place)" }
        ?? """
        backward: the gradient to start from, for \(node.name) of shape \(gradient.shape), has a NaN (found by \
        detectAnomaly)
        """)
  }
}
