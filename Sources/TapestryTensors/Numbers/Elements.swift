/// A Swift number that may stand beside a tensor in a formula: `2 * x`, `x / n`.
public protocol Scalar: Sendable {
  var asDouble: Double { get }

  /// The same number with nothing lost: an `Int` beyond 2⁵³ is no Double.
  var exact: ExactNumber { get }
}

extension Scalar {
  public var exact: ExactNumber { .real(asDouble) }
}

extension Int: Scalar {
  public var asDouble: Double { Double(self) }
  public var exact: ExactNumber { .whole(self) }
}
extension Float: Scalar {
  public var asDouble: Double { Double(self) }
}
extension Double: Scalar {
  public var asDouble: Double { self }
}

/// A Swift type that tensors hold: `Float`, `Double`, `Int32`, `Int64`, `UInt8`, `Bool`, `Float16`; and `Int`, which is
/// stored as int64. (For bfloat16 Swift has no type: convert to float32.)
public protocol TensorElement: NestedElements where Number == Self {
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

#if !(os(macOS) && arch(x86_64))  // Macs with Intel processors have no Float16
  extension Float16: TensorElement {
    public static var dtype: DType { .float16 }
  }
#endif

/// A number, or an array of numbers, or an array of such arrays …: what `Tensor([[1, 2], [3, 4]])` takes. No other type
/// needs to conform.
public protocol NestedElements: Sendable {
  /// The number at the bottom.
  associatedtype Number: TensorElement

  /// The sizes along the first element of each level.
  var nestedSizes: [Int] { get }

  /// Appends all numbers in row-major order. Throws when the sizes differ from `sizes` somewhere; `path` says where
  /// this part stands.
  func flatten(into numbers: inout [Number], sizes: ArraySlice<Int>, path: [Int]) throws(ShapeError)

  /// How many arrays lie around a number.
  static var nestedDepth: Int { get }

  /// Numbers in row-major order as arrays of these sizes.
  static func nested(_ numbers: ArraySlice<Number>, sizes: ArraySlice<Int>) -> Self
}

extension TensorElement {
  public static var nestedDepth: Int { 0 }
  public static func nested(_ numbers: ArraySlice<Self>, sizes: ArraySlice<Int>) -> Self { numbers.first! }
  public var nestedSizes: [Int] { [] }
  public func flatten(into numbers: inout [Self], sizes: ArraySlice<Int>, path: [Int]) throws(ShapeError) {
    numbers.append(self)
  }
}

extension Array: NestedElements where Element: NestedElements {
  public typealias Number = Element.Number

  public static var nestedDepth: Int { Element.nestedDepth + 1 }
  public static func nested(_ numbers: ArraySlice<Element.Number>, sizes: ArraySlice<Int>) -> [Element] {
    let size = sizes.first!, step = numbers.count / Swift.max(1, size)
    return (0..<size).map { i in
      Element.nested(
        numbers[numbers.startIndex + i * step..<numbers.startIndex + (i + 1) * step], sizes: sizes.dropFirst())
    }
  }

  public var nestedSizes: [Int] { [count] + (first?.nestedSizes ?? []) }

  public func flatten(into numbers: inout [Element.Number], sizes: ArraySlice<Int>, path: [Int]) throws(ShapeError) {
    let size = sizes.first ?? 0
    if count != size {
      throw ShapeError(
        "Tensor: the arrays are ragged: the one at \(path) has \(count) elements, those before it \(size)")
    }
    for (i, part) in enumerated() { try part.flatten(into: &numbers, sizes: sizes.dropFirst(), path: path + [i]) }
  }
}
