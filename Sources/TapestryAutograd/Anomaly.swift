import CTapestry
import TapestryTensors

/// Runs `body` with every result and every gradient checked for NaN; the first one ends the program with a message that names the operation.
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

package enum Anomaly {
  @inline(__always)
  package static var isOn: Bool { tp_anomaly_users() != 0 && tp_thread().pointee.anomaly }

  /// `shape` is what the op's shape rule said.
  package static func check(_ value: Tensor, _ op: String, _ shape: Shape? = nil) {
    if let shape, shape != value.shape { fail("\(op): the result has shape \(value.shape), but its shape rule says \(shape)") }
    if isOn && value.containsNaN { fail("\(op): the result of shape \(value.shape) has a NaN (found by detectAnomaly)") }
  }

  static func checkGradients(of node: Node) {
    for (i, dy) in ([node.pending] + node.morePending).enumerated() {
      if let dy, dy.value.containsNaN {
        fail("\(node.name): the gradient that reaches its output \(i), shape \(dy.shape), has a NaN (found by detectAnomaly)")
      }
    }
  }
}
