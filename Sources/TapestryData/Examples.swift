import TapestryTensors

/// Inputs with what is to be predicted from them, one example a row, held in memory.
public struct Examples: Dataset {
  /// (count, …)
  public let inputs: Tensor
  /// (count, …)
  public let labels: Tensor

  /// Inputs (count, …) and their labels (count, …). Different counts end the program with a message.
  public init(_ inputs: Tensor, _ labels: Tensor) {
    if inputs.rank == 0 || labels.rank == 0 || inputs.shape[0] != labels.shape[0] {
      fail("Examples: inputs \(inputs.shape) and labels \(labels.shape) must have the same number of rows")
    }
    self.inputs = inputs
    self.labels = labels
  }

  /// The number of examples.
  public var count: Int { inputs.shape[0] }

  /// Row `index` of both, as views.
  public func element(at index: Int) -> (inputs: Tensor, labels: Tensor) {
    if index < 0 || index >= count { fail("element: example \(index) lies outside 0 ..< \(count)") }
    return (inputs.selected(axis: 0, index: index), labels.selected(axis: 0, index: index))
  }

  /// Parts of `size` examples, the last one smaller where the count is no multiple (`dropLast` leaves it out).
  /// Shuffling draws one permutation from `generator`, without one from the random generator that is current when the
  /// loop starts.
  public func batches(
    of size: Int, shuffled: Bool = false, dropLast: Bool = false, using generator: Generator? = nil
  ) -> Batches<(inputs: Tensor, labels: Tensor)> {
    let plan = BatchPlan(count, of: size, dropLast: dropLast)
    return Batches(
      count: plan.count,
      begin: { generator in
        let order = shuffled ? Tensor.permutation(plan.examples, using: generator) : nil
        return { (number) throws(DataError) in
          let range = plan.range(number)
          let part =
            order.map { gathered($0.narrowed(axis: 0, start: range.lowerBound, count: range.count)) } ?? slice(range)
          return (part.inputs, part.labels)
        }
      }, generator: generator)
  }

  // Data in memory stays data in memory.

  /// The examples with these numbers, in this order, copied.
  public func subset(_ indices: [Int]) -> Examples {
    checkIndices(indices, count)
    return gathered(Tensor(indices))
  }

  /// The examples of a range, as views.
  public func subset(_ range: Range<Int>) -> Examples {
    checkRange(range, count)
    return slice(range)
  }

  /// These examples, then the others. Shapes of a row and types must agree.
  public func concatenated(with other: Examples) -> Examples {
    func joined(_ a: Tensor, _ b: Tensor) -> Tensor { failing { () throws(ShapeError) in try Tensor.joining([a, b]) } }
    return Examples(joined(inputs, other.inputs), joined(labels, other.labels))
  }

  /// Two parts, the first with the given fraction of the examples, rounded; see `Dataset.split`.
  public func split(at fraction: Double, shuffled: Bool) -> (Examples, Examples) {
    let parts = split(counts: splitCounts(count, at: fraction), shuffled: shuffled)
    return (parts[0], parts[1])
  }

  /// Parts with these fractions of the examples, which sum to 1; see `Dataset.split`.
  public func split(fractions: [Double], shuffled: Bool) -> [Examples] {
    split(counts: splitCounts(count, fractions: fractions), shuffled: shuffled)
  }

  /// Parts with these numbers of examples, which sum to `count`.
  public func split(counts: [Int], shuffled: Bool) -> [Examples] {
    let order = splitOrder(count, counts, shuffled: shuffled)
    return partRanges(counts).map { range in order.map { subset(Array($0[range])) } ?? subset(range) }
  }

  private func gathered(_ rows: Tensor) -> Examples { Examples(inputs.rows(rows), labels.rows(rows)) }

  private func slice(_ range: Range<Int>) -> Examples {
    Examples(
      inputs.narrowed(axis: 0, start: range.lowerBound, count: range.count),
      labels.narrowed(axis: 0, start: range.lowerBound, count: range.count))
  }
}

extension Examples: CustomStringConvertible {
  /// Types and shapes, not the numbers.
  public var description: String {
    "Examples(inputs: \(inputs.dtype) \(inputs.shape), labels: \(labels.dtype) \(labels.shape))"
  }
}
