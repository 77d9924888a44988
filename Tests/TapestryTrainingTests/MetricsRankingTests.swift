import TapestryAutograd
import TapestryOps
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct MetricsRankingTests {
  // With ties within the classes and across.
  private let y = Tensor([0, 1, 0, 1, 1, 0, 1, 0, 0]),
    s = Tensor([0.1, 0.4, 0.4, 0.35, 0.8, 0.8, 0.8, -2, 0.35] as [Double])
  private let y3 = Tensor([0, 1, 2, 2, 1, 0]),
    s3 = Tensor(
      [0.5, 0.3, 0.2, 0.2, 0.5, 0.3, 0.1, 0.3, 0.6, 0.25, 0.5, 0.25, 0.4, 0.4, 0.2, 0.2, 0.6, 0.2] as [Double],
      shape: [6, 3])

  private func expectNear(_ a: Double, _ b: Double, _ location: SourceLocation = #_sourceLocation) {
    #expect(abs(a - b) <= 1e-14, "\(a), expected \(b)", sourceLocation: location)
  }

  @Test func ofTwoClasses() {
    expectNear(rocAUC(s, y), scikit("metrics.roc_auc_score(y, s)", 0.75))
    expectNear(averagePrecision(s, y), scikit("metrics.average_precision_score(y, s)", 0.6261904761904762))
    // Only the order counts: a column, a Variable, logits or probabilities, bool labels.
    let other = rocAUC(sigmoid(Variable(s.unsqueezed(1))), y.cast(to: .bool))
    expectNear(other, rocAUC(s, y))
    // All equal ranks nothing; the share of the class.
    #expect(rocAUC(Tensor.ones([9]), y) == 0.5)
    expectNear(averagePrecision(Tensor.ones([9]), y), 4.0 / 9)
    #expect(rocAUC(Tensor([1, 2, 3] as [Float]), Tensor([0, 0, 1])) == 1)
    #expect(rocAUC(Tensor([3, 2, 1] as [Float]), Tensor([0, 0, 1])) == 0)
  }

  @Test func ofSeveralClassesEachAgainstTheRest() {
    expectNear(rocAUC(s3, y3), scikit("metrics.roc_auc_score(y3, s3, multi_class='ovr')", 0.7083333333333334))
    expectNear(averagePrecision(s3, y3), scikit("metrics.average_precision_score(y3.numpy(), s3)", 0.65))
    // Two columns are class 1's.
    let p = sigmoid(Variable(s)).value
    expectNear(rocAUC(stack([1 - p, p], axis: 1), y), rocAUC(s, y))
    expectNear(averagePrecision(stack([1 - p, p], axis: 1), y), averagePrecision(s, y))
  }

  /// By the definition: of all pairs the share that is in order, ties half.
  @Test func pairs() {
    withSeed(2) {
      for _ in 0..<50 {
        let scores = Tensor.randint([30], in: 0..<8), labels = Tensor.bernoulli([30], .int64)
        let (a, b) = (scores.array(Int.self), labels.array(Int.self))
        var above = 0.0, pairs = 0.0
        for i in 0..<30 where b[i] == 1 {
          for j in 0..<30 where b[j] == 0 {
            above += a[i] > a[j] ? 1 : a[i] == a[j] ? 0.5 : 0
            pairs += 1
          }
        }
        expectNear(rocAUC(scores, labels), above / pairs)
      }
    }
  }

  @Test func nothingToRank() {
    let nan = Float.nan
    #expect(rocAUC(Tensor([1, 2] as [Float]), Tensor([1, 1])).isNaN)
    #expect(rocAUC(Tensor([1, 2] as [Float]), Tensor([0, 0])).isNaN)
    #expect(averagePrecision(Tensor([1, 2] as [Float]), Tensor([0, 0])).isNaN)
    #expect(averagePrecision(Tensor([1, 2] as [Float]), Tensor([1, 1])) == 1)
    #expect(
      rocAUC(Tensor([1, nan]), Tensor([0, 1])).isNaN && averagePrecision(Tensor([1, nan]), Tensor([0, 1])).isNaN)
    #expect(
      rocAUC(Tensor.zeros([0]), Tensor([Int]())).isNaN && averagePrecision(Tensor.zeros([0, 3]), Tensor([Int]())).isNaN)
    // A class without an example.
    #expect(rocAUC(s3, Tensor([0, 1, 1, 1, 1, 0])).isNaN)
    #expect(rocAUC(Tensor([-.infinity, 0, .infinity] as [Float]), Tensor([0, 1, 1])) == 1)
  }

  private static let mistakes: [Mistake] = [
    Mistake("rocAUC: scores [2, 3] must be probabilities, which sum to 1 in each row; row 0 sums to 3.0; pass softmax")
    {
      _ = rocAUC(Tensor.ones([2, 3]), Tensor([0, 1]))
    },
    Mistake("averagePrecision: scores [1, 2] must be probabilities") {
      _ = averagePrecision(Tensor([[2, -1]] as [[Float]]), Tensor([0]))
    },
    Mistake("rocAUC: needs as many scores as labels, got [3] and [2]") {
      _ = rocAUC(Tensor.ones([3]), Tensor([0, 1]))
    },
    Mistake("rocAUC: needs scores (count), or probabilities (count, classes), got [1, 2, 3]") {
      _ = rocAUC(Tensor.ones([1, 2, 3]), Tensor([0]))
    },
    Mistake("rocAUC: needs scores (count), or probabilities (count, classes), got []") {
      _ = rocAUC(Tensor(1.0), Tensor([0]))
    },
    Mistake("rocAUC: class 2 lies outside 0 ..< 2") { _ = rocAUC(Tensor.ones([2]), Tensor([0, 2])) },
    Mistake("rocAUC: the labels must be class numbers (count) of an integer type, got float32 [2]") {
      _ = rocAUC(Tensor.ones([2]), Tensor.ones([2]))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
