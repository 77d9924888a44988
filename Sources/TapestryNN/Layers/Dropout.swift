import TapestryAutograd
import TapestryOps
import TapestryTensors

// Random layers that are the identity in evaluation. The random numbers come from the thread's current generator
// (`Random.seed`, `withSeed`).

/// In training, sets each element to zero with probability p and divides the others by 1 − p, so that the mean stays
/// (Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"). In evaluation the
/// identity.
public final class Dropout: Layer, ModeDependent {
  /// The probability to be dropped.
  public let p: Double
  /// Whether it drops anything: see `train()` and `eval()`.
  public var training = true
  /// `p` is the probability to be dropped, 0.5 by default. Traps outside of 0 … 1.
  public init(_ p: Double = 0.5) { self.p = probability(p, "Dropout") }
  /// The same with the label that PyTorch has, and the printed model.
  public convenience init(p: Double) { self.init(p) }
  /// `dropout` of x (…), in the same shape; x itself in evaluation.
  public func forward(_ x: Variable) -> Variable { dropout(x, p, training: training) }
}

/// Dropout of whole channels of (batch, channels, length), or (channels, length), each with probability p (Tompson et
/// al. 2015, arXiv:1411.4280).
public final class Dropout1d: Layer, ModeDependent {
  /// The probability to be dropped.
  public let p: Double
  /// Whether it drops anything: see `train()` and `eval()`.
  public var training = true
  /// `p` is the probability to be dropped, 0.5 by default. Traps outside of 0 … 1.
  public init(_ p: Double = 0.5) { self.p = probability(p, "Dropout1d") }
  /// The same with the label that PyTorch has, and the printed model.
  public convenience init(p: Double) { self.init(p) }
  /// x (batch, channels, length) or (channels, length) with whole channels dropped; traps for another rank.
  public func forward(_ x: Variable) -> Variable { dropChannels(x, p, training, places: 1, "Dropout1d") }
}

/// Dropout of whole channels of images (batch, channels, height, width), or (channels, height, width), each with
/// probability p.
public final class Dropout2d: Layer, ModeDependent {
  /// The probability to be dropped.
  public let p: Double
  /// Whether it drops anything: see `train()` and `eval()`.
  public var training = true
  /// `p` is the probability to be dropped, 0.5 by default. Traps outside of 0 … 1.
  public init(_ p: Double = 0.5) { self.p = probability(p, "Dropout2d") }
  /// The same with the label that PyTorch has, and the printed model.
  public convenience init(p: Double) { self.init(p) }
  /// x (batch, channels, height, width) or without the batch axis, with whole channels dropped; traps for another rank.
  public func forward(_ x: Variable) -> Variable { dropChannels(x, p, training, places: 2, "Dropout2d") }
}

/// Dropout of whole channels of volumes (batch, channels, depth, height, width), or (channels, depth, height, width),
/// each with probability p.
public final class Dropout3d: Layer, ModeDependent {
  /// The probability to be dropped.
  public let p: Double
  /// Whether it drops anything: see `train()` and `eval()`.
  public var training = true
  /// `p` is the probability to be dropped, 0.5 by default. Traps outside of 0 … 1.
  public init(_ p: Double = 0.5) { self.p = probability(p, "Dropout3d") }
  /// The same with the label that PyTorch has, and the printed model.
  public convenience init(p: Double) { self.init(p) }
  /// x (batch, channels, depth, height, width) or without the batch axis, with whole channels dropped; traps for
  /// another rank.
  public func forward(_ x: Variable) -> Variable { dropChannels(x, p, training, places: 3, "Dropout3d") }
}

/// Dropout for networks with `SELU`, which keeps mean 0 and variance 1 (Klambauer et al. 2017, arXiv:1706.02515).
public final class AlphaDropout: Layer, ModeDependent {
  /// The probability to be dropped.
  public let p: Double
  /// Whether it drops anything: see `train()` and `eval()`.
  public var training = true
  /// `p` is the probability to be dropped, 0.5 by default. Traps outside of 0 … 1.
  public init(_ p: Double = 0.5) { self.p = probability(p, "AlphaDropout") }
  /// The same with the label that PyTorch has, and the printed model.
  public convenience init(p: Double) { self.init(p) }
  /// `alphaDropout` of x (…), in the same shape; x itself in evaluation.
  public func forward(_ x: Variable) -> Variable { alphaDropout(x, p, training: training) }
}

/// `AlphaDropout` of whole channels of (batch, channels, …).
public final class FeatureAlphaDropout: Layer, ModeDependent {
  /// The probability to be dropped.
  public let p: Double
  /// Whether it drops anything: see `train()` and `eval()`.
  public var training = true
  /// `p` is the probability to be dropped, 0.5 by default. Traps outside of 0 … 1.
  public init(_ p: Double = 0.5) { self.p = probability(p, "FeatureAlphaDropout") }
  /// The same with the label that PyTorch has, and the printed model.
  public convenience init(p: Double) { self.init(p) }
  /// `featureAlphaDropout` of x (batch, channels, …), in the same shape; x itself in evaluation.
  public func forward(_ x: Variable) -> Variable { featureAlphaDropout(x, p, training: training) }
}

private func probability(_ p: Double, _ name: String) -> Double {
  if !(0...1).contains(p) { fail("\(name): p must lie in 0 … 1, got \(p)") }
  return p
}

/// Feature dropout of an input with or without a batch axis, which its rank tells.
private func dropChannels(_ x: Variable, _ p: Double, _ training: Bool, places: Int, _ name: String) -> Variable {
  if x.rank != places + 1 && x.rank != places + 2 {
    fail(
      """
      \(name): needs (batch, channels) or (channels) and then \(places == 1 ? "one axis" : "\(places) axes") of \
      places, got \(x.shape)
      """)
  }
  return featureDropout(x, p, training: training, batched: x.rank == places + 2)
}
