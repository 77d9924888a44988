import TapestryAutograd
import TapestryOps

// The smooth activations as layers, named as in torch.nn; those with corners are in ActivationsRectifiers.swift,
// softmax and its relatives in ActivationsAlongAxis.swift. Input and output have one shape.

/// 1/(1 + e⁻ˣ)
public final class Sigmoid: Layer {
  /// It has no options.
  public init() {}
  /// `sigmoid` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { sigmoid(x) }
}

/// ln σ(x), without overflow
public final class LogSigmoid: Layer {
  /// It has no options.
  public init() {}
  /// `logSigmoid` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { logSigmoid(x) }
}

/// tanh(x)
public final class Tanh: Layer {
  /// It has no options.
  public init() {}
  /// `tanh` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { tanh(x) }
}

/// x − tanh(x)
public final class Tanhshrink: Layer {
  /// It has no options.
  public init() {}
  /// `tanhshrink` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { tanhshrink(x) }
}

/// x/(1 + |x|)
public final class Softsign: Layer {
  /// It has no options.
  public init() {}
  /// `softsign` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { softsign(x) }
}

/// ln(1 + exp(β·x))/β, a smooth ReLU; x itself where β·x > threshold
public final class Softplus: Layer {
  /// β, how sharp the bend is.
  public let beta: Double
  /// Where β·x is larger, the result is x.
  public let threshold: Double

  /// β, 1 by default, and the β·x from which on the result is x itself.
  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }

  /// `softplus` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { softplus(x, beta: beta, threshold: threshold) }
}

/// x·Φ(x), with Φ the normal distribution function, or its older approximation by tanh (Hendrycks and Gimpel 2016,
/// arXiv:1606.08415)
public final class GELU: Layer {
  /// Φ itself, or its approximation by tanh.
  public let approximate: GeluApproximation
  /// Φ itself, or with `.tanh` its approximation.
  public init(approximate: GeluApproximation = .none) { self.approximate = approximate }
  /// `gelu` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { gelu(x, approximate: approximate) }
  /// What stands in brackets where the model is printed: `approximate: .tanh`, or nothing.
  public var details: String { approximate == .tanh ? "approximate: .tanh" : "" }
}

/// x·σ(x), also called swish (Elfwing, Uchibe and Doya 2017, arXiv:1702.03118)
public final class SiLU: Layer {
  /// It has no options.
  public init() {}
  /// `silu` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { silu(x) }
}

/// x·tanh(softplus x) (Misra 2019, arXiv:1908.08681)
public final class Mish: Layer {
  /// It has no options.
  public init() {}
  /// `mish` of each element; x has any shape, and the result the same.
  public func forward(_ x: Variable) -> Variable { mish(x) }
}
