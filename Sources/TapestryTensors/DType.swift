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

/// A Swift number that may stand beside a tensor in a formula: `2 * x`, `x / n`.
public protocol Scalar: Sendable {
  var asDouble: Double { get }
}

extension Int: Scalar {
  public var asDouble: Double { Double(self) }
}
extension Float: Scalar {
  public var asDouble: Double { Double(self) }
}
extension Double: Scalar {
  public var asDouble: Double { self }
}

/// A Swift type that tensors hold: `Float`, `Double`, `Int32`, `Int64`, `UInt8`, `Bool`; and `Int`, which is stored as int64.
public protocol TensorElement: Sendable {
  static var dtype: DType { get }
}

extension Float: TensorElement {
  public static var dtype: DType { .float32 }
}
extension Double: TensorElement {
  public static var dtype: DType { .float64 }
}
extension Int32: TensorElement {
  public static var dtype: DType { .int32 }
}
extension Int64: TensorElement {
  public static var dtype: DType { .int64 }
}
extension Int: TensorElement {
  public static var dtype: DType { .int64 }
}
extension UInt8: TensorElement {
  public static var dtype: DType { .uint8 }
}
extension Bool: TensorElement {
  public static var dtype: DType { .bool }
}
