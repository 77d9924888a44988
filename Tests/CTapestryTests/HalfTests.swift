import CTapestry
import TapestryTensors
import Testing

/// Conversions from and to float16 and bfloat16, on every tier: all numbers of both, and floats at every kind of
/// border. The reference backend goes by the definition (2^(e − bias)·1.f, the nearest, ties to even); Swift's own
/// Float16 is a second witness.
@Suite struct HalfTests {
  static let halves: [DType] = [.float16, .bfloat16]

  /// All 65536 numbers of a type.
  static func all(_ dtype: DType) -> Tensor {
    Tensor(bytes: (0...UInt16.max).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, shape: [65536], dtype)
  }

  /// x converted by a tier, and by the definition.
  private func converted(_ x: Tensor, to dtype: DType, _ tier: String) -> (ours: Tensor, defined: Tensor) {
    let ours = Tensor(uninitialized: x.shape, dtype), defined = Tensor(uninitialized: x.shape, dtype)
    x.withDescriptor { x in
      ours.withDescriptor { backend(tier).copy($0, x) }
      defined.withDescriptor { reference.copy($0, x) }
    }
    return (ours, defined)
  }

  /// The places where bits differ, NaN being like NaN.
  private func wrong(_ pair: (ours: Tensor, defined: Tensor)) -> [Int] {
    let size = pair.ours.dtype.itemSize, a = pair.ours.bytes, b = pair.defined.bytes
    let isNaN = pair.defined.dtype.isFloatingPoint ? (0..<pair.defined.count).map { pair.defined.number(at: $0) } : []
    return (0..<pair.ours.count).filter { i in
      if a[i * size..<(i + 1) * size] == b[i * size..<(i + 1) * size] { return false }
      return isNaN.isEmpty || !(isNaN[i].item.isNaN && pair.ours.number(at: i).item.isNaN)
    }
  }

  @Test(arguments: tiers)
  func everyHalfIsReadRight(_ tier: String) {
    for half in Self.halves {
      for dtype in DType.allCases where dtype != half {
        #expect(wrong(converted(Self.all(half), to: dtype, tier)) == [], "\(tier): \(half) to \(dtype)")
      }
    }
  }

  @Test(arguments: tiers)
  func everyHalfSurvivesFloat(_ tier: String) {
    for half in Self.halves {
      let there = converted(Self.all(half), to: .float32, tier).ours, back = converted(there, to: half, tier).ours
      // A signaling NaN may become a quiet one.
      let lost = zip(Self.all(half).bytes.pairs, back.bytes.pairs).filter {
        $0 != $1 && !(isNaN($0, half) && isNaN($1, half))
      }
      #expect(lost.isEmpty, "\(tier): \(half)")
    }
  }

  private func isNaN(_ bits: UInt16, _ half: DType) -> Bool { bits & 0x7fff > (half == .float16 ? 0x7c00 : 0x7f80) }

  /// Floats around every number of the type, every middle between two, and what lies beyond; with doubles a hair beside
  /// the middle, that a first rounding to float would put on it.
  @Test(arguments: tiers)
  func theNearestOfTwo(_ tier: String) {
    for half in Self.halves {
      let numbers = Self.all(half).cast(to: .float64).array(Double.self).filter(\.isFinite)
      let magnitudes = numbers.filter { $0 >= 0 }, beyond = half == .float16 ? 65536 : 0x1p128
      var doubles: [Double] = []
      for (low, high) in zip(magnitudes, magnitudes.dropFirst() + [beyond]) {
        let middle = low + (high - low) / 2
        doubles += [
          low, low.nextUp, middle.nextDown, middle, middle.nextUp, middle * (1 - 0x1p-40), middle * (1 + 0x1p-40),
        ]
      }
      doubles += [beyond, 1e300, .infinity, .nan, .leastNonzeroMagnitude, 0x1p-25, 0x1p-134]
      doubles += doubles.map { -$0 }
      let x = Tensor(doubles)
      #expect(wrong(converted(x, to: half, tier)) == [], "\(tier): float64 to \(half)")
      #expect(wrong(converted(x.cast(to: .float32), to: half, tier)) == [], "\(tier): float32 to \(half)")
    }
  }

  @Test(arguments: tiers)
  func drawnNumbersAndWholeOnes(_ tier: String) {
    var draw = Draw(seed: 71)
    let bits = Tensor((0..<20_000).map { _ in UInt8(draw.bits() & 255) })
    let floats = Tensor(bytes: bits.bytes, shape: [5000], .float32),
      doubles = Tensor(bytes: bits.bytes, shape: [2500], .float64)
    // Whole numbers that a double cannot hold: just above and just below a middle of bfloat16.
    let wide = (8...54).flatMap { k -> [Int] in
      let tie = (257 << 54) >> k
      return [tie - 1, tie, tie + 1, -tie - 1, -tie, -tie + 1]
    }
    let whole = Tensor(
      wide + [.min, .max, .min + 1, 0, 65519, 65520, -65520, 2048, 2049, 2051]
        + (0..<500).map { _ in Int(truncatingIfNeeded: draw.bits()) })
    for half in Self.halves {
      for x in [floats, doubles, whole, whole.cast(to: .int32), whole.cast(to: .uint8), whole.cast(to: .bool)] {
        #expect(wrong(converted(x, to: half, tier)) == [], "\(tier): \(x.dtype) to \(half)")
      }
      #expect(
        wrong(converted(Self.all(Self.halves.first { $0 != half }!), to: half, tier)) == [],
        "\(tier): between the two, to \(half)")
    }
  }

  #if !(os(macOS) && arch(x86_64))
    /// The definition itself, against Swift's Float16.
    @Test func theDefinitionIsSwifts() {
      let codes = (0...UInt16.max).map { Float16(bitPattern: $0) }
      let (_, read) = converted(Self.all(.float16), to: .float32, "portable")
      let wrongReads = zip(codes, read.array(Float.self)).filter {
        Float($0).isNaN ? !$1.isNaN : Float($0).bitPattern != $1.bitPattern
      }
      #expect(wrongReads.isEmpty)
      var draw = Draw(seed: 72)
      let floats =
        (0..<30_000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: draw.bits())) }
        + codes.flatMap { [Float($0).nextUp, Float($0).nextDown] }
      let (_, made) = converted(Tensor(floats), to: .float16, "portable")
      let wrongOnes = zip(floats, made.array(Float16.self)).filter {
        Float16($0).isNaN ? !$1.isNaN : Float16($0).bitPattern != $1.bitPattern
      }
      #expect(wrongOnes.isEmpty, "\(wrongOnes.prefix(3))")
    }
  #endif

  @Test func traits() {
    #expect(DType.allCases.count == Int(TP_DTYPES) && Set(DType.allCases.map(\.description)).count == Int(TP_DTYPES))
    #expect(
      DType.allCases.map { "\($0)" } == [
        "float32", "float64", "int32", "int64", "uint8", "bool", "float16", "bfloat16",
      ])
    #expect(DType.allCases.map(\.itemSize) == [4, 8, 4, 8, 1, 1, 2, 2])
    #expect(DType.allCases.filter(\.isFloatingPoint) == [.float32, .float64, .float16, .bfloat16])
    #expect(
      DType.allCases.filter { !$0.isComputed } == Self.halves && Self.halves.map(\.computedIn) == [.float32, .float32])
    for dtype in computedTypes where dtype != .bool { #expect(dtype.computedIn == dtype) }
  }
}

extension [UInt8] {
  fileprivate var pairs: [UInt16] {
    stride(from: 0, to: count, by: 2).map { UInt16(self[$0]) | UInt16(self[$0 + 1]) << 8 }
  }
}
