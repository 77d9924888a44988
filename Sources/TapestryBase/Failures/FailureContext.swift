import CTapestry

/// What the calling thread works on, as a failure names it: example 17, batch 3.
final class FailureContext {
  let what: StaticString
  let index: Int

  init(_ what: StaticString, _ index: Int) { (self.what, self.index) = (what, index) }

  /// The innermost; it lies in one of the slots of the thread's state.
  static var current: FailureContext? {
    tp_thread().pointee.slots.7.map { Unmanaged<FailureContext>.fromOpaque($0).takeUnretainedValue() }
  }
}

/// Runs `body`; a failure of the calling thread in it says `what` and `index` first.
package func withFailureContext<R, E: Error>(_ what: StaticString, _ index: Int, _ body: () throws(E) -> R) throws(E)
  -> R
{
  let thread = tp_thread()!, before = thread.pointee.slots.7, context = FailureContext(what, index)
  thread.pointee.slots.7 = Unmanaged.passUnretained(context).toOpaque()
  defer {
    thread.pointee.slots.7 = before
    withExtendedLifetime(context) {}
  }
  return try body()
}
