import TapestryAutograd
import TapestryTensors

/// What a type tells of values that are not there yet: those of lazy properties that nobody read.
enum PartsType {
  /// Whether a value of this type may hold modules, parameters or buffers. What cannot be told counts as yes: values
  /// behind a protocol, enums with payloads. What a closure captures, nobody sees.
  static func mayHoldParts(_ type: Any.Type) -> Bool {
    var seen = Set<ObjectIdentifier>()
    return mayHoldParts(type, &seen)
  }

  private static func mayHoldParts(_ type: Any.Type, _ seen: inout Set<ObjectIdentifier>) -> Bool {
    if !seen.insert(ObjectIdentifier(type)).inserted || isPlain(type) { return false }
    if type is any Module.Type || type is Variable.Type { return true }
    if let container = type as? any Elements.Type { return mayHoldParts(container.element, &seen) }
    switch Kind(type) {
    case .class, .struct, .tuple:
      return ObjectField.all(of: type).contains { $0.isStrong && mayHoldParts($0.type, &seen) }
    case .enum, .existential: return true
    case .other: return false
    }
  }

  /// Numbers and what is made of them, texts, tensors, and all that the system's own rooms define, which know nothing
  /// of modules.
  private static func isPlain(_ type: Any.Type) -> Bool {
    func isTrivial<T>(_: T.Type) -> Bool { _isPOD(T.self) }
    if type is Tensor.Type || _openExistential(type, do: isTrivial) { return true }
    let name = String(reflecting: type),
      isSystems = ["Swift.", "__C.", "Foundation.", "FoundationEssentials.", "Dispatch."].contains {
        name.hasPrefix($0)
      }
    return isSystems && !name.contains("<") && Kind(type) != .existential
  }

  /// How a type is made, from the first word of its metadata (Swift's ABI: MetadataKind.def).
  private enum Kind {
    case `class`, `struct`, `enum`, tuple, existential, other

    init(_ type: Any.Type) {
      switch unsafeBitCast(type, to: UnsafePointer<UInt>.self).pointee {
      case 0, 0x203, 0x800...: self = .class
      case 0x200: self = .struct
      case 0x201, 0x202: self = .enum
      case 0x301: self = .tuple
      case 0x303, 0x307: self = .existential
      default: self = .other
      }
    }
  }
}

/// An optional, as `Any` hides it.
protocol OptionalType {
  static var wrapped: Any.Type { get }
  static func isNil(_ value: Any) -> Bool
}

extension Optional: OptionalType {
  static var wrapped: Any.Type { Wrapped.self }
  static func isNil(_ value: Any) -> Bool { (value as! Self) == nil }
}
