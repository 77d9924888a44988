import TapestryData
import TapestryTensors
import TestSupport
import Testing

struct WeightedTests {
  @Test func balancedClassWeightsAreScikitLearns() {
    let labels = Tensor([0, 0, 2, 0, 1, 0, 2, 0])
    #expect(
      balancedClassWeights(labels, classes: 3, .float64).array(Double.self)
        == scikit(
          "sklearn.utils.compute_class_weight('balanced', classes=np.arange(3), y=labels.numpy())",
          [0.5333333333333333, 2.6666666666666665, 1.3333333333333333]))
    let weights = balancedClassWeights(labels.reshaped(2, 4).cast(to: .uint8), classes: 3)
    #expect(weights.dtype == .float32 && weights.shape == [3])
    // All classes count alike together, and one example 1 in the mean.
    #expect(abs(weights[labels].mean().item - 1) < 1e-6)
  }

  /// 60,000 draws with weights 1 : 0 : 3 : 2; the standard deviation of a share is below 0.0021.
  @Test func sharesAreThoseOfTheWeights() {
    let data = Examples(Tensor.arange(4), Tensor([5, 6, 7, 8])), weights = Tensor([1, 0, 3, 2] as [Float])
    let drawn = withSeed(3) {
      data.batches(of: 1000, weights: weights, samples: 60_000).flatMap { inputs, labels in
        #expect(labels == inputs + 5)
        return inputs.array(Int.self)
      }
    }
    #expect(drawn.count == 60_000)
    for (i, share) in [1.0 / 6, 0, 0.5, 1.0 / 3].enumerated() {
      #expect(abs(Double(drawn.count { $0 == i }) / 60_000 - share) < 0.0085 * (share > 0 ? 1 : 0) + 1e-12, "\(i)")
    }
    // The first draw says nothing about the second.
    let pairs = zip(drawn, drawn.dropFirst()).count { $0 == 2 && $1 == 2 }
    #expect(abs(Double(pairs) / 60_000 - 0.25) < 0.01)
  }

  @Test func sampledDataSetsDrawAnewInEachPass() {
    let data = AnyDataset(count: 4) { $0 }.sampled(weights: Tensor([1, 0, 3, 2]), samples: 30_000)
    let (first, second) = withSeed(3) {
      (data.batches(of: 500).flatMap { $0.array(Int.self) }, data.batches(of: 500).flatMap { $0.array(Int.self) })
    }
    #expect(first.count == 30_000 && first != second)
    for (i, share) in [1.0 / 6, 0, 0.5, 1.0 / 3].enumerated() {
      #expect(abs(Double(first.count { $0 == i }) / 30_000 - share) < 0.012 * (share > 0 ? 1 : 0) + 1e-12, "\(i)")
    }
    let workers = withSeed(3) { data.batches(of: 500).prefetched(workers: 2).flatMap { $0.array(Int.self) } }
    #expect(workers == first)
  }

  @Test func seedsAndGeneratorsDecide() {
    let data = Examples(Tensor.arange(50), Tensor.arange(50)), weights = Tensor.arange(50)
    func pass(_ generator: Generator?) -> [Int] {
      data.batches(of: 8, weights: weights, using: generator).flatMap { $0.inputs.array(Int.self) }
    }
    #expect(withSeed(1) { pass(nil) } == withSeed(1) { pass(nil) })
    #expect(withSeed(1) { pass(nil) } == pass(Generator(seed: 1)))
    #expect(withSeed(1) { pass(nil) } != withSeed(2) { pass(nil) })
    #expect(data.batches(of: 8, weights: weights).count == 7)
    #expect(data.batches(of: 8, weights: weights, dropLast: true).count == 6)
  }

  /// What has no weight is never drawn, first, last or between, also where u·Σw rounds up to Σw.
  @Test func zerosAreNeverDrawn() {
    let data = Examples(Tensor.arange(5), Tensor.arange(5)), weights = Tensor([0, 1e-300, 0, 1e-300, 0] as [Double])
    let drawn = withSeed(0) {
      data.batches(of: 100, weights: weights, samples: 2000).flatMap { $0.inputs.array(Int.self) }
    }
    #expect(Set(drawn) == [1, 3])
  }

  private static let pair = Examples(.zeros([2, 1]), Tensor([0, 1]))
  private static let mistakes: [Mistake] = [
    Mistake("balancedClassWeights: no label is of class 1; there are 3 classes, 0 ..< 3") {
      _ = balancedClassWeights(Tensor([0, 2, 0]), classes: 3)
    },
    Mistake("oneHot: label 3 at position 1 of [2] is no class: there are 3") {
      _ = balancedClassWeights(Tensor([0, 3]), classes: 3)
    },
    Mistake("oneHot: labels must be class numbers of an integer type, got float32 [2]") {
      _ = balancedClassWeights(.zeros([2]), classes: 3)
    },
    Mistake("weights: needs one for each of the 2 examples, got [3]") {
      _ = pair.batches(of: 1, weights: .ones([3]))
    },
    Mistake("weights: must be finite and at least 0; example 1 has -0.5") {
      _ = pair.batches(of: 1, weights: Tensor([1, -0.5] as [Float]))
    },
    Mistake("weights: must be finite and at least 0; example 0 has nan") {
      _ = AnyDataset([1]).sampled(weights: Tensor([Float.nan]))
    },
    Mistake("weights: must be finite and at least 0; example 0 has inf") {
      _ = AnyDataset([1]).sampled(weights: Tensor([Float.infinity]))
    },
    Mistake("weights: all 2 are 0, so no example can be drawn") { _ = pair.batches(of: 1, weights: .zeros([2])) },
    Mistake("weights: their sum is not finite; divide them by the largest") {
      _ = pair.batches(of: 1, weights: Tensor([1e308, 1e308] as [Double]))
    },
    Mistake("batches: the size must be at least 1, got 0") { _ = pair.batches(of: 0, weights: .ones([2])) },
    Mistake("weights: there is no example to draw") {
      for _ in Examples(.zeros([0, 1]), .zeros([0])).batches(of: 1, weights: .zeros([0]), samples: 3) {}
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
