import TapestryAutograd
import TapestryTensors

/// Scales all gradients by one factor so that their norm, as one vector, is at most `maxNorm`; returns the norm before
/// (Pascanu, Mikolov and Bengio 2012, arXiv:1211.5063):
///
///     g = g·min(1, maxNorm/(norm + 10⁻⁶))       norm = (Σ|g|ᵖ)^(1/p) with p = normType, max|g| for p = ∞
///
/// Works in place; parameters without a gradient do not count. The norm is summed in float64, with the same bits on any
/// number of threads. A norm of NaN or ∞ makes the gradients NaN or 0, as in PyTorch; with `errorIfNonfinite` it ends
/// the program, names the first parameter whose gradient holds NaN (without NaN, ∞), and no gradient was changed.
@discardableResult
public func clipGradNorm(
  _ parameters: [Parameter], maxNorm: Double, normType: Double = 2, errorIfNonfinite: Bool = false
) -> Double {
  if !(maxNorm >= 0) { fail("clipGradNorm: maxNorm must be at least 0, got \(maxNorm)") }
  if !(normType > 0) { fail("clipGradNorm: normType must be above 0 (2, 1, .infinity, …), got \(normType)") }
  let gradients = gather(parameters)
  let sum = gradients.gradientSum(normType)
  let norm = normType == 2 ? sum.squareRoot() : normType == 1 || normType == .infinity ? sum : power(sum, 1 / normType)
  if errorIfNonfinite && !norm.isFinite { failNonfinite(parameters, norm) }
  let factor = maxNorm / (norm + 1e-6)
  if !(factor >= 1) { gradients.scaleGradients(factor) }
  return norm
}

/// Cuts every element of every gradient to −clipValue … clipValue, in place. NaN stays.
public func clipGradValue(_ parameters: [Parameter], clipValue: Double) {
  if !(clipValue >= 0) { fail("clipGradValue: clipValue must be at least 0, got \(clipValue)") }
  gather(parameters).clampGradients(-clipValue, clipValue)
}

private func gather(_ parameters: [Parameter]) -> StepBuffers {
  var gradients = StepBuffers()
  var seen = Set<ObjectIdentifier>()
  for parameter in parameters {
    // Twice in the list would be scaled twice.
    guard let leaf = parameter.node as? Leaf, leaf.hasGradient, seen.insert(ObjectIdentifier(leaf)).inserted else {
      continue
    }
    if let rows = leaf.rows {  // the others are 0
      rows.makeDistinct()
      gradients.add(gradient: &rows.rows)
    } else {
      gradients.add(gradient: &leaf.grad!)
    }
  }
  return gradients
}

private func failNonfinite(_ parameters: [Parameter], _ norm: Double) -> Never {
  let what = "clipGradNorm: the norm of the gradients is \(norm)"
  for isBad in [\Double.isNaN, \.isInfinite] {
    for (i, parameter) in parameters.enumerated() {
      guard var gradient = parameter.grad else { continue }
      var one = StepBuffers()
      one.add(gradient: &gradient)
      let largest = one.gradientSum(.infinity)
      if !largest[keyPath: isBad] { continue }
      let name = parameter.name.map { "'\($0)'" } ?? "parameter \(i)"
      fail("\(what): the gradient of \(name) of shape \(gradient.shape) contains \(largest)")
    }
  }
  fail("\(what), though each of them is finite: they are too large")
}
