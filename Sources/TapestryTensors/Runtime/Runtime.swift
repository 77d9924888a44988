import CTapestry

// What runs the kernels: how many threads, which backend, how much memory. Process-wide settings, each with a scoped
// override for the calling thread.

/// How many threads share the work of one operation. `TAPESTRY_THREADS` in the environment sets the first value, else
/// the number of cores that this process may use: by its affinity and its control groups' quota, and of a core that
/// runs two threads (hyperthreads) one. Results have the same bits on any number.
public enum Threads {
  /// The number of threads, 1 … 256. Reading it inside `withThreads` gives the override; setting it is process-wide.
  public static var count: Int {
    get { Int(tp_threads()) }
    set {
      checkThreads(newValue, "Threads.count")
      tp_set_threads(Int32(newValue))
    }
  }
}

private func checkThreads(_ count: Int, _ name: String) {
  if count < 1 || count > 256 { fail("\(name): needs 1 … 256 threads, got \(count)") }
}

/// Runs `body` with `count` threads (1 … 256) for operations that the calling thread starts.
@discardableResult
public func withThreads<R, E: Error>(_ count: Int, _ body: () throws(E) -> R) throws(E) -> R {
  checkThreads(count, "withThreads")
  let before = tp_thread().pointee.threads
  tp_override_threads(Int32(count))
  defer { tp_override_threads(before) }
  return try body()
}

/// Refused: the closure must be synchronous, for the override belongs to a thread.
@available(
  *, unavailable,
  message: """
    the override belongs to a thread, and an async closure may change threads: call withThreads around synchronous work
    """
)
public func withThreads<R>(_ count: Int, _ body: () async throws -> R) async rethrows -> R {
  fail("withThreads: the closure is async")
}

/// A set of kernels: "avx512", "avx2", "neon", "portable", or "reference" (naive loops, the oracle of the others). The
/// widest that this machine can run is chosen at the first operation; `TAPESTRY_BACKEND` in the environment names
/// another.
public struct Backend: Sendable, Equatable, CustomStringConvertible {
  /// "avx512", "avx2", "neon", "portable" or "reference".
  public let name: String
  private let table: UnsafeKernels

  /// The kernels that operations of the calling thread use.
  public static var current: Backend { Backend(tp_current()) }

  /// The backend with this name, or nil when there is none or this machine cannot run it.
  public static func named(_ name: String) -> Backend? { tp_backend_named(name).map { Backend($0) } }

  /// Every backend that this machine can run, the widest first.
  public static var all: [Backend] { ["avx512", "avx2", "neon", "portable", "reference"].compactMap(named) }

  /// Makes this the backend of the whole process.
  public func makeCurrent() { tp_set_backend(table.pointer) }

  /// The name.
  public var description: String { name }
  /// Whether they are the same kernels.
  public static func == (a: Backend, b: Backend) -> Bool { a.name == b.name }

  private init(_ table: UnsafePointer<tp_backend>) {
    name = String(cString: table.pointee.name)
    self.table = UnsafeKernels(pointer: table)
  }

  fileprivate func run<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    if Dry.isOn { return try body() }
    let thread = tp_thread()!
    let before = thread.pointee.backend
    thread.pointee.backend = table.pointer
    defer { thread.pointee.backend = before }
    return try body()
  }
}

/// A table of the C side: constant, and there as long as the program.
private struct UnsafeKernels: @unchecked Sendable {
  let pointer: UnsafePointer<tp_backend>
}

/// Runs `body` with another backend for operations that the calling thread starts.
@discardableResult
public func withBackend<R, E: Error>(_ backend: Backend, _ body: () throws(E) -> R) throws(E) -> R {
  try backend.run(body)
}

/// The same by name: `withBackend("reference") { … }`.
@discardableResult
public func withBackend<R, E: Error>(_ name: String, _ body: () throws(E) -> R) throws(E) -> R {
  guard let backend = Backend.named(name) else {
    fail(
      """
      withBackend: this machine runs no backend named '\(name)'; it has \
      \(Backend.all.map(\.name).joined(separator: ", "))
      """)
  }
  return try backend.run(body)
}

/// Refused: the closure must be synchronous, for the override belongs to a thread.
@available(
  *, unavailable,
  message: """
    the override belongs to a thread, and an async closure may change threads: call withBackend around synchronous work
    """
)
public func withBackend<R>(_ name: String, _ body: () async throws -> R) async rethrows -> R {
  fail("withBackend: the closure is async")
}

/// The bytes that tensors hold, counted by the allocator over all threads.
public enum Memory {
  /// Bytes of the tensors that are alive.
  public static var live: Int { Int(tp_memory().live_bytes) }

  /// How many blocks of memory are alive; tensors that share one count once.
  public static var liveBlocks: Int { Int(tp_memory().live_blocks) }

  /// The largest `live` since the start or the last `resetPeak()`; with several allocating threads at most 64 KiB a
  /// thread too high.
  public static var peak: Int { Int(tp_memory().peak_bytes) }

  /// Bytes kept for reuse, held by no tensor.
  public static var cached: Int { Int(tp_memory().cached_bytes) }

  /// How many blocks were ever asked for: the difference over a piece of code is the number of its allocations.
  public static var allocations: Int { Int(tp_memory().allocations) }

  /// Starts `peak` again from what is live now.
  public static func resetPeak() { tp_reset_peak() }

  /// Gives the cached memory back to the system.
  public static func trim() { tp_trim() }
}
