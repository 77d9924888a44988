import TapestryTensors

/// What a batch can be made of: tensors are stacked along a new first axis, numbers become a vector, strings an array.
/// Conform a type of your own to say how its batches look, or hand `batches(of:collate:)` a function.
public protocol Collatable: Sendable {
  /// What a batch of them is.
  associatedtype Batch: Sendable

  /// A batch of at least one example. Throws a ShapeError that says which of them does not fit.
  static func collate(_ examples: [Self]) throws -> Batch
}

extension Tensor: Collatable {
  /// Tensors of one shape (…) and type become (count, …).
  public static func collate(_ examples: [Tensor]) throws -> Tensor { try stacking(examples) }
}

extension Collatable where Self: TensorElement {
  /// Numbers become a vector (count) of their type.
  public static func collate(_ examples: [Self]) -> Tensor { Tensor(examples) }
}

extension Float: Collatable {}
extension Double: Collatable {}
extension Int: Collatable {}
extension Int32: Collatable {}
extension Int64: Collatable {}
extension UInt8: Collatable {}
extension Bool: Collatable {}

extension String: Collatable {
  /// The strings as an array.
  public static func collate(_ examples: [String]) -> [String] { examples }
}
