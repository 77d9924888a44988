import TapestryAutograd
import TapestryOps
import TapestryTensors

/// y = x + f(x), or shortcut(x) + f(x) where f changes the shape (He et al. 2015, arXiv:1512.03385).
///
///     Residual(Sequential(LayerNorm(128), Linear(128, 128), ReLU()))
///     Residual(Linear(64, 128), shortcut: Linear(64, 128, bias: false))
public final class Residual: Layer {
  /// f
  public private(set) var block: any Layer
  /// The identity where nil.
  public private(set) var shortcut: (any Layer)?

  /// `shortcut` is needed where the block changes the shape; without one x is added as it is.
  public init(_ block: any Layer, shortcut: (any Layer)? = nil) {
    self.block = block
    self.shortcut = shortcut
  }

  /// shortcut(x) + block(x). Traps where their shapes differ.
  public func forward(_ x: Variable) -> Variable {
    let y = block(x)
    let same = shortcut.map { $0(x) } ?? x
    if y.shape != same.shape {
      fail(
        """
        Residual: cannot add \(same.shape) to the block's \(y.shape); give a shortcut layer that turns \(x.shape) \
        into \(y.shape)
        """)
    }
    return same + y
  }
}
