import Foundation
import TapestryData
import TapestryTensors
import Testing

struct PrefetchTests {
  /// 23 examples whose transform draws random numbers, in batches with a random transform of their own.
  private var noisy: Batches<(Tensor, Tensor)> {
    AnyDataset(count: 23) { index in (Tensor.normal([3]) + Double(index), index) }
      .map { x, index in (x * Tensor.uniform([3]), index) }
      .batches(of: 4, shuffled: true)
      .transformed { x, index in (x + Tensor.normal(x.shape), index) }
  }

  private func pass(_ batches: some Sequence<(Tensor, Tensor)>) -> [[Double]] {
    withSeed(11) {
      (0..<2).flatMap { _ in
        batches.map { $0.0.cast(to: .float64).array(Double.self) + $0.1.array(Int.self).map(Double.init) }
      }
    }
  }

  @Test(arguments: [0, 1, 2, 5], [1, 2, 9])
  func theSameBitsForAnyNumberOfWorkers(workers: Int, ahead: Int) {
    let expected = pass(noisy)
    #expect(expected.map(\.count) == [16, 16, 16, 16, 16, 12, 16, 16, 16, 16, 16, 12])
    #expect(pass(noisy.prefetched(workers: workers, ahead: ahead)) == expected)
  }

  /// Two batches of two. With a gate, example 0 draws its numbers after example 2, and batch 0 after batch 1: the order
  /// of two workers at its worst.
  private func gated(_ gate: Shared<Set<String>>?) -> Batches<Tensor> {
    @Sendable func draw(_ name: String, after other: String?) -> Tensor {
      if let gate, let other, !gate.wait(until: { $0.contains(other) }) { Issue.record("\(name) waited in vain") }
      let u = Tensor.uniform([1])
      gate?.change { _ = $0.insert(name) }
      return u
    }
    return AnyDataset(count: 4) { i in (i, draw("example \(i)", after: i == 0 ? "example 2" : nil)) }
      .batches(of: 2)
      .transformed { indices, x in
        let number = indices[0].item(Int.self) / 2
        return x + draw("batch \(number)", after: number == 0 ? "batch 1" : nil)
      }
  }

  @Test func numbersDoNotDependOnWhoDrawsFirst() {
    let plain = withSeed(8) { gated(nil).map { $0.array(Float.self) } }
    let turned = withSeed(8) { gated(Shared([])).prefetched(workers: 2).map { $0.array(Float.self) } }
    #expect(plain == turned)
    #expect(Set(plain.flatMap { $0 }).count == 4)
  }

  @Test func examplesInMemoryToo() throws {
    let digits = try Digits.load()
    func sums(_ batches: some Sequence<(inputs: Tensor, labels: Tensor)>) -> [Double] {
      withSeed(3) { batches.map { $0.inputs.sum().item + $0.labels.sum().item } }
    }
    let batches = digits.test.batches(of: 32, shuffled: true, dropLast: true)
    #expect(sums(batches.prefetched(workers: 2, ahead: 4)) == sums(batches))
    #expect(batches.prefetched(workers: 2).count == 11)
  }

  @Test func workersRunAtTheSameTime() {
    // Each example waits for the other to begin: one worker alone would wait forever.
    let begun = Shared(0)
    let met = AnyDataset(count: 2) { _ in
      begun.change { $0 += 1 }
      return begun.wait { $0 == 2 }
    }
    #expect(met.batches(of: 1).prefetched(workers: 2).map { $0.item(Bool.self) } == [true, true])
  }

  @Test func noMoreThanAheadAreMadeBeforeTheyAreTaken() {
    let made = Shared(0)
    let batches = AnyDataset(count: 40) { i in
      made.change { $0 += 1 }
      return i
    }.batches(of: 2)
    let pass = batches.prefetched(workers: 2, ahead: 3).makeIterator()
    #expect(made.wait { $0 == 6 })
    _ = pass.next()
    #expect(made.wait { $0 == 8 })
    Thread.sleep(forTimeInterval: 0.1)
    #expect(made.value == 8)
  }

  private final class Witness: Sendable {}

  /// A loop broken off after two of many batches. Its workers are at others then, and leave with the loop.
  private func breakOff(_ witness: Witness) {
    let begun = Shared(0), finished = Shared(0)
    let data = AnyDataset(count: 1000) { i in
      begun.change { $0 += 1 }
      Thread.sleep(forTimeInterval: 0.03)
      finished.change { $0 += 1 }
      return withExtendedLifetime(witness) { i }
    }
    var taken = 0
    for _ in data.batches(of: 1).prefetched(workers: 3, ahead: 5) {
      taken += 1
      if taken == 2 {
        _ = begun.wait { $0 >= 4 }
        break
      }
    }
    let (then, done) = (begun.value, finished.value)
    #expect(then == done)
    #expect(then <= 7)
    Thread.sleep(forTimeInterval: 0.05)
    #expect(begun.value == then)
  }

  @Test func aLoopBrokenOffEndsTheWorkersAndKeepsNothing() {
    weak var left: Witness?
    do {
      let witness = Witness()
      left = witness
      breakOff(witness)
    }
    // a thread lets go a moment after its work
    for _ in 0..<2000 where left != nil { Thread.sleep(forTimeInterval: 0.01) }
    #expect(left == nil)
  }

  @Test func anIteratorThatIsNeverAskedEndsItsWorkers() {
    weak var left: Witness?
    do {
      let witness = Witness()
      left = witness
      _ = AnyDataset(count: 100) { i in withExtendedLifetime(witness) { i } }.batches(of: 1).prefetched(workers: 4)
        .makeIterator()
    }
    for _ in 0..<2000 where left != nil { Thread.sleep(forTimeInterval: 0.01) }
    #expect(left == nil)
  }

  private struct Unreadable: Error, CustomStringConvertible {
    let description = "cannot be read"
  }

  @Test(arguments: [0, 2])
  func anErrorNamesItsExampleAndTheNextBatchFollows(workers: Int) throws {
    let data = AnyDataset(count: 6) { i in
      if i == 2 { throw Unreadable() }
      return i
    }
    let pass = data.batches(of: 2).prefetched(workers: workers).makeIterator()
    #expect(try pass.nextBatch()?.array(Int.self) == [0, 1])
    do {
      _ = try pass.nextBatch()
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.example == 2)
      #expect(error.underlying is Unreadable)
      #expect(error.description == "example 2: cannot be read")
    }
    #expect(try pass.nextBatch()?.array(Int.self) == [4, 5])
    #expect(try pass.nextBatch() == nil)
    #expect(try pass.nextBatch() == nil)
  }

  /// A data set whose examples are made of another's batches: the error names the places nearest to the fault.
  @Test func anErrorKeepsTheInnermostPlace() {
    let inner = AnyDataset(count: 4) { i in
      if i == 3 { throw Unreadable() }
      return i
    }
    let outer = AnyDataset(count: 2) { i in
      var pass = inner.batches(of: 2).transformed { $0 }.makeIterator()
      _ = try pass.nextBatch()
      return i == 1 ? try pass.nextBatch()!.count : 0
    }
    var pass = outer.batches(of: 1).makeIterator()
    #expect(throws: Never.self) { _ = try pass.nextBatch() }
    expectError("example 3: cannot be read") { _ = try pass.nextBatch() }
    // And a transform that fails in batch 1 of the inner pass, while batch 0 of the outer is made.
    let mapped = AnyDataset(count: 1) { _ in
      var pass = AnyDataset(count: 4) { $0 }.batches(of: 2).transformed {
        if $0[1] == Tensor(3, .int64) { throw Unreadable() }
      }.makeIterator()
      while try pass.nextBatch() != nil {}
      return 0
    }
    var last = mapped.batches(of: 1).transformed { $0 }.makeIterator()
    expectError("batch 1, example 0: cannot be read") { _ = try last.nextBatch() }
  }

  @Test func anErrorOfABatchNamesIt() {
    let ragged = AnyDataset(count: 4) { i in Tensor.zeros([i / 3 + 1]) }.batches(of: 2)
    var pass = ragged.makeIterator()
    #expect(throws: Never.self) { _ = try pass.nextBatch() }
    expectError("batch 1: stack: tensor 0 is float32 [1], tensor 1 float32 [2]; they must be alike") {
      _ = try pass.nextBatch()
    }
    var transformed = ragged.transformed { _ in throw Unreadable() }.makeIterator()
    expectError("batch 0: cannot be read") { _ = try transformed.nextBatch() as Void? }
  }

  @Test func workersUseTheBackendOfTheLoopAndOneThread() {
    let data = AnyDataset(count: 3) { _ in "\(Backend.current) \(Threads.count)" }
    let seen = withBackend("reference") { data.batches(of: 1).prefetched(workers: 2).flatMap { $0 } }
    #expect(seen == ["reference 1", "reference 1", "reference 1"])
  }

  @Test func noBatchesNeedNoWorkers() {
    #expect(Array(AnyDataset<Int>([]).batches(of: 3).prefetched(workers: 3)).isEmpty)
  }

  @Test(arguments: [0, 1, 3])
  func aFailureIsCaughtHoweverManyWorkers(workers: Int) {
    let seen = Shared<[Int]>([])
    let batches = AnyDataset(count: 20) { Tensor.zeros([$0 == 7 ? 4 : 3]) }.map { $0 + Tensor.ones([3]) }.batches(of: 2)
      .prefetched(workers: workers)
    do {
      try Failure.catching { for batch in batches { seen.change { $0.append(batch.shape[0]) } } }
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.message.hasPrefix("example 7: +: cannot broadcast [4] with [3]"))
    }
    #expect(seen.value == [2, 2, 2])
  }

  @Test(arguments: [0, 2])
  func aFailureThatTheLoopDoesNotReachIsNone(workers: Int) throws {
    let made = Shared(0)
    let data = AnyDataset(count: 4) { index in
      made.change { $0 += 1 }
      return Tensor.zeros([index < 2 ? 3 : 4]) + Tensor.ones([3])
    }
    let shape = try Failure.catching {
      let pass = data.batches(of: 1).prefetched(workers: workers).makeIterator()
      if workers > 0 { _ = made.wait { $0 >= 3 } }
      return pass.next()!.shape
    }
    #expect(shape == [1, 3])
  }

  /// Where a failure is caught nobody frees the iterator; its workers stop all the same. They wait at a gate until the
  /// failure was caught, and may then end the examples that they are at, and no other.
  @Test func aFailureThatIsCaughtEndsTheWorkers() {
    let begun = Shared(0), open = Shared(false)
    let batches = AnyDataset(count: 60) { index in
      begun.change { $0 += 1 }
      if index > 0 { _ = open.wait { $0 } }
      return Tensor.zeros([index == 0 ? 4 : 3]) + Tensor.ones([3])
    }.batches(of: 1).prefetched(workers: 3, ahead: 60)
    #expect(throws: Failure.self) { try Failure.catching { for _ in batches {} } }
    open.change { $0 = true }
    Thread.sleep(forTimeInterval: 0.1)
    #expect(begun.value <= 4)
  }

  @Test(arguments: [0, 2])
  func aFailureComesAgainWhenItsBatchIsAskedForAgain(workers: Int) {
    let data = AnyDataset(count: 4) { Tensor.zeros([$0 == 0 ? 4 : 3]) + Tensor.ones([3]) }
    nonisolated(unsafe) let pass = data.batches(of: 1).prefetched(workers: workers).makeIterator()
    for _ in 0..<2 { #expect(throws: Failure.self) { try Failure.catching { _ = pass.next() } } }
  }
}
