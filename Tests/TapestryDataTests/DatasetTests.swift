import Foundation
import TapestryData
import TapestryTensors
import Testing

struct DatasetTests {
  struct Squares: Dataset {
    let count = 6
    func element(at index: Int) -> Int { index * index }
  }

  private func all<D: Dataset>(_ data: D) throws -> [D.Element] {
    try (0..<data.count).map { try data.element(at: $0) }
  }

  @Test func aTypeWithACountAndAnElementIsADataset() throws {
    #expect(Squares().batches(of: 4).map { $0.array(Int.self) } == [[0, 1, 4, 9], [16, 25]])
  }

  @Test func mapIsLazy() throws {
    let calls = Shared(0)
    let halves = Squares().map { x -> Double in
      calls.change { $0 += 1 }
      return Double(x) / 2
    }
    #expect(halves.count == 6)
    #expect(calls.value == 0)
    #expect(try halves.element(at: 3) == 4.5)
    #expect(calls.value == 1)
  }

  @Test func subsetsConcatenationsAndPartsOfThem() throws {
    #expect(try all(Squares().subset([5, 0, 5])) == [25, 0, 25])
    #expect(try all(Squares().subset(2..<4)) == [4, 9])
    let joined = Squares().subset(0..<2).concatenated(with: Squares())
    #expect(try all(joined) == [0, 1, 0, 1, 4, 9, 16, 25])
    #expect(try all(joined.subset([1, 2, 7])) == [1, 0, 25])
  }

  /// What torch.utils.data.random_split gives: Cases/splits.json.
  @Test func fractionsArePyTorchs() throws {
    struct Split: Decodable {
      let count: Int
      let fractions: [Double]
      let lengths: [Int]
    }
    let splits = try JSONDecoder().decode([Split].self, from: Data(caseFile("splits.json")))
    #expect(splits.count >= 11)
    for split in splits {
      let parts = AnyDataset(count: split.count) { $0 }.split(fractions: split.fractions, shuffled: false)
      #expect(parts.map(\.count) == split.lengths, "\(split)")
      #expect(try parts.flatMap { try all($0) } == Array(0..<split.count))
    }
  }

  /// Rounded to the nearest, halves up.
  @Test(arguments: [
    (5, 0.5, 3), (7, 0.5, 4), (1, 0.5, 1), (4, 0.5, 2), (5, 0.49, 2), (5, 0.3, 2), (5, 0.29, 1), (10, 0.8, 8),
    (5, 0, 0), (5, 1, 5), (0, 0.5, 0),
  ])
  func oneFractionIsRounded(count: Int, fraction: Double, first: Int) throws {
    let data = AnyDataset(count: count) { $0 }, parts = data.split(at: fraction, shuffled: false)
    #expect(try all(parts.0) == Array(0..<first) && all(parts.1) == Array(first..<count))
    let shuffled = withSeed(1) { data.split(at: fraction, shuffled: true) }
    #expect(shuffled.0.count == first && shuffled.1.count == count - first)
    let examples = Examples(.zeros([count, 2]), .arange(count))
    let (a, b): (Examples, Examples) = examples.split(at: fraction, shuffled: false)
    #expect(a.labels == .arange(first) && b.labels.array(Int.self) == Array(first..<count))
  }

  @Test func splittingGivesEachExampleToOnePart() throws {
    let data = AnyDataset(count: 10) { $0 }
    let (first, second) = data.split(at: 0.7, shuffled: false)
    #expect(try all(first) == Array(0..<7))
    #expect(try all(second) == [7, 8, 9])
    let parts = try withSeed(1) { try data.split(counts: [5, 3, 2], shuffled: true).map(all) }
    #expect(parts.map(\.count) == [5, 3, 2])
    #expect(parts.flatMap { $0 } != Array(0..<10))
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<10))
    let again = try withSeed(1) { try data.split(counts: [5, 3, 2], shuffled: true).map(all) }
    #expect(parts == again)
  }

  @Test func examplesStayTensors() {
    let data = Examples(Tensor((0..<6).map { Float($0) }, shape: [3, 2]), Tensor([7, 8, 9]))
    let picked: Examples = data.subset([2, 0])
    #expect(picked.inputs.array(Float.self) == [4, 5, 0, 1])
    #expect(picked.labels.array(Int.self) == [9, 7])
    let joined: Examples = data.concatenated(with: picked)
    #expect(joined.inputs.shape == [5, 2])
    #expect(joined.labels.array(Int.self) == [7, 8, 9, 9, 7])
    let (a, b): (Examples, Examples) = data.split(at: 2 / 3, shuffled: false)
    #expect(a.labels.array(Int.self) == [7, 8])
    #expect(b.inputs.array(Float.self) == [4, 5])
    let shuffled = withSeed(0) { data.split(fractions: [0.5, 0.5], shuffled: true) }
    #expect(shuffled.flatMap { $0.labels.array(Int.self) }.sorted() == [7, 8, 9])
    for part in shuffled {  // rows stay with their labels
      #expect(
        part.inputs.array(Float.self).enumerated().filter { $0.offset % 2 == 0 }.map { Int($0.element) / 2 + 7 }
          == part.labels.array(Int.self))
    }
    #expect(data.element(at: 1).inputs.array(Float.self) == [2, 3])
  }

  @Test func examplesAreMappedOneByOne() {
    let data = Examples(Tensor((0..<6).map { Float($0) }, shape: [3, 2]), Tensor([7, 8, 9]))
    let mapped = data.map { input, label in (input * 2, label) }
    let batch = Array(mapped.batches(of: 3))[0]
    #expect(batch.0.array(Float.self) == [0, 2, 4, 6, 8, 10])
    #expect(batch.0.shape == [3, 2])
    #expect(batch.1.array(Int.self) == [7, 8, 9])
  }

  @Test func passesDrawDifferently() {
    let data = AnyDataset(count: 4) { _ in Tensor.uniform([1]) }
    let batches = data.batches(of: 4)
    let passes = withSeed(0) { (0..<3).map { _ in Array(batches)[0].array(Float.self) } }
    #expect(Set(passes).count == 3)
  }
}
