import TapestryTensors

/// Inputs with what is to be predicted from them, one example a row, held in memory.
public struct Examples: Sendable {
  /// (count, …)
  public let inputs: Tensor
  /// (count, …)
  public let labels: Tensor

  public init(_ inputs: Tensor, _ labels: Tensor) {
    if inputs.rank == 0 || labels.rank == 0 || inputs.shape[0] != labels.shape[0] {
      fail("Examples: inputs \(inputs.shape) and labels \(labels.shape) must have the same number of rows")
    }
    self.inputs = inputs
    self.labels = labels
  }

  /// The number of examples.
  public var count: Int { inputs.shape[0] }

  /// Parts of `size` examples, the last one smaller where the count is no multiple (`dropLast` leaves it out). Shuffling draws one
  /// permutation from the current random generator when the loop starts.
  public func batches(of size: Int, shuffled: Bool = false, dropLast: Bool = false) -> Batches {
    if size < 1 { fail("batches: the size must be at least 1, got \(size)") }
    return Batches(examples: self, size: size, shuffled: shuffled, dropLast: dropLast)
  }
}

/// The batches of one pass over a set of examples, as (inputs, labels). Loop over it again for another pass in another order.
public struct Batches: Sequence, Sendable {
  let examples: Examples
  let size: Int
  let shuffled: Bool
  let dropLast: Bool

  /// The number of batches.
  public var count: Int { dropLast ? examples.count / size : (examples.count + size - 1) / size }
  public var underestimatedCount: Int { count }

  public func makeIterator() -> Iterator { Iterator(batches: self, order: shuffled ? Tensor.permutation(examples.count) : nil) }

  public struct Iterator: IteratorProtocol {
    let batches: Batches
    let order: Tensor?
    var position = 0

    public mutating func next() -> (inputs: Tensor, labels: Tensor)? {
      if position == batches.count { return nil }
      let start = position * batches.size
      let count = Swift.min(batches.size, batches.examples.count - start)
      position += 1
      let (inputs, labels) = (batches.examples.inputs, batches.examples.labels)
      guard let order else {
        return (inputs.narrowed(axis: 0, start: start, count: count), labels.narrowed(axis: 0, start: start, count: count))
      }
      let rows = order.narrowed(axis: 0, start: start, count: count)
      return (inputs.rows(rows), labels.rows(rows))
    }
  }
}
