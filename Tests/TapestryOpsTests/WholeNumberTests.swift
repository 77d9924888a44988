import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Functions of whole numbers, exact to the ends of int64. Expected values are Swift's own integer arithmetic, or
/// PyTorch 2.15's where a comment gives its call.
struct WholeNumberTests {
  private static let p = (1 << 53) + 1  // no Double
  private static let corners = [Int.min, -p, -1, 0, 1, 3, p - 1, p, Int.max]
  private func v(_ x: [Int]) -> Variable { Variable(Tensor(x)) }

  @Test func operatorsOfVariables() {
    for n in Self.corners {
      let x = Self.corners
      #expect(
        (v(x) + n).value == Tensor(x) + n && (n + v(x)).value == Tensor(x) + n
          && (v(x) - n).value == Tensor(x.map { $0 &- n }), "\(n)")
      #expect(
        (n - v(x)).value == Tensor(x.map { n &- $0 }) && (v(x) * n).value == Tensor(x.map { $0 &* n })
          && (n * v(x)).value == Tensor(x) * n, "\(n)")
      #expect(
        (v(x) .== n).array(Bool.self) == x.map { $0 == n } && (n .< v(x)).array(Bool.self) == x.map { n < $0 }, "\(n)")
      var y = v(x)
      y += n
      y -= 1
      y *= 3
      #expect(y.value == Tensor(x.map { ($0 &+ n &- 1) &* 3 }), "\(n)")
    }
    // A temporary's memory is used again, and the number must reach it unharmed.
    #expect(((v([0]) + 1) + Self.p).value == Tensor([Self.p + 1]))
  }

  /// torch.tensor([1, 3]) / 2: float32.
  @Test func division() {
    #expect(
      (v([1, 3]) / 2).value == Tensor([0.5, 1.5]) && (1 / v([2, 0])).value == Tensor([0.5, .infinity] as [Float]))
    #expect(
      (v([1, 3]) / v([2, 4])).value == Tensor([0.5, 0.75])
        && (v([1, 3]) / Tensor([2, 4])).value == Tensor([0.5, 0.75]))
    #expect((Variable(Tensor([true])) / 2).value == Tensor([0.5]) && (v([7]) / 2).dtype == .float32)
    #expect(
      floorDivide(v([7, -7]), v([2, 2])).value == Tensor([3, -4])
        && remainder(v([7, -7]), v([2, 2])).value == Tensor([1, 1]))
    #expect(fmod(v([7, -7, .min]), v([2, 2, Self.p])).value == Tensor([1, -1, .min % Self.p]))
    #expect(
      maximum(v([Self.p]), v([Self.p - 1])).value == Tensor([Self.p])
        && minimum(v([Self.p]), v([Self.p - 1])).value == Tensor([Self.p - 1]))
  }

  /// torch.tensor([0, 1, 200, 255], dtype=torch.uint8).clamp(0, 256) changes nothing: limits by arithmetic.
  @Test func clamps() {
    let x = Variable(Tensor([0, 1, 200, 255] as [UInt8]))
    #expect(clamp(x, min: 0, max: 256).value == x.value && clamp(x, min: -1, max: 1e30).value == x.value)
    #expect(
      clamp(x, min: -5).value == x.value && clamp(x, max: 300).value == x.value
        && clamp(x, min: -Double.infinity, max: 7.0).value.item(at: 2) == 7)
    #expect(clamp(x, min: 1, max: 200).value == Tensor([1, 1, 200, 200] as [UInt8]))
    #expect(
      clamp(x, min: 100).value == Tensor([100, 100, 200, 255] as [UInt8])
        && clamp(x, max: 100).value == Tensor([0, 1, 100, 100] as [UInt8]))
    #expect(
      clamp(x, min: 300, max: 255).value == Tensor([255, 255, 255, 255] as [UInt8])
        && clamp(x, min: 9, max: 3).value.item(at: 0) == 3)
    let y = Variable(Tensor([.min, 0, .max] as [Int32]))
    #expect(
      clamp(y, min: -1 << 40, max: 1 << 40).value == y.value
        && clamp(y, max: 5).value == Tensor([.min, 0, 5] as [Int32]))
    for low in Self.corners {
      for high in Self.corners {
        #expect(
          clamp(v(Self.corners), min: low, max: high).value == Tensor(Self.corners.map { min(max($0, low), high) }),
          "\(low), \(high)")
      }
      #expect(clamp(v(Self.corners), min: low).value == Tensor(Self.corners.map { max($0, low) }), "\(low)")
      #expect(clamp(v(Self.corners), max: low).value == Tensor(Self.corners.map { min($0, low) }), "\(low)")
    }
  }

  /// (−1)ⁿ of an exponent beyond 2⁵³, and one that uint8 itself cannot hold.
  @Test func powers() {
    #expect(pow(v([-1, 1]), Self.p).value == Tensor([-1, 1]) && pow(v([-1]), Self.p - 1).value == Tensor([1]))
    #expect(pow(v([Self.p]), 1).value == Tensor([Self.p]) && pow(Self.p, v([0, 1])).value == Tensor([1, Self.p]))
    #expect(pow(v([3037000499]), 2).value == Tensor([3037000499 * 3037000499]))
    #expect(
      pow(Variable(Tensor([3] as [UInt8])), 300).value == Tensor([(0..<300).reduce(1) { r, _ in r &* 3 }] as [UInt8]))
    #expect(pow(v([-1, 2]), v([Self.p, 62])).value == Tensor([-1, 1 << 62]))
  }

  @Test func fills() {
    for n in Self.corners {
      let mask = Tensor([true, false])
      #expect(
        v([5, 6]).where(mask, n).value == Tensor([5, n]) && v([5, 6]).maskedFill(mask, n).value == Tensor([n, 6]),
        "\(n)")
      #expect(v([5]).padded([(1, 1)], mode: .constant(n)).value == Tensor([n, 5, n]), "\(n)")
    }
    #expect(Variable(Tensor([5.5])).padded([(1, 0)], mode: .constant(0.25)).value == Tensor([0.25, 5.5]))
  }

  /// torch.tensor([200, 100], dtype=torch.uint8).cumsum(0) and so on: integers and bool are counted in int64, as in sum
  /// and prod.
  @Test func scansCountInInt64() {
    let x = Variable(Tensor([200, 100, 0, 255] as [UInt8]))
    #expect(x.cumsum(0).value == Tensor([200, 300, 300, 555]) && x.cumprod(0).value == Tensor([200, 20000, 0, 0]))
    let y = Variable(Tensor([Int32.max, Int32.max] as [Int32]))
    #expect(
      y.cumsum(0).value == Tensor([(1 << 31) - 1, (1 << 32) - 2])
        && y.cumprod(0).value[1].item(Int.self) == ((1 << 31) - 1) * ((1 << 31) - 1))
    #expect(
      y.sum().value.item(Int.self) == (1 << 32) - 2
        && y.prod().value.item(Int.self) == ((1 << 31) - 1) * ((1 << 31) - 1))
    let truth = Variable(Tensor([true, true, false]))
    #expect(
      truth.cumsum(0).value == Tensor([1, 2, 2]) && truth.cumprod(0).value == Tensor([1, 1, 0])
        && truth.sum().value == Tensor(2, .int64))
    #expect(
      v([Self.p, 1]).cumsum(0).value == Tensor([Self.p, Self.p + 1])
        && v([Self.p, 3]).cumprod(0).value == Tensor([Self.p, 3 * Self.p]))
    #expect(
      Variable(Tensor([1.5, 2])).cumsum(0).dtype == .float32
        && Variable(Tensor(7, .uint8)).cumsum(0).value == Tensor(7, .int64))
    #expect(
      Variable(Tensor.zeros([0], .uint8)).cumsum(0).dtype == .int64
        && Variable(Tensor.zeros([0], .uint8)).cumprod(0).dtype == .int64)
  }
}

extension Tensor {
  fileprivate func item(at index: Int) -> Double { self[index].item }
}
