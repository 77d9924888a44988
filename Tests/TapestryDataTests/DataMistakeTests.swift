import TapestryData
import TapestryTensors
import Testing

/// A mistake ends the program with a message, in release builds too; in a worker it says which example it was.
struct DataMistakeTests {
  private struct Unreadable: Error, CustomStringConvertible {
    let description = "cannot be read"
  }

  @Test func failureInATransform() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let data = AnyDataset(count: 20) { Tensor.zeros([$0 == 17 ? 4 : 3]) }.map { $0 + Tensor.ones([3]) }
      for _ in data.batches(of: 4).prefetched(workers: 2) {}
    }
    expectMessage("example 17: +: cannot broadcast [4] with [3]", end)
  }

  @Test func failureInATransformOfBatches() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      for _ in AnyDataset(count: 5, element: { $0 }).batches(of: 2).transformed({ $0.reshaped(2, 1) }) {}
    }
    expectMessage("batch 2: reshaped: cannot turn [1]", end)
  }

  @Test func errorInAPlainLoop() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let data = AnyDataset(count: 6) { i in
        if i == 3 { throw Unreadable() }
        return i
      }
      for _ in data.batches(of: 2) {}
    }
    expectMessage("example 3: cannot be read", end)
  }

  @Test func failureAfterwardsNamesNoExample() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      for _ in AnyDataset(count: 2, element: { $0 }).batches(of: 2) { _ = Tensor.zeros([2])[3] }
    }
    expectMessage("subscript: index 3", end)
  }

  @Test func sizeOfBatches() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = AnyDataset([1]).batches(of: 0) }
    expectMessage("batches: the size must be at least 1, got 0", end)
  }

  @Test func workers() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = AnyDataset([1]).batches(of: 1).prefetched(workers: -1) }
    expectMessage("prefetched: needs 0 … 256 workers, got -1", end)
  }

  @Test func ahead() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = AnyDataset([1]).batches(of: 1).prefetched(workers: 2, ahead: 0)
    }
    expectMessage("prefetched: needs at least 1 batch ahead, got 0", end)
  }

  @Test func elementOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = try AnyDataset([1, 2]).element(at: 2) }
    expectMessage("element: example 2 lies outside 0 ..< 2", end)
  }

  @Test func subsetOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = AnyDataset([1, 2]).subset([0, -1]) }
    expectMessage("subset: example -1 lies outside 0 ..< 2", end)
  }

  @Test func rangeOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Examples(.zeros([2, 1]), .zeros([2])).subset(1..<3)
    }
    expectMessage("subset: examples 1..<3 lie outside 0 ..< 2", end)
  }

  @Test func fractionOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = AnyDataset([1, 2]).split(at: 80, shuffled: true) }
    expectMessage("split: a fraction lies in 0 … 1, got 80.0", end)
  }

  @Test func sumOfFractions() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = AnyDataset([1, 2]).split(fractions: [0.5, 0.25], shuffled: true)
    }
    expectMessage("split: the fractions [0.5, 0.25] sum to 0.75, not to 1", end)
  }

  @Test func sumOfCounts() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = AnyDataset([1, 2]).split(counts: [1, 2], shuffled: true)
    }
    expectMessage("split: the counts [1, 2] sum to 3, but there are 2 examples; use subset to leave some out", end)
  }

  @Test func joinedShapes() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Examples(.zeros([2, 3]), .zeros([2])).concatenated(with: Examples(.zeros([2, 4]), .zeros([2])))
    }
    expectMessage("concatenate: tensor 0 is float32 [2, 3], tensor 1 float32 [2, 4]; only axis 0 may differ", end)
  }

  @Test func delimiter() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = try CSV.load(text: "a", delimiter: "\"") }
    expectMessage("CSV: a delimiter is one ASCII character other than a quote and a line break, got \"\\\"\"", end)
  }

  @Test func rowOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = try CSV.load(text: "a\n1")[1, "a"] }
    expectMessage("CSV: record 1 lies outside 0 ..< 1", end)
  }

  private struct Negative: Dataset {
    let count = -1
    func element(at index: Int) -> Int { index }
  }

  @Test func negativeCount() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = Negative().batches(of: 2) }
    expectMessage("batches: the data set says that it has -1 examples", end)
  }

  @Test func countsThatOverflow() async {
    let split = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = AnyDataset([1, 2]).split(counts: [.max, 1], shuffled: true)
    }
    expectMessage("split: the counts [9223372036854775807, 1] sum to more than an Int holds, but there are 2 examples", split)
    let joined = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      let endless = AnyDataset(count: .max) { $0 }
      _ = endless.concatenated(with: endless)
    }
    expectMessage("concatenated: cannot join 9223372036854775807 and 9223372036854775807 examples", joined)
    let half = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = AnyDataset(count: .max) { $0 }.split(at: 1, shuffled: false)
    }
    expectMessage("split: at most 2^53 examples can be split by fractions, got 9223372036854775807", half)
    let thirds = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = AnyDataset(count: .max) { $0 }.split(fractions: [1], shuffled: false)
    }
    expectMessage("split: at most 2^53 examples can be split by fractions, got 9223372036854775807", thirds)
  }

  @Test func limitOfGzip() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = try Gzip.decompress([], limit: -1) }
    expectMessage("Gzip: the limit must be 0 bytes or more, got -1", end)
  }
}
