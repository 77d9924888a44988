/// A Swift number that may stand beside a tensor in a formula: `2 * x`, `x / n`.
public protocol Scalar: Sendable {
  /// The nearest Double.
  var asDouble: Double { get }

  /// The same number with nothing lost: an `Int` beyond 2⁵³ is no Double.
  var exact: ExactNumber { get }
}

extension Scalar {
  /// As a Double, which loses nothing.
  public var exact: ExactNumber { .real(asDouble) }
}

extension Int: Scalar {
  /// The nearest Double.
  public var asDouble: Double { Double(self) }
  /// As a whole number, beyond 2⁵³ too.
  public var exact: ExactNumber { .whole(self) }
}
extension Float: Scalar {
  /// The nearest Double.
  public var asDouble: Double { Double(self) }
}
extension Double: Scalar {
  /// The nearest Double.
  public var asDouble: Double { self }
}

/// A Swift type that tensors hold: `Float`, `Double`, `Int32`, `Int64`, `UInt8`, `Bool`, `Float16`; and `Int`, which is
/// stored as int64. (For bfloat16 Swift has no type: convert to float32.)
public protocol TensorElement: NestedElements where Number == Self {
  /// The type of a tensor's elements that holds it.
  static var dtype: DType { get }
}

extension Float: TensorElement {
  /// Held as float32.
  public static var dtype: DType { .float32 }
}
extension Double: TensorElement {
  /// Held as float64.
  public static var dtype: DType { .float64 }
}
extension Int32: TensorElement {
  /// Held as int32.
  public static var dtype: DType { .int32 }
}
extension Int64: TensorElement {
  /// Held as int64.
  public static var dtype: DType { .int64 }
}
extension Int: TensorElement {
  /// Held as int64.
  public static var dtype: DType { .int64 }
}
extension UInt8: TensorElement {
  /// Held as uint8.
  public static var dtype: DType { .uint8 }
}
extension Bool: TensorElement {
  /// Held as bool.
  public static var dtype: DType { .bool }
}

#if !(os(macOS) && arch(x86_64))  // Macs with Intel processors have no Float16
  extension Float16: TensorElement {
    /// Held as float16.
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
  /// None: a number is no array.
  public static var nestedDepth: Int { 0 }
  /// The only number.
  public static func nested(_ numbers: ArraySlice<Self>, sizes: ArraySlice<Int>) -> Self { numbers.first! }
  /// None: a number has no axes.
  public var nestedSizes: [Int] { [] }
  /// Appends the number.
  public func flatten(into numbers: inout [Self], sizes: ArraySlice<Int>, path: [Int]) throws(ShapeError) {
    numbers.append(self)
  }
}

extension Array: NestedElements where Element: NestedElements {
  /// The number at the bottom.
  public typealias Number = Element.Number

  /// One more than its elements'.
  public static var nestedDepth: Int { Element.nestedDepth + 1 }
  /// Numbers in row-major order as an array of this depth; `sizes` are those of its levels.
  public static func nested(_ numbers: ArraySlice<Element.Number>, sizes: ArraySlice<Int>) -> [Element] {
    let size = sizes.first!, step = numbers.count / Swift.max(1, size)
    return (0..<size).map { i in
      Element.nested(
        numbers[numbers.startIndex + i * step..<numbers.startIndex + (i + 1) * step], sizes: sizes.dropFirst())
    }
  }

  /// The sizes along the first element of each level.
  public var nestedSizes: [Int] { [count] + (first?.nestedSizes ?? []) }

  /// Appends all numbers in row-major order; throws where an array at `path` has another length than those before it.
  public func flatten(into numbers: inout [Element.Number], sizes: ArraySlice<Int>, path: [Int]) throws(ShapeError) {
    let size = sizes.first ?? 0
    if count != size {
      throw ShapeError(
        "Tensor: the arrays are ragged: the one at \(path) has \(count) elements, those before it \(size)")
    }
    for (i, part) in enumerated() { try part.flatten(into: &numbers, sizes: sizes.dropFirst(), path: path + [i]) }
  }
}
