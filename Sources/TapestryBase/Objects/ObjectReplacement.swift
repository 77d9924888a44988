/// Another object in the place of one, wherever the fields of some objects hold it, through optionals, arrays,
/// dictionaries, tuples and structs too.
package struct ObjectReplacement {
  /// Why a field cannot be changed.
  package enum Refusal {
    /// It is declared with `let`, and the compiler may have read it for good.
    case constant
    /// Its declared type cannot hold the new object.
    case misfit(Any.Type)
  }

  /// What stands in the way: the object, its field, and why. If there is anything, nothing may be written.
  package private(set) var refusals: [(object: AnyObject, field: String, reason: Refusal)] = []
  private var writes: [() -> Void] = []

  package init(of old: AnyObject, by new: AnyObject, in objects: [AnyObject]) {
    for object in objects {
      let base = UnsafeMutableRawPointer(Unmanaged.passUnretained(object).toOpaque())
      for field in ObjectField.all(of: type(of: object)) where field.isStrong {
        plan(base + field.offset, field.type, field, object, old, new)
      }
    }
  }

  /// Whether any field holds the old object.
  package var isEmpty: Bool { refusals.isEmpty && writes.isEmpty }

  /// Writes all fields; `refusals` must be empty.
  package func write() { for write in writes { write() } }

  private mutating func plan<T>(
    _ place: UnsafeMutableRawPointer, _: T.Type, _ field: ObjectField, _ object: AnyObject, _ old: AnyObject,
    _ new: AnyObject
  ) {
    var isHeld = false
    var copy = ObjectCopy(
      leaf: { found in
        if found !== old { return nil }
        isHeld = true
        return new
      }, copied: { _ in false })
    let pointer = place.assumingMemoryBound(to: T.self), value = copy.rebuilt(pointer.pointee)
    if !isHeld { return }
    if let type = copy.misfits.first {
      refusals.append((object, field.name, .misfit(type)))
    } else if !field.isVar {
      refusals.append((object, field.name, .constant))
    } else {
      writes.append { withExtendedLifetime(object) { pointer.pointee = value } }
    }
  }
}
