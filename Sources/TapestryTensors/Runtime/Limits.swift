import CTapestry

/// The sizes at which kernels take another path, by the names of `tapestry_limits.h`: blocks, parts, tasks for the
/// threads. Tests lower them for a scope, so that small tensors go the ways of large ones. They can be lowered and
/// never raised: buffers on the stack are as large as the standard. Sums may round otherwise at other limits; at the
/// same limits they have the same bits on any number of threads.
package struct Limits: Sendable, Equatable {
  /// One limit: what kernels use, the lowest value that tests use, and what it switches.
  package struct Row: Sendable {
    package let name: String, value: Int, low: Int, what: String
  }

  /// All limits, in the order of the list.
  package static let rows: [Row] = (0..<Int32(TP_LIMIT_COUNT)).map {
    let row = tp_limit($0)
    return Row(
      name: String(cString: row.name), value: Int(row.value), low: Int(row.low), what: String(cString: row.what))
  }

  private static let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1.name, $0) })

  /// What kernels use outside of tests.
  package static let standard = Limits(values: rows.map { Int64($0.value) })

  /// All of them lowered: tensors of a hundred elements take several blocks, parts and tasks.
  package static let lowest = Limits(values: rows.map { Int64($0.low) })

  /// What the calling thread goes by.
  package static var current: Limits {
    Limits(values: withUnsafeBytes(of: tp_current_limits().pointee.at) { Array($0.bindMemory(to: Int64.self)) })
  }

  fileprivate private(set) var values: [Int64]

  /// The limit with this name, 1 … its standard value.
  package subscript(name: String) -> Int {
    get { Int(values[place(name)]) }
    set {
      let place = place(name)
      if newValue < 1 || newValue > Self.rows[place].value {
        fail("Limits: \(name) is 1 … \(Self.rows[place].value), got \(newValue)")
      }
      values[place] = Int64(newValue)
    }
  }

  private func place(_ name: String) -> Int {
    guard let place = Self.places[name] else { fail("Limits: tapestry_limits.h has no '\(name)'") }
    return place
  }
}

/// How often sizes were found up to a limit and beyond, by all threads, in the scopes of `withLimits(_:counting:)`.
package final class LimitTally: @unchecked Sendable {  // the C side counts atomically
  fileprivate let counts: UnsafeMutablePointer<Int64>

  package init() {
    counts = .allocate(capacity: 2 * Int(TP_LIMIT_COUNT))
    counts.initialize(repeating: 0, count: 2 * Int(TP_LIMIT_COUNT))
  }

  deinit { counts.deallocate() }

  /// The limits of which both sides were seen.
  package var crossed: Set<String> {
    Set(
      Limits.rows.enumerated().filter { counts[2 * $0.offset] > 0 && counts[2 * $0.offset + 1] > 0 }.map(\.element.name)
    )
  }
}

/// Runs `body` with other limits for operations that the calling thread starts; `tally` (else that of the scope around)
/// counts their decisions. `backwards` runs the tasks of each operation on this thread, the last first: what depends on
/// their order, or would race on several threads, then gives other results every time.
///
/// ```swift
/// withLimits(.lowest) { x.sum(0) }
/// ```
@discardableResult
package func withLimits<R, E: Error>(
  _ limits: Limits, counting tally: LimitTally? = nil, backwards: Bool = false, _ body: () throws(E) -> R
) throws(E) -> R {
  let before = tp_current_limits()!
  var mine = tp_limits()
  withUnsafeMutableBytes(of: &mine.at) { place in limits.values.withUnsafeBytes { place.copyMemory(from: $0) } }
  mine.tally = tally?.counts ?? before.pointee.tally
  mine.backwards = backwards
  // A place of its own, for tasks read it: `mine` may move.
  let place = UnsafeMutablePointer<tp_limits>.allocate(capacity: 1)
  place.initialize(to: mine)
  tp_use_limits(place)
  defer {
    tp_use_limits(before)
    place.deallocate()
    withExtendedLifetime(tally) {}
  }
  return try body()
}

@available(
  *, unavailable,
  message:
    "the limits belong to a thread, and an async closure may change threads: call withLimits around synchronous work"
)
package func withLimits<R>(_ limits: Limits, _ body: () async throws -> R) async rethrows -> R {
  fail("withLimits: the closure is async")
}
