import CMeasures
import CTapestry
import Foundation
import Tapestry

/// Compares float32 functions (all, or those named) with float64 references over all 2³² bit patterns, on every tier
/// that this machine runs. Fails above 2 ulp.
func measureAccuracy(_ names: Set<String>) {
  let functions = (0..<Int32(TP_UNARY_OPS)).filter {
    let row = tp_unary_op($0).pointee
    return Int(row.grain.0) == Int(TP_LIMIT_grain_vector)
      && (names.isEmpty || names.contains(String(cString: row.name)))
  }
  var worst = 0.0
  print("tier       function   worst error    at")
  for tier in ["avx512", "avx2", "neon", "portable"] {
    guard let backend = tp_backend_named(tier) else { continue }
    tp_set_backend(backend)
    for op in functions {
      let name = String(cString: tp_unary_op(op).pointee.name), result = tp_check_accuracy(op, 0, 1)
      worst = max(worst, result.worst_ulp)
      let row =
        tier.padding(toLength: 11, withPad: " ", startingAt: 0)
        + name.padding(toLength: 11, withPad: " ", startingAt: 0)
      print(
        row
          + String(
            format: "%.4f ulp     %.9g   (%lld inputs)", result.worst_ulp, Double(result.worst_input),
            Int64(result.checked)))
      fflush(nil)
    }
  }
  tp_set_backend(nil)
  if worst > 2 {
    print(String(format: "worse than 2 ulp: %.3f", worst))
    exit(1)
  }
}
