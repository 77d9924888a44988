import TapestryAutograd
import TapestryData
import TapestryTensors

/// How far an answer may lie from PyTorch's: |a − b| ≤ absolute + relative·|b|.
package struct Tolerance: Sendable {
  package let absolute: Double
  package let relative: Double

  package init(absolute: Double, relative: Double) {
    self.absolute = absolute
    self.relative = relative
  }

  /// FORMAT.md's: 1e-7 + 1e-6·|b| in float64, 1e-4 + 1e-4·|b| in float32, equality for integers and truth values.
  package static func standard(_ dtype: DType) -> Tolerance {
    switch dtype {
    case .float64: Tolerance(absolute: 1e-7, relative: 1e-6)
    case .float32: Tolerance(absolute: 1e-4, relative: 1e-4)
    default: Tolerance(absolute: 0, relative: 0)
    }
  }
}

/// How a tensor differs from the expected one in type, shape or numbers, or nil if it does not. NaN equals NaN.
package func difference(_ a: Tensor, _ b: Tensor, _ tolerance: Tolerance? = nil) -> String? {
  if a.dtype != b.dtype || a.shape != b.shape { return "is \(a.dtype) \(a.shape), not \(b.dtype) \(b.shape)" }
  let bound = tolerance ?? .standard(b.dtype)
  let wholeNumbers = !b.dtype.isFloatingPoint  // int64 does not fit into Double
  if wholeNumbers { return a == b ? nil : "is \(a), not \(b)" }
  let (x, y) = (a.cast(to: .float64).array(Double.self), b.cast(to: .float64).array(Double.self))
  var wrong = 0, worst = 0.0, place = 0
  for i in x.indices {
    if x[i] == y[i] || (x[i].isNaN && y[i].isNaN) { continue }
    let distance = abs(x[i] - y[i])
    if distance <= bound.absolute + bound.relative * abs(y[i]) && y[i].isFinite { continue }
    wrong += 1
    if !(distance <= worst) { (worst, place) = (distance, i) }
  }
  if wrong == 0 { return nil }
  return
    "differs in \(wrong) of \(x.count) elements of \(b.shape), most in element \(place): \(x[place]), not \(y[place])"
}

extension Case {
  /// Compares what a call returned with `outputs`, and the gradients that `cotangents` send to `leaves` with `grads`.
  /// Throws everything that differs.
  package func check(outputs: [Variable], leaves: [CaseLeaf], tolerance: Tolerance? = nil) throws {
    let expected = try tensorList("outputs")
    if outputs.count != expected.count { throw CaseFailure("\(outputs.count) outputs, not \(expected.count)") }
    var differences: [String] = []
    for (i, (output, want)) in zip(outputs, expected).enumerated() {
      if let how = difference(output.value, want, tolerance) { differences.append("output \(i) \(how)") }
    }
    // gradients of wrong outputs tell nothing more
    if !differences.isEmpty { throw CaseFailure(differences.joined(separator: "; ")) }
    differences = try gradientDifferences(outputs, leaves, tolerance)
    if !differences.isEmpty { throw CaseFailure(differences.joined(separator: "; ")) }
  }

  private func gradientDifferences(_ outputs: [Variable], _ leaves: [CaseLeaf], _ tolerance: Tolerance?) throws
    -> [String]
  {
    let cotangents = try tensorMap("cotangents")
    var fed: [(output: Variable, cotangent: Variable)] = []
    for (index, cotangent) in cotangents {
      guard let index = Int(index), outputs.indices.contains(index) else {
        throw CaseFailure("there is no output \(index) to send a cotangent into")
      }
      fed.append((outputs[index], Variable(cotangent)))
    }
    if fed.isEmpty { return [] }
    let found = gradients(
      of: fed.map(\.output), withRespectTo: leaves.map(\.variable), cotangents: fed.map(\.cotangent))
    guard case .object(let grads) = json["grads"] ?? .object([]) else { throw CaseFailure("grads is no map") }
    var differences: [String] = [], unseen = Set(grads.map(\.key))
    for (leaf, gradient) in zip(leaves, found) {
      unseen.remove(leaf.name)
      guard let want = json["grads"]?[leaf.name] else {
        differences.append("PyTorch has no \(leaf.name)")
        continue
      }
      // None and zeros are the same gradient: which of the two an input that does not matter gets is not promised.
      let got = leaf.layout(gradient?.value ?? .zeros(leaf.variable.shape, leaf.variable.dtype))
      if let how = difference(got, want == .null ? .zeros(like: got) : try tensor(want), tolerance) {
        differences.append("gradient of \(leaf.name) \(how)")
      }
    }
    return differences + unseen.sorted().map { "no gradient of \($0)" }
  }
}
