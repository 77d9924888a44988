import TapestryAutograd
import TapestryTensors

/// The arguments of a call by PyTorch's names. It remembers what was asked for, so that `finish` can tell an argument
/// that nobody read: an option that is not supported must fail its case and not be ignored.
package final class Arguments {
  private var values: [String: CaseValue] = [:]
  private var unread: Set<String> = []

  /// Arguments that have no names.
  package private(set) var positional: [CaseValue]

  package init(_ named: [(key: String, value: CaseValue)], positional: [CaseValue] = []) {
    self.positional = positional
    for (key, value) in named {
      if key == "*", case .list(let list) = value {
        self.positional += list
      } else {
        values[key] = value
        unread.insert(key)
      }
    }
  }

  /// Gives the positional arguments their names, from the first on: the order of the function's signature. More
  /// arguments than names stay positional.
  @discardableResult
  package func naming(_ names: String...) -> Arguments { naming(names) }

  @discardableResult
  package func naming(_ names: [String]) -> Arguments {
    for (name, value) in zip(names, positional) {
      values[name] = value
      unread.insert(name)
    }
    positional.removeFirst(Swift.min(names.count, positional.count))
    return self
  }

  /// The names that were given, in alphabetical order.
  package var names: [String] { values.keys.sorted() }

  /// Adds an argument that the case holds elsewhere.
  package func give(_ name: String, _ value: CaseValue) {
    values[name] = value
    unread.insert(name)
  }

  /// The value under a name; nil where it was not given. None is a value.
  package func value(_ name: String) -> CaseValue? {
    unread.remove(name)
    return values[name]
  }

  /// The positional arguments, all of them read.
  package func takePositional() -> [CaseValue] {
    defer { positional = [] }
    return positional
  }

  /// Marks an argument as one that cannot change the answer, such as `inplace`.
  package func ignoring(_ names: String...) { unread.subtract(names) }

  /// Throws if an argument was not read.
  package func finish() throws {
    if !unread.isEmpty { throw CaseFailure("unsupported: \(unread.sorted().joined(separator: ", "))") }
    if !positional.isEmpty { throw CaseFailure("unsupported: \(positional.count) more positional arguments") }
  }

  private func get<T>(_ name: String, _ fallback: T?, _ convert: (CaseValue) throws -> T) throws -> T {
    if let value = value(name), !(value.isNull && fallback != nil) {
      do { return try convert(value) } catch { throw CaseFailure("\(name): \(error)") }
    }
    guard let fallback else { throw CaseFailure("\(name) is missing") }
    return fallback
  }

  // With a fallback the argument may be missing or None.

  package func int(_ name: String, _ fallback: Int? = nil) throws -> Int {
    try get(name, fallback) { try $0.integer() }
  }
  package func ints(_ name: String, _ fallback: [Int]? = nil) throws -> [Int] {
    try get(name, fallback) { try $0.integers() }
  }
  package func double(_ name: String, _ fallback: Double? = nil) throws -> Double {
    try get(name, fallback) { try $0.number() }
  }
  package func bool(_ name: String, _ fallback: Bool? = nil) throws -> Bool {
    try get(name, fallback) { try $0.bool() }
  }
  package func string(_ name: String, _ fallback: String? = nil) throws -> String {
    try get(name, fallback) { try $0.string() }
  }
  package func variable(_ name: String) throws -> Variable { try get(name, nil) { try $0.variable() } }
  package func tensor(_ name: String) throws -> Tensor { try variable(name).value }
  package func variables(_ name: String) throws -> [Variable] {
    try get(name, nil) { try $0.list().map { try $0.variable() } }
  }

  // Nil where the argument is missing or None.

  package func optionalInt(_ name: String) throws -> Int? { try given(name) { try $0.integer() } }
  package func optionalInts(_ name: String) throws -> [Int]? { try given(name) { try $0.integers() } }
  package func optionalDouble(_ name: String) throws -> Double? { try given(name) { try $0.number() } }
  package func optionalVariable(_ name: String) throws -> Variable? { try given(name) { try $0.variable() } }
  package func optionalTensor(_ name: String) throws -> Tensor? { try optionalVariable(name)?.value }
  package func optionalDType(_ name: String) throws -> DType? { try given(name) { try $0.dtype() } }

  private func given<T>(_ name: String, _ convert: (CaseValue) throws -> T) throws -> T? {
    guard let value = value(name), !value.isNull else { return nil }
    do { return try convert(value) } catch { throw CaseFailure("\(name): \(error)") }
  }
}

/// One of several words, for an argument such as `reduction="mean"`.
package func choice<T>(_ arguments: Arguments, _ name: String, or fallback: String, _ all: [String: T]) throws -> T {
  let word = try arguments.string(name, fallback)
  guard let value = all[word] else { throw CaseFailure("\(name): '\(word)' is not supported") }
  return value
}
