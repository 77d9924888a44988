import TapestryTensors

/// One pass over batches that can be saved in its midst, and gone on from in another run with the same batches to come,
/// bit for bit.
///
///     let pass = digits.train.batches(of: 32, shuffled: true).prefetched(workers: 2).pass()
///     try pass.loadStateDict(saved)                   // in a run that goes on
///     for (images, labels) in pass {
///       …
///       let state = pass.stateDict()                  // the batches after this one
///     }
///
/// Its state is where the generator stood when the pass began, from which its order and the random numbers of its
/// examples come, and how many batches it gave. How many workers make them is no part of it. The generator itself
/// stands behind that now; it is Stateful too, and is loaded after the pass was made.
public final class Pass<Batch: Sendable>: Sequence, IteratorProtocol, Stateful {
  /// The number of batches of the whole pass.
  public var count: Int { batches.count }

  /// How many it has given.
  public private(set) var position = 0

  private let batches: Batches<Batch>
  private let workers: Int
  private let ahead: Int
  private var begun: TapestryTensors.Generator.State  // a Sequence has a Generator of its own
  private var load: Batches<Batch>.Loader
  private var queue: PrefetchQueue<Batch>?

  fileprivate init(_ batches: Batches<Batch>, workers: Int, ahead: Int) {
    (self.batches, self.workers, self.ahead) = (batches, workers, ahead)
    let generator = batches.generator ?? Random.generator
    begun = generator.state
    load = batches.begin(generator)
  }

  deinit { queue?.close() }

  /// Itself: a pass is gone through once.
  public func makeIterator() -> Pass { self }

  /// The next batch, nil after the last. Ends the program where an example cannot be had.
  public func next() -> Batch? { orFail { () throws(DataError) in try nextBatch() } }

  /// The next batch, nil after the last. Throws where an example cannot be had; the call after that gives the batch
  /// that follows.
  public func nextBatch() throws(DataError) -> Batch? {
    if position == count { return nil }
    if workers > 0 && queue == nil {
      queue = PrefetchQueue(count: count, from: position, ahead: ahead, load: load)
      queue!.start(Swift.min(workers, ahead, count - position))
    }
    defer { position += 1 }
    if let queue { return try queue.take() }
    return try load(position)
  }

  /// What the batches to come depend on.
  public func stateDict() -> StateDict {
    var state = StateDict([("position", Tensor(position, .int64)), ("batches", Tensor(count, .int64))])
    state.add(TapestryTensors.Generator(begun).stateDict(), under: "generator")
    return state
  }

  /// Goes on after the batch that was given last when the state was saved. Throws an error that lists everything wrong,
  /// a state of another number of batches too; then nothing was changed.
  public func loadStateDict(_ state: StateDict) throws(DataError) {
    var reader = StateReader(state)
    let position = reader.count("position"), batches = reader.count("batches")
    let words = reader.tensor("generator.philox", [3])
    if let words, words.dtype != .int64 {
      reader.wrong.append("generator.philox has type \(words.dtype), expected int64")
    }
    if reader.isRight && batches != count { reader.wrong.append("batches is \(batches), but this pass has \(count)") }
    if reader.isRight && position > count {
      reader.wrong.append("position is \(position), beyond the \(count) batches")
    }
    try reader.finish("Pass")
    let generator = TapestryTensors.Generator()
    try generator.loadStateDict(state.part("generator"))
    queue?.close()
    queue = nil
    begun = generator.state
    load = self.batches.begin(generator)
    self.position = position
  }
}

extension Batches {
  /// A pass that can be saved. It draws its order now.
  public func pass() -> Pass<Batch> { Pass(self, workers: 0, ahead: 1) }
}

extension Prefetched {
  /// A pass that can be saved; the workers start with its first batch.
  public func pass() -> Pass<Batch> { Pass(batches, workers: workers, ahead: ahead) }
}
