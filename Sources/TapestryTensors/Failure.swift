import CTapestry

/// What a mistake in a program looks like: the message, and where the user's code is if the call carried it.
public struct Failure: Sendable {
  public let message: String
  public let file: String
  public let line: UInt

  /// Takes every failure and never returns. The default writes the message to standard error and ends the process with
  /// status 1; with `TAPESTRY_TRAP` set in the environment it traps instead, for a debugger.
  public nonisolated(unsafe) static var handler: @Sendable (Failure) -> Never = { failure in
    let place = failure.line > 0 ? "\(failure.file):\(failure.line): " : ""
    tp_die("\(place)Tapestry: \(failure.message)\n")
  }

  /// Says which module is running, as `decoder.layers.2 (Linear)`; set by the room of modules.
  package nonisolated(unsafe) static var modulePath: @Sendable () -> String? = { nil }
}

/// The one place where a user's mistake ends the program.
public func fail(_ message: String, file: StaticString = #fileID, line: UInt = 0) -> Never {
  let path = Failure.modulePath().map { "\($0): " } ?? ""
  let context = FailureContext.current.map { "\($0.what) \($0.index): " } ?? ""
  Failure.handler(Failure(message: context + path + message, file: "\(file)", line: line))
}

/// What the calling thread works on, as a failure names it: example 17, batch 3.
private final class FailureContext {
  let what: StaticString
  let index: Int
  init(_ what: StaticString, _ index: Int) { (self.what, self.index) = (what, index) }

  static var current: FailureContext? {
    tp_thread().pointee.slots.7.map { Unmanaged<FailureContext>.fromOpaque($0).takeUnretainedValue() }
  }
}

/// Runs `body`; a failure of the calling thread in it says `what` and `index` first.
package func withFailureContext<R, E: Error>(_ what: StaticString, _ index: Int, _ body: () throws(E) -> R) throws(E) -> R {
  let thread = tp_thread()!, before = thread.pointee.slots.7, context = FailureContext(what, index)
  thread.pointee.slots.7 = Unmanaged.passUnretained(context).toOpaque()
  defer {
    thread.pointee.slots.7 = before
    withExtendedLifetime(context) {}
  }
  return try body()
}

/// Why shapes, types or arguments do not fit an operation, as a value: the message that `fail` would print.
public struct ShapeError: Error, CustomStringConvertible, Sendable, Equatable {
  public let description: String
  public init(_ description: String) { self.description = description }
}

/// Runs a check that throws its message, and traps with it.
package func failing<R>(_ body: () throws(ShapeError) -> R) -> R {
  do { return try body() } catch { fail(error.description) }
}
