import TapestryAutograd
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct MetricsRegressionTests {
  private let y = Tensor([3, -0.5, 2, 7, 4.2] as [Double]), p = Tensor([2.5, 0, 2.1, 7.8, 3] as [Double])
  private let ys = Tensor([[0.5, 1], [-1, 1], [7, -6]] as [[Double]])
  private let ps = Tensor([[0, 2], [-1, 2], [8, -5]] as [[Double]])

  private func expectNear(_ a: Double, _ b: Double, _ location: SourceLocation = #_sourceLocation) {
    #expect(abs(a - b) <= 1e-12 * max(1, abs(b)), "\(a), expected \(b)", sourceLocation: location)
  }

  @Test func theyAreScikitLearns() {
    expectNear(rSquared(p, y), scikit("metrics.r2_score(y, p)", 0.9153373430962344))
    expectNear(meanAbsoluteError(p, y), scikit("metrics.mean_absolute_error(y, p)", 0.62))
    expectNear(rootMeanSquaredError(p, y), scikit("metrics.root_mean_squared_error(y, p)", 0.7197221686178633))
  }

  @Test func ofSeveralOutputsTheMean() {
    expectNear(rSquared(ps, ys), scikit("metrics.r2_score(ys, ps)", 0.9368005266622779))
    expectNear(meanAbsoluteError(ps, ys), scikit("metrics.mean_absolute_error(ys, ps)", 0.75))
    expectNear(rootMeanSquaredError(ps, ys), scikit("metrics.root_mean_squared_error(ys, ps)", 0.8227486121839513))
    // One column is no other thing than none.
    #expect(rSquared(p.unsqueezed(1), y.unsqueezed(1)) == rSquared(p, y))
    #expect(rootMeanSquaredError(Variable(p), y) == rootMeanSquaredError(p, y))
  }

  @Test func equalTargets() {
    let twos = Tensor([2, 2] as [Double])
    #expect(rSquared(twos, twos) == scikit("metrics.r2_score([2, 2], [2, 2])", 1))
    #expect(rSquared(Tensor([2, 3] as [Double]), twos) == scikit("metrics.r2_score([2, 2], [2, 3])", 0))
    // Of these scikit-learn says −1.7·10³¹: the rounded mean is not 0.1.
    let tenths = Tensor([0.1, 0.1, 0.1] as [Double])
    #expect(rSquared(Tensor([0.1, 0.1, 0.2] as [Double]), tenths) == 0 && rSquared(tenths, tenths) == 1)
  }

  @Test func nothingAndNotANumber() {
    let none = Tensor.zeros([0])
    #expect(rSquared(none, none).isNaN && meanAbsoluteError(none, none).isNaN && rootMeanSquaredError(none, none).isNaN)
    let one = Tensor([1] as [Float])
    #expect(rSquared(one, one).isNaN && meanAbsoluteError(one, one) == 0)
    let broken = Tensor([1, .nan] as [Float]), right = Tensor([1, 1] as [Float])
    for (a, b) in [(broken, right), (right, broken)] {
      #expect(rSquared(a, b).isNaN && meanAbsoluteError(a, b).isNaN && rootMeanSquaredError(a, b).isNaN)
    }
  }

  /// In float64: of large numbers float32 would lose the differences' squares.
  @Test func precision() {
    let y = Tensor([16_777_216, 16_777_218] as [Float]), p = Tensor([16_777_216, 16_777_216] as [Float])
    #expect(meanAbsoluteError(p, y) == 1 && rSquared(p, y) == -1)
    #expect(meanAbsoluteError(Tensor([1, 2]), Tensor([2, 4])) == 1.5)
  }

  private static let mistakes: [Mistake] = [
    Mistake(
      "rSquared: needs predictions and targets of one shape, (count) or (count, outputs), got [3, 1] and [3]; reshape one to the other's"
    ) { _ = rSquared(Tensor.zeros([3, 1]), .zeros([3])) },
    Mistake(
      "meanAbsoluteError: needs predictions and targets of one shape, (count) or (count, outputs), got [3] and [1]"
    ) {
      _ = meanAbsoluteError(Tensor.zeros([3]), .zeros([1]))
    },
    Mistake("rootMeanSquaredError: needs predictions and targets of one shape") {
      _ = rootMeanSquaredError(Tensor(1.0), Tensor(1.0))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
