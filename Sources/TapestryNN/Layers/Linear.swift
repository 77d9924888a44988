import TapestryAutograd
import TapestryOps
import TapestryTensors

/// y = x·W + b for x (…, in), W (in, out), b (out); a single vector x (in) gives (out). in·out + out weights.
///
/// W starts normal with σ = √(1/in) (LeCun), b at zero. PyTorch's own start is
/// `init: .fanInUniform, biasInit: .fanInUniform`.
public final class Linear: Layer {
  /// (in, out); PyTorch's files have it transposed.
  public let weight: Parameter
  /// (out), nil without bias
  public let bias: Parameter?

  /// `biasInit` sees the fans of the weight.
  public init(
    _ inFeatures: Int, _ outFeatures: Int, bias: Bool = true, init weightInit: Initializer = .lecunNormal,
    biasInit: Initializer = .zeros
  ) {
    if inFeatures < 1 || outFeatures < 1 {
      fail("Linear: the sizes must be at least 1, got \(inFeatures) and \(outFeatures)")
    }
    weight = Parameter(weightInit([inFeatures, outFeatures]), fileLayout: .transposed)
    self.bias = bias ? Parameter(biasInit([outFeatures], fans: Fans(fanIn: inFeatures, fanOut: outFeatures))) : nil
  }

  /// The size of the input's last axis.
  public var inFeatures: Int { weight.shape[0] }
  /// The size of the result's last axis.
  public var outFeatures: Int { weight.shape[1] }
  /// `linear`: x (…, in) gives (…, out). Traps where the last axis of x has another size.
  public func forward(_ x: Variable) -> Variable { linear(x, weight, bias) }
  /// What stands in brackets where the model is printed: `64, 128`.
  public var details: String { "\(inFeatures), \(outFeatures)" + (bias == nil ? ", bias: false" : "") }
}
