import TapestryData
import TapestryTensors
import TestSupport
import Testing

/// Mistakes with data sets, batches and readers; in a worker the message says which example it was. Each ends the
/// program with its message, in release builds too.
struct DataMistakeTests {
  private struct Unreadable: Error, CustomStringConvertible {
    let description = "cannot be read"
  }

  private struct Negative: Dataset {
    let count = -1
    func element(at index: Int) -> Int { index }
  }

  // One statement a mistake: the compiler takes long over large expressions.
  private static let mistakes: [Mistake] = {
    var m: [Mistake] = []
    m.append(
      Mistake("example 17: +: cannot broadcast [4] with [3]") {
        let data = AnyDataset(count: 20) { Tensor.zeros([$0 == 17 ? 4 : 3]) }.map { $0 + Tensor.ones([3]) }
        for _ in data.batches(of: 4).prefetched(workers: 2) {}
      })
    m.append(
      Mistake("batch 2: reshaped: cannot turn [1]") {
        for _ in AnyDataset(count: 5, element: { $0 }).batches(of: 2).transformed({ $0.reshaped(2, 1) }) {}
      })
    m.append(
      Mistake("example 3: cannot be read") {
        let data = AnyDataset(count: 6) { i in
          if i == 3 { throw Unreadable() }
          return i
        }
        for _ in data.batches(of: 2) {}
      })
    m.append(
      Mistake("subscript: index 3") {
        for _ in AnyDataset(count: 2, element: { $0 }).batches(of: 2) { _ = Tensor.zeros([2])[3] }
      })
    m.append(Mistake("batches: the size must be at least 1, got 0") { _ = AnyDataset([1]).batches(of: 0) })
    m.append(
      Mistake("prefetched: needs 0 … 256 workers, got -1") {
        _ = AnyDataset([1]).batches(of: 1).prefetched(workers: -1)
      })
    m.append(
      Mistake("prefetched: needs at least 1 batch ahead, got 0") {
        _ = AnyDataset([1]).batches(of: 1).prefetched(workers: 2, ahead: 0)
      })
    m.append(Mistake("element: example 2 lies outside 0 ..< 2") { _ = try AnyDataset([1, 2]).element(at: 2) })
    m.append(Mistake("subset: example -1 lies outside 0 ..< 2") { _ = AnyDataset([1, 2]).subset([0, -1]) })
    m.append(
      Mistake("subset: examples 1..<3 lie outside 0 ..< 2") {
        _ = Examples(.zeros([2, 1]), .zeros([2])).subset(1..<3)
      })
    m.append(
      Mistake("split: a fraction lies in 0 … 1, got 80.0") { _ = AnyDataset([1, 2]).split(at: 80, shuffled: true) })
    m.append(
      Mistake("split: the fractions [0.5, 0.25] sum to 0.75, not to 1") {
        _ = AnyDataset([1, 2]).split(fractions: [0.5, 0.25], shuffled: true)
      })
    m.append(
      Mistake("split: the counts [1, 2] sum to 3, but there are 2 examples; use subset to leave some out") {
        _ = AnyDataset([1, 2]).split(counts: [1, 2], shuffled: true)
      })
    m.append(
      Mistake("concatenate: tensor 0 is float32 [2, 3], tensor 1 float32 [2, 4]; only axis 0 may differ") {
        _ = Examples(.zeros([2, 3]), .zeros([2])).concatenated(with: Examples(.zeros([2, 4]), .zeros([2])))
      })
    m.append(
      Mistake("CSV: a delimiter is one ASCII character other than a quote and a line break, got \"\\\"\"") {
        _ = try CSV.load(text: "a", delimiter: "\"")
      })
    m.append(Mistake("CSV: record -1 lies outside 0 ..< 1") { _ = try CSV.load(text: "a\n1")[-1, "a"] })
    m.append(Mistake("CSV: record 1 lies outside 0 ..< 1") { _ = try CSV.load(text: "a\n1")[1, "a"] })
    m.append(Mistake("batches: the data set says that it has -1 examples") { _ = Negative().batches(of: 2) })
    m.append(
      Mistake("split: the counts [9223372036854775807, 1] sum to more than an Int holds, but there are 2 examples") {
        _ = AnyDataset([1, 2]).split(counts: [.max, 1], shuffled: true)
      })
    m.append(
      Mistake("concatenated: cannot join 9223372036854775807 and 9223372036854775807 examples") {
        let endless = AnyDataset(count: .max) { $0 }
        _ = endless.concatenated(with: endless)
      })
    m.append(
      Mistake("split: at most 2^53 examples can be split by fractions, got 9223372036854775807") {
        _ = AnyDataset(count: .max) { $0 }.split(at: 1, shuffled: false)
      })
    m.append(
      Mistake("split: at most 2^53 examples can be split by fractions, got 9223372036854775807") {
        _ = AnyDataset(count: .max) { $0 }.split(fractions: [1], shuffled: false)
      })
    m.append(Mistake("Gzip: the limit must be 0 bytes or more, got -1") { _ = try Gzip.decompress([], limit: -1) })
    return m
  }()

  @Test(arguments: mistakes)
  func isRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
