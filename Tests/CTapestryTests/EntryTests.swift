import CTapestry
import TapestryTensors
import Testing

/// The one call for a whole pointwise operation, and what it and callers decide by layout, against definitions that
/// look at every element.
struct EntryTests {
  private func drawn(_ draw: inout Draw) -> KernelCase {
    KernelCase(tier: tiers[0], limits: .standard, tally: LimitTally(), draw: Draw(seed: draw.bits()))
  }

  /// Where the elements of x lie, in elements from its data, in row-major order of its indices.
  private func offsets(_ x: Tensor) -> [Int] {
    var all = [0]
    for axis in 0..<x.rank { all = all.flatMap { offset in (0..<x.shape[axis]).map { offset + $0 * x.strides[axis] } } }
    return all
  }

  /// Dense: the elements are 0 ..< count of their block, each once, and every stride of an axis longer than 1 is
  /// positive.
  @Test func denseIsWithoutGapsInAnyOrder() {
    var draw = Draw(seed: 61), seen = Set<Bool>()
    for _ in 0..<400 {
      var c = drawn(&draw)
      let x = c.input(c.shape(0...4, room: 200), .float32)
      let forward = (0..<x.rank).allSatisfy { x.shape[$0] == 1 || x.strides[$0] > 0 }
      let expected = x.count == 0 || (forward && offsets(x).sorted() == Array(0..<x.count))
      seen.insert(expected)
      #expect(x.withDescriptor { tp_dense($0) } == expected, "\(x.shape) \(x.strides)")
    }
    #expect(seen.count == 2)
  }

  /// In place needs one dtype, a dense a, and b that broadcasts to a's shape.
  @Test func whatFitsInPlace() {
    var draw = Draw(seed: 62), seen = Set<Bool>()
    for _ in 0..<600 {
      var c = drawn(&draw)
      let shape = c.shape(0...3, room: 100), a = c.input(shape, .float32)
      var other = Array(shape)
      for i in other.indices where c.draw.int(0...3) == 0 { other[i] = c.draw.pick([1, other[i] + 1]) }
      if c.draw.int(0...3) == 0 { other = c.draw.bool() ? [1] + other : Array(other.dropFirst()) }
      let b = c.input(Shape(other), c.draw.int(0...5) == 0 ? .float64 : .float32)
      let expected =
        a.dtype == b.dtype && a.withDescriptor { tp_dense($0) } && a.rank >= b.rank
        && a.shape.broadcast(with: b.shape) == a.shape
      seen.insert(expected)
      #expect(
        a.withDescriptor { a in b.withDescriptor { tp_fits_in_place(a, $0) } } == expected,
        "\(a.shape) \(a.strides), \(b.dtype) \(b.shape)")
    }
    #expect(seen.count == 2)
  }

  /// A new result has the right elements, its bytes, and the dense layout of the operand that has its shape.
  @Test(arguments: tiers) func newResults(_ tier: String) {
    var draw = Draw(seed: 63)
    withBackend(tier) {
      for _ in 0..<300 {
        var c = drawn(&draw)
        var left = c.shape(0...3, room: 300)
        var right = left
        // Either is broadcast, or both.
        for i in left.indices {
          switch c.draw.int(0...5) {
          case 0: left[i] = 1
          case 1: right[i] = 1
          default: break
          }
        }
        let dtype = c.draw.pick([DType.float32, .float64, .int32]), shape = left.broadcast(with: right)!
        let (a, b) = (c.laid(c.draw.numbers(left, dtype)), c.laid(c.draw.numbers(right, dtype)))
        let op = Int32(c.draw.pick([TP_ADD, TP_SUB, TP_MUL, TP_LT])), result: DType = op == TP_LT ? .bool : dtype
        var y = tp_tensor()
        let bytes = a.withDescriptor { a in b.withDescriptor { tp_new_binary(tp_current(), op, a, $0, &y) } }
        defer { tp_free(y.data, bytes) }
        let exact = Tensor(uninitialized: shape, result), ours = Tensor(uninitialized: shape, result)
        exact.withDescriptor { y in a.withDescriptor { a in b.withDescriptor { reference.binary(op, y, a, $0) } } }
        ours.withDescriptor { reference.copy($0, &y) }
        let what: Comment = "\(op) of \(a.shape) \(a.strides), \(b.shape) \(b.strides)"
        #expect(bytes == Int64(shape.volume * result.itemSize) && y.dtype == result.rawValue && tp_dense(&y), what)
        // The reference backend rounds twice: to 64 bits, then to float64's 53.
        #expect(ours.shape == exact.shape && difference(ours, exact) <= 2.3e-16, what)
        if let like = a.shape == shape ? a : b.shape == shape ? b : nil, like.withDescriptor({ tp_dense($0) }) {
          let strides = withUnsafeBytes(of: y.stride) { Array($0.bindMemory(to: Int64.self)) }
          for axis in shape.indices where shape[axis] > 1 { #expect(Int(strides[axis]) == like.strides[axis], what) }
        }

        var z = tp_tensor()
        let unary = a.withDescriptor { tp_new_unary(tp_current(), Int32(TP_NEG), $0, &z, tp_number(0), tp_number(0)) }
        defer { tp_free(z.data, unary) }
        let negative = Tensor(uninitialized: a.shape, dtype)
        negative.withDescriptor { reference.copy($0, &z) }
        #expect(difference(negative, Tensor.zeros(a.shape, dtype) - a) == 0, "-\(a.shape) \(a.strides)")
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() {
    let f = Tensor.ones([2, 3]), d = Tensor.ones([2, 3], .float64), i = Tensor.ones([2, 3], .int32),
      other = Tensor.ones([4])
    func binary(_ op: Int, _ a: Tensor, _ b: Tensor) -> Int64 {
      var y = tp_tensor()
      return a.withDescriptor { a in b.withDescriptor { tp_new_binary(tp_current(), Int32(op), a, $0, &y) } }
    }
    let huge = Tensor(1).expanded(to: [1 << 31, 1 << 31]), none = Tensor(1).expanded(to: [1 << 31, 1 << 31, 0])
    var y = tp_tensor()
    #expect(
      binary(TP_ADD, f, d) == TP_BAD_DTYPES && binary(TP_ATAN2, i, i) == TP_BAD_DTYPE
        && binary(TP_ADD, f, other) == TP_BAD_SHAPES)
    #expect(binary(TP_ADD, huge, huge) == TP_TOO_LARGE && binary(TP_ADD, none, none) == TP_TOO_LARGE)
    #expect(
      i.withDescriptor { tp_new_unary(tp_current(), Int32(TP_SQRT), $0, &y, tp_number(0), tp_number(0)) }
        == TP_BAD_DTYPE)
    #expect(
      huge.withDescriptor { tp_new_unary(tp_current(), Int32(TP_NEG), $0, &y, tp_number(0), tp_number(0)) }
        == TP_TOO_LARGE)
  }
}
