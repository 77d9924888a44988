import TapestryTensors

/// A Variable, or a Tensor, which is a constant: what a loss takes on either side.
public protocol VariableConvertible {
  /// The Variable itself, or a constant one.
  var asVariable: Variable { get }
}

extension Variable: VariableConvertible {
  /// Itself.
  public final var asVariable: Variable { self }
}

extension Tensor: VariableConvertible {
  /// A constant Variable with its value.
  public var asVariable: Variable { Variable(self) }
}

extension Variable: CustomStringConvertible, CustomDebugStringConvertible {
  /// The value's elements: `print(loss)` is `0.4375`.
  public final var description: String { value.description }

  /// The type, the shape and whether a gradient is wanted, then the elements.
  public final var debugDescription: String {
    "\(type(of: self)) \(dtype) \(shape)\(requiresGrad ? ", requiresGrad" : "")\n\(value)"
  }
}
