import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import Testing

// What a user writes in plain Swift after the seeds' Python.

private final class CustomLinear: Layer {
  let weight: Parameter
  let bias: Parameter

  init(_ inFeatures: Int, _ outFeatures: Int) {
    weight = Parameter(.normal([inFeatures, outFeatures]) / Double(inFeatures).squareRoot())
    bias = Parameter(.zeros([outFeatures]))
  }

  func forward(_ x: Variable) -> Variable { matmul(x, weight) + bias }
}

private final class CustomLayerNorm: Layer {
  let gamma: Parameter
  let beta: Parameter
  let eps: Double

  init(_ dim: Int, eps: Double = 1e-5) {
    gamma = Parameter(.ones([dim]))
    beta = Parameter(.zeros([dim]))
    self.eps = eps
  }

  func forward(_ x: Variable) -> Variable {
    let mean = x.mean(-1, keepDims: true)
    let variance = x.variance(-1, correction: 0, keepDims: true)
    return gamma * ((x - mean) / sqrt(variance + eps)) + beta
  }
}

private final class CustomDropout: Layer, ModeDependent {
  let p: Double
  var training = true
  init(_ p: Double = 0.5) { self.p = p }

  func forward(_ x: Variable) -> Variable {
    if !training { return x }
    let mask = Tensor.bernoulli(x.shape, probability: 1 - p, x.dtype)
    return x * mask / (1 - p)
  }
}

private final class ResidualBlock: Layer {
  let norm: LayerNorm
  let linear: Linear

  init(_ dim: Int) {
    norm = LayerNorm(dim)
    linear = Linear(dim, dim)
  }

  func forward(_ x: Variable) -> Variable { x + linear(gelu(norm(x))) }
}

/// The figures of the seeds (issue 3); those of `summary` (multiply-adds, bytes of activations) are tested beside it.
struct SeedTests {
  private func bytes(_ module: any Module) -> Int {
    module.parameters().reduce(0) { $0 + $1.count * $1.dtype.itemSize }
  }

  @Test func parameterCounts() {
    #expect(Linear(784, 256, init: .zeros).parameterCount == 200_960)
    #expect(Linear(512, 256, init: .zeros).parameterCount == 131_328)
    #expect(Linear(784, 512, init: .zeros).parameterCount == 401_920)
    #expect(LayerNorm(512).parameterCount == 1_024)
    #expect(Embedding(50_000, 512, init: .zeros).parameterCount == 25_600_000)
    #expect(Dropout(0.1).parameterCount == 0 && ReLU().parameterCount == 0 && Softmax().parameterCount == 0)

    let two = Sequential(Linear(784, 256, init: .zeros), ReLU(), Linear(256, 10, init: .zeros))
    #expect(two.parameterCount == 203_530 && bytes(two) == 814_120)  // 814 kB, kB = 1000
    let three = Sequential(
      Linear(784, 256, init: .zeros), ReLU(), Dropout(0.5), Linear(256, 128, init: .zeros), ReLU(), Dropout(0.3),
      Linear(128, 10, init: .zeros))
    #expect(three.parameterCount == 235_146 && bytes(three) == 940_584)  // 918.5 KiB, KiB = 1024
    #expect(three.parameters().map(\.count) == [200_704, 256, 32_768, 128, 1_280, 10])
    #expect(three(Tensor.zeros([32, 784])).shape == [32, 10])
  }

  /// The seeds' table of layers: Linear m·(n + 1), LayerNorm 2·d, Embedding V·d, Dropout 0.
  @Test(arguments: [(3, 7), (10, 1), (1, 5)])
  func tableOfParameters(_ n: Int, _ m: Int) {
    #expect(Linear(n, m).parameterCount == m * (n + 1))
    #expect(Linear(n, m, bias: false).parameterCount == m * n)
    #expect(LayerNorm(n).parameterCount == 2 * n)
    #expect(Embedding(n, m).parameterCount == n * m)
  }

  @Test func dropoutAsTheSeedsCallIt() {
    let x = Variable(Tensor([1, 2, 3, 4, 5, 6, 7, 8] as [Float]))
    let y = withSeed(1) { dropout(x, 0.5, training: true) }.value.array(Float.self)
    #expect(zip(y, 1...8).allSatisfy { $0 == 0 || $0 == 2 * Float($1) } && y.contains(0) && y.contains { $0 != 0 })
    #expect(dropout(x, 0.5, training: false) === x)
  }

  @Test func softmaxOfLargeNumbersAndItsJacobian() {
    // softmax([0, 1]), which [1000, 1001] must equal: 1/(1 + e), e/(1 + e)
    expectClose(Softmax()(Tensor([1000, 1001] as [Double])).value, [0.2689414213699951, 0.7310585786300049], 1e-15)
    let x = Tensor([0.5, -1, 2, 0.25] as [Double])
    let s = softmax(Variable(x)).value.array(Double.self)
    var expected: [Double] = []
    for i in 0..<4 { for j in 0..<4 { expected.append((i == j ? s[i] : 0) - s[i] * s[j]) } }
    let layer = Softmax()
    expectClose(jacobian({ layer($0) }, at: x), expected, 1e-15)
  }

  /// dx = (q − mean q − x̂·mean(q·x̂))/σ with q = γ·dy. Seed 001 writes γ outside of the sums, which is the same only
  /// where all γ are equal.
  @Test func gradientsOfLayerNormAreTheClosedFormula() {
    let x: [Double] = [0.3, -1.2, 2.5, 0.9, -0.4], dy: [Double] = [1, -0.5, 0.25, 2, -1.5]
    for gamma in [[1.5, 1.5, 1.5, 1.5, 1.5], [0.5, -1, 2, 1.5, 0.1]] {
      let layer = LayerNorm(5)
      layer.to(.float64)
      layer.weight!.assign(Tensor(gamma))
      let input = Variable(Tensor(x), requiresGrad: true)
      layer(input).backward(gradient: Tensor(dy))

      func mean(_ v: [Double]) -> Double { v.reduce(0, +) / Double(v.count) }
      let center = mean(x)
      let sigma = (mean(x.map { ($0 - center) * ($0 - center) }) + 1e-5).squareRoot()
      let normal = x.map { ($0 - center) / sigma }
      func formula(_ q: [Double]) -> [Double] {
        let average = mean(q), along = mean(zip(q, normal).map { $0 * $1 })
        return zip(q, normal).map { ($0 - average - $1 * along) / sigma }
      }
      expectClose(input.grad, formula(zip(gamma, dy).map { $0 * $1 }), 1e-13)
      let outside = zip(gamma, formula(dy)).map { $0 * $1 }
      let agrees = zip(outside, input.grad!.array(Double.self)).allSatisfy { abs($0 - $1) < 1e-12 }
      #expect(agrees == (Set(gamma).count == 1))
      expectClose(layer.weight!.grad, zip(dy, normal).map { $0 * $1 }, 1e-13)
      expectClose(layer.bias!.grad, dy, 0)
    }
  }

  @Test func aRowLookedUpThreeTimesGetsThreeGradients() {
    let layer = Embedding(5, 2)
    let y = layer(Tensor([3, 0, 3, 3]))
    y.backward(gradient: Tensor([[1, 10], [2, 20], [4, 40], [8, 80]] as [[Float]]))
    expectClose(layer.weight.grad, [2, 20, 0, 0, 0, 0, 13, 130, 0, 0])
  }

  /// Outputs and all gradients of two modules whose parameters were made equal, in the order given.
  private func expectEqual(_ custom: any Layer, _ builtIn: any Layer, on x: Tensor, _ tolerance: Double = 1e-12) {
    custom.to(.float64)
    builtIn.to(.float64)
    let pairs = Array(zip(custom.parameters(), builtIn.parameters()))
    #expect(pairs.count == builtIn.parameters().count && pairs.count == custom.parameters().count)
    for (i, (own, other)) in pairs.enumerated() {
      let value = Tensor.normal(own.shape, .float64, using: Generator(seed: i))
      own.assign(value)
      other.assign(value)
    }
    let inputs = (Variable(x, requiresGrad: true), Variable(x, requiresGrad: true))
    let results = (withSeed(7) { custom(inputs.0) }, withSeed(7) { builtIn(inputs.1) })
    expectClose(results.0.value, results.1.value.array(Double.self), tolerance)
    let dy = Tensor.normal(results.0.shape, .float64, using: Generator(seed: 99))
    results.0.backward(gradient: dy)
    results.1.backward(gradient: dy)
    expectClose(inputs.0.grad, inputs.1.grad!.array(Double.self), tolerance)
    for (own, other) in pairs { expectClose(own.grad, other.grad!.array(Double.self), tolerance) }
  }

  @Test func layersWrittenByAUserEqualTheBuiltInOnes() {
    let x = Tensor.normal([4, 3, 6], mean: 0.5, standardDeviation: 2, .float64, using: Generator(seed: 3))
    expectEqual(CustomLinear(6, 5), Linear(6, 5), on: x)
    expectEqual(CustomLayerNorm(6), LayerNorm(6), on: x)
    expectEqual(ResidualBlock(6), Residual(Sequential(LayerNorm(6), GELU(), Linear(6, 6))), on: x)
  }

  /// Both draw masks of their own; what they make of a mask is the same.
  @Test func dropoutWrittenByAUserActsAsTheBuiltInOne() {
    let p = 0.3, n = 10_000
    for layer in [CustomDropout(p), Dropout(p)] as [any Layer] {
      let x = Variable(.normal([n], .float64, using: Generator(seed: 3)), requiresGrad: true)
      let y = withSeed(7) { layer(x) }
      y.backward(gradient: .ones([n], .float64))
      let kept = x.grad!.array(Double.self).map { $0 != 0 }
      // Binomial: five standard deviations.
      #expect(abs(Double(kept.count { $0 }) - 7000) < 5 * (Double(n) * p * (1 - p)).squareRoot())
      expectClose(x.grad, kept.map { $0 ? 1 / (1 - p) : 0 }, 1e-15)
      expectClose(y.value, zip(x.value.array(Double.self), kept).map { $1 ? $0 / (1 - p) : 0 }, 1e-15)
      layer.eval()
      #expect(layer(x) === x)
    }
  }

  @Test func customLayersAreModules() {
    #expect(CustomLinear(512, 256).parameterCount == 131_328 && CustomLayerNorm(512).parameterCount == 1_024)
    #expect(
      ResidualBlock(8).namedParameters().map(\.name) == ["norm.weight", "norm.bias", "linear.weight", "linear.bias"])
  }
}
