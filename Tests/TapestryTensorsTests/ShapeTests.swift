import TapestryTensors
import TestSupport
import Testing

struct ShapeTests {
  @Test func collection() {
    var shape: Shape = [2, 3, 5]
    #expect(
      shape.count == 3 && shape.last == 5 && shape.volume == 30 && "\(shape)" == "[2, 3, 5]"
        && Array(shape) == [2, 3, 5])
    shape[1] = 7
    shape.insert(9, at: 0)
    shape.insert(1, at: 4)
    #expect(shape == [9, 2, 7, 5, 1])
    shape.remove(at: 1)
    shape.remove(at: 3)
    #expect(
      shape == [9, 7, 5] && shape != [9, 7] && shape != [9, 7, 6] && shape == Array(shape) && Shape() != [1]
        && Shape().volume == 1)
    #expect(Set([shape, [9, 7, 5], [9, 5, 7], [], [0]] as [Shape]).count == 4)
    #expect(Shape([0, 1 << 40]).volume == 0 && Shape([1, 2, 3, 4, 5, 6, 7, 8]).volume == 40320)
    // What lies beyond the rank does not count: after a removal the old size is still in memory.
    var long: Shape = [4, 5, 6]
    long.remove(at: 2)
    #expect(long == [4, 5] && long.hashValue == Shape([4, 5]).hashValue)
  }

  /// NumPy's rule, both ways round.
  @Test func broadcasting() {
    let cases: [(Shape, Shape, Shape?)] = [
      ([], [], []), ([3], [], [3]), ([3, 1], [4], [3, 4]), ([2, 1, 5], [3, 1], [2, 3, 5]), ([0], [1], [0]),
      ([0], [2], nil), ([2, 3], [2], nil),
      ([1, 1, 1, 1, 1, 1, 1, 2], [3, 1], [1, 1, 1, 1, 1, 1, 3, 2]),
    ]
    for (a, b, c) in cases { #expect(a.broadcast(with: b) == c && b.broadcast(with: a) == c, "\(a) with \(b)") }
  }

  @Test func axes() {
    let shape: Shape = [2, 3, 5]
    #expect((-4...3).map { shape.axis($0) } == [nil, 0, 1, 2, 0, 1, 2, nil])
    #expect(shape.axis(3, extra: 1) == 3 && shape.axis(-1, extra: 1) == 3 && shape.axis(4, extra: 1) == nil)
    #expect(
      Shape().axis(along: 0) == 0 && Shape().axis(along: -1) == 0 && Shape().axis(along: 1) == nil
        && Shape().axis(0) == nil)
    #expect(Shape().size(along: 0) == 1 && shape.size(along: 2) == 5)
    #expect(shape.resized(along: 1, to: 9) == [2, 9, 5] && Shape().resized(along: 0, to: 1) == [])
  }

  @Test func matrixProducts() {
    func shape(_ a: Shape, _ b: Shape) -> Shape? { try? Kernel.productShape(a, b) }
    #expect(
      shape([2, 3], [3, 5]) == [2, 5] && shape([7, 1, 2, 3], [4, 3, 5]) == [7, 4, 2, 5]
        && shape([2, 3], [4, 3, 5]) == [4, 2, 5])
    #expect(
      shape([2, 3], [2, 5]) == nil && shape([2, 2, 3], [3, 3, 5]) == nil
        && shape([1, 1, 1, 1, 1, 1, 2, 3], [3, 4]) == [1, 1, 1, 1, 1, 1, 2, 4])
  }

  @Test func inferredSizes() {
    let x = Tensor.arange(24)
    #expect(
      x.reshaped(2, -1).shape == [2, 12] && x.reshaped(-1).shape == [24] && x.reshaped(-1, 1, 8).shape == [3, 1, 8])
    #expect(
      Tensor.zeros([0, 4]).reshaped(-1, 4).shape == [0, 4] && Tensor(3).reshaped(-1).shape == [1]
        && x.reshaped(24, -1).shape == [24, 1])
  }

  /// Axes of size 1 come and go.
  @Test func squeezing() {
    let x = Tensor.arange(6).reshaped(1, 2, 1, 3)
    #expect(x.squeezed().shape == [2, 3] && x.squeezed(0).shape == [2, 1, 3] && x.squeezed(-2).shape == [1, 2, 3])
    #expect(x.squeezed() == Tensor([[0, 1, 2], [3, 4, 5]]) && x.squeezed(2)[0, 1] == Tensor([3, 4, 5]))
    #expect(
      x.unsqueezed(0).shape == [1, 1, 2, 1, 3] && x.unsqueezed(-1).shape == [1, 2, 1, 3, 1]
        && x.unsqueezed(2).shape == [1, 2, 1, 1, 3])
    #expect(x.unsqueezed(-2).squeezed(3).array(Int.self) == Array(0..<6))
  }

  @Test func unbinding() {
    let x = Tensor.arange(6).reshaped(2, 3)
    #expect(
      x.unbind().map { $0.array(Int.self) } == [[0, 1, 2], [3, 4, 5]]
        && x.unbind(axis: -1).map { $0.array(Int.self) } == [[0, 3], [1, 4], [2, 5]])
    #expect(
      x.transposed().unbind(axis: 0).map { $0.array(Int.self) } == [[0, 3], [1, 4], [2, 5]]
        && x.flipped(0).unbind()[0] == Tensor([3, 4, 5]))
    #expect(
      x.narrowed(axis: -1, start: -2, count: 1) == Tensor([[1], [4]])
        && x.narrowed(axis: 0, start: 2, count: 0).shape == [0, 3])
    #expect(x.selected(axis: -1, index: -3) == Tensor([0, 3]) && x.selected(axis: 0, index: 1) == Tensor([3, 4, 5]))
  }

  /// torch.diagonal(x, offset, dim1, dim2) of arange(24).reshape(2, 3, 4), by index arithmetic.
  @Test func diagonals() {
    let x = Tensor.arange(24).reshaped(2, 3, 4)
    #expect(x.diagonal() == Tensor([[0, 16], [1, 17], [2, 18], [3, 19]]))
    #expect(x.diagonal(offset: 1, axis1: 1, axis2: 2) == Tensor([[1, 6, 11], [13, 18, 23]]))
    #expect(x.diagonal(offset: -1, axis1: -2, axis2: -1) == Tensor([[4, 9], [16, 21]]))
    #expect(x.diagonal(offset: 1, axis1: 2, axis2: 0) == Tensor([[12], [16], [20]]))
    #expect(
      x.diagonal(offset: 3, axis1: 1, axis2: 2) == Tensor([[3], [15]])
        && x.diagonal(offset: 4, axis1: 1, axis2: 2).shape == [2, 0])
  }

  @Test func stackingAndJoining() throws {
    let a = Tensor([[0, 1], [2, 3]]), b = Tensor([[4, 6], [5, 7]]).transposed()
    #expect(try Tensor.stacking([a, b]) == Tensor([[[0, 1], [2, 3]], [[4, 5], [6, 7]]]))
    #expect(try Tensor.joining([a, b[..<1], a[0..<0], b]) == Tensor([[0, 1], [2, 3], [4, 5], [4, 5], [6, 7]]))
    func message(_ body: () throws(ShapeError) -> Tensor) -> String {
      do { return "\(try body().shape)" } catch { return error.description }
    }
    #expect(message { () throws(ShapeError) in try Tensor.stacking([]) } == "stack: needs at least one tensor")
    #expect(
      message { () throws(ShapeError) in try Tensor.stacking([a, a[0]]) }.hasPrefix(
        "stack: tensor 0 is int64 [2, 2], tensor 1 int64 [2]"))
    #expect(
      message { () throws(ShapeError) in try Tensor.stacking([a, a.cast(to: .float32)]) }.hasPrefix(
        "stack: tensor 0 is int64 [2, 2], tensor 1 float32"))
    #expect(
      message { () throws(ShapeError) in try Tensor.joining([a, a.cast(to: .int32)]) }.hasPrefix(
        "concatenate: tensor 0 is int64"))
    let wide = Tensor([[1, 2, 3]])
    #expect(
      message { () throws(ShapeError) in try Tensor.joining([a, wide]) }.hasPrefix(
        "concatenate: tensor 0 is int64 [2, 2], tensor 1 int64 [1, 3]"))
    #expect(
      message { () throws(ShapeError) in try Tensor.joining([Tensor(1)]) }.hasPrefix("concatenate: needs at least one"))
  }

  /// Bytes of any layout, row-major.
  @Test func bytes() {
    let x = Tensor([[1, 256], [-1, 2]] as [[Int32]]).transposed()
    #expect(x.bytes == [1, 0, 0, 0, 255, 255, 255, 255, 0, 1, 0, 0, 2, 0, 0, 0])
    #expect(
      Tensor(bytes: x.bytes, shape: [2, 2], .int32) == x && Tensor(bytes: [], shape: [0, 2], .bool).shape == [0, 2])
    #expect(
      Tensor.zeros([0]).bytes.isEmpty && Tensor(bytes: [1, 0, 1], shape: [3], .bool) == Tensor([true, false, true]))
    #expect(
      Mistake("Tensor: 3 bytes do not fill [2] of uint8, which takes 2") {
        _ = Tensor(bytes: [1, 2, 3], shape: [2], .uint8)
      }.problem == nil)
  }
}
