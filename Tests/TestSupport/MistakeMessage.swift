import TapestryTensors

/// What a mistake in `body` would end the program with; empty where it makes none. For bodies that capture what is not
/// Sendable, which a `Mistake` cannot.
package func mistake(_ body: @escaping () -> Void) -> String {
  do { try Failure.catching(body) } catch { return error.message }
  return ""
}
