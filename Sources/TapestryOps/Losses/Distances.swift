import TapestryAutograd
import TapestryTensors

// How alike two vectors are: along one axis of two tensors that broadcast.

/// a·b / (max(‖a‖, ε)·max(‖b‖, ε)): the cosine of the angle between the vectors along `axis`, by default the second, as
/// in PyTorch.
public func cosineSimilarity(
  _ a: some VariableConvertible, _ b: some VariableConvertible, axis: Int = 1, eps: Double = 1e-8
) -> Variable {
  let a = a.asVariable, b = b.asVariable
  let (x, y) = checkVectors(a, b, axis, "cosineSimilarity")
  // One root of each norm, so that ε also keeps the derivative at a zero vector finite.
  func length(_ v: Variable) -> Variable { sqrt(clamp(square(v).sum(axis), min: eps * eps)) }
  return (x * y).sum(axis) / (length(x) * length(y))
}

/// ‖a − b + ε‖ₚ over the last axis: (…, features) and (…, features) give (…), with `keepDims` (…, 1).
public func pairwiseDistance(
  _ a: some VariableConvertible, _ b: some VariableConvertible, p: Double = 2, eps: Double = 1e-6,
  keepDims: Bool = false
) -> Variable {
  let (x, y) = checkVectors(a.asVariable, b.asVariable, -1, "pairwiseDistance")
  return (x - y + eps).norm(p, axes: [-1], keepDims: keepDims)
}

/// The two as they broadcast to one shape.
private func checkVectors(_ a: Variable, _ b: Variable, _ axis: Int, _ name: String) -> (Variable, Variable) {
  if a.dtype != b.dtype {
    fail("\(name): cannot compare \(a.dtype) \(a.shape) with \(b.dtype) \(b.shape); convert one with cast(to:)")
  }
  guard let shape = a.shape.broadcast(with: b.shape) else {
    fail("\(name): the shapes \(a.shape) and \(b.shape) do not broadcast")
  }
  if shape.axis(along: axis) == nil {
    fail("\(name): axis \(axis) does not exist in \(shape), which has \(shape.count) axes")
  }
  return (a.expanded(to: shape), b.expanded(to: shape))
}
