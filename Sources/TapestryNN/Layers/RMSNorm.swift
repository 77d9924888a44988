import TapestryAutograd
import TapestryOps
import TapestryTensors

/// y = γ·x/√(mean x² + ε) over the last axes of x, those of the normalized shape (Zhang & Sennrich 2019,
/// arXiv:1910.07467).
///
/// `RMSNorm(512)` normalizes the last axis of x (…, 512), `RMSNorm([4, 5])` the last two of (…, 4, 5) together. Π sizes
/// weights.
public final class RMSNorm: Layer {
  /// γ, of the normalized shape, starts at 1; nil where not `elementwiseAffine`
  public let weight: Parameter?
  /// The sizes of the last axes, which are normalized together.
  public let normalizedShape: Shape
  /// ε, added to the mean of squares; nil for the distance from 1 to the next number of x's type
  public let eps: Double?

  /// Normalizes the last axes of x, of these sizes, together. `eps` is ε, by default the distance from 1 to the next
  /// number of x's type. Traps for
  /// no axis, for an empty one, and for an ε that is negative or not finite.
  public init(_ normalizedShape: Shape, eps: Double? = nil, elementwiseAffine: Bool = true) {
    if normalizedShape.isEmpty || normalizedShape.contains(where: { $0 < 1 }) {
      fail("RMSNorm: the normalized shape needs at least one axis and sizes of at least 1, got \(normalizedShape)")
    }
    if let eps, !(eps >= 0) || !eps.isFinite { fail("RMSNorm: eps must be finite and at least 0, got \(eps)") }
    self.normalizedShape = normalizedShape
    self.eps = eps
    weight = elementwiseAffine ? Parameter(.ones(normalizedShape)) : nil
  }

  /// The same for the last axis alone, of this size.
  public convenience init(_ features: Int, eps: Double? = nil, elementwiseAffine: Bool = true) {
    if features < 1 { fail("RMSNorm: the size must be at least 1, got \(features)") }
    self.init([features], eps: eps, elementwiseAffine: elementwiseAffine)
  }

  /// x (…, normalized shape) in the same shape. Traps where its last axes have other sizes.
  public func forward(_ x: Variable) -> Variable {
    rmsNorm(x, normalizedShape: normalizedShape, gamma: weight, eps: eps)
  }

  /// What stands in brackets where the model is printed: the normalized shape, `512` or `[4, 5]`.
  public var details: String {
    (normalizedShape.count == 1 ? "\(normalizedShape[0])" : "\(normalizedShape)")
      + (weight == nil ? ", elementwiseAffine: false" : "")
  }
}
