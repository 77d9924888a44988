import TapestryAutograd
import TapestryOps
import TapestryTensors

// Activations that work along one axis, by default the last (−1). PyTorch's default is obsolete and warns.

/// exp x / Σ exp x along an axis: positive numbers whose sum is 1. Large x do not overflow.
public final class Softmax: Layer {
  /// The axis that it works along; negative ones count from the end.
  public let axis: Int
  /// Along this axis, by default the last.
  public init(_ axis: Int = -1) { self.axis = axis }
  /// The same with the axis named: `(axis: 1)`.
  public convenience init(axis: Int) { self.init(axis) }
  /// `softmax` along the axis. The result has the shape of x.
  public func forward(_ x: Variable) -> Variable { softmax(x, axis: axis) }
}

/// x − ln Σ exp x along an axis: the logarithm of `Softmax`, without its loss of precision
public final class LogSoftmax: Layer {
  /// The axis that it works along; negative ones count from the end.
  public let axis: Int
  /// Along this axis, by default the last.
  public init(_ axis: Int = -1) { self.axis = axis }
  /// The same with the axis named: `(axis: 1)`.
  public convenience init(axis: Int) { self.init(axis) }
  /// `logSoftmax` along the axis. The result has the shape of x.
  public func forward(_ x: Variable) -> Variable { logSoftmax(x, axis: axis) }
}

/// softmax(−x) along an axis: the smallest number gets the largest share
public final class Softmin: Layer {
  /// The axis that it works along; negative ones count from the end.
  public let axis: Int
  /// Along this axis, by default the last.
  public init(_ axis: Int = -1) { self.axis = axis }
  /// The same with the axis named: `(axis: 1)`.
  public convenience init(axis: Int) { self.init(axis) }
  /// `softmin` along the axis. The result has the shape of x.
  public func forward(_ x: Variable) -> Variable { softmin(x, axis: axis) }
}

/// Softmax over the channels of images (batch, channels, height, width) or (channels, height, width), at each place for
/// itself
public final class Softmax2d: Layer {
  /// It has no options.
  public init() {}

  /// `softmax` along the channels, in the shape of x. Traps for another rank than 3 or 4.
  public func forward(_ x: Variable) -> Variable {
    if x.rank != 3 && x.rank != 4 {
      fail("Softmax2d: needs (batch, channels, height, width) or (channels, height, width), got \(x.shape)")
    }
    return softmax(x, axis: -3)
  }
}

/// a·σ(b), where a and b are the halves of x along an axis of even size (Dauphin et al. 2016, arXiv:1612.08083)
public final class GLU: Layer {
  /// The axis that it works along; negative ones count from the end.
  public let axis: Int
  /// Along this axis, by default the last.
  public init(_ axis: Int = -1) { self.axis = axis }
  /// The same with the axis named: `(axis: 1)`.
  public convenience init(axis: Int) { self.init(axis) }
  /// `glu` along the axis. That axis of the result is half as long.
  public func forward(_ x: Variable) -> Variable { glu(x, axis: axis) }
}
