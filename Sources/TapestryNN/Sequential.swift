import TapestryAutograd

/// Layers called one after another.
///
///     let model = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))
///     let logits = model(images)
public final class Sequential: Layer, LayerContainer {
  public let layers: [any Layer]

  public init(_ layers: any Layer...) { self.layers = layers }
  public init(_ layers: [any Layer]) { self.layers = layers }

  public func forward(_ x: Variable) -> Variable {
    var y = x
    for layer in layers { y = layer(y) }
    return y
  }
}
