import TapestryAutograd
import TapestryOps
import TapestryTensors

/// y = γ·(x − mean)/√(variance + ε) + β over the last axes of x, those of the normalized shape (Ba et al. 2016,
/// arXiv:1607.06450).
///
/// `LayerNorm(512)` normalizes the last axis of x (…, 512), `LayerNorm([4, 5])` the last two of (…, 4, 5) together. 2·Π
/// sizes weights.
public final class LayerNorm: Layer {
  /// γ, of the normalized shape, starts at 1; nil where not `elementwiseAffine`
  public let weight: Parameter?
  /// β, of the normalized shape, starts at 0; nil without bias and where not `elementwiseAffine`
  public let bias: Parameter?
  /// The sizes of the last axes, which are normalized together.
  public let normalizedShape: Shape
  /// ε, added to the variance.
  public let eps: Double

  /// Normalizes the last axes of x, of these sizes, together. `eps` is ε. Traps for
  /// no axis, for an empty one, and for an ε that is negative or not finite.
  public init(_ normalizedShape: Shape, eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true) {
    if normalizedShape.isEmpty || normalizedShape.contains(where: { $0 < 1 }) {
      fail("LayerNorm: the normalized shape needs at least one axis and sizes of at least 1, got \(normalizedShape)")
    }
    if !(eps >= 0) || !eps.isFinite { fail("LayerNorm: eps must be finite and at least 0, got \(eps)") }
    self.normalizedShape = normalizedShape
    self.eps = eps
    weight = elementwiseAffine ? Parameter(.ones(normalizedShape)) : nil
    self.bias = elementwiseAffine && bias ? Parameter(.zeros(normalizedShape)) : nil
  }

  /// The same for the last axis alone, of this size.
  public convenience init(_ features: Int, eps: Double = 1e-5, elementwiseAffine: Bool = true, bias: Bool = true) {
    if features < 1 { fail("LayerNorm: the size must be at least 1, got \(features)") }
    self.init([features], eps: eps, elementwiseAffine: elementwiseAffine, bias: bias)
  }

  /// x (…, normalized shape) in the same shape. Traps where its last axes have other sizes.
  public func forward(_ x: Variable) -> Variable {
    layerNorm(x, normalizedShape: normalizedShape, gamma: weight, beta: bias, eps: eps)
  }

  /// What stands in brackets where the model is printed: the normalized shape, `512` or `[4, 5]`.
  public var details: String {
    (normalizedShape.count == 1 ? "\(normalizedShape[0])" : "\(normalizedShape)")
      + (weight == nil ? ", elementwiseAffine: false" : bias == nil ? ", bias: false" : "")
  }
}
