import TapestryTensors
import Testing

/// Value semantics: what is done to one tensor never shows in another, however they share memory.
struct SharingTests {
  static let mutations: [(String, @Sendable (inout Tensor) -> Void)] = [
    ("fill", { $0.fill(9) }),
    ("+= tensor", { $0 += Tensor([[1, 2, 3]]) }),
    ("-= tensor", { $0 -= Tensor(1, .int64) }),
    ("*= tensor", { $0 *= Tensor(2, .int64) }),
    ("+= scalar", { $0 += 1 }),
    ("-= scalar", { $0 -= 1 }),
    ("*= scalar", { $0 *= 2 }),
    ("subscript", { $0[0] = Tensor(-1, .int64) }),
    ("range", { $0[..., 1...] = Tensor(-1, .int64) }),
    ("mask", { $0[$0 .> 2] = Tensor(-1, .int64) }),
    ("positions", { $0[Tensor([1, 0])] = Tensor(-1, .int64) }),
    ("element +=", { $0[1, 1] += 1 }),
    ("add", { $0.add(Tensor([[1, 2, 3]])) }),
    (
      "makeUnique and write",
      { x in
        x.makeUnique()
        x[1, 2] = Tensor(7, .int64)
      }
    ),
  ]

  @Test(arguments: mutations.indices) func mutationStaysAlone(index: Int) {
    let (name, mutate) = SharingTests.mutations[index]
    let original = Array(1...6)
    let base = Tensor(original, shape: [2, 3])
    // What a plain array in memory of its own becomes.
    func expected(_ x: Tensor) -> Tensor {
      var y = Tensor(x.array(Int.self), shape: x.shape)
      mutate(&y)
      return y
    }
    let wide = Tensor(Array(1...12), shape: [2, 6])
    let holders: [(String, Tensor, Tensor)] = [
      ("copy", base, base), ("view", base.reshaped(3, 2).reshaped(2, 3), base),
      ("transposed", Tensor(original, shape: [3, 2]).transposed(), base),
      ("flipped", base.flipped(1), base), ("strided", wide[.all, .slice(step: 2)], wide),
      ("narrowed", wide[.all, 2..<5], wide),
      ("expanded", base[0].expanded(to: [2, 3]), base),
    ]
    for (layout, holder, source) in holders {
      let before = holder.array(Int.self), sourceBefore = source.array(Int.self)
      let twin = holder, view = holder.transposed()
      var changed = holder
      mutate(&changed)
      #expect(changed == expected(holder), "\(name) on \(layout)")
      #expect(changed.array(Int.self) != before, "\(name) on \(layout) did nothing")
      #expect(holder.array(Int.self) == before && twin.array(Int.self) == before, "\(name) on \(layout)")
      #expect(
        view.transposed().array(Int.self) == before && source.array(Int.self) == sourceBefore, "\(name) on \(layout)")
    }
    #expect(base.array(Int.self) == original)
  }

  /// A tensor that holds its memory alone is written in place, through any number of parts.
  @Test func aloneMeansInPlace() {
    var x = Tensor.zeros([4, 4])
    let memory = x.storage.pointer
    x[0] = Tensor.ones([4])
    x[..., 1].fill(3)
    x += 1
    x[x .> 3] = Tensor(0)
    #expect(x.storage.pointer == memory)
    #expect(x == Tensor([[2, 0, 2, 2], [1, 0, 1, 1], [1, 0, 1, 1], [1, 0, 1, 1]] as [[Float]]))
    let other = x
    x += 1
    #expect(x.storage.pointer != memory && other.storage.pointer == memory)
  }

  /// As many elements as its memory holds, and yet some lie upon others: the count alone does not tell.
  @Test func expandedToTheSizeOfItsMemoryThenWritten() {
    var x = Tensor([1, 2, 3, 4])[..<2].expanded(to: [2, 2])
    x[0, 0] = Tensor(9, .int64)
    #expect(x.array(Int.self) == [9, 2, 1, 2])
  }

  @Test func expandedThenWritten() {
    var x = Tensor([1, 2]).expanded(to: [3, 2])
    x[1, 0] = Tensor(9, .int64)
    #expect(x == Tensor([[1, 2], [9, 2], [1, 2]]))
  }

  @Test func structsHoldingTensorsAreValues() {
    struct Pair { var a: Tensor, b: Tensor }
    let x = Tensor([1, 2])
    var p = Pair(a: x, b: x)
    let q = p
    p.a[0] = Tensor(5, .int64)
    #expect(p.a == Tensor([5, 2]) && p.b == x && q.a == x && x == Tensor([1, 2]))
  }

  @Test func manyThreadsChangeTheirOwn() async {
    let shared = Tensor.arange(1000)
    let sums = await withTaskGroup(of: Int.self) { group in
      for task in 0..<8 {
        group.addTask {
          var mine = shared
          for _ in 0..<20 {
            mine[task] += 1
            mine = mine.flipped(0).contiguous().flipped(0)
          }
          return mine.sum().item(Int.self) - shared.sum().item(Int.self)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == [Int](repeating: 20, count: 8))
    #expect(shared == Tensor.arange(1000))
  }
}
