import TapestryTensors
import Testing

/// Reductions of Tensors over any axes of any layout, against loops over index tuples. (What Variables do has its own
/// laws.)
struct ReductionTests {
  /// The elements of x that each output stands for, in row-major order of the outputs.
  private func groups(_ x: Tensor, _ axes: [Int]) -> [[Int]] {
    let shape = Array(x.shape), flat = x.contiguous().array(Int.self)
    let kept = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    var groups = [[Int]](repeating: [], count: kept.reduce(1, *))
    for (number, index) in NaiveArray.indices(shape).enumerated() {
      let group = zip(index, kept).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : $1.0) }
      groups[group].append(flat[number])
    }
    return groups
  }

  /// Two numbers of a float32 may leave it while the sum of all, and their mean, do not.
  @Test func sumsWhosePartsLeaveFloat32() {
    let large: Float = 3e38
    #expect(Tensor([Float](repeating: large, count: 100)).mean().array(Float.self) == [large])
    #expect(Tensor([Float](repeating: large, count: 64) + [Float](repeating: -large, count: 64)).sum().item == 0)
    #expect(Tensor([Float](repeating: large, count: 100)).sum().item == .infinity)
    #expect(Tensor([Float](repeating: 1, count: 100) + [.nan]).sum().item.isNaN)
  }

  /// Each number once, at lengths around the steps of the loops.
  @Test(arguments: [1, 8, 15, 16, 31, 32, 63, 64, 65, 128, 200]) func sumsOfPowers(count: Int) {
    for i in 0..<count {
      var numbers = [Float](repeating: 1, count: count)
      numbers[i] = 1000
      #expect(Tensor(numbers).sum().item == Double(count + 999))
    }
  }

  @Test(arguments: 0..<60) func overAnyAxes(seed: Int) {
    var draw = Draw(seed: UInt64(seed))
    let shape = draw.sizes(rank: 1...4, each: 1...4), order = Array(shape.indices).shuffled(using: &draw)
    var x = ((Tensor.arange(Shape(shape).volume) * 7919) % 23 - 11).reshaped(Shape(shape)).permuted(order)
    if draw.int(0...1) == 0 { x = x.flipped(draw.int(0...x.rank - 1)) }
    let axes = Array(0..<x.rank).shuffled(using: &draw).prefix(draw.int(1...x.rank))
    let named = axes.map { draw.int(0...1) == 0 ? $0 : $0 - x.rank }
    let groups = groups(x, Array(axes)),
      kept = Shape(x.shape.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
    let short = Shape(x.shape.enumerated().filter { !axes.contains($0.offset) }.map(\.element))
    func check(_ y: Tensor, _ shape: Shape, _ expected: [Int], _ what: String) {
      #expect(y.shape == shape && y.cast(to: .int64).array(Int.self) == expected, "\(what) of \(x.shape) over \(named)")
    }
    // A variadic call takes no array: one, two or all axes.
    let real = x.cast(to: .float64)
    func all(_ keep: Bool) -> [(String, Tensor)] {
      switch named.count {
      case 1:
        let a = named[0]
        return [
          ("sum", x.sum(a, keepDims: keep)), ("max", x.amax(a, keepDims: keep)), ("min", x.amin(a, keepDims: keep)),
          ("mean", real.mean(a, keepDims: keep)),
        ]
      case 2:
        let (a, b) = (named[0], named[1])
        return [
          ("sum", x.sum(a, b, keepDims: keep)), ("max", x.amax(a, b, keepDims: keep)),
          ("min", x.amin(a, b, keepDims: keep)),
          ("mean", real.mean(a, b, keepDims: keep)),
        ]
      default: return []
      }
    }
    for keep in [false, true] {
      for (what, y) in all(keep) {
        switch what {
        case "sum": check(y, keep ? kept : short, groups.map { $0.reduce(0, +) }, what)
        case "max": check(y, keep ? kept : short, groups.map { $0.max()! }, what)
        case "min": check(y, keep ? kept : short, groups.map { $0.min()! }, what)
        default:
          #expect(y.shape == (keep ? kept : short))
          #expect(
            y.allClose(
              Tensor(groups.map { Double($0.reduce(0, +)) / Double($0.count) }, shape: y.shape), rtol: 1e-14,
              atol: 1e-14))
        }
      }
    }
    // Without axes all elements, keepDims keeps every axis.
    let ones = Shape(x.shape.map { _ in 1 }), flat = x.array(Int.self)
    check(x.sum(), [], [flat.reduce(0, +)], "sum")
    check(x.sum(keepDims: true), ones, [flat.reduce(0, +)], "sum")
    check(x.amax(keepDims: true), ones, [flat.max()!], "max")
    check(x.min(), [], [flat.min()!], "min")
    // The first of equals, in the order of the view.
    let axis = axes[axes.startIndex], lines = self.groups(x, [axis])
    check(
      x.argmax(axis), Shape(x.shape.enumerated().filter { $0.offset != axis }.map(\.element)),
      lines.map { $0.firstIndex(of: $0.max()!)! }, "argmax")
    check(
      x.argmin(axis - x.rank, keepDims: true), x.shape.resized(along: axis, to: 1),
      lines.map { $0.firstIndex(of: $0.min()!)! }, "argmin")
    check(x.argmax(), [], [flat.firstIndex(of: flat.max()!)!], "argmax")
    check(x.argmin(), [], [flat.firstIndex(of: flat.min()!)!], "argmin")
  }

  /// With the axis named the answer is the same: of [[1, 5, 3], [4, 2, 9]], by hand.
  @Test func withTheAxisNamed() {
    let x = Tensor([[1, 5, 3], [4, 2, 9]] as [[Double]])
    #expect(
      x.sum(axis: 1) == Tensor([9, 15] as [Double])
        && x.sum(axis: -2, keepDims: true) == Tensor([[5, 7, 12]] as [[Double]]))
    #expect(
      x.mean(axis: 1) == Tensor([3, 5] as [Double])
        && x.mean(axis: 0, keepDims: true) == Tensor([[2.5, 3.5, 6]] as [[Double]]))
    #expect(
      x.variance(axis: 0) == Tensor([4.5, 4.5, 18] as [Double])
        && x.variance(axis: 0, correction: 0) == Tensor([2.25, 2.25, 9] as [Double]))
    #expect(
      x.variance(axis: 1, keepDims: true) == Tensor([[4], [13]] as [[Double]])
        && x.variance(1, correction: 2) == Tensor([8, 26] as [Double]))
    #expect(x.standardDeviation(axis: 0, correction: 0) == Tensor([1.5, 1.5, 3] as [Double]))
    #expect(
      x.standardDeviation(axis: 1, keepDims: true).shape == [2, 1] && x.standardDeviation(1, correction: 0).shape == [2]
    )
    #expect(x.argmax(axis: 1) == Tensor([1, 2]) && x.argmin(axis: 1) == Tensor([0, 1]))
    #expect(
      x.argmax(axis: 0, keepDims: true) == Tensor([[1, 0, 1]])
        && x.argmin(axis: 0, keepDims: true) == Tensor([[0, 1, 0]]))
  }

  /// Long rows are compared by vectors of numbers: each place of a row in turn has the extremum, and then no number.
  @Test(arguments: [64, 65, 79, 80, 95, 127, 128, 129, 150]) func everyPlaceOfALongRow(n: Int) {
    let row = (0..<n).map { Float($0 * 7919 % 101) / 101 - 0.5 }
    for place in 0..<n {
      for (value, isMaximum) in [(Float(2), true), (-2, false), (.infinity, true), (-.infinity, false), (.nan, true)] {
        var x = row
        x[place] = value
        let t = Tensor(x), most = t.max().item, least = t.min().item
        let right = value.isNaN ? most.isNaN && least.isNaN : (isMaximum ? most : least) == Double(value)
        #expect(right, "\(value) at \(place) of \(n)")
      }
    }
  }

  /// NaN wins everywhere, also as the last element and behind larger ones.
  @Test func nan() {
    let x = Tensor([[3, .nan, 1], [.infinity, 2, .nan], [-.infinity, 5, 4]] as [[Float]])
    #expect(
      x.amax(1).array(Float.self).map(\.isNaN) == [true, true, false]
        && x.amin(1).array(Float.self).map(\.isNaN) == [true, true, false])
    #expect(x.argmax(1) == Tensor([1, 2, 1]) && x.argmin(1) == Tensor([1, 2, 0]) && x.argmax() == Tensor(1, .int64))
    #expect(x.containsNaN && !x[2].containsNaN && x.sum().item.isNaN && x.transposed()[1].containsNaN)
  }

  @Test func truth() {
    #expect(Tensor([0, 2]).any().item == 1 && Tensor([0, 2]).all().item == 0 && Tensor([Float.nan]).all().item == 1)
    #expect(
      Tensor.zeros([0]).all().item == 1 && Tensor.zeros([0]).any().item == 0 && Tensor.zeros([0]).all().dtype == .bool)
    #expect(Tensor.zeros([0, 3], .uint8).sum(0) == Tensor([0, 0, 0]) && Tensor.zeros([0, 3]).amax(1).shape == [0])
  }

  /// The adjoint of broadcasting: summed over what broadcasting added or repeated.
  @Test func summedToAShape() {
    let x = Tensor.arange(24).reshaped(2, 3, 4)
    #expect(x.summed(to: [3, 1]) == Tensor([[60], [92], [124]]) && x.summed(to: []) == Tensor(276, .int64))
    #expect(
      x.summed(to: [2, 3, 4]) == x && x.summed(to: [2, 1, 4]).shape == [2, 1, 4] && x.summed(to: [4]) == x.sum(0, 1))
  }
}
