/// How a state and what it is for, a model, an optimizer, a schedule, a generator or a pass over batches, differ.
/// Strict loading throws it in a `DataError`, lenient loading returns it.
public struct StateMismatch: Sendable, Equatable, CustomStringConvertible {
  /// Keys that are needed and not in the state.
  public package(set) var missing: [String] = []
  /// Keys of the state that nobody knows.
  public package(set) var unexpected: [String] = []
  /// What is in both and does not fit, in shape (in the file's layout), type or value: each text begins with its key.
  public package(set) var wrong: [String] = []

  /// What the state was for: `Adam`, or the type of a model.
  public let owner: String

  package init(owner: String) { self.owner = owner }

  /// Whether the state fits.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && wrong.isEmpty }

  /// All of it as sentences, each with its key.
  public var problems: [String] {
    missing.map { "\($0) is missing" } + wrong + unexpected.map { "\($0) is unexpected" }
  }

  /// All of it, a line for each key.
  public var description: String {
    func part(_ title: String, _ names: [String]) -> String {
      names.isEmpty ? "" : "\n  \(title):\n" + names.map { "    \($0)" }.joined(separator: "\n")
    }
    if isEmpty { return "the state fits \(owner)" }
    return "the state does not fit \(owner):" + part("missing in the state", missing)
      + part("unknown to \(owner)", unexpected) + part("wrong", wrong)
  }
}
