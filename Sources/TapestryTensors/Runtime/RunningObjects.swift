import CTapestry

/// The modules whose calls are nested on this thread, for messages that say where a mistake happened. This room knows
/// them as objects only.
package enum Running {
  @inline(__always)
  package static func enter(_ object: AnyObject) {
    tp_enter(tp_thread(), Unmanaged.passUnretained(object).toOpaque())
    if RunScope.isOpen { RunScope.note(object) }
  }

  @inline(__always)
  package static func leave() { tp_thread().pointee.running_count -= 1 }

  /// Whether more are running than `objects` can tell.
  package static var isDeeper: Bool { tp_thread().pointee.running_count > TP_RUNNING }

  /// The running objects, outermost first.
  package static var objects: [AnyObject] {
    let thread = tp_thread()!
    return (0..<Swift.min(thread.pointee.running_count, Int32(TP_RUNNING))).map {
      Unmanaged<AnyObject>.fromOpaque(tp_running(thread, $0)!).takeUnretainedValue()
    }
  }
}

/// A value that belongs to the calling thread while a scope lasts: one of the slots of the thread's state.
package enum ThreadSlot {
  /// The observer of modules that is innermost.
  package static var observer: AnyObject? { held(tp_thread().pointee.slots.2) }

  package static func withObserver<R, E: Error>(_ observer: AnyObject, _ body: () throws(E) -> R) throws(E) -> R {
    try with(\.slots.2, observer, body)
  }

  /// Who watches this thread's memory, innermost.
  static var watch: AnyObject? { held(tp_thread().pointee.slots.3) }

  static func withWatch<R, E: Error>(_ watch: AnyObject, _ body: () throws(E) -> R) throws(E) -> R {
    try with(\.slots.3, watch, body)
  }

  /// The first or second run of a closure that runs twice, innermost.
  static var run: AnyObject? { held(tp_thread().pointee.slots.4) }

  static func withRun<R, E: Error>(_ run: AnyObject, _ body: () throws(E) -> R) throws(E) -> R {
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

  @inline(__always)
  package static var hasObserver: Bool { tp_thread().pointee.slots.2 != nil }

  private static func held(_ slot: UnsafeMutableRawPointer?) -> AnyObject? {
    slot.map { Unmanaged<AnyObject>.fromOpaque($0).takeUnretainedValue() }
  }
}
