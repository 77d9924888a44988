import CTapestry

/// The modules whose calls are nested on this thread, for messages that say where a mistake happened. This room knows
/// them as objects only.
package enum Running {
  /// Told of each call that begins inside of `ThreadSlot.withRun`; set by who opens one.
  package static let noting = Locked<@Sendable (AnyObject) -> Void>({ _ in })

  @inline(__always)
  package static func enter(_ object: AnyObject) {
    let thread = tp_thread()!
    tp_enter(thread, Unmanaged.passUnretained(object).toOpaque())
    if thread.pointee.slots.4 != nil { noting.with { $0 }(object) }
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
