import TapestryTensors
import Testing

/// Chains of random views, element by element against index arithmetic.
struct ViewTests {
  @Test(arguments: 0..<150) func chains(seed: Int) {
    var draw = Draw(seed: UInt64(seed))
    let shape = draw.sizes(rank: 1...4, each: 1...4)
    var naive = NaiveArray(counting: shape)
    var x = Tensor.arange(Shape(shape).volume).reshaped(Shape(shape))
    var steps = "\(shape)"
    for _ in 0..<draw.int(1...5) {
      steps += " → " + step(&x, &naive, &draw)
      #expect(x.shape == Shape(naive.shape), "\(steps)")
    }
    #expect(x.array(Int.self) == naive.array, "\(steps)")
    #expect((x + x).array(Int.self) == naive.array.map { 2 * $0 }, "\(steps)")
    #expect((x * Tensor(3, .int64)).array(Int.self) == naive.array.map { 3 * $0 }, "\(steps)")
    #expect(x.cast(to: .float64).array(Double.self) == naive.array.map(Double.init), "\(steps)")
    #expect(x.sum().item == Double(naive.array.reduce(0, +)), "\(steps)")
  }

  /// Takes one random view of both and says which.
  private func step(_ x: inout Tensor, _ n: inout NaiveArray, _ draw: inout Draw) -> String {
    let rank = n.shape.count, shape = n.shape, at = n.at
    switch rank == 0 ? 4 : draw.int(0...7) {
    case 0:
      let axes = Array(0..<rank).shuffled(using: &draw)
      x = x.permuted(axes)
      n = NaiveArray(axes.map { shape[$0] }) { index in
        var old = index
        for (new, axis) in axes.enumerated() { old[axis] = index[new] }
        return at(old)
      }
      return "permuted \(axes)"
    case 1:
      let axis = draw.int(0...rank - 1), size = shape[axis]
      x = x.flipped(axis - rank)
      n = n.mapped(axis, size: size) { size - 1 - $0 }
      return "flipped \(axis)"
    case 2:
      let axis = draw.int(0...rank - 1), step = [-3, -2, -1, 1, 2, 3][draw.int(0...5)]
      let start = step > 0 ? 0 : shape[axis] - 1
      let positions = Array(stride(from: start, to: step > 0 ? shape[axis] : -1, by: step))
      x = x.transposed(0, axis)[.slice(step: step)].transposed(0, axis)
      n = n.mapped(axis, size: positions.count) { positions[$0] }
      return "step \(step) of \(axis)"
    case 3 where shape.allSatisfy { $0 > 0 }:
      let axis = draw.int(0...rank - 1), index = draw.int(0...shape[axis] - 1)
      x = x.selected(axis: axis, index: index - (draw.int(0...1) == 0 ? shape[axis] : 0))
      var new = shape
      new.remove(at: axis)
      n = NaiveArray(new) { i in at(Array(i[..<axis]) + [index] + Array(i[axis...])) }
      return "selected \(axis), \(index)"
    case 4 where rank < 6:
      let axis = draw.int(0...rank)
      x = x.unsqueezed(axis)
      var new = shape
      new.insert(1, at: axis)
      n = NaiveArray(new) { i in at(Array(i[..<axis]) + Array(i[(axis + 1)...])) }
      return "unsqueezed \(axis)"
    case 5 where rank < 6:
      let size = draw.int(1...3)
      let new = [size] + shape.map { $0 == 1 ? size : $0 }
      x = x.expanded(to: Shape(new))
      n = NaiveArray(new) { i in at(zip(i.dropFirst(), shape).map { $1 == 1 ? 0 : $0 }) }
      return "expanded to \(new)"
    case 6 where rank >= 2:
      let offset = draw.int(-1...1), rows = shape[0], columns = shape[1]
      let length = max(0, offset >= 0 ? min(rows, columns - offset) : min(rows + offset, columns))
      x = x.diagonal(offset: offset)
      n = NaiveArray(Array(shape[2...]) + [length]) { i in
        at([i.last! - min(0, offset), i.last! + max(0, offset)] + Array(i.dropLast()))
      }
      return "diagonal \(offset)"
    default:
      let new = Array(shape.shuffled(using: &draw)) + [1]
      if new.count > 8 { return "nothing" }
      let flat = n.array
      x = x.reshaped(Shape(new))
      let counting = NaiveArray(counting: new)
      n = NaiveArray(new) { flat[counting.at($0)] }
      return "reshaped \(new)"
    }
  }

  @Test func viewsShareMemory() {
    let x = Tensor.arange(24).reshaped(2, 3, 4)
    for view in [
      x[1], x[.all, 1..<3], x.transposed(), x.permuted(2, 0, 1), x.flipped(0, 2), x.unsqueezed(1),
      x.expanded(to: [5, 2, 3, 4]),
      x.reshaped(6, 4), x.diagonal(), x[.slice(step: -2)], x.transposed(0, 1).reshaped(3, 2, 2, 2), x[..., .newAxis, 0],
      x.unbind()[1],
    ] {
      #expect(view.storage === x.storage)
    }
    #expect(x.transposed().reshaped(24).storage !== x.storage)  // no strides say this
  }

  @Test func stridesAndContiguity() {
    let x = Tensor.arange(24).reshaped(2, 3, 4)
    #expect(x.strides == [12, 4, 1] && x.isContiguous)
    #expect(x.transposed().strides == [12, 1, 4] && !x.transposed().isContiguous && x.transposed().isDense)
    #expect(x.flipped(2).strides == [12, 4, -1] && !x.flipped(2).isDense)
    #expect(Tensor(5).expanded(to: [2, 3]).strides == [0, 0])
    #expect(x[0].isContiguous && x.transposed().contiguous().isContiguous)
  }

  @Test func rank8() {
    let x = Tensor.arange(256).reshaped(2, 2, 2, 2, 2, 2, 2, 2)
    #expect(x.rank == 8)
    let reversed = x.permuted(7, 6, 5, 4, 3, 2, 1, 0)
    let bits = (0..<256).map { i in (0..<8).reduce(0) { $0 | ((i >> $1) & 1) << (7 - $1) } }
    #expect(reversed.array(Int.self) == bits)
    #expect((reversed + x.flipped(0)).array(Int.self) == zip(bits, 0..<256).map { $0 + ($1 ^ 128) })
    #expect(x[0, 1, 0, 1, 0, 1, 0, 1].item == 0b01010101)
  }

  @Test func emptyAndScalar() {
    let empty = Tensor.zeros([0, 3])
    #expect(empty.count == 0 && empty.array(Float.self) == [])
    #expect(empty.transposed().shape == [3, 0] && empty.reshaped(3, 0, 7).shape == [3, 0, 7])
    #expect((empty + Tensor.ones([1, 3])).shape == [0, 3])
    #expect(empty[.slice(step: -1)].shape == [0, 3] && empty[0..<0].shape == [0, 3])
    #expect(empty == Tensor.ones([0, 3]) && empty != Tensor.zeros([3, 0]))
    #expect(empty.sum().item == 0 && empty.unbind().isEmpty)
    let scalar = Tensor(2.5)
    #expect(scalar.rank == 0 && scalar.count == 1 && scalar.item == 2.5 && scalar.shape == [])
    #expect(scalar.reshaped([1, 1]).shape == [1, 1] && scalar.expanded(to: [2]).array(Float.self) == [2.5, 2.5])
    #expect(scalar[.newAxis].shape == [1] && scalar[.ellipsis] == scalar && scalar.squeezed() == scalar)
  }
}
