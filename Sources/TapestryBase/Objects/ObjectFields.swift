/// One stored property of a type: where it lies, of which type, and whether the object owns what it refers to (weak and
/// unowned ones do not).
package struct ObjectField {
  package let name: String
  package let type: Any.Type
  package let offset: Int
  package let isStrong: Bool
  package let isVar: Bool

  /// The stored properties of a class (those of its superclasses first), a struct or a tuple. Swift's own `Mirror`
  /// reads them through the same functions of the runtime, but does not tell weak from strong.
  package static func all(of type: Any.Type) -> [ObjectField] {
    (0..<fieldCount(type)).map { i in
      var raw = RawField()
      let fieldType = fieldType(type, index: i, &raw)
      defer { raw.free?(raw.name) }
      return ObjectField(
        name: raw.name.map { String(cString: $0) } ?? "", type: fieldType, offset: fieldOffset(type, index: i),
        isStrong: raw.isStrong, isVar: raw.isVar)
    }
  }

  /// The owned stored properties of an object, in order.
  package static func owned(by object: AnyObject) -> [(name: String, value: Any)] { values(of: object) { $0.isStrong } }

  /// Its constants: what is declared with `let`.
  package static func constants(of object: AnyObject) -> [(name: String, value: Any)] {
    values(of: object) { $0.isStrong && !$0.isVar }
  }

  /// The owned stored properties of a struct.
  package static func owned(byStruct value: Any) -> [(name: String, value: Any)] {
    func owned<T>(_ value: T) -> [(name: String, value: Any)] {
      withUnsafeBytes(of: value) { bytes in
        all(of: T.self).filter(\.isStrong).map { ($0.name, Self.value(bytes.baseAddress! + $0.offset, $0.type)) }
      }
    }
    return _openExistential(value, do: owned)
  }

  private static func values(of object: AnyObject, where isWanted: (ObjectField) -> Bool) -> [(
    name: String, value: Any
  )] {
    let base = UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    return all(of: Swift.type(of: object)).filter(isWanted).map { field in
      (field.name, value(base + field.offset, field.type))
    }
  }

  private static func value<T>(_ place: UnsafeRawPointer, _ type: T.Type) -> Any {
    place.assumingMemoryBound(to: T.self).pointee
  }
}

/// What the runtime tells of a field, in its layout.
private struct RawField {
  var name: UnsafePointer<CChar>?
  var free: (@convention(c) (UnsafePointer<CChar>?) -> Void)?
  var isStrong = false
  var isVar = false
}

@_silgen_name("swift_reflectionMirror_recursiveCount")
private func fieldCount(_ type: Any.Type) -> Int

@_silgen_name("swift_reflectionMirror_recursiveChildMetadata")
private func fieldType(_ type: Any.Type, index: Int, _ field: UnsafeMutablePointer<RawField>) -> Any.Type

@_silgen_name("swift_reflectionMirror_recursiveChildOffset")
private func fieldOffset(_ type: Any.Type, index: Int) -> Int
