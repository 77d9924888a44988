import TapestryAutograd
import TapestryTensors

// From Variables to Swift: what Tensors have. Their values, without history.

extension Variable {
  /// The elements in row-major order. The type asked for must be the Variable's own.
  public func array<Element: TensorElement>(_: Element.Type = Element.self) -> [Element] { value.array() }

  /// The elements as arrays of arrays, as deep as there are axes: `let rows: [[Float]] = x.nestedArray()`.
  public func nestedArray<Part: NestedElements>(_: [Part].Type = [Part].self) -> [Part] { value.nestedArray() }

  /// The only element, as what the Variable holds: `x.item(Int.self)` of an int64 one.
  public func item<Element: TensorElement>(_: Element.Type) -> Element { value.item(Element.self) }

  /// Whether any element is NaN.
  public var containsNaN: Bool { value.containsNaN }

  /// Whether the elements lie in row-major order without gaps.
  public var isContiguous: Bool { value.isContiguous }

  /// Whether all elements of two are within `atol + rtol·|b|` of each other.
  public func allClose(
    _ b: some VariableConvertible, rtol: Double = 1e-5, atol: Double = 1e-8, equalNaN: Bool = false
  ) -> Bool { value.allClose(b.asVariable.value, rtol: rtol, atol: atol, equalNaN: equalNaN) }
}
