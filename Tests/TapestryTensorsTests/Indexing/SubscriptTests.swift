import TapestryTensors
import Testing

struct SubscriptTests {
  // (2, 3, 4): element [i, j, k] is 12·i + 4·j + k
  private let x = Tensor.arange(24).reshaped(2, 3, 4)

  private func check(_ part: Tensor, _ shape: Shape, _ elements: [Int], _ location: SourceLocation = #_sourceLocation) {
    #expect(part.shape == shape, sourceLocation: location)
    #expect(part.array(Int.self) == elements, sourceLocation: location)
  }

  @Test func positions() {
    check(x[1], [3, 4], Array(12..<24))
    check(x[-1, 0], [4], [12, 13, 14, 15])
    check(x[0, -1, -2], [], [10])
    check(x[.all, 1, 2], [2], [6, 18])
  }

  @Test func ranges() {
    check(x[0, 1..<3, 0], [2], [4, 8])
    check(x[0, 1...1], [1, 4], [4, 5, 6, 7])
    check(x[0, 0, 2...], [2], [2, 3])
    check(x[0, 0, ..<3], [3], [0, 1, 2])
    check(x[0, 0, ...1], [2], [0, 1])
    check(x[0, 0, (-2)...], [2], [2, 3])
    check(x[0, 0, ..<(-1)], [3], [0, 1, 2])
    check(x[0, 0, ...(-2)], [3], [0, 1, 2])
    check(x[0, 0, ...(-1)], [4], [0, 1, 2, 3])
    check(x[0, 0, -3..<0], [3], [1, 2, 3])
    check(x[0, 0, -3 ..< -1], [2], [1, 2])
    check(x[0, 0, -3...(-2)], [2], [1, 2])
    check(x[0, 3..<3], [0, 4], [])
    check(x[0, 0..<0], [0, 4], [])
    check(x[...], [2, 3, 4], Array(0..<24))
  }

  @Test func steps() {
    check(x[0, 0, .slice(step: 2)], [2], [0, 2])
    check(x[0, 0, .slice(from: 1, step: 2)], [2], [1, 3])
    check(x[0, 0, .slice(step: -1)], [4], [3, 2, 1, 0])
    check(x[0, 0, .slice(from: 3, to: 0, step: -2)], [2], [3, 1])
    check(x[0, 0, .slice(from: -1, to: -4, step: -1)], [3], [3, 2, 1])
    check(x[0, 0, .slice(from: 2, to: 1)], [0], [])
    check(x[0, 0, .slice(from: 0, to: 4, step: 5)], [1], [0])
    check(x[0, 0, stride(from: 0, to: 4, by: 3)], [2], [0, 3])
    check(x[0, 0, stride(from: 3, through: 0, by: -1)], [4], [3, 2, 1, 0])
    check(x[0, 0, stride(from: 3, to: 3, by: 1)], [0], [])
    check(x[0, .slice(step: -2), .slice(step: -3)], [2, 2], [11, 8, 3, 0])
  }

  /// Python's rule, step by step: negative bounds count from the end, and a walk begins and ends at the ends of the
  /// axis at most.
  private func python(_ from: Int?, _ to: Int?, _ step: Int, _ size: Int) -> [Int] {
    let first = step > 0 ? 0 : size - 1, beyond = step > 0 ? size : -1
    var i = from.map { $0 < 0 ? $0 + size : $0 } ?? first
    let end = to.map { $0 < 0 ? $0 + size : $0 } ?? beyond
    if step > 0 && i < 0 { i = 0 }
    if step < 0 && i > size - 1 { i = size - 1 }
    var positions: [Int] = []
    while step > 0 ? i < end : i > end {
      if i < 0 || i >= size { break }
      positions.append(i)
      i += step
    }
    return positions
  }

  /// Every from, to and step inside and outside axes of four, one and none.
  @Test(arguments: [0, 1, 4]) func allSlices(_ size: Int) {
    let line = Tensor.arange(size), bounds: [Int?] = [nil] + (-7...7).map { $0 } + [.min, .max]
    for step in [-9, -3, -2, -1, 1, 2, 3, 9] {
      for from in bounds {
        for to in bounds {
          let positions = python(from, to, step, size),
            what = "\(from.map(String.init) ?? ""):\(to.map(String.init) ?? ""):\(step) of \(size)"
          #expect(line[.slice(from: from, to: to, step: step)].array(Int.self) == positions, "\(what)")
          if step == 1, let from, let to, from <= to, !(from < 0 && to == 0) {
            #expect(line[from..<to].array(Int.self) == positions, "\(what)")
          }
          if step == 1, let from, to == nil { #expect(line[from...].array(Int.self) == positions, "\(what)") }
          if step == 1, let to, from == nil { #expect(line[..<to].array(Int.self) == positions, "\(what)") }
        }
      }
    }
  }

  /// list(range(5))[…] in Python.
  @Test func boundsOutside() {
    let line = Tensor.arange(5)
    check(line[3..<100], [2], [3, 4])
    check(line[(-100)..<2], [2], [0, 1])
    check(line[7..<9], [0], [])
    check(line[7...], [0], [])
    check(line[..<(-9)], [0], [])
    check(line[...100], [5], [0, 1, 2, 3, 4])
    check(line[2...9], [3], [2, 3, 4])
    check(line[(-2)..<4], [1], [3])
    check(line[.slice(from: 100, to: -100, step: -2)], [3], [4, 2, 0])
    check(line[.slice(from: 1, to: 100, step: 2)], [2], [1, 3])
    check(line[.slice(from: 3, to: 1)], [0], [])
    check(x[0, 1..<9, 2...7], [2, 2], [6, 7, 10, 11])
    var y = line
    y[3..<100] = Tensor([-3, -4])
    y[.slice(from: 1, to: -100, step: -1)] = Tensor([-1, -9])
    y[8...] = Tensor([] as [Int])
    check(y, [5], [-9, -1, 2, -3, -4])
  }

  /// Swift's strides name positions: those that the axis has, all counted from the end where they are negative.
  @Test func stridesOutside() {
    for size in [0, 1, 4, 5] {
      let line = Tensor.arange(size)
      for by in [-7, -3, -2, -1, 1, 2, 3, 7] {
        for from in -8...8 {
          for to in -8...8 {
            let positions = Array(stride(from: from, to: to, by: by))
            if let first = positions.first, let last = positions.last, (first < 0) != (last < 0) { continue }
            let inside = positions.map { $0 < 0 ? $0 + size : $0 }.filter { $0 >= 0 && $0 < size }
            #expect(line[stride(from: from, to: to, by: by)].array(Int.self) == inside, "\(positions) of \(size)")
          }
        }
      }
    }
  }

  @Test func ellipsisAndNewAxis() {
    check(x[..., 0], [2, 3], [0, 4, 8, 12, 16, 20])
    check(x[.ellipsis, 0, 1], [2], [1, 13])
    check(x[1, ..., 1], [3], [13, 17, 21])
    check(x[1, .ellipsis], [3, 4], Array(12..<24))
    check(x[0, 0, 0, .ellipsis], [], [0])
    #expect(x[.newAxis].shape == [1, 2, 3, 4])
    #expect(x[.all, .newAxis, 1].shape == [2, 1, 4])
    #expect(x[..., .newAxis].shape == [2, 3, 4, 1])
    #expect(x[0, .newAxis, ..., 1, .newAxis].shape == [1, 3, 1])
  }

  @Test func masksAndPositions() {
    let mask = x[0] % 5 .== 0  // 0, 5, 10
    check(x[0][mask], [3], [0, 5, 10])
    check(x[.all, mask], [2, 3], [0, 5, 10, 12, 17, 22])
    check(x[mask.unsqueezed(0).expanded(to: [2, 3, 4])], [6], [0, 5, 10, 12, 17, 22])
    check(x[Tensor([false, true])], [1, 3, 4], Array(12..<24))
    check(x[0, 0][Tensor([false, false, false, false])], [0], [])
    check(x[Tensor([1, -1, 0]), 0, 1], [3], [13, 13, 1])
    check(x[0, .all, Tensor([[3, 0]])], [3, 1, 2], [3, 0, 7, 4, 11, 8])
    check(x[0, 0][Tensor([[0, 1], [2, 3]]).transposed()], [2, 2], [0, 2, 1, 3])
    check(x.transposed(0, 2)[Tensor([2]), 1], [1, 2], [6, 18])
    check(x[0, Tensor([] as [Int])], [0, 4], [])
  }

  @Test func rows() {
    check(x.rows(Tensor([1, 1, 0])), [3, 3, 4], Array(12..<24) + Array(12..<24) + Array(0..<12))
    check(x.transposed(0, 2).rows(Tensor([3])), [1, 3, 2], [3, 15, 7, 19, 11, 23])
    check(x.rows(Tensor([] as [Int])), [0, 3, 4], [])
  }

  @Test func assignment() {
    var y = x
    y[0, 1] = Tensor([7, 7, 7, 7])
    y[1, ..., 0] = Tensor([1, 2, 3])
    y[1, 1..<3, -1] = Tensor(-9, .int64)
    y[0, 0, .slice(step: -1)] = Tensor([40, 41, 42, 43])
    check(y, [2, 3, 4], [43, 42, 41, 40, 7, 7, 7, 7, 8, 9, 10, 11, 1, 13, 14, 15, 2, 17, 18, -9, 3, 21, 22, -9])
    check(x, [2, 3, 4], Array(0..<24))
    y[...] = Tensor(0, .int64)
    check(y, [2, 3, 4], [Int](repeating: 0, count: 24))
    y[1].fill(5)
    y[1, 2, 3] += 1
    check(y[1], [3, 4], [Int](repeating: 5, count: 11) + [6])
    y[0, 0..<0] = Tensor.zeros([0, 4], .int64)  // nothing
    check(y[0], [3, 4], [Int](repeating: 0, count: 12))
  }

  @Test func assignmentThroughMasksAndPositions() {
    var y = x
    y[y .> 9] = Tensor(0, .int64)
    check(y, [2, 3, 4], Array(0..<10) + [Int](repeating: 0, count: 14))
    y = x
    y[0, .all, Tensor([3, 0])] = Tensor([[-1, -2]])
    check(y[0], [3, 4], [-2, 1, 2, -1, -2, 5, 6, -1, -2, 9, 10, -1])
    y = x.transposed(0, 2)  // (4, 3, 2), not contiguous
    y[y .< 2] = Tensor([100, 200])
    check(y[..., 0], [4, 3], [100, 4, 8, 200, 5, 9, 2, 6, 10, 3, 7, 11])
    y = Tensor.arange(3)
    y[Tensor([1, 1])] = Tensor([5, 6])  // the last one stays
    check(y, [3], [0, 6, 2])
  }

  /// Overlaps with itself: the right-hand side is what it was before.
  @Test func overlappingAssignment() {
    var y = Tensor.arange(6)
    y[1...] = y[..<5]
    check(y, [6], [0, 0, 1, 2, 3, 4])
    y[.slice(step: -1)] = y
    check(y, [6], [4, 3, 2, 1, 0, 0])
    var z = Tensor.arange(4).reshaped(2, 2)
    z[.all] = z.transposed()
    check(z, [2, 2], [0, 2, 1, 3])
  }

  /// Random parts: what is written, and only that, changes; in tensors of any layout.
  @Test(arguments: 0..<60) func randomAssignment(seed: Int) {
    var draw = Draw(seed: UInt64(seed))
    let shape = draw.sizes(rank: 1...4, each: 1...4)
    let axes = Array(shape.indices).shuffled(using: &draw)
    var y = Tensor.arange(Shape(shape).volume).reshaped(Shape(shape)).permuted(axes)
    if draw.int(0...2) == 0 { y = y.flipped(0) }
    let before = y, size = y.shape
    let parts: [IndexPart] = size.map { size in
      switch draw.int(0...3) {
      case 0: .position(draw.int(-size...size - 1))
      case 1: .slice(from: nil, to: nil, step: [-2, -1, 2][draw.int(0...2)])
      case 2: .range(draw.int(0...size), nil)
      default: .range(nil, nil)
      }
    }
    func part(_ t: Tensor) -> Tensor { Selection(parts, t.shape).view(of: t).0 }
    let written = part(Tensor.arange(size.volume).reshaped(size)).array(Int.self)
    let row = part(y).shape.last ?? 1
    let value = draw.int(0...1) == 0 || part(y).rank == 0 ? Tensor(-5, .int64) : Tensor.arange(row) - 100
    let values = value.expanded(to: part(y).shape).array(Int.self)
    var expected = y.array(Int.self)
    for (position, value) in zip(written, values) { expected[position] = value }
    y.assign(value, to: parts)
    #expect(y.array(Int.self) == expected)
    #expect(before.array(Int.self) == before.copied().array(Int.self) && before.shape == size)
    let original = Tensor.arange(Shape(shape).volume).reshaped(Shape(shape)).permuted(axes)
    #expect(before == original || before == original.flipped(0))
  }
}
