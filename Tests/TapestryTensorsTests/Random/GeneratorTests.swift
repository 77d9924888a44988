import TapestryTensors
import Testing

struct GeneratorTests {
  @Test func seedsDecide() {
    #expect(Tensor.uniform([5], using: Generator(seed: 1)) == Tensor.uniform([5], using: Generator(seed: 1)))
    #expect(Tensor.uniform([5], using: Generator(seed: 1)) != Tensor.uniform([5], using: Generator(seed: 2)))
    #expect(Tensor.uniform([5], using: Generator(seed: -1)) == Tensor.uniform([5], using: Generator(seed: UInt64.max)))
    #expect(Tensor.uniform([5], using: Generator()) != Tensor.uniform([5], using: Generator()))
    let generator = Generator(seed: 1)
    #expect(Tensor.uniform([5], using: generator) != Tensor.uniform([5], using: generator))
  }

  @Test func stateIsSavedAndRestored() {
    let generator = Generator(seed: 7)
    _ = Tensor.normal([100], using: generator)
    let saved = generator.state
    let x = Tensor.normal([10], using: generator)
    #expect(generator.state != saved)
    generator.state = saved
    #expect(Tensor.normal([10], using: generator) == x)
    #expect(Tensor.normal([10], using: Generator(saved)) == x)
  }

  @Test func reservedRangesDoNotOverlap() {
    let generator = Generator(seed: 7)
    var end: UInt64 = 0
    for count in [1, 31, 32, 33, 64, 1000, 0, 5] {
      let state = generator.reserve(count)
      #expect(state.key == 7 && state.stream == 0 && state.offset == end)
      end = generator.state.offset
      #expect(end >= state.offset + UInt64((count + 3) / 4))  // a block of Philox makes four words
    }
  }

  /// The counter has 128 bits: at the end of the low half the high one goes on.
  @Test func counterCarries() {
    let generator = Generator(Generator.State(key: 1, stream: 5, offset: UInt64.max - 3))
    let state = generator.reserve(1000)
    #expect(state.stream == 6 && state.offset == 0)
  }

  @Test func scopes() {
    let outside = Random.generator
    let x = withSeed(3) { Tensor.uniform([4]) }
    let y = withSeed(3) { () -> Tensor in
      let first = withSeed(9) { Tensor.uniform([4]) }
      #expect(first == withGenerator(Generator(seed: 9)) { Tensor.uniform([4]) })
      return Tensor.uniform([4])  // the inner scope took nothing from the outer
    }
    #expect(x == y && x == Tensor.uniform([4], using: Generator(seed: 3)))
    #expect(Random.generator === outside)
    withSeed(0) {
      Random.seed(3)
      #expect(Tensor.uniform([4]) == x)
      #expect(reserveRandom(1).key == 3)
    }
    struct Stop: Error {}
    #expect(throws: Stop.self) { try withSeed(1) { throw Stop() } }
    #expect(Random.generator === outside)
  }

  @Test func aScopeBelongsToItsThread() async {
    let generator = Generator(seed: 4)
    let task = withGenerator(generator) { Task.detached { Random.generator === generator } }
    #expect(await task.value == false)
  }

  @Test func streams() {
    let generator = Generator(seed: 8)
    let third = generator.stream(3).state
    _ = Tensor.uniform([100], using: generator)
    #expect(generator.stream(3).state == third)  // whatever was drawn
    var seen = Set<[UInt64]>()
    for i in -50..<50 {
      seen.insert([generator.stream(i).state.key, generator.stream(i).state.stream])
      for j in 0..<20 {
        seen.insert([generator.stream(i).stream(j).state.key, generator.stream(i).stream(j).state.stream])
      }
    }
    #expect(seen.count == 2100 && !seen.contains([8, 0]))
    let a = generator.split(into: 3).map(\.state), b = generator.split(into: 3).map(\.state)
    #expect(Set((a + b).map { [$0.key, $0.stream] }).count == 6)
    #expect(seen.isDisjoint(with: (a + b).map { [$0.key, $0.stream] }))
    // Nor are the parts of a generator the streams of its streams: of a new one, which stands at 0, those of stream 0.
    for parent in [Generator(seed: 8), Generator(seed: 8).stream(2)] {
      for drawn in 0..<3 {
        let parts = parent.split(into: 20).map { [$0.state.key, $0.state.stream] }
        let others = (0..<40).flatMap { i in
          (0..<40).map { [parent.stream(i).stream($0).state.key, parent.stream(i).stream($0).state.stream] }
        }
        #expect(Set(parts).count == 20 && Set(others).isDisjoint(with: parts), "after \(drawn) splits")
      }
    }
    generator.state = Generator.State(key: 8)
    let before = generator.split(into: 3).map(\.state)
    generator.state = Generator.State(key: 8)
    #expect(generator.split(into: 3).map(\.state) == before)
  }

  /// `stream` mixes the parent's stream and the index as SplitMix64 does, so that an index can be found with which the
  /// streams of two parents meet in one half of their state. They differ in the other: 128 bits keep streams apart, not
  /// 64.
  @Test func streamsThatMeetInOneHalfDifferInTheOther() {
    func mix(_ x: UInt64) -> UInt64 {
      var z = x
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    let a = Generator(seed: 3).stream(1), b = Generator(seed: 3).stream(2)
    let index = 5 ^ mix(a.state.stream &+ 0x9e37_79b9_7f4a_7c15) ^ mix(b.state.stream &+ 0x9e37_79b9_7f4a_7c15)
    let one = a.stream(5).state, other = b.stream(Int(bitPattern: UInt(index))).state
    #expect(one.stream == other.stream && one.key != other.key)
  }

  @Test func streamsAreUncorrelated() {
    let generators = Generator(seed: 1).split(into: 2)
    let a = Tensor.normal([20_000], .float64, using: generators[0]),
      b = Tensor.normal([20_000], .float64, using: generators[1])
    #expect(abs((a * b).mean().item) < 5 / 20_000.0.squareRoot())
  }

  @Test func manyThreadsShareOne() async {
    let generator = Generator(seed: 1)
    let offsets = await withTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<8 { group.addTask { (0..<500).map { _ in generator.reserve(32).offset } } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(offsets).count == 4000)
    #expect(offsets.max()! == generator.state.offset - UInt64(generator.state.offset) / 4000)
  }
}
