import TapestryAutograd
import TapestryTensors

/// Walks a module's stored properties once: superclasses first, then through optionals, arrays, tuples and string dictionaries.
///
/// Every object is visited once, so cycles end and tied weights are found once. What cannot be walked but might hold a parameter
/// is refused, never skipped silently.
struct Discovery {
  private(set) var parameters: [(name: String, parameter: Parameter)] = []
  private(set) var buffers: [(name: String, buffer: Buffer)] = []
  private(set) var modules: [(name: String, module: any Module)] = []
  private var seen = Set<ObjectIdentifier>()

  init(_ root: any Module) { visit(root, "") }

  private mutating func visit(_ module: any Module, _ name: String) {
    if !seen.insert(ObjectIdentifier(module)).inserted { return }
    modules.append((name, module))
    var mirrors: [Mirror] = []
    var mirror: Mirror? = Mirror(reflecting: module)
    while let level = mirror {
      mirrors.insert(level, at: 0)
      mirror = level.superclassMirror
    }
    // The children of a container are named by their numbers alone, as in PyTorch: `0.weight`, not `layers.0.weight`.
    let transparent = module is any LayerContainer
    for mirror in mirrors {
      for (label, value) in mirror.children {
        guard let label else { continue }
        walk(value, transparent ? name : join(name, Self.key(label)), "\(type(of: module)).\(label)")
      }
    }
  }

  private mutating func walk(_ value: Any, _ name: String, _ place: String) {
    if let parameter = value as? Parameter {
      if seen.insert(ObjectIdentifier(parameter)).inserted { parameters.append((name, parameter)) }
      return
    }
    if let buffer = value as? Buffer {
      if seen.insert(ObjectIdentifier(buffer)).inserted { buffers.append((name, buffer)) }
      return
    }
    if let variable = value as? Variable {
      if variable.requiresGrad {
        fail("\(place): a Variable that requires a gradient must be a Parameter (trained and saved) or be detached")
      }
      return
    }
    if let module = value as? any Module { return visit(module, name) }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      if let some = mirror.children.first { walk(some.value, name, place) }
    case .collection:
      for (i, child) in mirror.children.enumerated() { walk(child.value, join(name, String(i)), "\(place)[\(i)]") }
    case .tuple:
      for (i, child) in mirror.children.enumerated() { walk(child.value, join(name, Self.key(child.label ?? String(i))), place) }
    case .dictionary:
      walkDictionary(mirror, value, name, place)
    case .struct, .enum, .class:
      if let held = Self.held(value, depth: 0) {
        fail("\(place): cannot look for parameters inside \(type(of: value)), which holds a \(held); make it a class that conforms to Module")
      }
    default:
      return
    }
  }

  private mutating func walkDictionary(_ mirror: Mirror, _ value: Any, _ name: String, _ place: String) {
    var entries: [(String, Any)] = []
    for child in mirror.children {
      let pair = Array(Mirror(reflecting: child.value).children)
      guard let key = pair[0].value as? String else {
        if let held = Self.held(pair[1].value, depth: 0) {
          fail("\(place): \(type(of: value)) holds a \(held) under a key that is no String, so it has no name; use [String: …]")
        }
        continue
      }
      entries.append((key, pair[1].value))
    }
    for (key, value) in entries.sorted(by: { $0.0 < $1.0 }) { walk(value, join(name, key), "\(place)[\"\(key)\"]") }
  }

  /// The kind of thing inside a value that discovery would have to report, or nil.
  private static func held(_ value: Any, depth: Int) -> String? {
    if value is Parameter { return "Parameter" }
    if value is Buffer { return "Buffer" }
    if value is any Module { return "module" }
    if value is Variable || value is Tensor || depth > 3 { return nil }
    for child in Mirror(reflecting: value).children {
      if let found = held(child.value, depth: depth + 1) { return found }
    }
    return nil
  }

  private func join(_ prefix: String, _ name: String) -> String { prefix.isEmpty ? name : "\(prefix).\(name)" }

  /// A property's name as PyTorch spells it: `inProjWeight` is `in_proj_weight`; lazy and wrapped properties go by their own name.
  private static func key(_ label: String) -> String {
    var label = Substring(label)
    if label.hasPrefix("$__lazy_storage_$_") { label = label.dropFirst("$__lazy_storage_$_".count) }
    if label.hasPrefix("_") { label = label.dropFirst() }
    var key = ""
    for character in label {
      if character.isUppercase { key += "_" + character.lowercased() } else { key.append(character) }
    }
    return key
  }
}

/// A container whose children are named by number alone.
protocol LayerContainer: Module {}
