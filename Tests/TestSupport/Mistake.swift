import TapestryTensors

/// A row of a table of mistakes: how the message starts, other words that it must hold, and what makes the mistake. A
/// first text that starts with "…" may stand anywhere in the message.
///
///     @Test(arguments: [Mistake("dot: needs two vectors, got [2, 2] and [2]") { _ = dot(a, b) }])
///     func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
///
/// The failure is caught in this process (`Failure.catching`); that one ends a program, and how, is for FailureTests.
package struct Mistake: Sendable, CustomStringConvertible {
  package let description: String
  private let words: [String], body: @Sendable () throws -> Void

  package init(_ start: String, _ words: String..., body: @escaping @Sendable () throws -> Void) {
    description = start
    self.words = words
    self.body = body
  }

  /// Nil when the mistake is refused with the right words, otherwise what happened.
  package var problem: String? {
    let body = body, outcome = Outcome()
    do throws(Failure) {
      try Failure.catching {
        do { try body() } catch { outcome.error = "\(error)" }
      }
      return outcome.error.map { "an error and no failure: \($0)" } ?? "accepted"
    } catch {
      let fits =
        description.hasPrefix("…")
        ? error.message.contains(description.dropFirst().drop { $0 == " " }) : error.message.hasPrefix(description)
      return fits && words.allSatisfy(error.message.contains) ? nil : error.message
    }
  }

  private final class Outcome { var error: String? }
}
