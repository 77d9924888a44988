import CTapestry
import TapestryTensors
import Testing

struct RuntimeTests {
  @Test func threads() {
    let outside = Threads.count
    withThreads(3) {
      #expect(Threads.count == 3)
      withThreads(1) { #expect(Threads.count == 1) }
      #expect(Threads.count == 3)
    }
    #expect(Threads.count == outside)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try withThreads(2) { throw Stop() } }
    #expect(Threads.count == outside)
  }

  @Test func threadsOfTheProcess() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 5
      #expect(await Task.detached { Threads.count }.value == 5)
      withThreads(2) { #expect(Threads.count == 2) }
      #expect(Threads.count == 5)
    }
  }

  @Test func backends() {
    let names = Backend.all.map(\.name)
    #expect(names.contains("portable") && names.last == "reference" && names.contains(Backend.current.name))
    #expect(Backend.named("gpu") == nil && Backend.named("portable")?.name == "portable")
    let outside = Backend.current
    withBackend("reference") {
      #expect(Backend.current.name == "reference")
      withBackend("portable") { #expect("\(Backend.current)" == "portable") }
      #expect(Backend.current.name == "reference")
    }
    #expect(Backend.current == outside)
  }

  @Test func backendOfTheProcess() async {
    await #expect(processExitsWith: .success) {
      Backend.named("reference")!.makeCurrent()
      #expect(await Task.detached { Backend.current.name }.value == "reference")
    }
  }

  @Test(arguments: Backend.all.map(\.name)) func everyBackendComputes(name: String) {
    withBackend(name) {
      let x = Tensor([[1, 2], [3, 4]] as [[Float]])
      #expect((x * x.transposed() + 1).sum(1) == Tensor([9, 24] as [Float]))
    }
  }
}

/// Counters belong to the process: each test has one of its own.
struct MemoryTests {
  @Test func counters() async {
    await #expect(processExitsWith: .success) {
      let live = Memory.live, blocks = Memory.liveBlocks, allocations = Memory.allocations
      do {
        let x = Tensor.zeros([1000])
        #expect(Memory.live == live + 4000 && Memory.liveBlocks == blocks + 1)
        let views = [x, x[10], x.reshaped(10, 100).transposed()]
        #expect(Memory.live == live + 4000 && Memory.liveBlocks == blocks + 1 && views.count == 3)
        var y = x
        #expect(Memory.allocations == allocations + 1)
        y += 1
        #expect(Memory.live == live + 8000 && Memory.allocations == allocations + 2)
        y += 1
        #expect(Memory.allocations == allocations + 2)
      }
      #expect(Memory.live == live && Memory.liveBlocks == blocks)
    }
  }

  @Test func peak() async {
    await #expect(processExitsWith: .success) {
      Memory.resetPeak()
      let before = Memory.live
      do { _ = Tensor.zeros([1 << 20], .uint8).sum() }
      #expect(Memory.live == before && Memory.peak >= before + (1 << 20))
      Memory.resetPeak()
      #expect(Memory.peak == before)
    }
  }

  /// Dead tensors leave cached memory, which the next ones take and `trim` gives back.
  @Test func cacheAndTrim() async {
    await #expect(processExitsWith: .success) {
      Memory.trim()
      let before = Memory.cached
      do { _ = Tensor.zeros([1 << 22], .uint8).sum() }
      let cached = Memory.cached
      do { _ = Tensor.zeros([1 << 22], .uint8).sum() }
      if cached > before {  // under a sanitizer nothing is cached
        #expect(cached >= before + (1 << 22) && Memory.cached == cached)
      }
      Memory.trim()
      #expect(Memory.cached < 1 << 20)
    }
  }

  /// Operations write within their outputs and read nothing unset; a write beyond is found.
  @Test func guards() async {
    await #expect(processExitsWith: .success) {
      tp_set_guards(true)
      for shape in [[7], [3, 5], [2, 3, 17], [64], [65], [0, 3]] as [Shape] {
        var x = Tensor.normal(shape, using: Generator(seed: 1))
        x += x.flipped(0)
        x[0..<0] = x[0..<0]
        #expect(!((x * 2 + 1).containsNaN) && !x.sum(-1).containsNaN && x.description.count > 0)
        #expect(Tensor.eye(5)[.slice(step: -2)].sum().item == 3)
      }
      #expect(tp_check_guards() == 0 && tp_guard_violations() == 0)
      let x = Tensor.zeros([3])
      let beyond = x.storage.pointer.advanced(by: 12)
      let was = beyond.load(as: UInt8.self)
      beyond.storeBytes(of: ~was, as: UInt8.self)
      #expect(tp_check_guards() == 1)
      beyond.storeBytes(of: was, as: UInt8.self)
      #expect(tp_check_guards() == 0)
    }
  }

  /// Freed by another thread than the one that made it, memory does not grow.
  @Test func freedElsewhere() async {
    await #expect(processExitsWith: .success) {
      let live = Memory.live
      for _ in 0..<200 {
        let x = Tensor.ones([1000])
        let sum = await Task.detached { (x + 1).sum().item }.value
        #expect(sum == 2000)
      }
      #expect(Memory.live == live && Memory.cached < 1 << 20)
    }
  }
}
