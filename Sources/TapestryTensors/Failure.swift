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
  Failure.handler(Failure(message: path + message, file: "\(file)", line: line))
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
