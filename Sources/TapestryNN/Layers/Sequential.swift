import TapestryAutograd
import TapestryTensors

/// Layers called one after another. From a list, an array, or a builder with `if`, `if`/`else`, `switch` and `for`:
///
///     let model = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))
///     let deep = Sequential {
///       Linear(64, 128)
///       for _ in 1..<depth { Residual(Sequential(LayerNorm(128), Linear(128, 128), ReLU())) }
///       if regularized { Dropout(0.2) }
///       Linear(128, 10)
///     }
public final class Sequential: Layer, LayerContainer {
  /// In the order of their calls.
  public private(set) var layers: [any Layer]

  /// The listed layers.
  public init(_ layers: any Layer...) { self.layers = layers }

  /// The layers of an array.
  public init(_ layers: [any Layer]) { self.layers = layers }

  /// The layers that a builder lists.
  public init(@SequentialBuilder _ layers: () -> [any Layer]) { self.layers = layers() }

  /// The layers one after another, each with what the one before gave; x itself where there are none.
  public func forward(_ x: Variable) -> Variable {
    var y = x
    for layer in layers { y = layer(y) }
    return y
  }

  /// The number of layers.
  public var count: Int { layers.count }

  /// Layer i, the first is 0.
  public subscript(_ i: Int) -> any Layer {
    if !layers.indices.contains(i) {
      fail("Sequential: there is no layer \(i); it has \(layers.count), counted from 0")
    }
    return layers[i]
  }

  /// Some of the layers as a model of its own, which shares them.
  public subscript(_ range: Range<Int>) -> Sequential {
    if range.lowerBound < 0 || range.upperBound > layers.count {
      fail("Sequential: there are no layers \(range); it has \(layers.count), counted from 0")
    }
    return Sequential(Array(layers[range]))
  }
}

/// Collects the layers that a `Sequential { … }` lists.
@resultBuilder
public enum SequentialBuilder {
  /// A layer on a line of its own.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Several layers, as of an array.
  public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
  /// A function is refused: the message says how to make a layer of it.
  @available(*, unavailable, message: "a function is no layer: write ReLU() for relu, or Lambda { relu($0) }")
  public static func buildExpression(_ function: (Variable) -> Variable) -> [any Layer] { [] }
  /// The lines one after another.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// `if` … `else`, `switch`: the part that holds.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// The same.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  /// `for`: the layers of all rounds.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
  /// `if #available`.
  public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}
