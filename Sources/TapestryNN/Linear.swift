import TapestryAutograd
import TapestryOps
import TapestryTensors

/// y = x·W + b for x (…, in), W (in, out), b (out).
///
/// W starts normal with σ = √(1/in) (LeCun), b at zero. in·out + out weights.
public final class Linear: Layer {
  /// (in, out)
  public let weight: Parameter
  /// (out), nil without bias
  public let bias: Parameter?

  public init(_ inFeatures: Int, _ outFeatures: Int, bias: Bool = true) {
    if inFeatures < 1 || outFeatures < 1 { fail("Linear: the sizes must be at least 1, got \(inFeatures) and \(outFeatures)") }
    weight = Parameter(
      .normal([inFeatures, outFeatures], mean: 0, standardDeviation: (1 / Double(inFeatures)).squareRoot()), fileLayout: .transposed)
    self.bias = bias ? Parameter(.zeros([outFeatures])) : nil
  }

  public func forward(_ x: Variable) -> Variable { linear(x, weight, bias) }
  public var details: String { "\(weight.shape[0]), \(weight.shape[1])" + (bias == nil ? ", bias: false" : "") }
}
