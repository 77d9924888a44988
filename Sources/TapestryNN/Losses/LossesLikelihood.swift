import TapestryAutograd
import TapestryOps
import TapestryTensors

/// The Kullback–Leibler divergence of log-probabilities from probabilities: `klDivLoss`. As mathematics defines it with
/// `reduction: .batchMean`.
public final class KLDivLoss: Loss {
  /// How the terms become one: their mean, their sum, their sum over the batch size, or not at all.
  public let reduction: DivergenceReduction
  /// Whether the targets are log-probabilities too.
  public let logTarget: Bool

  /// `.batchMean` divides the sum by the batch size; `.mean`, PyTorch's default, by the number of elements.
  public init(reduction: DivergenceReduction = .mean, logTarget: Bool = false) {
    self.reduction = reduction
    self.logTarget = logTarget
  }

  /// `klDivLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    klDivLoss(input, target, logTarget: logTarget, reduction: reduction)
  }
}

/// Counts under Poisson distributions: `poissonNLLLoss`
public final class PoissonNLLLoss: Loss {
  /// Whether the input is the logarithm of the expected count.
  public let logInput: Bool
  /// Whether Stirling's approximation of ln t! is added.
  public let full: Bool
  /// ε, added to x before its logarithm is taken.
  public let eps: Double
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// The options of `poissonNLLLoss`.
  public init(logInput: Bool = true, full: Bool = false, eps: Double = 1e-8, reduction: Reduction = .mean) {
    self.logInput = logInput
    self.full = full
    self.eps = eps
    self.reduction = reduction
  }

  /// `poissonNLLLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    poissonNLLLoss(input, target, logInput: logInput, full: full, eps: eps, reduction: reduction)
  }
}

/// Targets under normal distributions with predicted mean and variance: `gaussianNLLLoss`
public final class GaussianNLLLoss: TripleLayer {
  /// Whether the constant ½·ln 2π is added.
  public let full: Bool
  /// ε, the least variance that counts.
  public let eps: Double
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// The options of `gaussianNLLLoss`.
  public init(full: Bool = false, eps: Double = 1e-6, reduction: Reduction = .mean) {
    self.full = full
    self.eps = eps
    self.reduction = reduction
  }

  /// The loss of a predicted mean, the target and the predicted variance.
  public func forward(_ input: Variable, _ target: Variable, _ variance: Variable) -> Variable {
    gaussianNLLLoss(input, target, variance, full: full, eps: eps, reduction: reduction)
  }
}

/// ln(1 + exp(−t·x)) for targets ±1: `softMarginLoss`
public final class SoftMarginLoss: Loss {
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction
  /// `reduction` makes one number of the losses: their mean, their sum, or with `.none` all of them.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }
  /// `softMarginLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    softMarginLoss(input, target, reduction: reduction)
  }
}

/// Several classes at once, each by its own logistic function: `multiLabelSoftMarginLoss`
public final class MultiLabelSoftMarginLoss: Loss {
  /// A factor for each class, (classes).
  public let weight: Buffer?
  /// How the losses become one: `.mean`, `.sum` or `.none`.
  public let reduction: Reduction

  /// `weight` (classes) is a factor for each class.
  public init(weight: Tensor? = nil, reduction: Reduction = .mean) {
    self.weight = weight.map { Buffer($0) }
    self.reduction = reduction
  }

  /// `multiLabelSoftMarginLoss` of input and target with these options.
  public func forward(_ input: Variable, _ target: Variable) -> Variable {
    multiLabelSoftMarginLoss(input, target, weight: weight?.value, reduction: reduction)
  }
}
