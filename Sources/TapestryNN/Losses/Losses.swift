import TapestryAutograd
import TapestryOps
import TapestryTensors

// The losses as objects that remember their options, named as in torch.nn; the functions (`mseLoss`, `crossEntropy`, …)
// tell formulas and shapes.

/// A loss of a prediction and a target. Either may be a Variable or a Tensor, which is a constant.
///
///     let lossFunction = CrossEntropyLoss(labelSmoothing: 0.1)
///     let loss = lossFunction(model(images), labels)
public protocol Loss: Module {
  /// The loss; shapes are those of the function that the loss stands for.
  func forward(_ input: Variable, _ target: Variable) -> Variable
}

extension Loss {
  /// The loss of an input and its target; a Tensor on either side is a constant.
  public func callAsFunction(_ input: some VariableConvertible, _ target: some VariableConvertible) -> Variable {
    let input = input.asVariable, target = target.asVariable
    return running(self, input, target) { forward(input, target) }
  }
}

/// (x − t)²: `mseLoss`
public final class MSELoss: Loss {
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction
  /// `reduction` makes one number of the losses: their mean, their sum, or with `.none` all of them.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  /// `mseLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    mseLoss(input, target, reduction: reduction)
  }
}

/// |x − t|: `l1Loss`
public final class L1Loss: Loss {
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction
  /// `reduction` makes one number of the losses: their mean, their sum, or with `.none` all of them.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  /// `l1Loss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable { l1Loss(input, target, reduction: reduction) }
}

/// Quadratic up to |x − t| = δ, straight beyond: `huberLoss`
public final class HuberLoss: Loss {
  /// δ, where the parabola ends.
  public let delta: Double
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// δ is where the parabola becomes a line. Traps unless it is positive and finite.
  public init(delta: Double = 1, reduction: Reduction = .mean) {
    if !(delta > 0) || !delta.isFinite { fail("HuberLoss: delta must be positive and finite, got \(delta)") }
    self.delta = delta
    self.reduction = reduction
  }

  /// `huberLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    huberLoss(input, target, delta: delta, reduction: reduction)
  }
}

/// `HuberLoss` over β, and `L1Loss` for β = 0: `smoothL1Loss`
public final class SmoothL1Loss: Loss {
  /// β, where the parabola ends.
  public let beta: Double
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// β is where the parabola ends; 0 gives the absolute value. Traps where it is negative or not finite.
  public init(beta: Double = 1, reduction: Reduction = .mean) {
    if !(beta >= 0) || !beta.isFinite { fail("SmoothL1Loss: beta must be at least 0 and finite, got \(beta)") }
    self.beta = beta
    self.reduction = reduction
  }

  /// `smoothL1Loss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    smoothL1Loss(input, target, beta: beta, reduction: reduction)
  }
}

/// −t·ln x − (1 − t)·ln(1 − x) of probabilities: `binaryCrossEntropy`. For logits take `BCEWithLogitsLoss`, which is
/// stable.
public final class BCELoss: Loss {
  /// A factor for each loss, broadcast to the input.
  public let weight: Buffer?
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// `weight` is a factor for each loss, broadcast to the input.
  public init(weight: Tensor? = nil, reduction: Reduction = .mean) {
    self.weight = weight.map { Buffer($0) }
    self.reduction = reduction
  }

  /// `binaryCrossEntropy` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    binaryCrossEntropy(input, target, weight: weight?.value, reduction: reduction)
  }
}

/// `BCELoss` of σ(x), computed from the logits x without overflow: `binaryCrossEntropyWithLogits`
public final class BCEWithLogitsLoss: Loss {
  /// A factor for each loss, broadcast to the input.
  public let weight: Buffer?
  /// A factor for the part of positive targets.
  public let posWeight: Buffer?
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// `weight` is a factor for each loss, `posWeight` one for the part of positive targets; both are broadcast to the
  /// input.
  public init(weight: Tensor? = nil, posWeight: Tensor? = nil, reduction: Reduction = .mean) {
    self.weight = weight.map { Buffer($0) }
    self.posWeight = posWeight.map { Buffer($0) }
    self.reduction = reduction
  }

  /// `binaryCrossEntropyWithLogits` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    binaryCrossEntropyWithLogits(
      input, target, weight: weight?.value, posWeight: posWeight?.value, reduction: reduction)
  }
}

/// The cross-entropy of logits (batch, classes, …) with class numbers (batch, …) or probabilities: `crossEntropy`
public final class CrossEntropyLoss: Loss {
  /// A factor for each class, (classes).
  public let weight: Buffer?
  /// A label that counts for nothing.
  public let ignoreIndex: Int?
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction
  /// The share of each target that is spread evenly over all classes, 0 … 1.
  public let labelSmoothing: Double

  /// `weight` (classes) is a factor for each class. Rows whose label is `ignoreIndex` count for nothing, and no label
  /// is
  /// ignored with nil. Traps for a `labelSmoothing` outside of 0 … 1.
  public init(weight: Tensor? = nil, ignoreIndex: Int? = -100, reduction: Reduction = .mean, labelSmoothing: Double = 0)
  {
    if !(0...1).contains(labelSmoothing) {
      fail("CrossEntropyLoss: label smoothing must lie in 0 … 1, got \(labelSmoothing)")
    }
    self.weight = weight.map { Buffer($0) }
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
    self.labelSmoothing = labelSmoothing
  }

  /// `crossEntropy` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    crossEntropy(
      input, target, weight: weight?.value, ignoreIndex: ignoreIndex, reduction: reduction,
      labelSmoothing: labelSmoothing)
  }
}

/// The negative log-likelihood of class numbers under log-probabilities: `nllLoss`, what follows a `LogSoftmax`
public final class NLLLoss: Loss {
  /// A factor for each class, (classes).
  public let weight: Buffer?
  /// A label that counts for nothing.
  public let ignoreIndex: Int?
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// `weight` (classes) is a factor for each class. Rows whose label is `ignoreIndex` count for nothing, and no label
  /// is
  /// ignored with nil.
  public init(weight: Tensor? = nil, ignoreIndex: Int? = -100, reduction: Reduction = .mean) {
    self.weight = weight.map { Buffer($0) }
    self.ignoreIndex = ignoreIndex
    self.reduction = reduction
  }

  /// `nllLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    nllLoss(input, target, weight: weight?.value, ignoreIndex: ignoreIndex, reduction: reduction)
  }
}
