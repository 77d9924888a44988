import CTapestry
import Foundation
import TapestryTensors
import Testing

struct RandomTests {
  /// Random123's kat_vectors, philox4x32 with 10 rounds.
  @Test func knownAnswers() {
    func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
      var out = [UInt32](repeating: 0, count: 4)
      tp_philox(counter, key, &out)
      return out
    }
    let ones = UInt32.max
    #expect(philox([0, 0, 0, 0], [0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    #expect(philox([ones, ones, ones, ones], [ones, ones]) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    #expect(
      philox([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]) == [
        0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1,
      ])
  }

  /// Tensors hold those words: uniform float32 elements 0, 16, 32, 48 are the top 24 bits of the four words of the
  /// first counter.
  @Test func uniformIsMadeOfPhilox() {
    let x = Tensor.uniform([64], using: Generator(seed: 0)).array(Float.self)
    let words: [UInt32] = [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
    #expect([x[0], x[16], x[32], x[48]] == words.map { Float($0 >> 8) / 16_777_216 })
  }

  static let kinds: [(String, @Sendable (Shape, Generator) -> Tensor)] = [
    ("uniform f32", { .uniform($0, using: $1) }),
    ("uniform f64", { .uniform($0, low: -2, high: 3, .float64, using: $1) }),
    ("normal f32", { .normal($0, using: $1) }),
    ("normal f64", { .normal($0, mean: 1, standardDeviation: 2, .float64, using: $1) }),
    ("truncated f32", { .truncatedNormal($0, using: $1) }),
    ("truncated f64", { .truncatedNormal($0, .float64, using: $1) }),
    ("bernoulli", { .bernoulli($0, probability: 0.3, using: $1) }),
    ("bernoulli bool", { .bernoulli($0, .bool, using: $1) }),
    ("randint", { .randint($0, in: -5..<17, using: $1) }),
    ("randint u8", { .randint($0, in: 0..<256, .uint8, using: $1) }),
  ]

  @Test(arguments: kinds.indices) func sameBitsOnAnyNumberOfThreads(kind: Int) {
    let (name, draw) = RandomTests.kinds[kind]
    let expected = withThreads(1) { draw([50_001], Generator(seed: 5)) }
    for threads in [2, 3, 7] {
      #expect(withThreads(threads) { draw([50_001], Generator(seed: 5)) } == expected, "\(name)")
    }
    for backend in Backend.all {
      let count = 333
      #expect(withBackend(backend) { draw([count], Generator(seed: 5)) } == expected[..<count], "\(name) on \(backend)")
    }
  }

  /// An element depends on its number alone, so every count is the beginning of a longer draw: none stays unwritten.
  @Test(arguments: kinds.indices) func everyElementIsWritten(kind: Int) {
    let (name, draw) = RandomTests.kinds[kind]
    let long = draw([200], Generator(seed: 3))
    for count in 0..<135 { #expect(draw([count], Generator(seed: 3)) == long[..<count], "\(name), \(count)") }
    #expect(draw([3, 5], Generator(seed: 3)) == long[..<15].reshaped(3, 5))
  }

  // Moments within five standard errors of the true ones. The seed is fixed: these hold always or never.

  private func moments(_ x: Tensor) -> (mean: Double, variance: Double, skew: Double, kurtosis: Double) {
    let v = x.cast(to: .float64).array(Double.self), n = Double(v.count)
    let mean = v.reduce(0, +) / n
    func central(_ p: Int) -> Double { v.reduce(0) { $0 + pow($1 - mean, Double(p)) } / n }
    let variance = central(2)
    return (mean, variance, central(3) / pow(variance, 1.5), central(4) / (variance * variance))
  }

  private let n = 40_000.0

  @Test(arguments: [DType.float32, .float64]) func uniformMoments(dtype: DType) {
    let x = Tensor.uniform([40_000], low: 2, high: 5, dtype, using: Generator(seed: 11))
    let m = moments(x)
    #expect(x.min().item >= 2 && x.max().item < 5 && x.min().item < 2.001 && x.max().item > 4.999)
    #expect(abs(m.mean - 3.5) < 5 * 3 / (12 * n).squareRoot())  // σ = (high − low)/√12
    #expect(abs(m.variance - 0.75) < 5 * 0.75 * (0.8 / n).squareRoot())  // kurtosis 1.8
    #expect(abs(m.skew) < 5 * (2.06 / n).squareRoot() && abs(m.kurtosis - 1.8) < 0.05)
  }

  @Test(arguments: [DType.float32, .float64]) func normalMoments(dtype: DType) {
    let x = Tensor.normal([40_000], mean: -1, standardDeviation: 3, dtype, using: Generator(seed: 12))
    let m = moments(x)
    #expect(abs(m.mean + 1) < 5 * 3 / n.squareRoot())
    #expect(abs(m.variance - 9) < 5 * 9 * (2 / n).squareRoot())
    #expect(abs(m.skew) < 5 * (6 / n).squareRoot() && abs(m.kurtosis - 3) < 5 * (24 / n).squareRoot())
    // Kolmogorov and Smirnov: the largest distance from the distribution function; beyond 1.95/√n only once in 1000
    // draws.
    let sorted = x.cast(to: .float64).array(Double.self).sorted()
    let distance = sorted.enumerated().map { i, v in
      let p = 0.5 * erfc(-(v + 1) / 3 / 2.0.squareRoot())
      return max(abs(p - Double(i) / n), abs(p - Double(i + 1) / n))
    }.max()!
    #expect(distance < 1.95 / n.squareRoot())
    // Neighbors do not follow each other.
    let v = x.cast(to: .float64).array(Double.self)
    let correlation = zip(v, v.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * ($1.1 + 1) } / (9 * n)
    #expect(abs(correlation) < 5 / n.squareRoot())
  }

  /// Cut at ±2σ a normal has the variance 1 − 4·φ(2)/(2·Φ(2) − 1) = 0.7737413 and the kurtosis 2.36545
  /// (scipy.stats.truncnorm(-2, 2)).
  @Test(arguments: [DType.float32, .float64]) func truncatedMoments(dtype: DType) {
    let x = Tensor.truncatedNormal([40_000], mean: 1, standardDeviation: 2, dtype, using: Generator(seed: 13))
    let m = moments(x)
    #expect(x.min().item >= -3 && x.max().item <= 5 && x.min().item < -2.9 && x.max().item > 4.9)
    #expect(abs(m.mean - 1) < 5 * 2 * 0.8797 / n.squareRoot())
    #expect(abs(m.variance - 4 * 0.7737413) < 5 * 4 * 0.7737413 * (1.36545 / n).squareRoot())
    #expect(abs(m.kurtosis - 2.36545) < 0.08)
  }

  @Test func bernoulliFrequency() {
    for p in [0.0, 0.1, 0.5, 0.9, 1.0] {
      let x = Tensor.bernoulli([40_000], probability: p, using: Generator(seed: 14))
      #expect(((x .== 0) | (x .== 1)).all().item == 1)
      #expect(abs(x.mean().item - p) <= 5 * (p * (1 - p) / n).squareRoot(), "\(p)")
    }
  }

  @Test func randintFrequencies() {
    let x = Tensor.randint([40_000], in: -3..<4, using: Generator(seed: 15))
    for value in -3..<4 {
      let count = (x .== value).sum().item
      #expect(abs(count - n / 7) < 5 * (n * 6 / 49).squareRoot(), "\(value)")
    }
    #expect(x.min().item == -3 && x.max().item == 3)
    #expect(Tensor.randint([10], in: 7..<8, .int32).array(Int32.self) == [Int32](repeating: 7, count: 10))
  }

  @Test func permutations() {
    let generator = Generator(seed: 16)
    for count in [0, 1, 2, 17, 100] {
      #expect(Tensor.permutation(count, using: generator).array(Int.self).sorted() == Array(0..<count))
    }
    var orders: [[Int]: Double] = [:]
    for _ in 0..<6000 { orders[Tensor.permutation(3, using: generator).array(Int.self), default: 0] += 1 }
    #expect(orders.count == 6)
    for (order, count) in orders { #expect(abs(count - 1000) < 5 * (1000.0 * 5 / 6).squareRoot(), "\(order)") }
  }
}
