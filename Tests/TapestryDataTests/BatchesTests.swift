import TapestryData
import TapestryTensors
import Testing

struct BatchesTests {
  let examples = Examples(Tensor((0..<10).map { Float($0) }, shape: [10, 1]), Tensor(Array(0..<10)))

  @Test func theLastBatchIsSmaller() {
    #expect(examples.batches(of: 4).map { $0.labels.array(Int.self) } == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(
      examples.batches(of: 4, dropLast: true).map { $0.labels.array(Int.self) } == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(examples.batches(of: 4).count == 3)
    #expect(examples.batches(of: 4, dropLast: true).count == 2)
  }

  @Test func shufflingKeepsRowsTogetherAndDrawsEachOnce() {
    var seen: [Int] = []
    for (inputs, labels) in examples.batches(of: 3, shuffled: true) {
      #expect(inputs.array(Float.self).map { Int($0) } == labels.array(Int.self))
      seen += labels.array(Int.self)
    }
    #expect(seen.sorted() == Array(0..<10))
  }

  @Test func theSameSeedGivesTheSameOrderAndThePassesDiffer() {
    func orders() -> [[Int]] {
      withSeed(5) {
        let batches = examples.batches(of: 10, shuffled: true)
        return (0..<3).flatMap { _ in batches.map { $0.labels.array(Int.self) } }
      }
    }
    #expect(orders() == orders())
    #expect(Set(orders()).count == 3)
  }

  @Test func aGeneratorOfItsOwnDecidesTheOrder() {
    func order(_ generator: Generator) -> [Int] {
      examples.batches(of: 10, shuffled: true, using: generator).flatMap { $0.labels.array(Int.self) }
    }
    let seven = order(Generator(seed: 1).stream(7))
    #expect(seven == order(Generator(seed: 1).stream(7)))
    #expect(seven != order(Generator(seed: 1).stream(8)))
    #expect(seven.sorted() == Array(0..<10))
  }

  @Test func shufflingDrawsOnePermutationAndNothingElse() {
    let (drawn, expected) = withSeed(3) {
      let order = examples.batches(of: 4, shuffled: true).flatMap { $0.labels.array(Int.self) }
      let next = Tensor.uniform([2]).array(Float.self)
      return withSeed(3) {
        ((order, next), (Tensor.permutation(10).array(Int.self), Tensor.uniform([2]).array(Float.self)))
      }
    }
    #expect(drawn.0 == expected.0)
    #expect(drawn.1 == expected.1)
  }

  @Test func singleElementsPairsAndTriplesAreCollated() {
    let single = Array(AnyDataset(count: 5) { Tensor([Float($0), 1]) }.batches(of: 3))
    #expect(single.map(\.shape) == [[3, 2], [2, 2]])
    #expect(single[1].array(Float.self) == [3, 1, 4, 1])
    let pairs = Array(AnyDataset(count: 3) { (Tensor(Double($0), .float64), $0 % 2 == 0) }.batches(of: 2))
    #expect(pairs[0].0.array(Double.self) == [0, 1])
    #expect(pairs[0].1.array(Bool.self) == [true, false])
    let triples = Array(AnyDataset(count: 2) { ($0, Float($0) / 2, "name \($0)") }.batches(of: 2))
    #expect(triples[0].0.array(Int.self) == [0, 1])
    #expect(triples[0].1.array(Float.self) == [0, 0.5])
    #expect(triples[0].2 == ["name 0", "name 1"])
  }

  @Test func aFunctionCollatesOtherTypes() {
    // Sequences of different lengths, padded with zeros: (batch, longest).
    let words = AnyDataset([[1, 2, 3], [4], [5, 6]])
    let padded = words.batches(of: 2) { batch in
      let longest = batch.map(\.count).max() ?? 0
      return Tensor(batch.map { $0 + [Int](repeating: 0, count: longest - $0.count) })
    }
    #expect(padded.map { $0.array(Int.self) } == [[1, 2, 3, 4, 0, 0], [5, 6]])
  }

  @Test func aTransformOfBatchesIsLazyAndRepeatable() {
    let noisy = examples.batches(of: 4, shuffled: true).transformed {
      ($0.inputs + .normal($0.inputs.shape), $0.labels)
    }
    #expect(noisy.count == 3)
    func pass() -> [[Float]] { withSeed(2) { noisy.map { $0.0.array(Float.self) } } }
    let (first, second) = (pass(), pass())
    #expect(first == second)
    #expect(first.map(\.count) == [4, 4, 2])
    let other: [[Float]] = withSeed(4) { noisy.map { $0.0.array(Float.self) } }
    #expect(first != other)
  }

  /// Each example, each collating and each transform of a batch has a stream of its own in each pass: no two draw the
  /// same numbers, and workers change nothing.
  @Test func everyStepOfABatchDrawsFromItsOwnStream() {
    let batches = AnyDataset(count: 9) { _ in Tensor.uniform([1]).item }
      .map { [$0, Tensor.uniform([1]).item] }
      .batches(of: 2, shuffled: true) { examples in examples + [[Tensor.uniform([1]).item, Tensor.uniform([1]).item]] }
      .transformed { $0 + [[Tensor.uniform([1]).item]] }
      .transformed { $0 + [[Tensor.uniform([1]).item]] }
    func passes(_ batches: some Sequence<[[Double]]>) -> [[[Double]]] {
      withSeed(6) { (0..<3).flatMap { _ in Array(batches) } }
    }
    let plain = passes(batches), numbers = plain.flatMap { $0.flatMap { $0 } }
    #expect(plain.count == 15 && numbers.count == 3 * (9 * 2 + 5 * 2 + 5 + 5))
    #expect(Set(numbers).count == numbers.count)
    for workers in [1, 3] { #expect(passes(batches.prefetched(workers: workers)) == plain) }
  }

  /// What an example draws does not depend on the batch that it is in: the stream is the example's.
  @Test func anExampleDrawsTheSameInBatchesOfAnySize() {
    let data = AnyDataset(count: 7) { ($0, Tensor.uniform([2])) }
    func drawn(_ size: Int, shuffled: Bool) -> [[Float]] {
      withSeed(9) {
        let pairs = data.batches(of: size, shuffled: shuffled).flatMap { indices, x in
          zip(indices.array(Int.self), x.array(Float.self).chunks(of: 2))
        }
        return pairs.sorted { $0.0 < $1.0 }.map(\.1)
      }
    }
    #expect(
      drawn(1, shuffled: false) == drawn(3, shuffled: false) && drawn(7, shuffled: true) == drawn(2, shuffled: true))
  }

  @Test func theLargestSizesAreOneBatch() {
    #expect(AnyDataset([1, 2, 3]).batches(of: .max).map { $0.array(Int.self) } == [[1, 2, 3]])
    #expect(
      AnyDataset([1, 2, 3]).batches(of: .max).prefetched(workers: 2, ahead: .max).map { $0.array(Int.self) } == [
        [1, 2, 3]
      ])
    #expect(
      AnyDataset([1, 2, 3]).batches(of: 1).prefetched(workers: 2, ahead: .max).map { $0.array(Int.self) } == [
        [1], [2], [3],
      ])
    #expect(Array(AnyDataset([1, 2, 3]).batches(of: .max, dropLast: true)).isEmpty)
  }
}
