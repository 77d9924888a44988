import TapestryData
import TapestryTensors
import TestSupport
import Testing

/// A pass that is saved in its midst goes on with the same bits, whoever makes the batches.
struct PassTests {
  /// Shuffled batches of numbers, each example and each batch with random numbers of its own.
  private func batches(_ generator: Generator, count: Int = 23) -> Batches<Tensor> {
    let numbers = AnyDataset(count: count) { Double($0) + Tensor.uniform([], .float64).item }
    let batches: Batches<Tensor> = numbers.batches(of: 4, shuffled: true, using: generator) {
      (examples: [Double]) -> Tensor in Tensor(examples)
    }
    return batches.transformed { $0 + Tensor.uniform([$0.count], .float64) }
  }

  private func rest(_ pass: Pass<Tensor>) -> [[Double]] { pass.map { $0.array(Double.self) } }

  @Test(arguments: [0, 1, 3], [0, 1, 4, 6])
  func goesOnWithTheSameBits(_ workers: Int, _ given: Int) throws {
    let whole = rest(batches(Generator(seed: 5)).pass())
    let first = batches(Generator(seed: 5)).prefetched(workers: workers).pass()
    for i in 0..<given { #expect(first.next()!.array(Double.self) == whole[i]) }
    let saved = first.stateDict()
    #expect(rest(first) == Array(whole[given...]))  // saving changed nothing, and later batches not what was saved
    // Another program: its generator stands elsewhere, and other workers make the batches.
    let second = batches(Generator(seed: 99)).prefetched(workers: 3 - workers).pass()
    _ = second.next()
    try second.loadStateDict(saved)
    #expect(second.position == given && rest(second) == Array(whole[given...]))
    #expect(second.next() == nil && second.position == second.count)
  }

  /// Without a generator of its own it draws from the current one, once.
  @Test func drawsFromTheCurrentGenerator() {
    let numbers = AnyDataset(count: 10) { Tensor(Double($0), .float64) }
    func order(_ pass: Pass<Tensor>) -> [[Double]] { pass.map { $0.array(Double.self) } }
    let looped = withSeed(3) { numbers.batches(of: 3, shuffled: true).map { $0.array(Double.self) } }
    #expect(withSeed(3) { order(numbers.batches(of: 3, shuffled: true).pass()) } == looped)
  }

  @Test func savesWithTheRestOfARun() throws {
    var parts: [(String, any Stateful)] = [
      ("pass", batches(Generator(seed: 1)).pass()), ("generator", Generator(seed: 2)),
    ]
    var state = StateDict()
    for (name, part) in parts { state.add(part.stateDict(), under: name) }
    #expect(Set(state.names) == ["pass.position", "pass.batches", "pass.generator.philox", "generator.philox"])
    parts[0].1 = batches(Generator(seed: 7)).pass()
    try parts[0].1.loadStateDict(state.part("pass"))
    #expect(rest(parts[0].1 as! Pass<Tensor>) == rest(batches(Generator(seed: 1)).pass()))
  }

  @Test func whatDoesNotFitIsListedAndChangesNothing() throws {
    let pass = batches(Generator(seed: 5)).pass(), whole = rest(batches(Generator(seed: 5)).pass())
    _ = pass.next()
    let other = batches(Generator(seed: 5), count: 9).pass().stateDict()
    var beyond = pass.stateDict()
    beyond["position"] = Tensor(7, .int64)
    for (state, problem) in [
      (other, "batches is 3, but this pass has 6"), (beyond, "position is 7, beyond the 6 batches"),
      (StateDict([("position", Tensor(1, .int64)), ("order", Tensor(1))]), "batches is missing"),
    ] {
      let error = #expect(throws: DataError.self) { try pass.loadStateDict(state) }
      #expect(error!.mismatch!.problems.contains(problem) && error!.mismatch?.owner == "Pass")
    }
    #expect(rest(pass) == Array(whole[1...]))
  }
}
