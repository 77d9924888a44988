import TapestryAutograd
import TapestryTensors

/// Walks a module's stored properties: superclasses first, then through optionals, arrays, tuples, string dictionaries
/// and property wrappers.
///
/// Every object is listed once, so cycles end and tied weights are trained and saved once; all its names are
/// remembered. Weak and unowned references are not followed. What cannot be walked but holds a parameter that is found
/// nowhere else is refused, never skipped silently.
package struct Discovery {
  /// A module at one place. Where it was met before, under another name, its parts are not listed again.
  package struct Branch {
    package let name: String
    package let module: any Module
    package let parent: Int?
    package let isRepeated: Bool
  }

  package private(set) var branches: [Branch] = []
  package private(set) var parameters: [(name: String, parameter: Parameter)] = []
  package private(set) var buffers: [(name: String, buffer: Buffer)] = []
  /// Which branch each parameter belongs to.
  package private(set) var owners: [Int] = []
  /// All names of each parameter and buffer, the first one first.
  package private(set) var names: [ObjectIdentifier: [String]] = [:]

  package var modules: [(name: String, module: any Module)] {
    branches.filter { !$0.isRepeated }.map { ($0.name, $0.module) }
  }

  private let lenient: Bool
  private var listed = Set<ObjectIdentifier>()
  private var open: [ObjectIdentifier] = []
  private var branch = 0
  /// What was seen inside values that cannot be walked. It is refused unless it is found elsewhere too.
  private(set) var hidden: [(object: AnyObject, message: String)] = []

  /// `lenient` walks refuse nothing: they serve messages.
  package init(_ root: any Module, lenient: Bool = false) {
    self.lenient = lenient
    visit(root, "", parent: nil)
    for (object, message) in hidden where !holds(object) { refuse(message) }
    var holders: [String: Set<ObjectIdentifier>] = [:]
    for (id, names) in names { for name in names { holders[name, default: []].insert(id) } }
    if let name = holders.filter({ $0.value.count > 1 }).keys.min() {
      refuse(
        """
        \(type(of: root)): two tensors are called '\(name)', and a state could hold one of them only; rename a \
        property, or give one a key
        """)
    }
  }

  /// Whether the walk found this module, parameter or buffer.
  func holds(_ object: AnyObject) -> Bool { listed.contains(ObjectIdentifier(object)) }

  package static func join(_ prefix: String, _ name: String) -> String {
    prefix.isEmpty ? name : name.isEmpty ? prefix : "\(prefix).\(name)"
  }

  private func refuse(_ message: String) { if !lenient { fail(message) } }

  private mutating func visit(_ module: any Module, _ name: String, parent: Int?) {
    let id = ObjectIdentifier(module)
    if open.contains(id) { return }
    branches.append(Branch(name: name, module: module, parent: parent, isRepeated: !listed.insert(id).inserted))
    let outer = branch
    branch = branches.count - 1
    open.append(id)
    // The children of a container are named by their numbers alone, as in PyTorch: `0.weight`, not `layers.0.weight`.
    let isContainer = module is any LayerContainer
    for (label, value) in ObjectField.owned(by: module) {
      walk(
        value, isContainer ? name : Self.join(name, Self.key(label)), "\(type(of: module)).\(Self.property(label))",
        label)
    }
    open.removeLast()
    branch = outer
  }

  private mutating func walk(_ value: Any, _ name: String, _ place: String, _ label: String = "") {
    // Asked of the type first: Foundation would turn an array into an object, element by element, before a cast to a
    // class fails.
    if !(type(of: value) is AnyClass) {
      if !(value is Tensor) { walkContainer(value, name, place, label) }
    } else if let parameter = value as? Parameter {
      let name = parameter.key.map { Self.sibling(of: name, $0) } ?? name
      names[ObjectIdentifier(parameter), default: []].append(name)
      if !listed.insert(ObjectIdentifier(parameter)).inserted { return }
      parameters.append((name, parameter))
      owners.append(branch)
    } else if let buffer = value as? Buffer {
      let name = buffer.key.map { Self.sibling(of: name, $0) } ?? name
      names[ObjectIdentifier(buffer), default: []].append(name)
      if listed.insert(ObjectIdentifier(buffer)).inserted { buffers.append((name, buffer)) }
    } else if let variable = value as? Variable {
      // What an operation computed may be kept from one call to the next.
      if variable.isLeafWithGradient {
        refuse("\(place): a Variable that requires a gradient must be a Parameter (trained and saved) or be detached")
      }
    } else if let module = value as? any Module {
      visit(module, name, parent: branch)
    } else {
      walkContainer(value, name, place, label)
    }
  }

  private mutating func walkContainer(_ value: Any, _ name: String, _ place: String, _ label: String) {
    if let type = type(of: value) as? any Elements.Type, type.arePlain { return }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let some = mirror.children.first { return walk(some.value, name, place, label) }
      refuseUnread(value, label, place)
    case .collection:
      for (i, child) in mirror.children.enumerated() { walk(child.value, Self.join(name, String(i)), "\(place)[\(i)]") }
    case .tuple:
      for (i, child) in mirror.children.enumerated() {
        let label = child.label.flatMap { $0.hasPrefix(".") ? nil : $0 } ?? String(i)
        walk(child.value, Self.join(name, Self.key(label)), "\(place).\(label)")
      }
    case .dictionary:
      walkDictionary(mirror, value, name, place)
    case .struct where label.hasPrefix("_"):
      // A property wrapper goes by the property's own name, whatever the field that holds its value is called.
      let fields = ObjectField.owned(byStruct: value), holding = fields.filter { Self.holdsParts($0.value) }
      for field in fields { refuseUnread(field.value, field.name, "\(place).\(Self.property(field.name))") }
      for field in holding {
        walk(field.value, holding.count == 1 ? name : Self.join(name, Self.key(field.name)), place)
      }
    case nil where mirror.children.isEmpty:
      return
    default:
      var seen = Set<ObjectIdentifier>()
      hide(
        value, "\(place): cannot look for parameters inside \(type(of: value))",
        "make it a class that conforms to Module", &seen)
    }
  }

  private mutating func walkDictionary(_ mirror: Mirror, _ value: Any, _ name: String, _ place: String) {
    var entries: [(String, Any)] = []
    for child in mirror.children {
      let pair = Array(Mirror(reflecting: child.value).children)
      if let key = pair[0].value as? String {
        entries.append((key, pair[1].value))
      } else {
        var seen = Set<ObjectIdentifier>()
        hide(pair[1].value, "\(place): cannot make names of the keys of \(type(of: value))", "use [String: …]", &seen)
      }
    }
    for (key, value) in entries.sorted(by: { $0.0 < $1.0 }) {
      walk(value, Self.join(name, key), "\(place)[\"\(key)\"]")
    }
  }

  /// A lazy property that nobody read yet: what it will hold would be missed.
  private func refuseUnread(_ value: Any, _ label: String, _ place: String) {
    guard label.hasPrefix(Self.lazyPrefix), let storage = type(of: value) as? any OptionalType.Type else { return }
    if storage.isNil(value), PartsType.mayHoldParts(storage.wrapped) {
      refuse("\(place): a lazy property has no layers before its first use; read it in init, or make it a let")
    }
  }

  /// Notes what lies inside a value that cannot be walked.
  private mutating func hide(_ value: Any, _ what: String, _ remedy: String, _ seen: inout Set<ObjectIdentifier>) {
    if let type = type(of: value) as? any Elements.Type, type.arePlain { return }
    guard type(of: value) is AnyClass else {
      if value is Tensor { return }
      let mirror = Mirror(reflecting: value)
      let fields =
        mirror.displayStyle == .struct
        ? ObjectField.owned(byStruct: value) : mirror.children.map { ($0.label ?? "", $0.value) }
      hide(fields, in: type(of: value), what, remedy, &seen)
      return
    }
    let object = value as AnyObject
    if object is Parameter || object is Buffer || object is any Module {
      hidden.append(
        (object, "\(what), which holds \(object is any Module ? "a module" : "a \(type(of: object))"); \(remedy)"))
    } else if !(object is Variable), seen.insert(ObjectIdentifier(object)).inserted {
      hide(ObjectField.owned(by: object), in: type(of: object), what, remedy, &seen)
    }
  }

  private mutating func hide(
    _ fields: [(name: String, value: Any)], in type: Any.Type, _ what: String, _ remedy: String,
    _ seen: inout Set<ObjectIdentifier>
  ) {
    for (name, value) in fields {
      refuseUnread(value, name, "\(type).\(Self.property(name))")
      hide(value, what, remedy, &seen)
    }
  }

  /// Whether there is anything to list inside a value.
  private static func holdsParts(_ value: Any) -> Bool {
    if let type = type(of: value) as? any Elements.Type, type.arePlain { return false }
    if type(of: value) is AnyClass { return value as AnyObject is Variable || value as AnyObject is any Module }
    return !(value is Tensor) && Mirror(reflecting: value).children.contains { holdsParts($0.value) }
  }

  private static let lazyPrefix = "$__lazy_storage_$_"

  /// A property by its own name, lazy and wrapped ones too.
  private static func property(_ label: String) -> Substring {
    label.hasPrefix(lazyPrefix)
      ? label.dropFirst(lazyPrefix.count) : label.hasPrefix("_") ? label.dropFirst() : Substring(label)
  }

  /// A property's name as PyTorch spells it: `inProjWeight` is `in_proj_weight`.
  static func key(_ label: String) -> String {
    var key = ""
    for character in property(label) {
      if character.isUppercase { key += "_" + character.lowercased() } else { key.append(character) }
    }
    return key
  }

  /// The name with its last part replaced: a leaf with a key of its own.
  private static func sibling(of name: String, _ key: String) -> String {
    join(name.lastIndex(of: ".").map { String(name[..<$0]) } ?? "", key)
  }
}

/// A container whose children are named by number alone.
protocol LayerContainer: Module {}

/// What containers tell of their elements' type, so that a table of a million numbers is not walked.
protocol Elements {
  static var element: Any.Type { get }
}

extension Elements {
  static var arePlain: Bool {
    element is any Numeric.Type || element is String.Type || element is Bool.Type || element is Character.Type
      || element is Tensor.Type
      || (element as? any Elements.Type)?.arePlain == true
  }
}

extension Array: Elements { static var element: Any.Type { Element.self } }
extension ArraySlice: Elements { static var element: Any.Type { Element.self } }
extension ContiguousArray: Elements { static var element: Any.Type { Element.self } }
extension Set: Elements { static var element: Any.Type { Element.self } }
extension Optional: Elements { static var element: Any.Type { Wrapped.self } }
extension Dictionary: Elements { static var element: Any.Type { Value.self } }
