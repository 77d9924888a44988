import TapestryAutograd
import TapestryOps
import TapestryTensors

/// Distances of pairs, targets ±1: `hingeEmbeddingLoss`
public final class HingeEmbeddingLoss: Loss {
  /// The distance from which a pair that does not belong together costs nothing.
  public let margin: Double
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// `margin` is the distance from which a pair that does not belong together costs nothing.
  public init(margin: Double = 1, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// `hingeEmbeddingLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    hingeEmbeddingLoss(input, target, margin: margin, reduction: reduction)
  }
}

/// Which of two scores should be higher, target 1 for the first and −1 for the second: `marginRankingLoss`
public final class MarginRankingLoss: TripleLayer {
  /// By how much the one must be ahead of the other to cost nothing.
  public let margin: Double
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// `margin` is by how much the one must be ahead of the other to cost nothing.
  public init(margin: Double = 0, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss of two inputs and their target.
  public func forward(_ first: Variable, _ second: Variable, _ target: Variable) -> Variable {
    marginRankingLoss(first, second, target, margin: margin, reduction: reduction)
  }
}

/// Angles of pairs of rows, targets ±1: `cosineEmbeddingLoss`
public final class CosineEmbeddingLoss: TripleLayer {
  /// The cosine up to which a pair that does not belong together costs nothing.
  public let margin: Double
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// `margin` is the cosine up to which a pair that does not belong together costs nothing.
  public init(margin: Double = 0, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss of two inputs and their target.
  public func forward(_ first: Variable, _ second: Variable, _ target: Variable) -> Variable {
    cosineEmbeddingLoss(first, second, target, margin: margin, reduction: reduction)
  }
}

/// An anchor nearer to a positive than to a negative: `tripletMarginLoss`
public final class TripletMarginLoss: TripleLayer {
  /// By how much the positive must be nearer to cost nothing.
  public let margin: Double
  /// The p of the norm that measures distances.
  public let p: Double
  /// Added to each difference, so that the derivative exists where rows are equal.
  public let eps: Double
  /// Whether the negative is compared with the nearer one of anchor and positive (Balntas et al. 2016).
  public let swap: Bool
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// The options of `tripletMarginLoss`. Traps for a margin that is not positive.
  public init(margin: Double = 1, p: Double = 2, eps: Double = 1e-6, swap: Bool = false, reduction: Reduction = .mean) {
    if !(margin > 0) { fail("TripletMarginLoss: the margin must be positive, got \(margin)") }
    self.margin = margin
    self.p = p
    self.eps = eps
    self.swap = swap
    self.reduction = reduction
  }

  /// The loss of three inputs of rows (…, features).
  public func forward(_ anchor: Variable, _ positive: Variable, _ negative: Variable) -> Variable {
    tripletMarginLoss(anchor, positive, negative, margin: margin, p: p, eps: eps, swap: swap, reduction: reduction)
  }
}

/// A class by a margin: `multiMarginLoss`
public final class MultiMarginLoss: Loss {
  /// The power of what is missing to the margin, 1 or 2.
  public let p: Int
  /// By how much the true class must be ahead of another to cost nothing.
  public let margin: Double
  /// A factor for each class, (classes).
  public let weight: Buffer?
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// The options of `multiMarginLoss`. Traps for a p other than 1 and 2.
  public init(p: Int = 1, margin: Double = 1, weight: Tensor? = nil, reduction: Reduction = .mean) {
    if p != 1 && p != 2 { fail("MultiMarginLoss: p must be 1 or 2, got \(p)") }
    self.p = p
    self.margin = margin
    self.weight = weight.map { Buffer($0) }
    self.reduction = reduction
  }

  /// `multiMarginLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    multiMarginLoss(input, target, p: p, margin: margin, weight: weight?.value, reduction: reduction)
  }
}

/// Several classes by a margin: `multiLabelMarginLoss`
public final class MultiLabelMarginLoss: Loss {
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction
  /// `reduction` makes one number of the losses: their mean, their sum, or with `.none` all of them.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  /// `multiLabelMarginLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    multiLabelMarginLoss(input, target, reduction: reduction)
  }
}
