import TapestryAutograd
import TapestryOps

/// max(x, 0)
public final class ReLU: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { relu(x) }
}

/// tanh(x)
public final class Tanh: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { tanh(x) }
}

/// x·Φ(x), with Φ the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415)
public final class GELU: Layer {
  public init() {}
  public func forward(_ x: Variable) -> Variable { gelu(x) }
}
