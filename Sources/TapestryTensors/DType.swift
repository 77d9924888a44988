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
