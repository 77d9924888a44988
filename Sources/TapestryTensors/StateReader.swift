/// Why a state does not fit an optimizer, a schedule, a generator or a pass over batches: everything that is wrong, each with its key.
public struct StateError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What the state was for: `Adam`.
  public let owner: String

  /// What is missing, unexpected or wrong, each with its key.
  public let problems: [String]

  package init(owner: String, problems: [String]) { (self.owner, self.problems) = (owner, problems) }

  /// All problems, one a line.
  public var description: String { "\(owner): the state does not fit:\n" + problems.map { "  \($0)\n" }.joined() }
}

/// The most steps that are counted, 9·10¹⁵: a Double, and so a state dictionary, still holds each whole number up to here.
package let mostSteps = 9_000_000_000_000_000

/// Reads a state dictionary key by key and remembers what is missing, misshapen or left over.
package struct StateReader {
  private let state: StateDict
  private var unread: Set<Name>
  package var problems: [String] = []

  package init(_ state: StateDict) {
    self.state = state
    unread = Set(state.names.map(Name.init))
  }

  package func has(_ key: String) -> Bool { state[key] != nil }

  package mutating func tensor(_ key: String, _ shape: Shape) -> Tensor? {
    unread.remove(Name(key))
    guard let tensor = state[key] else {
      problems.append("\(key) is missing")
      return nil
    }
    if tensor.shape != shape {
      problems.append("\(key) has shape \(tensor.shape), expected \(shape)")
      return nil
    }
    return tensor
  }

  /// `count` numbers; zeros, which nobody will use, when they are not there.
  package mutating func numbers(_ key: String, _ count: Int) -> [Double] {
    tensor(key, [count])?.cast(to: .float64).array(Double.self) ?? Array(repeating: 0, count: count)
  }

  package mutating func number(_ key: String) -> Double { tensor(key, [])?.item ?? 0 }

  /// A whole number of at least `least`.
  package mutating func count(_ key: String, atLeast least: Int = 0) -> Int {
    guard let value = tensor(key, [])?.item else { return least }
    if value >= Double(least), value <= Double(mostSteps), value == value.rounded() { return Int(value) }
    problems.append("\(key) must be a whole number of at least \(least), got \(value)")
    return least
  }

  /// Throws when something was wrong; what nobody read is wrong too.
  package mutating func finish(_ owner: String) throws(StateError) {
    problems += unread.sorted().map { "\($0.text) is unexpected" }
    if !problems.isEmpty { throw StateError(owner: owner, problems: problems) }
  }
}
