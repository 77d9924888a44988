import TapestryAutograd
import TapestryOps
import TapestryTensors

/// In training, sets each element to zero with probability p and divides the others by 1 − p, so that the mean stays
/// (Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting"). In evaluation the identity.
public final class Dropout: Layer, ModeDependent {
  public let p: Double
  public var training = true

  public init(_ p: Double = 0.5) {
    if !(0...1).contains(p) { fail("Dropout: p must lie in 0 … 1, got \(p)") }
    self.p = p
  }

  public func forward(_ x: Variable) -> Variable { dropout(x, p: p, training: training) }
  public var details: String { "\(p)" }
}
