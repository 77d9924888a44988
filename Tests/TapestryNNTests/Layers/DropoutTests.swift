import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import Testing

/// The facts that the seeds state of dropout, and its relatives.
struct DropoutTests {
  private let x = Variable(Tensor([[1, -2, 3], [4, 5, -6]] as [[Double]]), requiresGrad: true)

  @Test func pZeroIsTheIdentity() {
    #expect(dropout(x, 0, training: true) === x)
    #expect(Dropout(0)(x) === x)
  }

  @Test func pOneIsZeroWithZeroGradient() {
    for layer in [Dropout(1), Dropout1d(1), AlphaDropout(1), FeatureAlphaDropout(1)] as [any Layer] {
      x.grad = nil
      let y = layer(x)
      expectClose(y.value, [0, 0, 0, 0, 0, 0], 0)
      y.sum().backward()
      expectClose(x.grad, [0, 0, 0, 0, 0, 0], 0)
    }
  }

  @Test func offInEvaluation() {
    for layer in [Dropout(0.5), Dropout1d(0.5), AlphaDropout(0.5), FeatureAlphaDropout(0.5)] as [any Layer] {
      layer.eval()
      #expect(layer(x) === x)
    }
    #expect(dropout(x, 0.5, training: false) === x)
    let images = Variable(.ones([2, 3, 1, 1])), volumes = Variable(.ones([2, 3, 1, 1, 1]))
    let (flat, deep) = (Dropout2d(0.5), Dropout3d(0.5))
    #expect(withSeed(1) { flat(images).value != images.value && deep(volumes).value != volumes.value })
    flat.eval()
    deep.eval()
    #expect(flat(images) === images && deep(volumes) === volumes)
  }

  @Test func theMeanStaysAndTheGradientHasTheSameMask() {
    let x = Variable(.ones([20_000]), requiresGrad: true)
    for p in [0.2, 0.5, 0.9] {
      x.grad = nil
      let y = withSeed(9) { Dropout(p)(x) }
      // The mean of y has variance p/(1 − p)/n: five standard deviations.
      #expect(abs(y.value.mean().item - 1) < 5 * (p / (1 - p) / 20_000).squareRoot())
      y.sum().backward()
      #expect(x.grad == y.value)  // m/(1 − p), for x is 1
    }
  }

  @Test func wholeChannelsAreDropped() {
    let p = 0.3
    let shapes: [(any Layer, Shape, Int)] = [
      (Dropout1d(p), [40, 50, 3], 2000), (Dropout1d(p), [2000, 3], 2000), (Dropout2d(p), [40, 50, 3, 2], 2000),
      (Dropout2d(p), [2000, 3, 2], 2000),
      (Dropout3d(p), [40, 50, 3, 2, 1], 2000), (Dropout3d(p), [2000, 3, 2, 1], 2000),
    ]
    for (layer, shape, channels) in shapes {
      let y = withSeed(5) { layer(Tensor.ones(shape)) }.value.reshaped([channels, shape.volume / channels])
      let rows = y.array(Float.self)
      let places = shape.volume / channels
      var kept = 0
      for channel in 0..<channels {
        let first = rows[channel * places]
        #expect(rows[channel * places..<(channel + 1) * places].allSatisfy { $0 == first })
        #expect(first == 0 || abs(Double(first) - 1 / (1 - p)) < 1e-6)
        kept += first == 0 ? 0 : 1
      }
      // Binomial: five standard deviations.
      #expect(abs(Double(kept) - 1400) < 5 * (2000 * p * (1 - p)).squareRoot(), "\(type(of: layer)) \(shape): \(kept)")
    }
  }

  @Test func alphaDropoutIsOneOpAndDrawsItsMaskAgain() {
    let x = Variable(.ones([1000], .float64), requiresGrad: true)
    let y = withSeed(3) { AlphaDropout(0.4)(x) }
    #expect(y.node?.first.node === x.node)  // nothing between them that would keep a mask
    y.sum().backward()
    let slope = x.grad!.array(Double.self), values = y.value.array(Double.self), kept = values.max()!
    // a for p = 0.4 by its definition: (0.6·(1 + 0.4·1.7580993408473766²))^−½
    let a = 1 / (0.6 * (1 + 0.4 * 1.7580993408473766 * 1.7580993408473766)).squareRoot()
    #expect(zip(values, slope).allSatisfy { value, slope in abs(slope - (value == kept ? a : 0)) < 1e-14 })
    #expect(Set(values).count == 2)
  }

  @Test func alphaDropoutKeepsMeanAndVariance() {
    let x = Tensor.normal([200, 200], using: Generator(seed: 2))
    for layer in [AlphaDropout(0.2), FeatureAlphaDropout(0.2)] as [any Layer] {
      let y = withSeed(4) { layer(x) }
      // 40,000 numbers: the mean has σ = 0.005, the variance some 0.01.
      #expect(abs(y.value.mean().item) < 0.025)
      #expect(abs(y.variance().item - 1) < 0.05)
    }
    // Only two values of the line a·x + b for x = 0: kept and dropped. a = (0.8·(1 + 0.2·α′²))^−½, b = −a·α′·0.2, α′ =
    // −1.7580993408473766
    let zeros = withSeed(1) { AlphaDropout(0.2)(Tensor.zeros([1000], .float64)) }.value.array(Double.self)
    let a = 0.8789035834435328, b = 0.30903996214409446
    let distinct = Set(zeros).sorted()
    #expect(distinct.count == 2)
    #expect(abs(distinct[1] - b) < 1e-12 && abs(distinct[0] - (b - 1.7580993408473766 * a)) < 1e-12)
  }

  @Test func derivativesOfTheRelatives() {
    let x = Tensor.normal([4, 3, 2], .float64, using: Generator(seed: 6))
    for layer in [Dropout1d(0.5), AlphaDropout(0.5), FeatureAlphaDropout(0.5)] as [any Layer] {
      let report = gradientCheck({ x in withSeed(8) { layer(x) } }, at: x)
      #expect(report.passed, "\(type(of: layer)): \(report)")
    }
  }
}
