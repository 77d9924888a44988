import CTapestry

/// What the elements of a tensor are. Nothing is promoted silently: operands of different types are an error, and a
/// literal (`x * 2`) takes the type of the tensor.
public enum DType: Int32, Sendable, CaseIterable, CustomStringConvertible {
  case float32, float64, int32, int64, uint8, bool

  public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

  /// Bytes of one element.
  public var itemSize: Int {
    switch self {
    case .float32, .int32: 4
    case .float64, .int64: 8
    case .uint8, .bool: 1
    }
  }

  /// The numbers that a type of whole numbers holds; floating types are no such type.
  var wholeNumbers: ClosedRange<Int> {
    switch self {
    case .uint8: 0...255
    case .bool: 0...1
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .int64, .float32, .float64: .min ... .max
    }
  }

  public var description: String {
    switch self {
    case .float32: "float32"
    case .float64: "float64"
    case .int32: "int32"
    case .int64: "int64"
    case .uint8: "uint8"
    case .bool: "bool"
    }
  }
}
