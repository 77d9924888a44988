import CTapestry

/// Knows the blocks of memory that one thread was given while `run` lasts and that are alive still, and which module
/// ran when it asked for them.
package final class MemoryWatch: @unchecked Sendable {
  package struct Block: Sendable {
    package let bytes: Int
    /// `layers.0 (Linear)`; nil outside of all modules.
    package let path: String?
    /// Asked for while operations were recorded.
    package let isRecorded: Bool
  }

  /// What `Memory.live` was at the start.
  package let liveBefore = Memory.live

  // All below is guarded by the lock of `Self.watches`.
  private var alive: [UInt: Block] = [:]
  private var paths: [[ObjectIdentifier]: String?] = [:]
  private var outermost: [ObjectIdentifier: WeakObject] = [:]
  private let outer: MemoryWatch?

  private init(inside outer: MemoryWatch?) { self.outer = outer }

  /// The blocks that are alive, by address.
  package var blocks: [UInt: Block] { Self.watches.with { _ in alive } }

  /// The outermost of the objects that ran, as far as they are alive.
  package var roots: [AnyObject] { Self.watches.with { _ in outermost.values.compactMap(\.object) } }

  /// The innermost watch of the calling thread.
  package static var current: MemoryWatch? { ThreadSlot.watch as? MemoryWatch }

  package static func run<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    installed
    let watch = MemoryWatch(inside: current)
    watches.with { $0[ObjectIdentifier(watch)] = watch }
    tp_watch_begin()
    defer {
      tp_watch_end()
      watches.with { _ = $0.removeValue(forKey: ObjectIdentifier(watch)) }
    }
    return try ThreadSlot.withWatch(watch, body)
  }

  /// Ends the watches of a thread that is left, up to the one that its caller had.
  private static func abandon(until outer: MemoryWatch?) {
    var watch = current
    while let next = watch, next !== outer {
      watches.with { _ = $0.removeValue(forKey: ObjectIdentifier(next)) }
      watch = next.outer
    }
  }

  private static let watches = Locked<[ObjectIdentifier: MemoryWatch]>([:])

  private static let installed: Void = {
    Failure.leaving.with { $0 = { abandon(until: $0 as? MemoryWatch) } }
    tp_install_watcher(
      tp_memory_watcher(
        allocated: { MemoryWatch.current?.add(UInt(bitPattern: $0), Int($1)) },
        freed: { memory in
          let address = UInt(bitPattern: memory)
          MemoryWatch.watches.with { for watch in $0.values { watch.alive[address] = nil } }
        }))
  }()

  private func add(_ address: UInt, _ bytes: Int) {
    let running = Running.objects, key = running.map { ObjectIdentifier($0) }
    // Found outside of the lock: it walks the running modules.
    let path = Self.watches.with { _ in paths[key] } ?? Failure.modulePath.with { $0 }()
    let block = Block(bytes: bytes, path: path, isRecorded: !tp_thread().pointee.no_grad)
    Self.watches.with { _ in
      paths[key] = .some(path)
      if let root = running.first { outermost[ObjectIdentifier(root)] = WeakObject(object: root) }
      var watch: MemoryWatch? = self
      while let next = watch {
        next.alive[address] = block
        watch = next.outer
      }
    }
  }
}

private struct WeakObject { weak var object: AnyObject? }

extension Tensor {
  /// Where the block of memory begins that this tensor views.
  package var blockAddress: UInt { UInt(bitPattern: storage.pointer) }
  package var blockBytes: Int { storage.bytes }
}
