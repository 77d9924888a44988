import TapestryTensors
import Testing

/// Whole numbers are exact: no detour through Double, which has 53 bits. Expected values are Swift's own integer
/// arithmetic unless said otherwise.
struct WholeNumberTests {
  private static let p = (1 << 53) + 1  // no Double
  private static let corners = [Int.min, Int.min + 1, -p, -1, 0, 1, 3, p - 1, p, Int.max - 1, Int.max]

  @Test(arguments: Backend.all.map(\.name)) func operatorsWithNumbers(_ backend: String) {
    withBackend(backend) {
      for n in Self.corners {
        let x = Self.corners, t = Tensor(x)
        #expect((t + n).array(Int.self) == x.map { $0 &+ n } && (n + t).array(Int.self) == x.map { $0 &+ n }, "\(n)")
        #expect((t - n).array(Int.self) == x.map { $0 &- n } && (n - t).array(Int.self) == x.map { n &- $0 }, "\(n)")
        #expect((t * n).array(Int.self) == x.map { $0 &* n } && (n * t).array(Int.self) == x.map { $0 &* n }, "\(n)")
        var y = t
        y += n
        y *= n
        y -= n
        #expect(y.array(Int.self) == x.map { ($0 &+ n) &* n &- n }, "\(n)")
        if n == 0 { continue }
        let floors = x.map { a in
          a == .min && n == -1 ? (a, 0) : (a % n != 0 && (a < 0) != (n < 0) ? a / n - 1 : a / n, a % n)
        }
        #expect(floorDivide(t, n).array(Int.self) == floors.map(\.0), "\(n)")
        #expect((t % n).array(Int.self) == floors.map { $1 != 0 && ($1 < 0) != (n < 0) ? $1 + n : $1 }, "\(n)")
      }
    }
  }

  /// In uint8 and int32 results wrap, and so x − 1 of 0 is 255.
  @Test(arguments: Backend.all.map(\.name)) func smallTypes(_ backend: String) {
    withBackend(backend) {
      let x = [0, 1, 127, 128, 254, 255] as [UInt8], t = Tensor(x)
      for n in [0, 1, 2, 100, 255] {
        let m = UInt8(n)
        #expect(
          (t + n).array() == x.map { $0 &+ m } && (t - n).array() == x.map { $0 &- m }
            && (n - t).array() == x.map { m &- $0 })
        #expect((t * n).array() == x.map { $0 &* m })
        if n > 0 { #expect((t % n).array() == x.map { $0 % m } && floorDivide(t, n).array() == x.map { $0 / m }) }
      }
      let y = [.min, -7, -1, 0, 1, 7, .max] as [Int32], u = Tensor(y)
      for n in [Int(Int32.min), -3, -1, 1, 3, Int(Int32.max)] {
        let m = Int32(n)
        #expect(
          (u + n).array() == y.map { $0 &+ m } && (u - n).array() == y.map { $0 &- m }
            && (n - u).array() == y.map { m &- $0 })
        #expect((u * n).array() == y.map { $0 &* m })
      }
    }
  }

  enum Number: Sendable { case whole(Int), real(Double) }
  private static let numbers: [Number] =
    (corners + [-2, 2, 127, 128, 254, 255, 256, 300, 1 << 31, (1 << 31) - 1, -1 << 31, (-1 << 31) - 1, 1 << 32]).map {
      .whole($0)
    }
    + [
      -0.5, 0.5, 1.0, 1.5, 254.5, 255.5, 1e10, -1e10, 0x1p53, 0x1p62 + 1024, 0x1p63, -0x1p63, -0x1p63 - 2048, 1e30,
      -1e30, .infinity, -.infinity, .nan, -0.0,
    ]
    .map { .real($0) }

  /// −1, 0, 1 as a is smaller than, equal to or larger than the number; nil beside NaN.
  private static func order(_ a: Int, _ number: Number) -> Int? {
    switch number {
    case .whole(let n): return (a > n ? 1 : 0) - (a < n ? 1 : 0)
    case .real(let x):
      if x.isNaN { return nil }
      if x >= 0x1p63 { return -1 }
      if x < -0x1p63 { return 1 }
      let whole = Int(x)  // towards zero
      if a != whole { return a < whole ? -1 : 1 }
      return x == Double(whole) ? 0 : x > Double(whole) ? -1 : 1
    }
  }

  /// Every comparison with every number, also with those that the type cannot hold: by arithmetic, as PyTorch compares
  /// 1.5, 256 and ∞.
  @Test(arguments: Backend.all.map(\.name), [DType.uint8, .int32, .int64, .bool]) func comparisons(
    _ backend: String, _ dtype: DType
  ) {
    let elements: [Int] =
      switch dtype {
      case .uint8: [0, 1, 2, 127, 128, 254, 255]
      case .int32: [Int(Int32.min), -2, -1, 0, 1, 2, 255, 256, Int(Int32.max)]
      case .bool: [0, 1]
      default: Self.corners + [Self.p + 1, 1 << 62, (1 << 62) + 1024]
      }
    let t = Tensor(elements, dtype)
    func check(_ n: some Scalar, _ number: Number) {
      let order = elements.map { Self.order($0, number) }
      #expect((t .< n).array(Bool.self) == order.map { $0.map { $0 < 0 } ?? false }, "\(dtype) .< \(number)")
      #expect((t .<= n).array(Bool.self) == order.map { $0.map { $0 <= 0 } ?? false }, "\(dtype) .<= \(number)")
      #expect((t .> n).array(Bool.self) == order.map { $0.map { $0 > 0 } ?? false }, "\(dtype) .> \(number)")
      #expect((t .>= n).array(Bool.self) == order.map { $0.map { $0 >= 0 } ?? false }, "\(dtype) .>= \(number)")
      #expect((t .== n).array(Bool.self) == order.map { $0 == 0 }, "\(dtype) .== \(number)")
      #expect((t .!= n).array(Bool.self) == order.map { $0 != 0 }, "\(dtype) .!= \(number)")
    }
    withBackend(backend) {
      for number in Self.numbers {
        switch number {
        case .whole(let n): check(n, number)
        case .real(let x): check(x, number)
        }
      }
    }
  }

  /// The examples, and that a Tensor and a number agree.
  @Test func examples() {
    let p = Self.p
    #expect((Tensor([p, p - 1]) .== p).array(Bool.self) == [true, false])
    #expect((Tensor([0]) + p).item(Int.self) == p)
    #expect((Tensor([1] as [UInt8]) .> -1).item == 1 && (Tensor([1] as [Int32]) .< 4_294_967_296).item == 1)
    #expect(Tensor([p]) != Tensor([p - 1]) && Tensor([p]) == Tensor([p]))
  }

  @Test func elements() {
    for n in Self.corners {
      var x = Tensor.zeros([2, 3], .int64)
      x[..., 1].fill(n)
      #expect(x.array(Int.self) == [0, n, 0, 0, n, 0])
      #expect(Tensor(n, .int64).item(Int.self) == n && Tensor.full([2], n, .int64).array(Int.self) == [n, n])
      #expect(Tensor.full(like: x, n)[1, 2].item(Int.self) == n)
      #expect(Tensor([n], .int64).item(Int.self) == n)
    }
    #expect(Tensor(0x1p62, .int64).item(Int.self) == 1 << 62 && Tensor(-0x1p63, .int64).item(Int.self) == .min)
    #expect(Tensor.full([1], 9.1e18, .int64).item(Int.self) == 9_100_000_000_000_000_000)
    #expect(
      Tensor.full([1], Int(Int32.min), .int32).item(Int32.self) == .min
        && Tensor.full([1], 255, .uint8).item(UInt8.self) == 255)
    // What differs from 0 is true, as in a cast.
    #expect(Tensor.full([1], 0.5, .bool).item == 1 && Tensor(0, .bool).item == 0 && Tensor(Double.nan, .bool).item == 1)
    #expect(Tensor([0.5, 0.0], .bool) == Tensor([true, false]))
    #expect(Tensor([1 << 53]).item == 0x1p53 && Tensor([Int.min]).item == -0x1p63)
  }

  /// Numbers that a type holds are converted up to its ends; an integer type cuts fractions off, as torch.tensor([2.7],
  /// dtype=torch.int64) does.
  @Test func conversions() {
    #expect(Tensor([0, 255.9, -0.9], .uint8) == Tensor([0, 255, 0] as [UInt8]))
    #expect(Tensor([-0x1p31 - 0.5, 0x1p31 - 0.5], .int32) == Tensor([.min, .max] as [Int32]))
    #expect(Tensor([Int(Int32.min), Int(Int32.max)], .int32) == Tensor([.min, .max] as [Int32]))
    #expect(Tensor([-0x1p63, 0x1p62], .int64) == Tensor([Int.min, 1 << 62]))
    #expect(Tensor.arange(256, .uint8).array(UInt8.self) == Array(0...255))
    #expect(Tensor.linspace(0, 255, 2, .uint8) == Tensor([0, 255] as [UInt8]))
    #expect(Tensor([] as [Double], .uint8).shape == [0])
  }

  /// torch.tensor([1, 3]) / 2 and so on: float32.
  @Test func divisionIsThatOfNumbers() {
    #expect(Tensor([1, 3]) / 2 == Tensor([0.5, 1.5]))
    #expect(Tensor([1, 3]) / 0.5 == Tensor([2.0, 6.0]))
    #expect(1 / Tensor([2, 0] as [UInt8]) == Tensor([0.5, .infinity] as [Float]))
    #expect(Tensor([1, 3]) / Tensor([2, 0]) == Tensor([0.5, .infinity] as [Float]))
    #expect(Tensor([true, false]) / 2 == Tensor([0.5, 0.0]))
    #expect(Tensor([7, -7, 8] as [Int32]) / Tensor([2, 2, 2] as [Int32]) == Tensor([3.5, -3.5, 4]))
    #expect((Tensor([7.0], .float64) / 2).dtype == .float64)
    #expect(floorDivide(Tensor([7, -7, 8]), Tensor([2, 2, -3])) == Tensor([3, -4, -3]))
    #expect(floorDivide(Tensor([7.5]), 2) == Tensor([3.0]))
  }

  /// torch.tensor([6, 3]) & torch.tensor([3, 5]) and so on.
  @Test(arguments: Backend.all.map(\.name)) func bits(_ backend: String) {
    withBackend(backend) {
      let x = Self.corners, y = Array(x.reversed())
      #expect((Tensor(x) & Tensor(y)).array(Int.self) == zip(x, y).map { $0 & $1 })
      #expect((Tensor(x) | Tensor(y)).array(Int.self) == zip(x, y).map { $0 | $1 })
      #expect((Tensor(x) ^ Tensor(y)).array(Int.self) == zip(x, y).map { $0 ^ $1 })
      #expect((~Tensor(x)).array(Int.self) == x.map { ~$0 })
      #expect(Tensor([6, 3] as [UInt8]) & Tensor([3, 5] as [UInt8]) == Tensor([2, 1] as [UInt8]))
      #expect(Tensor([6, 3] as [Int32]) ^ Tensor([3, 5] as [Int32]) == Tensor([5, 6] as [Int32]))
      #expect(
        ~Tensor([0, 5] as [UInt8]) == Tensor([255, 250] as [UInt8])
          && ~Tensor([0, 5] as [Int32]) == Tensor([-1, -6] as [Int32]))
      #expect(~Tensor([true, false]) == Tensor([false, true]) && !Tensor([0, 5]) == Tensor([true, false]))
      #expect((Tensor([[1], [2]]) | Tensor([4, 8])) == Tensor([[5, 9], [6, 10]]))
    }
  }

  @Test func allCloseOfWholeNumbers() {
    let p = Tensor([Self.p]), q = Tensor([Self.p - 1])
    #expect(!p.allClose(q, rtol: 0, atol: 0.5) && p.allClose(q, rtol: 0, atol: 1) && p.allClose(p, rtol: 0, atol: 0))
    #expect(
      !Tensor([Int.max]).allClose(Tensor([Int.min]), rtol: 0, atol: 0x1p63)
        && Tensor([Int.max]).allClose(Tensor([Int.min]), rtol: 0, atol: 0x1p64))
    #expect(Tensor([3] as [UInt8]).allClose(Tensor([5] as [UInt8]), rtol: 0, atol: 2))
    #expect(!Tensor([3] as [UInt8]).allClose(Tensor([5] as [UInt8]), rtol: 0, atol: 1))
  }

  /// The whole of int64: bounds that no Double is, and more numbers than Int counts.
  @Test(arguments: Backend.all.map(\.name)) func randintBeyondDoubles(_ backend: String) {
    withBackend(backend) {
      let p = Self.p
      #expect(Tensor.randint([5], in: p..<p + 1).array(Int.self) == [p, p, p, p, p])
      #expect(
        Tensor.randint([3], in: Int.max - 1..<Int.max).array(Int.self) == [Int.max - 1, Int.max - 1, Int.max - 1])
      #expect(
        Set(Tensor.randint([200], in: p..<p + 3, using: Generator(seed: 1)).array(Int.self)) == [p, p + 1, p + 2])
      let x = Tensor.randint([4000], in: Int.min..<Int.max, using: Generator(seed: 2)).array(Int.self)
      // Quarters of the range, within five standard errors.
      for quarter in 0..<4 {
        let count = x.count { (UInt(bitPattern: $0) ^ (1 << 63)) >> 62 == quarter }
        #expect(abs(Double(count) - 1000) < 5 * (4000.0 * 3 / 16).squareRoot(), "\(quarter)")
      }
      #expect(Tensor.randint([3], in: 255..<256, .uint8).array(UInt8.self) == [255, 255, 255])
      #expect(Tensor.randint([2], in: 0x7fff_ffff..<0x8000_0000, .int32).array(Int32.self) == [.max, .max])
      #expect(Tensor.randint([2], in: 1 << 24..<(1 << 24) + 1, .float32)[0].item == 0x1p24)
    }
  }
}
