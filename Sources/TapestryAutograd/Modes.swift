import CTapestry
import TapestryTensors

/// Runs `body` without recording: results need no gradient. For evaluation, and for changing parameters.
@discardableResult
public func noGrad<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  try recording(false, body)
}

/// Runs `body` with recording on, inside a `noGrad` too.
@discardableResult
public func enableGrad<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  try recording(true, body)
}

package func recording<R, E: Error>(_ on: Bool, _ body: () throws(E) -> R) throws(E) -> R {
  let thread = tp_thread()!
  let before = thread.pointee.no_grad
  thread.pointee.no_grad = !on
  defer { thread.pointee.no_grad = before }
  return try body()
}

/// Refused: the closure must be synchronous, for the mode belongs to a thread.
@available(
  *, unavailable,
  message: """
    modes belong to a thread, and an async closure may change threads: await first, then call noGrad { } around \
    synchronous work
    """
)
public func noGrad<R>(_ body: () async throws -> R) async rethrows -> R { fail("noGrad: the closure is async") }

/// Refused: the closure must be synchronous, for the mode belongs to a thread.
@available(
  *, unavailable,
  message: """
    modes belong to a thread, and an async closure may change threads: await first, then call enableGrad { } around \
    synchronous work
    """
)
public func enableGrad<R>(_ body: () async throws -> R) async rethrows -> R { fail("enableGrad: the closure is async") }

/// Whether operations on this thread are recorded now.
public var isRecording: Bool {
  @inline(__always) get { !tp_thread().pointee.no_grad }
}
