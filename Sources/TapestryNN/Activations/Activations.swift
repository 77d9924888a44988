import TapestryAutograd
import TapestryOps

// The smooth activations as layers, named as in torch.nn; those with corners are in ActivationsRectifiers.swift,
// softmax and its relatives in ActivationsAlongAxis.swift. Input and output have one shape.

/// 1/(1 + e⁻ˣ)
public final class Sigmoid: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { sigmoid(x) }
}

/// ln σ(x), without overflow
public final class LogSigmoid: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { logSigmoid(x) }
}

/// tanh(x)
public final class Tanh: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { tanh(x) }
}

/// x − tanh(x)
public final class Tanhshrink: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { tanhshrink(x) }
}

/// x/(1 + |x|)
public final class Softsign: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { softsign(x) }
}

/// ln(1 + exp(β·x))/β, a smooth ReLU; x itself where β·x > threshold
public final class Softplus: Layer {
  /// β, how sharp the bend is.
  public let beta: Double
  /// Where β·x is larger, the result is x.
  public let threshold: Double

  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }

  public func forward(_ x: Variable) -> Variable { softplus(x, beta: beta, threshold: threshold) }
}

/// x·Φ(x), with Φ the normal distribution function, or its older approximation by tanh (Hendrycks and Gimpel 2016,
/// arXiv:1606.08415)
public final class GELU: Layer {
  /// Φ itself, or its approximation by tanh.
  public let approximate: GeluApproximation
  public init(approximate: GeluApproximation = .none) { self.approximate = approximate }
  public func forward(_ x: Variable) -> Variable { gelu(x, approximate: approximate) }
  public var details: String { approximate == .tanh ? "approximate: .tanh" : "" }
}

/// x·σ(x), also called swish (Elfwing, Uchibe and Doya 2017, arXiv:1702.03118)
public final class SiLU: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { silu(x) }
}

/// x·tanh(softplus x) (Misra 2019, arXiv:1908.08681)
public final class Mish: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { mish(x) }
}
