import TapestryAutograd
import TapestryOps
import TapestryTensors

/// y = γ·(x − mean)/√(variance + ε) + β over the last axis of x (…, features) (Ba et al. 2016, arXiv:1607.06450).
public final class LayerNorm: Layer {
  /// γ, (features), starts at 1
  public let weight: Parameter
  /// β, (features), starts at 0
  public let bias: Parameter
  public let eps: Double

  public init(_ features: Int, eps: Double = 1e-5) {
    if features < 1 { fail("LayerNorm: the size must be at least 1, got \(features)") }
    weight = Parameter(.ones([features]))
    bias = Parameter(.zeros([features]))
    self.eps = eps
  }

  public func forward(_ x: Variable) -> Variable { layerNorm(x, gamma: weight, beta: bias, eps: eps) }
}
