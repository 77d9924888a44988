import TapestryAutograd
import TapestryTensors

extension Module {
  /// Freezes weights: they get no gradient and no optimizer moves them. A name stands for a parameter or for all of a
  /// module's (`"encoder"`, `"encoder.layers.0.weight"`); without names, all.
  public func freeze(_ names: String...) { setFrozen(true, names, "freeze") }

  /// Lets frozen weights be trained again. Names as in `freeze`.
  public func unfreeze(_ names: String...) { setFrozen(false, names, "unfreeze") }

  private func setFrozen(_ frozen: Bool, _ names: [String], _ verb: String) {
    let found = Discovery(self)
    var matched = Set<String>()
    for (_, parameter) in found.parameters {
      let own = found.names[ObjectIdentifier(parameter)]!
      let matching = names.filter { name in own.contains { $0 == name || $0.hasPrefix(name + ".") } }
      matched.formUnion(matching)
      if names.isEmpty || !matching.isEmpty { parameter.isFrozen = frozen }
    }
    for name in names where !matched.contains(name) {
      fail(
        """
        \(verb): no parameter is called '\(name)' or lies below it; this \(typeName(self)) has \
        \(listed(found.parameters.map(\.name)))
        """)
    }
  }
}

/// Some names, for a message.
package func listed(_ names: [String], most: Int = 12) -> String {
  if names.isEmpty { return "none" }
  return names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
}
