import TapestryData
import TapestryTensors
import Testing

struct DigitsTests {
  @Test func splitsEveryFifthImageOff() throws {
    let digits = try Digits.load()
    #expect(digits.train.inputs.shape == [1437, 64])
    #expect(digits.test.inputs.shape == [360, 64])
    #expect(digits.train.labels.dtype == .int64)
    // scikit-learn: load_digits().target[:8] == [0 1 2 3 4 5 6 7]; images 0 and 5 go to the test part.
    #expect(digits.test.labels.array(Int.self).prefix(2) == [0, 5])
    #expect(digits.train.labels.array(Int.self).prefix(6) == [1, 2, 3, 4, 6, 7])
    // load_digits().data.sum() == 561718, in sixteenths.
    #expect((digits.train.inputs.sum().item + digits.test.inputs.sum().item) * 16 == 561718)
    #expect(digits.train.inputs.max().item == 1)
  }
}

struct BatchesTests {
  let examples = Examples(Tensor((0..<10).map { Float($0) }, shape: [10, 1]), Tensor(Array(0..<10)))

  @Test func theLastBatchIsSmaller() {
    #expect(examples.batches(of: 4).map { $0.labels.array(Int.self) } == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(examples.batches(of: 4, dropLast: true).map { $0.labels.array(Int.self) } == [[0, 1, 2, 3], [4, 5, 6, 7]])
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
}
