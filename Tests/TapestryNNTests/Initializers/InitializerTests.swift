import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// An initializer with the mean, σ and bounds that mathematics expects of it.
private struct Moments: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let initializer: Initializer
  let shape: Shape
  let mean: Double, deviation: Double
  let bounds: ClosedRange<Double>?
  /// Kurtosis of the distribution, on which the error of a measured σ depends: 3 normal, 9/5 uniform.
  let kurtosis: Double

  init(
    _ name: String, _ initializer: Initializer, _ shape: Shape, mean: Double = 0, σ deviation: Double,
    bounds: ClosedRange<Double>? = nil, kurtosis: Double
  ) {
    testDescription = name
    self.initializer = initializer
    self.shape = shape
    self.mean = mean
    self.deviation = deviation
    self.bounds = bounds
    self.kurtosis = kurtosis
  }

  static func uniform(_ name: String, _ initializer: Initializer, _ shape: Shape, _ bound: Double) -> Moments {
    Moments(name, initializer, shape, σ: bound / 3.0.squareRoot(), bounds: -bound...bound, kurtosis: 1.8)
  }

  static func normal(_ name: String, _ initializer: Initializer, _ shape: Shape, _ deviation: Double) -> Moments {
    Moments(name, initializer, shape, σ: deviation, kurtosis: 3)
  }
}

// Our matrices are (in, out): 60 in, 300 out. The convolution (out, in, k, k) has 8·9 in and 20·9 out.
private let matrix: Shape = [60, 300]
private let kernel: Shape = [20, 8, 3, 3]

private let moments: [Moments] = [
  .uniform("xavierUniform: √(6/(in + out))", .xavierUniform, matrix, (6.0 / 360).squareRoot()),
  .normal("xavierNormal: √(2/(in + out))", .xavierNormal, matrix, (2.0 / 360).squareRoot()),
  .uniform(
    "xavierUniform of a convolution, gain 5/3", .xavierUniform(gain: 5.0 / 3), kernel,
    5.0 / 3 * (6.0 / 252).squareRoot()),
  .normal("xavierNormal of a convolution, gain 2", .xavierNormal(gain: 2), kernel, 2 * (2.0 / 252).squareRoot()),
  .uniform("heUniform: √(6/in)", .heUniform, matrix, (6.0 / 60).squareRoot()),
  .normal("heNormal: √(2/in)", .heNormal, matrix, (2.0 / 60).squareRoot()),
  .uniform("heUniform by fan-out", .heUniform(mode: .fanOut), matrix, (6.0 / 300).squareRoot()),
  .normal("heNormal of a convolution by fan-out", .heNormal(mode: .fanOut), kernel, (2.0 / 180).squareRoot()),
  .normal(
    "heNormal for leaky ReLU 0.5", .heNormal(nonlinearity: .leakyRelu(negativeSlope: 0.5)), kernel,
    (2.0 / 1.25 / 72).squareRoot()),
  .uniform("lecunUniform: √(3/in)", .lecunUniform, matrix, (3.0 / 60).squareRoot()),
  .normal("lecunNormal: √(1/in)", .lecunNormal, matrix, (1.0 / 60).squareRoot()),
  .uniform("fanInUniform: 1/√in", .fanInUniform, matrix, (1.0 / 60).squareRoot()),
  Moments("uniform(−1, 3)", .uniform(-1, 3), matrix, mean: 1, σ: 4 / 12.0.squareRoot(), bounds: -1...3, kurtosis: 1.8),
  Moments("normal(2, 0.5)", .normal(mean: 2, standardDeviation: 0.5), matrix, mean: 2, σ: 0.5, kurtosis: 3),
  // μ + σ·(φ(α) − φ(β))/Z and its variance, α = (low − μ)/σ, β = (high − μ)/σ
  Moments("truncatedNormal()", .truncatedNormal(), matrix, σ: 0.8796256610342398, bounds: -2...2, kurtosis: 3),
  Moments(
    "truncatedNormal, not symmetric", .truncatedNormal(mean: 0.3, standardDeviation: 0.5, low: -0.2, high: 1), matrix,
    mean: 0.3606394318291743,
    σ: 0.31287161310457606, bounds: -0.2...1, kurtosis: 3),
  .normal("the seeds: σ 0.032 for 1000 → 10", .lecunNormal, [1000, 10], 0.0316227766),
  .normal("the seeds: σ 0.316 for 10 → 1000", .lecunNormal, [10, 1000], 0.316227766),
]

struct InitializerTests {
  @Test("moments and bounds within five standard errors", arguments: moments)
  private func momentsAreRight(_ expected: Moments) {
    for dtype in [DType.float32, .float64] {
      let x = withSeed(11) { expected.initializer(expected.shape, dtype) }.cast(to: .float64).array(Double.self)
      let n = Double(x.count), mean = x.reduce(0, +) / n
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      #expect(abs(mean - expected.mean) < 5 * expected.deviation / n.squareRoot(), "mean \(mean)")
      // The error of s² is σ²·√((κ − 1)/n), that of s half of it.
      let error = expected.deviation * ((expected.kurtosis - 1) / n).squareRoot() / 2
      #expect(
        abs(variance.squareRoot() - expected.deviation) < 5 * error,
        "σ \(variance.squareRoot()), not \(expected.deviation)")
      guard let bounds = expected.bounds else { continue }
      let width = bounds.upperBound - bounds.lowerBound
      #expect(x.allSatisfy { $0 >= bounds.lowerBound - 1e-7 && $0 <= bounds.upperBound + 1e-7 })
      // The extremes come near the bounds: 18,000 numbers leave no gap of 2 %.
      #expect(x.min()! < bounds.lowerBound + 0.02 * width && x.max()! > bounds.upperBound - 0.02 * width)
    }
  }

  @Test func everyElementIsDrawn() {
    // An odd count must not leave its last element unwritten.
    for initializer in [
      Initializer.normal(), .uniform(1, 2), .truncatedNormal(), .lecunNormal, .heUniform, .orthogonal,
    ] {
      for shape: Shape in [[1, 1], [3, 1], [7, 3], [1, 129]] {
        for seed in 0..<3 {
          let x = withSeed(seed) { initializer(shape) }.array(Float.self)
          #expect(x.allSatisfy { $0 != 0 && $0.isFinite } && Set(x).count == x.count)
        }
      }
    }
  }

  @Test func constants() {
    #expect(Initializer.zeros([2]) == .zeros([2]) && Initializer.ones([2], .float64) == .ones([2], .float64))
    #expect(Initializer.constant(2.5)([1, 2]) == .full([1, 2], 2.5))
  }

  @Test func gains() {
    let names: [Nonlinearity] = [.linear, .sigmoid, .selu, .tanh, .relu]
    #expect(
      names.map(calculateGain)
        == pytorch(
          "torch.tensor([nn.init.calculate_gain(name) for name in ('linear', 'sigmoid', 'selu', 'tanh', 'relu')])",
          [1, 1, 0.75, 1.6666666666666667, 1.4142135623730951]))
    #expect(
      abs(
        calculateGain(.leakyRelu(negativeSlope: 0.2))
          - pytorch("nn.init.calculate_gain('leaky_relu', 0.2)", 1.3867504905630728)) < 1e-15)
  }

  @Test(
    arguments: [
      [4, 4], [3, 7], [7, 3], [1, 5], [5, 1], [200, 70], [70, 200], [150, 150], [6, 2, 3, 3], [30, 2, 2],
    ] as [Shape])
  func orthogonalRowsOrColumns(_ shape: Shape) {
    for gain in [1, 1.7] {
      let w = Variable(withSeed(4) { Initializer.orthogonal(gain: gain)(shape, .float64) }).reshaped([shape[0], -1])
      let (rows, columns) = (w.shape[0], w.shape[1])
      let product = rows <= columns ? matmul(w, w.transposed()) : matmul(w.transposed(), w)
      expectClose(
        product.value, (Tensor.eye(min(rows, columns), nil, .float64) * (gain * gain)).array(Double.self), 1e-13)
    }
    let single = withSeed(4) { Initializer.orthogonal(shape) }
    #expect(single.dtype == .float32 && single.shape == shape)
  }

  @Test func orthogonalMatricesAreDrawnEvenly() {
    // Of a random rotation each element has mean 0 and variance 1/n. 400 of size 3: the standard error of the mean is
    // 0.029, of the variance some 0.02.
    let n = 400
    var sum = [Double](repeating: 0, count: 9), squares = sum, plus = 0
    for seed in 0..<n {
      let w = withSeed(seed) { Initializer.orthogonal([3, 3], .float64) }.array(Double.self)
      for i in 0..<9 {
        sum[i] += w[i]
        squares[i] += w[i] * w[i]
      }
      let determinant =
        w[0] * (w[4] * w[8] - w[5] * w[7]) - w[1] * (w[3] * w[8] - w[5] * w[6]) + w[2] * (w[3] * w[7] - w[4] * w[6])
      if determinant > 0 { plus += 1 }
    }
    #expect(sum.allSatisfy { abs($0 / Double(n)) < 0.15 } && squares.allSatisfy { abs($0 / Double(n) - 1.0 / 3) < 0.1 })
    #expect((150...250).contains(plus))  // reflections as often as rotations
  }

  @Test func aParameterStartsAgainInPlace() {
    let layer = Linear(20, 30, init: .zeros)
    #expect(layer.weight.value == .zeros([20, 30]))
    layer.weight.initialize(.constant(0.5))
    #expect(layer.weight.value == .full([20, 30], 0.5))
    layer.bias!.initialize(.fanInUniform, fans: Fans(layer.weight.shape))
    let bias = layer.bias!.value.array(Float.self)
    #expect(bias.allSatisfy { abs($0) <= Float((1.0 / 20).squareRoot()) } && Set(bias).count == 30)
    let other = Linear(20, 30, init: .heNormal)
    let twice = (withSeed(1) { Linear(20, 30, init: .heNormal) }, withSeed(1) { Linear(20, 30, init: .heNormal) })
    #expect(twice.0.weight.value == twice.1.weight.value && twice.0.weight.value != other.weight.value)
  }

  @Test func pytorchsOwnStartOfLinear() {
    let layer = withSeed(2) { Linear(400, 50, init: .fanInUniform, biasInit: .fanInUniform) }
    for parameter in layer.parameters() {
      let x = parameter.value.array(Float.self)
      #expect(x.allSatisfy { abs($0) <= 0.05 } && x.max()! > 0.04 && x.min()! < -0.04)
    }
  }

  @Test func fansOfShapes() {
    #expect(Fans([3, 5]) == Fans(fanIn: 3, fanOut: 5))
    #expect(Fans([16, 4, 3, 3]) == Fans(fanIn: 36, fanOut: 144))
    #expect(Fans([7]) == nil && Fans([]) == nil)
  }

  @Test func otherNamesOfAuthors() {
    let pairs: [(Initializer, Initializer)] = [
      (.kaimingUniform, .heUniform), (.kaimingNormal, .heNormal), (.glorotUniform, .xavierUniform),
      (.glorotNormal, .xavierNormal),
      (.kaimingUniform(mode: .fanOut, nonlinearity: .tanh), .heUniform(mode: .fanOut, nonlinearity: .tanh)),
      (.kaimingNormal(mode: .fanOut, nonlinearity: .tanh), .heNormal(mode: .fanOut, nonlinearity: .tanh)),
      (.glorotUniform(gain: 2), .xavierUniform(gain: 2)), (.glorotNormal(gain: 2), .xavierNormal(gain: 2)),
    ]
    for (alias, original) in pairs { #expect(withSeed(3) { alias([4, 6]) } == withSeed(3) { original([4, 6]) }) }
  }

  @Test func fansBeyondAnInt() {
    #expect(Initializer.xavierNormal([2, 3], fans: Fans(fanIn: .max, fanOut: .max)).shape == [2, 3])
    let end = mistake { _ = Fans([1, 1 << 40, 1 << 40]) }
    #expect(end.contains("[1, 1099511627776, 1099511627776] has more elements than fit into memory"))
    let negative = mistake { _ = Fans(fanIn: -1, fanOut: 2) }
    #expect(negative.contains("Fans: a fan cannot be negative, got -1 and 2"))
  }

  @Test func mistakesAreRefused() {
    func expect(_ message: String, _ output: String) { #expect(output.contains(message), "\(output)") }
    expect(
      "Initializer.heNormal: [7] tells no fans, for which a weight needs two axes; give the fans",
      mistake { Parameter(.zeros([7])).initialize(.heNormal) })
    expect(
      "Initializer.orthogonal: needs a weight of two axes or more, got [7]",
      mistake { _ = Initializer.orthogonal([7]) })
    expect(
      "Initializer.truncatedNormal: low must be less than high, got 2.0 and 1.0",
      mistake { _ = Initializer.truncatedNormal(low: 2, high: 1) })
    expect(
      "Initializer.truncatedNormal: 9.0 … 10.0 holds next to nothing",
      mistake { _ = Initializer.truncatedNormal(low: 9, high: 10) })
    expect(
      "Initializer.normal: needs a finite mean and a standard deviation ≥ 0, got 0.0 and -1.0",
      mistake { _ = Initializer.normal(standardDeviation: -1) })
    expect(
      "Initializer: float32 [2, 3] was asked for, but float32 [3, 2] was made",
      mistake {
        _ = Linear(2, 3, init: Initializer { _, _, _ in .zeros([3, 2]) })
      })
  }
}
