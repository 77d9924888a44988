import TapestryAutograd
import TapestryOps
import TapestryTensors

// Activations made of straight pieces or of exponential ones, named as in torch.nn. Input and output have one shape.

/// max(x, 0)
public final class ReLU: Layer {
  /// It has no options.
  public init() {}
  /// `relu` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { relu(x) }
}

/// x limited to 0 … 6
public final class ReLU6: Layer {
  /// It has no options.
  public init() {}
  /// `relu6` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { relu6(x) }
}

/// x where positive, else x·negativeSlope (Maas, Hannun and Ng 2013)
public final class LeakyReLU: Layer {
  /// The factor of negative x.
  public let negativeSlope: Double
  /// `negativeSlope`, 0.01 by default, is the factor of negative x.
  public init(_ negativeSlope: Double = 0.01) { self.negativeSlope = negativeSlope }
  /// `leakyRelu` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { leakyRelu(x, negativeSlope: negativeSlope) }
}

/// x where positive, else x·a with a learned slope: one for all, or one for each channel, axis 1 of (batch, channels,
/// …) (He et al. 2015, arXiv:1502.01852). Weight decay would pull the slopes to 0: leave them out of it.
public final class PReLU: Layer {
  /// a, (numParameters)
  public let weight: Parameter

  /// `numParameters` is 1 or the number of channels; `initial` is where the slopes start.
  public init(_ numParameters: Int = 1, initial: Double = 0.25) {
    if numParameters < 1 { fail("PReLU: needs at least one slope, got \(numParameters)") }
    weight = Parameter(.full([numParameters], initial))
  }

  /// How many slopes are learned.
  public var numParameters: Int { weight.count }
  /// `prelu` of x with the learned slopes. Where there are several, x is (batch, numParameters, …).
  public func forward(_ x: Variable) -> Variable { prelu(x, weight) }
  /// What stands in brackets where the model is printed: the number of slopes.
  public var details: String { "\(numParameters)" }
}

/// x where positive, else x·s, with s drawn uniformly from lower … upper for each element in training, and their mean
/// in evaluation (Xu et al. 2015, arXiv:1505.00853)
public final class RReLU: Layer, ModeDependent {
  /// The smallest slope.
  public let lower: Double
  /// The largest slope.
  public let upper: Double
  /// Whether slopes are drawn: see `train()` and `eval()`.
  public var training = true

  /// Slopes from 1/8 to 1/3 by default. Traps unless lower ≤ upper, both finite.
  public init(lower: Double = 1.0 / 8, upper: Double = 1.0 / 3) {
    if !(lower <= upper) || !(upper - lower).isFinite {
      fail("RReLU: the slopes need lower ≤ upper, both finite, got \(lower) and \(upper)")
    }
    self.lower = lower
    self.upper = upper
  }

  /// `rrelu` of each element: in training another slope for each, drawn from the current generator.
  public func forward(_ x: Variable) -> Variable { rrelu(x, lower: lower, upper: upper, training: training) }
}

/// x where positive, else α·(eˣ − 1) (Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289)
public final class ELU: Layer {
  /// α
  public let alpha: Double
  /// α, 1 by default, is where large negative x end, with the sign turned.
  public init(alpha: Double = 1) { self.alpha = alpha }
  /// `elu` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { elu(x, alpha: alpha) }
}

/// max(0, x) + min(0, α·(exp(x/α) − 1)) (Barron 2017, arXiv:1704.07483)
public final class CELU: Layer {
  /// α
  public let alpha: Double

  /// α, 1 by default. Traps where it is 0 or not finite.
  public init(alpha: Double = 1) {
    if alpha == 0 || !alpha.isFinite { fail("CELU: alpha must be finite and not 0, got \(alpha)") }
    self.alpha = alpha
  }

  /// `celu` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { celu(x, alpha: alpha) }
}

/// λ·elu(x, α) with the λ and α that keep mean 0 and variance 1 (Klambauer et al. 2017, arXiv:1706.02515). Initialize
/// weights with `.lecunNormal`.
public final class SELU: Layer {
  /// It has no options.
  public init() {}
  /// `selu` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { selu(x) }
}

/// x limited to min … max
public final class Hardtanh: Layer {
  /// The smallest result.
  public let min: Double
  /// The largest result.
  public let max: Double

  /// The limits, −1 and 1 by default. Traps unless min < max.
  public init(min: Double = -1, max: Double = 1) {
    if !(min < max) { fail("Hardtanh: min must be less than max, got \(min) and \(max)") }
    self.min = min
    self.max = max
  }

  /// `hardtanh` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { hardtanh(x, min: min, max: max) }
}

/// min(max(x + 3, 0), 6)/6 (Howard et al. 2019, arXiv:1905.02244)
public final class Hardsigmoid: Layer {
  /// It has no options.
  public init() {}
  /// `hardsigmoid` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { hardsigmoid(x) }
}

/// x·hardsigmoid(x) (Howard et al. 2019, arXiv:1905.02244)
public final class Hardswish: Layer {
  /// It has no options.
  public init() {}
  /// `hardswish` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { hardswish(x) }
}

/// x where |x| > λ, else 0
public final class Hardshrink: Layer {
  /// λ
  public let lambda: Double
  /// λ, 0.5 by default: numbers up to this size become 0.
  public init(_ lambda: Double = 0.5) { self.lambda = lambda }
  /// `hardshrink` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { hardshrink(x, lambda: lambda) }
}

/// x moved towards 0 by λ, and 0 where |x| ≤ λ
public final class Softshrink: Layer {
  /// λ
  public let lambda: Double

  /// λ, 0.5 by default. Traps where it is negative or NaN.
  public init(_ lambda: Double = 0.5) {
    if !(lambda >= 0) { fail("Softshrink: lambda must be at least 0, got \(lambda)") }
    self.lambda = lambda
  }

  /// `softshrink` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { softshrink(x, lambda: lambda) }
}

/// x where it is greater than the threshold, else `value`
public final class Threshold: Layer {
  /// What x must exceed to stay.
  public let threshold: Double
  /// What smaller x become.
  public let value: Double

  /// `Threshold(0.1, 20)`: what is not greater than 0.1 becomes 20.
  public init(_ threshold: Double, _ value: Double) {
    self.threshold = threshold
    self.value = value
  }

  /// `threshold` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { TapestryOps.threshold(x, threshold, value) }
}
