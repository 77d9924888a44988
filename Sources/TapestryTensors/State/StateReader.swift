/// The most steps that are counted, 9·10¹⁵: a Double, and so a state dictionary, still holds each whole number up to
/// here.
package let mostSteps = 9_000_000_000_000_000

/// Reads a state dictionary key by key and remembers what is missing, misshapen or left over.
package struct StateReader {
  private let state: StateDict
  private var unread: Set<Name>
  private var missing: [String] = []

  /// What does not fit, each with its key.
  package var wrong: [String] = []

  /// Whether all that was asked for so far was there and fits.
  package var isRight: Bool { missing.isEmpty && wrong.isEmpty }

  package init(_ state: StateDict) {
    self.state = state
    unread = Set(state.names.map(Name.init))
  }

  package func has(_ key: String) -> Bool { state[key] != nil }

  package mutating func tensor(_ key: String, _ shape: Shape) -> Tensor? {
    unread.remove(Name(key))
    guard let tensor = state[key] else {
      missing.append(key)
      return nil
    }
    if tensor.shape != shape {
      wrong.append("\(key) has shape \(tensor.shape), expected \(shape)")
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
    wrong.append("\(key) must be a whole number of at least \(least), got \(value)")
    return least
  }

  /// Throws when something was wrong; what nobody read is wrong too.
  package mutating func finish(_ owner: String) throws(DataError) {
    var mismatch = StateMismatch(owner: owner)
    (mismatch.missing, mismatch.wrong, mismatch.unexpected) = (missing, wrong, unread.sorted().map(\.text))
    if !mismatch.isEmpty { throw DataError(mismatch) }
  }
}
