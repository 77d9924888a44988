import TapestryAutograd
import TapestryOps
import TapestryTensors

/// The cosine of the angle between vectors along an axis of two inputs, by default the second: `cosineSimilarity`
public final class CosineSimilarity: PairLayer {
  /// The axis that it works along; negative ones count from the end.
  public let axis: Int
  /// The least length that a vector counts with, so that a zero vector has a cosine.
  public let eps: Double

  /// Along this axis, by default the second.
  public init(_ axis: Int = 1, eps: Double = 1e-8) {
    self.axis = axis
    self.eps = eps
  }

  /// `cosineSimilarity` of a and b, which broadcast; the axis disappears.
  public func forward(_ a: Variable, _ b: Variable) -> Variable { cosineSimilarity(a, b, axis: axis, eps: eps) }

  /// What stands in brackets where the model is printed: what is not the default.
  public var details: String { axis == 1 ? "" : "\(axis)" }
}

/// The p-norm of the difference of rows, (…, features) and (…, features): `pairwiseDistance`
public final class PairwiseDistance: PairLayer {
  /// The p of the norm.
  public let p: Double
  /// Added to each difference, so that the derivative exists where rows are equal.
  public let eps: Double
  /// Whether the last axis stays, with size 1.
  public let keepDims: Bool

  /// The Euclidean distance by default.
  public init(p: Double = 2, eps: Double = 1e-6, keepDims: Bool = false) {
    self.p = p
    self.eps = eps
    self.keepDims = keepDims
  }

  /// `pairwiseDistance` of a and b (…, features), which broadcast: (…).
  public func forward(_ a: Variable, _ b: Variable) -> Variable {
    pairwiseDistance(a, b, p: p, eps: eps, keepDims: keepDims)
  }

  /// What stands in brackets where the model is printed: what is not the default.
  public var details: String { p == 2 ? "" : "p: \(p)" }
}
