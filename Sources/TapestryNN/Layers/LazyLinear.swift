import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A `Linear` that learns the size of its input from the first: y = x·W + b for x (…, in), W (in, out), b (out).
///
///     let model = Sequential(Flatten(), LazyLinear(10))
///     _ = model(images[..<1])                    // W is (784, 10) from here on
///     let optimizer = Adam(model.parameters())
///
/// Before that optimizers and state dictionaries refuse it; a state that is loaded gives it its sizes too. PyTorch's
/// `LazyLinear`, but that no class changes.
public final class LazyLinear: Layer {
  /// (in, out), uninitialized before the first call; PyTorch's files have it transposed.
  public let weight: Parameter
  /// (out), nil without bias; uninitialized before the first call.
  public let bias: Parameter?
  /// The size of the result's last axis.
  public let outFeatures: Int
  private let weightInit: Initializer, biasInit: Initializer

  /// As of `Linear`, without the size of the input. Traps for a size below 1.
  public init(
    _ outFeatures: Int, bias: Bool = true, init weightInit: Initializer = .lecunNormal, biasInit: Initializer = .zeros
  ) {
    if outFeatures < 1 { fail("LazyLinear: the size must be at least 1, got \(outFeatures)") }
    weight = .uninitialized(fileLayout: .transposed)
    self.bias = bias ? .uninitialized() : nil
    (self.outFeatures, self.weightInit, self.biasInit) = (outFeatures, weightInit, biasInit)
  }

  /// The size of the input's last axis, nil before the first call.
  public var inFeatures: Int? { weight.isUninitialized ? nil : weight.shape[0] }

  /// `linear`: x (…, in) gives (…, out); the first call draws the weights. Traps where x has no axis, and later where
  /// the last axis of x has another size.
  public func forward(_ x: Variable) -> Variable {
    if weight.isUninitialized {
      if x.rank == 0 || x.shape[x.rank - 1] == 0 {
        fail("LazyLinear: needs features along the last axis of its first input, got \(x.shape)")
      }
      weight.materialize(weightInit([x.shape[x.rank - 1], outFeatures]))
    }
    if let bias, bias.isUninitialized {
      bias.materialize(biasInit([outFeatures], fans: Fans(fanIn: weight.shape[0], fanOut: outFeatures)))
    }
    return linear(x, weight, bias)
  }

  /// What stands in brackets where the model is printed: `64, 128`, before the first call `?, 128`.
  public var details: String {
    "\(inFeatures.map(String.init) ?? "?"), \(outFeatures)" + (bias == nil ? ", bias: false" : "")
  }
}
