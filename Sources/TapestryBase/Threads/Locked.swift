import CTapestry

/// A value that one thread at a time may use. (The standard library's `Mutex` needs macOS 15.)
package final class Locked<Value>: @unchecked Sendable {
  private var value: Value
  private let lock = tp_lock_new()!

  /// `value` must be known to nobody else.
  package init(_ value: Value) { self.value = value }

  deinit { tp_lock_free(lock) }

  package func with<R>(_ body: (inout Value) throws -> R) rethrows -> R {
    tp_lock_take(lock)
    defer { tp_lock_give(lock) }
    return try body(&value)
  }
}
