import CTapestry

/// Copies a graph of objects: those that `copied` names field by field, whatever they hold through optionals, arrays,
/// dictionaries, tuples and structs too; leaves as `leaf` makes them; all other values are shared, as an assignment
/// would.
///
/// Swift has no copy of a class instance that its author did not write. This one allocates an instance through the
/// runtime and initializes each field by its type; no initializer runs. An object that is met twice is copied once, so
/// cycles and shared parts come out alike, and weak and unowned references of a copy lead to copies (those inside
/// structs stay as they are).
package struct ObjectCopy {
  private let leaf: (AnyObject) -> AnyObject?
  private let copied: (AnyObject) -> Bool
  private var copies: [ObjectIdentifier: AnyObject] = [:]
  private var references: [(place: UnsafeMutableRawPointer, target: AnyObject, isWeak: Bool)] = []
  /// Places that could not hold what was to stand there.
  private(set) var misfits: [Any.Type] = []

  package init(leaf: @escaping (AnyObject) -> AnyObject?, copied: @escaping (AnyObject) -> Bool) {
    self.leaf = leaf
    self.copied = copied
  }

  /// The copy of `root`, which has the same type.
  package mutating func callAsFunction<Root: AnyObject>(_ root: Root) -> Root {
    let copy = copy(root)
    for (place, target, isWeak) in references {
      let target = copies[ObjectIdentifier(target)] ?? target
      if isWeak {
        place.initializeMemory(as: WeakReference.self, to: WeakReference(object: target))
      } else {
        place.initializeMemory(as: UnownedReference.self, to: UnownedReference(object: target))
      }
    }
    references = []
    return copy as! Root
  }

  fileprivate mutating func copy(_ object: AnyObject) -> AnyObject {
    if let known = copies[ObjectIdentifier(object)] { return known }
    if let leaf = leaf(object) {
      copies[ObjectIdentifier(object)] = leaf
      return leaf
    }
    return copied(object) ? copyFields(object) : object
  }

  private mutating func copyFields(_ object: AnyObject) -> AnyObject {
    let type: AnyClass = Swift.type(of: object)
    let size = instanceSize(type)
    let memory = swift_allocObject(unsafeBitCast(type, to: UnsafeRawPointer.self), size, 15)!
    let source = UnsafeRawPointer(Unmanaged.passUnretained(object).toOpaque())
    // Everything past the header is initialized below, before anyone can see the object.
    let result = Unmanaged<AnyObject>.fromOpaque(memory).takeRetainedValue()
    copies[ObjectIdentifier(object)] = result
    let fields = ObjectField.all(of: type)
    for (i, field) in fields.enumerated() {
      let place = memory + field.offset
      if field.isStrong {
        initialize(place, from: source + field.offset, field.type)
        patch(place, field.type)
      } else {
        // A reference that does not own: the bits (a protocol's table may lie behind the reference), then what it
        // refers to. A weak one whose object is gone still has bits, which belong to the original.
        place.copyMemory(from: source + field.offset, byteCount: Self.size(field.type))
        let bits = source.load(fromByteOffset: field.offset, as: UnsafeRawPointer?.self)
        let target = bits == nil ? nil : Self.target(object, i)
        if let target {
          references.append((place, target, bits != UnsafeRawPointer(Unmanaged.passUnretained(target).toOpaque())))
        } else {
          place.storeBytes(of: nil, as: UnsafeRawPointer?.self)
        }
      }
    }
    return result
  }

  private func initialize<T>(_ place: UnsafeMutableRawPointer, from source: UnsafeRawPointer, _: T.Type) {
    place.initializeMemory(as: T.self, from: source.assumingMemoryBound(to: T.self), count: 1)
  }

  /// Puts copies in place of the objects that the value at `place` holds.
  private mutating func patch<T>(_ place: UnsafeMutableRawPointer, _: T.Type) {
    if _isPOD(T.self) { return }
    let pointer = place.assumingMemoryBound(to: T.self)
    let dynamic = type(of: pointer.pointee as Any)
    if dynamic is AnyClass {
      let old = pointer.pointee as AnyObject, new = copy(old)
      if new !== old { if let new = new as? T { pointer.pointee = new } else { misfits.append(T.self) } }
    } else if let container = dynamic as? any Rebuilt.Type {
      pointer.pointee = rebuild(container, pointer.pointee) as! T
    } else if T.self == dynamic {
      // Structs and tuples lie in place; enums and functions have no fields here.
      for field in ObjectField.all(of: T.self) where field.isStrong { patch(place + field.offset, field.type) }
    }
  }

  private mutating func rebuild<C: Rebuilt>(_: C.Type, _ value: Any) -> Any { (value as! C).rebuilt(&self) }

  /// The value with copies in the place of the objects that it holds.
  mutating func rebuilt<T>(_ value: T) -> T {
    var value = value
    withUnsafeMutableBytes(of: &value) { if let base = $0.baseAddress { patch(base, T.self) } }
    return value
  }

  private static func size(_ type: Any.Type) -> Int {
    func size<T>(_: T.Type) -> Int { MemoryLayout<T>.size }
    return size(type)
  }

  /// What field i refers to now.
  private static func target(_ object: AnyObject, _ i: Int) -> AnyObject? {
    var levels: [Mirror] = []
    var next: Mirror? = Mirror(reflecting: object)
    while let level = next {
      levels.insert(level, at: 0)
      next = level.superclassMirror
    }
    let value = levels.flatMap { $0.children.map(\.value) }[i]
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle != .optional { return value as AnyObject }
    return mirror.children.first.map { $0.value as AnyObject }
  }
}

private struct WeakReference { weak var object: AnyObject? }
private struct UnownedReference { unowned var object: AnyObject }

/// A container whose elements lie elsewhere.
private protocol Rebuilt {
  func rebuilt(_ copy: inout ObjectCopy) -> Self
}

extension Optional: Rebuilt {
  fileprivate func rebuilt(_ copy: inout ObjectCopy) -> Self { map { copy.rebuilt($0) } }
}

extension Array: Rebuilt {
  fileprivate func rebuilt(_ copy: inout ObjectCopy) -> Self { _isPOD(Element.self) ? self : map { copy.rebuilt($0) } }
}

extension ContiguousArray: Rebuilt {
  fileprivate func rebuilt(_ copy: inout ObjectCopy) -> Self {
    _isPOD(Element.self) ? self : ContiguousArray(map { copy.rebuilt($0) })
  }
}

extension ArraySlice: Rebuilt {
  // In place, because a slice keeps its indices.
  fileprivate func rebuilt(_ copy: inout ObjectCopy) -> Self {
    var result = self
    for i in indices { result[i] = copy.rebuilt(self[i]) }
    return result
  }
}

extension Dictionary: Rebuilt {
  fileprivate func rebuilt(_ copy: inout ObjectCopy) -> Self { mapValues { copy.rebuilt($0) } }
}

@_silgen_name("$ss36_class_getInstancePositiveExtentSizeySiyXlXpF")
private func instanceSize(_ type: AnyClass) -> Int
