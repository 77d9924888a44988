import TapestryTensors

/// The batches of one pass over a data set. Loop over it again for another pass, in another order if shuffled.
///
/// A plain `for … in` ends the program with a message where an example cannot be had. To go on instead, or to throw,
/// ask for the batches one by one:
///
///     var pass = batches.makeIterator()
///     while let batch = try pass.nextBatch() { … }
public struct Batches<Batch: Sendable>: Sequence, Sendable {
  /// Makes batch i of one pass. It may run on any thread, and gives the same bits there.
  typealias Loader = @Sendable (Int) throws(DataError) -> Batch

  /// The number of batches.
  public let count: Int

  /// Starts a pass: draws its order and its random stream from the generator.
  let begin: @Sendable (Generator) -> Loader

  /// What passes draw from; nil for the generator that is current when one starts.
  let generator: Generator?

  /// The number of batches.
  public var underestimatedCount: Int { count }

  func loader() -> Loader { begin(generator ?? Random.generator) }

  /// Begins a pass: its order is drawn now.
  public func makeIterator() -> Iterator { Iterator(count: count, load: loader()) }

  /// One pass.
  public struct Iterator: IteratorProtocol {
    let count: Int
    let load: Loader
    var position = 0

    /// The next batch, nil after the last. Ends the program where an example cannot be had.
    public mutating func next() -> Batch? { orFail { () throws(DataError) in try nextBatch() } }

    /// The next batch, nil after the last. Throws where an example cannot be had; the call after that gives the batch
    /// that follows.
    public mutating func nextBatch() throws(DataError) -> Batch? {
      if position == count { return nil }
      defer { position += 1 }
      return try load(position)
    }
  }

  /// Each batch sent through `transform` when it is asked for, by the workers if it is prefetched. Random numbers that
  /// the transform draws come from a stream that belongs to the batch and the pass.
  public func transformed<T: Sendable>(_ transform: @escaping @Sendable (Batch) throws -> T) -> Batches<T> {
    Batches<T>(
      count: count,
      begin: { [begin] generator in
        let load = begin(generator), random = generator.split(into: 1)[0]
        return { (number) throws(DataError) in
          let batch = try load(number)
          return try making(batch: number, random.stream(number)) { try transform(batch) }
        }
      }, generator: generator)
  }
}

/// Ends the program with the message of what is thrown.
func orFail<R>(_ body: () throws(DataError) -> R) -> R {
  do { return try body() } catch { fail(error.description) }
}

/// Runs user code for one example with its own random numbers; an error or a failure in it says which example it was.
func making<R>(example index: Int, _ random: Generator, _ body: () throws -> R) throws(DataError) -> R {
  do { return try withGenerator(random) { try withFailureContext("example", index, body) } } catch {
    throw DataError(error, example: index)
  }
}

/// The same for one batch.
func making<R>(batch number: Int, _ random: Generator, _ body: () throws -> R) throws(DataError) -> R {
  do { return try withGenerator(random) { try withFailureContext("batch", number, body) } } catch {
    throw DataError(error, batch: number)
  }
}

/// How a data set of `examples` is cut into batches.
struct BatchPlan: Sendable {
  let examples: Int
  let size: Int
  let dropLast: Bool

  init(_ examples: Int, of size: Int, dropLast: Bool) {
    if size < 1 { fail("batches: the size must be at least 1, got \(size)") }
    if examples < 0 { fail("batches: the data set says that it has \(examples) examples; its count must be 0 or more") }
    (self.examples, self.size, self.dropLast) = (examples, size, dropLast)
  }

  var count: Int { dropLast ? examples / size : examples / size + (examples % size > 0 ? 1 : 0) }

  /// The positions, in the order of the pass, of the examples of a batch.
  func range(_ number: Int) -> Range<Int> {
    let start = number * size
    return start..<start + Swift.min(size, examples - start)
  }
}

extension Dataset {
  /// Batches of `size` examples that `collate` makes of each of them. The last one is smaller where the count is no
  /// multiple; `dropLast` leaves it out. Passes draw from `generator`, without one from the generator that is current
  /// when the loop starts: one permutation if `shuffled`, and the stream from which each example has its own random
  /// numbers.
  public func batches<Batch: Sendable>(
    of size: Int, shuffled: Bool = false, dropLast: Bool = false, using generator: Generator? = nil,
    collate: @escaping @Sendable ([Element]) throws -> Batch
  ) -> Batches<Batch> {
    let plan = BatchPlan(count, of: size, dropLast: dropLast)
    return Batches(
      count: plan.count,
      begin: { generator in
        let order = shuffled ? Tensor.permutation(plan.examples, using: generator).array(Int.self) : nil
        let random = generator.split(into: 1)[0]
        return { (number) throws(DataError) in
          var elements: [Element] = []
          let positions = plan.range(number)
          elements.reserveCapacity(positions.count)
          for position in positions {
            let index = order?[position] ?? position
            elements.append(try making(example: index, random.stream(index)) { try element(at: index) })
          }
          return try making(batch: number, random.stream(-1 - number)) { try collate(elements) }
        }
      }, generator: generator)
  }

  /// Batches of examples that are single tensors or numbers.
  public func batches(
    of size: Int, shuffled: Bool = false, dropLast: Bool = false, using generator: Generator? = nil
  ) -> Batches<Element.Batch> where Element: Collatable {
    batches(of: size, shuffled: shuffled, dropLast: dropLast, using: generator) { try Element.collate($0) }
  }

  /// Batches of pairs of tensors or numbers, as a pair.
  public func batches<A: Collatable, B: Collatable>(
    of size: Int, shuffled: Bool = false, dropLast: Bool = false, using generator: Generator? = nil
  ) -> Batches<(A.Batch, B.Batch)> where Element == (A, B) {
    batches(of: size, shuffled: shuffled, dropLast: dropLast, using: generator) {
      (try A.collate($0.map(\.0)), try B.collate($0.map(\.1)))
    }
  }

  /// Batches of triples of tensors or numbers, as a triple.
  public func batches<A: Collatable, B: Collatable, C: Collatable>(
    of size: Int, shuffled: Bool = false, dropLast: Bool = false, using generator: Generator? = nil
  ) -> Batches<(A.Batch, B.Batch, C.Batch)> where Element == (A, B, C) {
    batches(of: size, shuffled: shuffled, dropLast: dropLast, using: generator) {
      (try A.collate($0.map(\.0)), try B.collate($0.map(\.1)), try C.collate($0.map(\.2)))
    }
  }
}
