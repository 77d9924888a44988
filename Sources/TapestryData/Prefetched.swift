import Foundation
import TapestryTensors

/// Batches that worker threads make while the loop's body runs, in the same order and with the same bits as without
/// workers.
///
///     for (images, labels) in data.batches(of: 32, shuffled: true).prefetched(workers: 2) { … }
///
/// The workers start with the loop and end with it, broken off or not: leaving the loop waits for the examples they are
/// at. A mistake in a transform counts when the loop asks for its batch, as without workers; to stop a debugger where
/// it is made, use 0 workers.
public struct Prefetched<Batch: Sendable>: Sequence, Sendable {
  let batches: Batches<Batch>
  let workers: Int
  let ahead: Int

  /// The number of batches.
  public var count: Int { batches.count }
  /// The number of batches.
  public var underestimatedCount: Int { count }

  /// Begins a pass and its workers.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// One pass. Its workers end when it is freed.
  public final class Iterator: IteratorProtocol {
    private var alone: Batches<Batch>.Iterator  // makes the batches itself where there are no workers
    private let queue: PrefetchQueue<Batch>?

    init(_ source: Prefetched) {
      alone = source.batches.makeIterator()
      queue = source.workers == 0 ? nil : PrefetchQueue(count: source.count, ahead: source.ahead, load: alone.load)
      queue?.start(Swift.min(source.workers, source.ahead, source.count))
    }

    deinit { queue?.close() }

    /// The next batch, nil after the last. Ends the program where an example cannot be had.
    public func next() -> Batch? { orFail { () throws(DataError) in try nextBatch() } }

    /// The next batch, nil after the last. Throws where an example cannot be had; the call after that gives the batch
    /// that follows.
    public func nextBatch() throws(DataError) -> Batch? {
      guard let queue else { return try alone.nextBatch() }
      return try queue.take()
    }
  }
}

extension Batches {
  /// Has `workers` threads make up to `ahead` batches (2 a worker without it) before they are asked for. With 0 workers
  /// the loop makes them itself. The bits do not depend on either. Worth it where an example takes work: for rows of a
  /// tensor in memory it is slower.
  public func prefetched(workers: Int = 1, ahead: Int? = nil) -> Prefetched<Batch> {
    if workers < 0 || workers > 256 { fail("prefetched: needs 0 … 256 workers, got \(workers)") }
    let ahead = ahead ?? Swift.max(1, 2 * workers)
    if ahead < 1 { fail("prefetched: needs at least 1 batch ahead, got \(ahead)") }
    return Prefetched(batches: self, workers: workers, ahead: ahead)
  }
}

/// Hands batch numbers out to workers and batches, in order, to the loop. At most `ahead` batches are in work or
/// waiting.
final class PrefetchQueue<Batch: Sendable>: @unchecked Sendable {
  private let count: Int
  private let ahead: Int
  private let load: Batches<Batch>.Loader
  private let backend = Backend.current  // of the thread that loops: it decides the bits

  private let condition = NSCondition()  // guards what follows
  private var made: [Int: Result<Batch, DataError>] = [:]
  private var failures: [Int: Failure] = [:]  // of batches that a mistake kept from being made
  private var claimed = 0
  private var taken = 0
  private var working = 0
  private var closed = false

  init(count: Int, from first: Int = 0, ahead: Int, load: @escaping Batches<Batch>.Loader) {
    (self.count, self.ahead, self.load) = (count, ahead, load)
    (claimed, taken) = (first, first)
  }

  func start(_ workers: Int) {
    working = workers
    for i in 0..<workers {
      let thread = Thread { self.work() }
      thread.name = "batches \(i)"
      thread.start()
    }
  }

  /// The next batch in order, nil after the last. A failure of the worker that was to make it becomes one of this
  /// thread, as often as it is asked for.
  func take() throws(DataError) -> Batch? {
    let (result, failure): (Result<Batch, DataError>?, Failure?) = locked {
      if taken == count { return (nil, nil) }
      while made[taken] == nil && failures[taken] == nil { condition.wait() }
      if let failure = failures[taken] {
        closed = true  // where a failure is caught nobody frees the iterator
        return (nil, failure)
      }
      defer { taken += 1 }
      return (made.removeValue(forKey: taken), nil)
    }
    failure?.raise()
    return try result?.get()
  }

  /// Ends the workers; returns when the last has left.
  func close() {
    locked { closed = true }
    locked { while working > 0 { condition.wait() } }
  }

  /// A worker, until a failure in a batch ends it. The tensors' threads stay with the loop: an example's operations run
  /// on one thread alone.
  private func work() {
    var current: Int?
    do {
      try Failure.catching { [self] in
        withBackend(backend) {
          withThreads(1) {
            while let number = claim() {
              current = number
              let batch = Result { () throws(DataError) in try load(number) }
              locked { made[number] = batch }
            }
          }
        }
      }
    } catch {
      locked { failures[current!] = error }
    }
    locked { working -= 1 }
  }

  /// The number of a batch to make, nil when there is none left. Waits while enough are ahead.
  private func claim() -> Int? {
    locked {
      while !closed && claimed < count && claimed - taken >= ahead { condition.wait() }
      if closed || claimed == count { return nil }
      defer { claimed += 1 }
      return claimed
    }
  }

  /// Runs `body` under the lock, and wakes all who wait: what it changed may be what they wait for. So a body that
  /// changes something does not wait after it.
  private func locked<R>(_ body: () -> R) -> R {
    condition.lock()
    defer {
      condition.broadcast()
      condition.unlock()
    }
    return body()
  }
}
