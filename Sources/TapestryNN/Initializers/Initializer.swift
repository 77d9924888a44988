import TapestryAutograd
import TapestryOps
import TapestryTensors

/// How a weight starts: given to a layer, or run on a parameter in place.
///
///     let hidden = Linear(784, 256, init: .heNormal)
///     hidden.weight.initialize(.xavierUniform(gain: calculateGain(.tanh)))
///
/// Most are scaled by a weight's fans (`Fans`): how many numbers flow into, or out of, one unit. The names are those of
/// papers: Xavier is Glorot, He is Kaiming. Random numbers come from the thread's current generator (`Random.seed`,
/// `withSeed`).
public struct Initializer: Sendable {
  private let make: @Sendable (Shape, Fans?, DType) -> Tensor

  /// An initializer of your own. The fans are nil for a weight with fewer than two axes whose fans nobody told.
  public init(_ make: @escaping @Sendable (_ shape: Shape, _ fans: Fans?, _ dtype: DType) -> Tensor) {
    self.make = make
  }

  /// A tensor of this shape. `fans` replaces those that the shape tells, for weights of another layout, and for biases,
  /// which have the fans of their weight.
  public func callAsFunction(_ shape: Shape, fans: Fans? = nil, _ dtype: DType = .float32) -> Tensor {
    let value = make(shape, fans ?? Fans(shape), dtype)
    if value.shape != shape || value.dtype != dtype {
      fail("Initializer: \(dtype) \(shape) was asked for, but \(value.dtype) \(value.shape) was made")
    }
    return value
  }
}

extension Parameter {
  /// Starts this weight again. `fans` as in `Initializer`.
  public func initialize(_ initializer: Initializer, fans: Fans? = nil) {
    assign(initializer(shape, fans: fans, dtype))
  }
}

/// How many numbers a unit of a layer adds up, and to how many units each goes.
///
/// A matrix (in, out), the weight of our `Linear`, has fan-in `in` and fan-out `out`. The weight of a convolution (out,
/// in, k…) has fan-in in·Πk and fan-out out·Πk.
public struct Fans: Sendable, Equatable {
  /// How many numbers one unit adds up.
  public let fanIn: Int
  /// To how many units one number goes.
  public let fanOut: Int

  /// Fans that are known. Traps where one is negative.
  public init(fanIn: Int, fanOut: Int) {
    if fanIn < 0 || fanOut < 0 { fail("Fans: a fan cannot be negative, got \(fanIn) and \(fanOut)") }
    self.fanIn = fanIn
    self.fanOut = fanOut
  }

  /// What the shape of a weight tells; nil with fewer than two axes.
  public init?(_ shape: Shape) {
    if shape.count < 2 { return nil }
    _ = shape.volume  // refuses sizes whose product is too large for an Int, so the products below are not
    let places = shape.dropFirst(2).reduce(1, *)
    self.init(
      fanIn: (shape.count == 2 ? shape[0] : shape[1]) * places,
      fanOut: (shape.count == 2 ? shape[1] : shape[0]) * places)
  }
}

/// Which of a weight's fans a scaled initializer divides by. Fan-in keeps the variance in the forward pass, fan-out
/// that of gradients.
public enum FanMode: Sendable { case fanIn, fanOut, average }

/// What follows a weight, for `calculateGain`.
public enum Nonlinearity: Sendable, Equatable {
  case linear, sigmoid, tanh, relu, selu
  case leakyRelu(negativeSlope: Double = 0.01)
}

/// The factor by which a weight must be larger for what follows it to keep the variance: 1 for linear layers and
/// sigmoid, 5/3 for tanh, √2 for ReLU, √(2/(1 + slope²)) for leaky ReLU, 3/4 for SELU.
public func calculateGain(_ nonlinearity: Nonlinearity) -> Double {
  switch nonlinearity {
  case .linear, .sigmoid: 1
  case .tanh: 5.0 / 3
  case .relu: 2.0.squareRoot()
  case .leakyRelu(let slope): (2 / (1 + slope * slope)).squareRoot()
  case .selu: 3.0 / 4
  }
}
