import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A table of vectors, looked up by index: indices (…) give vectors (…, dim). Rows start normal with σ = 1, as in PyTorch.
public final class Embedding: Layer {
  /// (count, dim)
  public let weight: Parameter

  public init(_ count: Int, _ dim: Int) {
    if count < 1 || dim < 1 { fail("Embedding: the sizes must be at least 1, got \(count) and \(dim)") }
    weight = Parameter(.normal([count, dim]))
  }

  public func forward(_ indices: Variable) -> Variable { embedding(indices.value, weight) }
}
