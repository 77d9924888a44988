import CTapestry
import Foundation

/// What a mistake in a program looks like: the message, and the line of the user's code.
public struct Failure: Error, Sendable, CustomStringConvertible {
  /// What is wrong and how to mend it, without the line.
  public let message: String

  /// The line of the program, outside of the library, that led to the failure; nil where the system cannot tell (before
  /// macOS 26, and without debug information). Finding it takes milliseconds.
  public var place: Place? { trace?.place }

  private var trace: Trace?

  package init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }

  /// Takes every failure and never returns. The default writes `file:line: Tapestry: message` to standard error and
  /// ends the process with status 1. With `TAPESTRY_BACKTRACE` set in the environment all calls outside of the library
  /// follow; with `TAPESTRY_TRAP` the process traps instead, for a debugger.
  public nonisolated(unsafe) static var handler: @Sendable (Failure) -> Never = { failure in
    end(failure.message, failure.trace)
  }

  /// Writes what went wrong and where, and ends the process.
  package static func end(_ message: String, _ trace: Trace?) -> Never {
    let place = trace?.place.map { "\($0): " } ?? ""
    let calls = ProcessInfo.processInfo.environment["TAPESTRY_BACKTRACE"] == nil ? "" : trace?.text ?? ""
    tp_die("\(place)Tapestry: \(message)\n\(calls)")
  }

  /// Says which module is running, as `decoder.layers.2 (Linear)`; set by the room of modules.
  package static let modulePath = Locked<@Sendable () -> String?>({ nil })

  /// Ends the watches of a thread that is left, up to the one that its caller had; set by the room that watches memory.
  package static let leaving = Locked<@Sendable (_ outer: AnyObject?) -> Void>({ _ in })

  /// Fails with this failure, as `fail` does with a new one.
  package func raise() -> Never {
    var failure = self
    if failure.trace == nil { failure.trace = .capture() }
    if let catcher = Catcher.current {
      catcher.failure = failure
      Failure.leaving.with { $0 }(catcher.watch)
      tp_leave_thread()
    }
    Failure.handler(failure)
  }

  /// Runs `body` so that a failure in it is thrown and does not end the program.
  ///
  /// Swift cannot unwind a function that does not throw, so `body` runs on a thread of its own, with the caller's
  /// modes, and a failure ends that thread. What the abandoned frames held is never released: for diagnosis and tests,
  /// not for control flow.
  @discardableResult
  public static func catching<R>(_ body: @escaping () -> R) throws(Failure) -> R {
    let catcher = Catcher()
    var result: R?
    catcher.run { result = body() }
    if let failure = catcher.failure { throw failure }
    return result!
  }
}

/// Takes the failure of the thread that it runs.
private final class Catcher {
  var failure: Failure?
  let watch = ThreadSlot.watch
  private var body: (() -> Void)?

  /// The catcher of the calling thread; it lies in one of the slots of the thread's state.
  static var current: Catcher? {
    guard let held = tp_thread().pointee.slots.1 else { return nil }
    return Unmanaged<Catcher>.fromOpaque(held).takeUnretainedValue()
  }

  func run(_ body: @escaping () -> Void) {
    self.body = body
    tp_run_apart(
      { context in
        tp_thread().pointee.slots.1 = context
        Unmanaged<Catcher>.fromOpaque(context!).takeUnretainedValue().body!()
      }, Unmanaged.passUnretained(self).toOpaque())
    self.body = nil
  }
}

/// The one place where a user's mistake ends the program.
public func fail(_ message: String) -> Never {
  let path = Failure.modulePath.with { $0 }().map { "\($0): " } ?? ""
  let context = FailureContext.current.map { "\($0.what) \($0.index): " } ?? ""
  Failure(context + path + message).raise()
}

/// Why shapes, types or arguments do not fit an operation, as a value: the message that `fail` would print.
public struct ShapeError: Error, CustomStringConvertible, Sendable, Equatable {
  /// The message.
  public let description: String
  /// An error with this message.
  public init(_ description: String) { self.description = description }
}

/// Runs a check that throws its message, and traps with it.
@inlinable
package func failing<R>(_ body: () throws(ShapeError) -> R) -> R {
  do { return try body() } catch { fail(error.description) }
}
