import Foundation
import Tapestry

// Work of any shape, named as in shapes.py: `product:37x512x90` (m, k, n), `productT:…` with a transposed b, as a
// layer's; `softmax1:60x1000` and the others of a matrix (rows, columns), the digit is the axis.

private func random(_ sizes: Int...) -> Variable { Variable(.normal(Shape(sizes))) }

/// Nil where there is no such work.
func shapeWorkload(_ name: String) -> Workload? {
  let parts = name.split(separator: ":"),
    sizes = parts.last.map { $0.split(separator: "x").compactMap { Int($0) } } ?? []
  guard parts.count == 2, sizes.count == (parts[0].hasPrefix("product") ? 3 : 2) else { return nil }
  let a = sizes[0], b = sizes[1], c = sizes.last!
  func one(_ f: @escaping (Variable) -> Variable) -> Workload {
    Workload(name) {
      let x = random(a, b)
      return { _ = f(x) }
    }
  }
  switch parts[0] {
  case "product":
    return Workload(name) {
      let x = random(a, b), y = random(b, c)
      return { _ = matmul(x, y) }
    }
  case "productT":
    return Workload(name) {
      let x = random(a, b), y = random(c, b).transposed()
      return { _ = matmul(x, y) }
    }
  case "softmax1": return one { softmax($0, axis: 1) }
  case "softmax0": return one { softmax($0, axis: 0) }
  case "logsoftmax1": return one { logSoftmax($0, axis: 1) }
  case "layernorm1": return one { layerNorm($0) }
  case "rmsnorm1": return one { rmsNorm($0) }
  case "sum0": return one { $0.sum(0) }
  case "sum1": return one { $0.sum(1) }
  case "mean1": return one { $0.mean(1) }
  case "max1": return one { $0.amax(1) }
  case "max0": return one { $0.amax(0) }
  case "var1": return one { $0.variance(1) }
  default: return nil
  }
}
