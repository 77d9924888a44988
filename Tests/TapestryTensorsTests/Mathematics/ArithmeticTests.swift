import TapestryTensors
import Testing

struct ArithmeticTests {
  @Test func broadcasting() {
    let column = Tensor([[10], [20]]), row = Tensor([1, 2, 3])
    #expect(column + row == Tensor([[11, 12, 13], [21, 22, 23]]))
    #expect(row - column == Tensor([[-9, -8, -7], [-19, -18, -17]]))
    #expect((column * row)[1] == Tensor([20, 40, 60]))
    #expect(Tensor(2, .int64) * row == Tensor([2, 4, 6]))
  }

  /// Random shapes that broadcast, in random layouts, against index arithmetic.
  @Test(arguments: 0..<80) func randomBroadcasts(seed: Int) {
    var draw = Draw(seed: UInt64(seed))
    let full = draw.sizes(rank: 0...4, each: 0...3)
    func operand() -> (Tensor, NaiveArray) {
      let own = Array(full.map { draw.int(0...2) == 0 ? 1 : $0 }.dropFirst(full.isEmpty ? 0 : draw.int(0...full.count)))
      let axes = Array(own.indices).shuffled(using: &draw)
      var inverse = axes
      for (new, old) in axes.enumerated() { inverse[old] = new }
      // Row-major numbers in a memory order of other axes.
      let memory = Tensor.arange(Shape(own).volume).reshaped(Shape(own)).permuted(axes).contiguous().permuted(inverse)
      return (draw.int(0...1) == 0 ? memory : memory.contiguous(), NaiveArray(counting: own))
    }
    let (a, p) = operand(), (b, q) = operand()
    let shape = Array(a.shape.broadcast(with: b.shape)!)
    func element(_ n: NaiveArray, _ index: [Int]) -> Int {
      n.at(zip(index.suffix(n.shape.count), n.shape).map { $1 == 1 ? 0 : $0 })
    }
    let indices = NaiveArray.indices(shape)
    #expect((a - b).shape == Shape(shape))
    #expect((a - b).array(Int.self) == indices.map { element(p, $0) - element(q, $0) }, "\(p.shape) and \(q.shape)")
    #expect((a .< b).array(Bool.self) == indices.map { element(p, $0) < element(q, $0) })
    var sum = a
    sum += b
    #expect(sum == a + b)
  }

  @Test func scalars() {
    let x = Tensor([1, 2, 4] as [Float])
    #expect(x + 1 == Tensor([2, 3, 5] as [Float]) && 1 + x == x + 1)
    #expect(x - 0.5 == Tensor([0.5, 1.5, 3.5] as [Float]) && 1 - x == Tensor([0, -1, -3] as [Float]))
    #expect(x * 2 == Tensor([2, 4, 8] as [Float]) && 2.0 * x == x * 2)
    #expect(x / 2 == Tensor([0.5, 1, 2] as [Float]) && 4 / x == Tensor([4, 2, 1] as [Float]))
    #expect(x % 3 == Tensor([1, 2, 1] as [Float]) && -x == Tensor([-1, -2, -4] as [Float]))
    #expect((x * 2.0).dtype == .float32 && (Tensor([1]) * 2).dtype == .int64)
  }

  /// Python's: -7 % 3 is 2, 7 % -3 is -2.
  @Test func integers() {
    let x = Tensor([7, -7, 8])
    #expect(x % 3 == Tensor([1, 2, 2]) && x % Tensor([-3, -3, -3]) == Tensor([-2, -1, -1]))
    #expect(Tensor([255, 1] as [UInt8]) + Tensor([1, 1] as [UInt8]) == Tensor([0, 2] as [UInt8]))
  }

  @Test func inPlace() {
    var x = Tensor([1, 2, 4] as [Float])
    let memory = x.storage.pointer
    x += Tensor([1, 1, 1] as [Float])
    x -= Tensor(1)
    x *= Tensor([2, 2, 2] as [Float])
    x /= Tensor([4, 4, 4] as [Float])
    x += 1
    x -= 0.5
    x *= 2
    x /= 4
    #expect(x == Tensor([0.5, 0.75, 1.25] as [Float]))
    #expect(x.storage.pointer == memory)
    x += Tensor([[0], [1]] as [[Float]])  // grows, as x = x + y does
    #expect(x == Tensor([[0.5, 0.75, 1.25], [1.5, 1.75, 2.25]] as [[Float]]))
    x -= x
    #expect(x == Tensor.zeros([2, 3]))
    var square = Tensor([[1, 2], [3, 4]])
    square += square.transposed()
    #expect(square == Tensor([[2, 5], [5, 8]]))
  }

  @Test func comparisons() {
    let a = Tensor([1, 2, .nan] as [Double]), b = Tensor([2, 2, .nan] as [Double])
    #expect((a .< b).array(Bool.self) == [true, false, false])
    #expect((a .<= b).array(Bool.self) == [true, true, false])
    #expect((a .> b).array(Bool.self) == [false, false, false])
    #expect((a .>= b).array(Bool.self) == [false, true, false])
    #expect((a .== b).array(Bool.self) == [false, true, false] && a.equal(b) == (a .== b))
    #expect((a .!= b).array(Bool.self) == [true, false, true])
    #expect((a .< 2).array(Bool.self) == [true, false, false])
    #expect((a .<= 2).array(Bool.self) == [true, true, false])
    #expect((a .> 1.5).array(Bool.self) == [false, true, false])
    #expect((a .>= 2).array(Bool.self) == [false, true, false])
    #expect((a .== 2).array(Bool.self) == [false, true, false])
    #expect((a .!= 2).array(Bool.self) == [true, false, true])
    #expect(a != a && a.containsNaN && !b[..<2].containsNaN && !Tensor([1]).containsNaN)
    #expect(Tensor([1, 2]) != Tensor([1, 2] as [Int32]) && Tensor([1, 2]) != Tensor([[1, 2]]))
  }

  @Test func logic() {
    let a = Tensor([false, false, true, true]), b = Tensor([false, true, false, true])
    #expect((a & b) == Tensor([false, false, false, true]))
    #expect((a | b) == Tensor([false, true, true, true]))
    #expect((a ^ b) == Tensor([false, true, true, false]))
    #expect(!a == Tensor([true, true, false, false]))
    #expect(a.any().item == 1 && a.all().item == 0 && b.sum().item(Int.self) == 2)
  }

  /// The answers of numpy.allclose.
  @Test func allClose() {
    let one = Tensor([1.0], .float64)
    #expect(one.allClose(Tensor([1 + 9e-6], .float64)) && !one.allClose(Tensor([1 + 1.1e-5], .float64)))
    #expect(
      Tensor([0.0], .float64).allClose(Tensor([9e-9], .float64))
        && !Tensor([0.0], .float64).allClose(Tensor([2e-8], .float64)))
    #expect(
      one.allClose(Tensor([1.5], .float64), rtol: 0, atol: 0.5)
        && !one.allClose(Tensor([1.5], .float64), rtol: 0, atol: 0.4))
    // relative to the second
    #expect(one.allClose(Tensor([2.0], .float64), rtol: 0.5) && !Tensor([2.0], .float64).allClose(one, rtol: 0.5))
    let infinity = Tensor([Double.infinity]), nan = Tensor([Double.nan])
    #expect(
      infinity.allClose(infinity) && !infinity.allClose(-infinity) && !one.allClose(infinity) && !infinity.allClose(one)
    )
    #expect(!nan.allClose(nan) && nan.allClose(nan, equalNaN: true) && !nan.allClose(one, equalNaN: true))
    #expect(Tensor([1, 1]).allClose(Tensor(1, .int64)) && Tensor.zeros([0]).allClose(Tensor.zeros([0])))
  }

  /// numpy: x.var(ddof=1), x.std(axis=0) and so on of [[1, 2, 4], [3, 5, 9]].
  @Test func reductions() {
    let x = Tensor([[1, 2, 4], [3, 5, 9]] as [[Double]])
    #expect(
      x.sum().item == 24 && x.sum(0) == Tensor([4.0, 7.0, 13.0], .float64)
        && x.sum(-1, keepDims: true) == Tensor([[7.0], [17.0]], .float64))
    #expect(x.mean().item == 4 && x.mean(0) == Tensor([2, 3.5, 6.5], .float64))
    #expect(
      x.max().item == 9 && x.amax(1) == Tensor([4.0, 9.0], .float64) && x.amin(0) == Tensor([1.0, 2.0, 4.0], .float64))
    #expect(
      x.variance().item == 8
        && x.variance(1, correction: 0).allClose(Tensor([14.0 / 9, 56.0 / 9], .float64), rtol: 1e-14))
    #expect(
      x.standardDeviation(0).allClose(
        Tensor([1.4142135623730951, 2.1213203435596424, 3.5355339059327378], .float64), rtol: 1e-14))
    #expect(x.argmax(1) == Tensor([2, 2]) && x.argmin(0) == Tensor([0, 0, 0]))
    #expect(Tensor([true, true]).sum().dtype == .int64 && Tensor.zeros([0]).sum().item == 0)
    #expect(Tensor([-1.5, 2], .float64).absolute() == Tensor([1.5, 2.0], .float64))
  }
}
