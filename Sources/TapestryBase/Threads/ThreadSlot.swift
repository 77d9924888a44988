import CTapestry

/// A value that belongs to the calling thread while a scope lasts: one of the slots of the thread's state.
package enum ThreadSlot {
  /// The observer of modules that is innermost.
  @inline(__always)
  package static var hasObserver: Bool { tp_thread().pointee.slots.2 != nil }
  package static var observer: AnyObject? { held(tp_thread().pointee.slots.2) }

  package static func withObserver<R, E: Error>(_ observer: AnyObject, _ body: () throws(E) -> R) throws(E) -> R {
    try with(\.slots.2, observer, body)
  }

  /// Who watches this thread's memory, innermost.
  package static var watch: AnyObject? { held(tp_thread().pointee.slots.3) }

  package static func withWatch<R, E: Error>(_ watch: AnyObject, _ body: () throws(E) -> R) throws(E) -> R {
    try with(\.slots.3, watch, body)
  }

  /// The first or second run of a closure that runs twice, innermost.
  package static var run: AnyObject? { held(tp_thread().pointee.slots.4) }

  package static func withRun<R, E: Error>(_ run: AnyObject, _ body: () throws(E) -> R) throws(E) -> R {
    try with(\.slots.4, run, body)
  }

  /// Who watches this thread's operations, innermost.
  @inline(__always)
  package static var hasGate: Bool { tp_thread().pointee.slots.5 != nil }
  package static var gate: AnyObject? { held(tp_thread().pointee.slots.5) }

  package static func withGate<R, E: Error>(_ gate: AnyObject, _ body: () throws(E) -> R) throws(E) -> R {
    try with(\.slots.5, gate, body)
  }

  private static func with<R, E: Error>(
    _ slot: WritableKeyPath<tp_thread_state, UnsafeMutableRawPointer?>, _ object: AnyObject, _ body: () throws(E) -> R
  ) throws(E) -> R {
    let thread = tp_thread()!
    let before = thread.pointee[keyPath: slot]
    thread.pointee[keyPath: slot] = Unmanaged.passUnretained(object).toOpaque()
    defer {
      thread.pointee[keyPath: slot] = before
      withExtendedLifetime(object) {}
    }
    return try body()
  }

  private static func held(_ slot: UnsafeMutableRawPointer?) -> AnyObject? {
    slot.map { Unmanaged<AnyObject>.fromOpaque($0).takeUnretainedValue() }
  }
}
