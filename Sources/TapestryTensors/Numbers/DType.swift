import CTapestry

/// What the elements of a tensor are. Nothing is promoted silently: operands of different types are an error, and a
/// literal (`x * 2`) takes the type of the tensor.
///
/// `float16` (IEEE 754 binary16: 11 binary digits, up to 65504) and `bfloat16` (8 digits, the range of float32) are for
/// storing: tensors of them are made, converted, copied, indexed, printed and kept in files. To compute with them,
/// `cast(to: .float32)` first.
public enum DType: Int32, Sendable, CaseIterable, CustomStringConvertible {
  case float32, float64, int32, int64, uint8, bool, float16, bfloat16

  /// Whether it holds fractions; these have gradients.
  public var isFloatingPoint: Bool { tp_is_float(rawValue) }

  /// Whether arithmetic takes the type; the others are for storing.
  package var isComputed: Bool { tp_is_computed(rawValue) }

  /// The type that elements are converted to where one computes with them.
  package var computedIn: DType { DType(rawValue: tp_computed_in(rawValue))! }

  /// Bytes of one element.
  public var itemSize: Int { Int(tp_itemsize(rawValue)) }

  /// How many binary digits a floating type has: it holds every whole number up to 2ᵈⁱᵍⁱᵗˢ.
  var digits: Int {
    switch self {
    case .float32: 24
    case .float64: 53
    case .float16: 11
    case .bfloat16: 8
    case .int32, .int64, .uint8, .bool: fail("digits: \(self) is no floating type")
    }
  }

  /// The numbers that a type of whole numbers holds; floating types are no such type.
  var wholeNumbers: ClosedRange<Int> {
    switch self {
    case .uint8: 0...255
    case .bool: 0...1
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .int64, .float32, .float64, .float16, .bfloat16: .min ... .max
    }
  }

  /// `float32`
  public var description: String { String(cString: tp_dtype_name(rawValue)) }
}
