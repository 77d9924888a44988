import TapestryTensors

extension Module {
  /// Puts another module in the place of the one with this name, made from it, and returns the new one:
  ///
  ///     model.replace("blocks.0.fc1") { LoRA($0) }            // LoRA.init(_ base: Linear)
  ///
  /// A part that several places share is replaced in all of them. The property must be a `var` whose type can hold the
  /// new module: `var fc1: any Layer`; children of `Sequential` and arrays of `any Layer` can be replaced as they are.
  /// An optimizer made before still steps the old parameters: make a new one. Traps, and changes nothing, where there
  /// is no such part, where it is of another type than `make` takes, and where a property cannot hold the result.
  @discardableResult
  public func replace<Old: Module, New: Module>(_ path: String, _ make: (Old) -> New) -> New {
    let part = part(path)
    guard let old = part as? Old else {
      fail("replace: '\(path)' is a \(typeName(part)), not the \(Old.self) that the closure takes")
    }
    let new = make(old)
    put(new, inPlaceOf: old, path)
    return new
  }

  /// Puts a module in the place of the one with this name: `model.replace("head", with: Linear(128, 5))`.
  public func replace(_ path: String, with new: some Module) { put(new, inPlaceOf: part(path), path) }

  private func part(_ path: String) -> any Module {
    if path.isEmpty { fail("replace: '' is the model itself; name a part of it") }
    let parts = Discovery(self).branches
    guard let part = parts.first(where: { $0.name == path })?.module else {
      let names = parts.map(\.name).filter { !$0.isEmpty }.map { "'\($0)'" }.joined(separator: ", ")
      fail("replace: there is no module '\(path)'; \(typeName(self)) has \(names.isEmpty ? "no parts" : names)")
    }
    return part
  }

  private func put(_ new: any Module, inPlaceOf old: any Module, _ path: String) {
    if new === old { return }
    // The new module may hold the old one: that place is its own.
    let holders = modules().filter { $0 !== old }
    let replacement = ObjectReplacement(of: old, by: new, in: holders)
    for (object, field, reason) in replacement.refusals {
      let place = "\(type(of: object)).\(field)"
      switch reason {
      case .constant: fail("replace: '\(path)' is a constant, \(place); declare it with var")
      case .misfit(let type):
        fail(
          """
          replace: '\(path)' is declared \(type), \(place), which cannot hold a \(typeName(new)); declare it with var \
          and any Layer
          """)
      }
    }
    replacement.write()
  }
}
