import TapestryTensors

/// A Variable, or a Tensor, which is a constant: what a loss takes on either side.
public protocol VariableConvertible {
  /// The Variable itself, or a constant one.
  var asVariable: Variable { get }
}

extension Variable: VariableConvertible {
  public final var asVariable: Variable { self }
}

extension Tensor: VariableConvertible {
  public var asVariable: Variable { Variable(self) }
}
