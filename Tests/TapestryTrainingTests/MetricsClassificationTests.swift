import TapestryAutograd
import TapestryOps
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct MetricsClassificationTests {
  // Class 3 is never predicted, class 4 has no example, class 5 does not occur.
  private let y = Tensor([0, 1, 2, 0, 1, 2, 2, 3, 0, 2]), p = Tensor([0, 0, 1, 0, 0, 2, 0, 4, 1, 2])
  private let y2 = Tensor([0, 1, 1, 0, 1, 0, 0, 1]), p2 = Tensor([0, 1, 0, 1, 1, 1, 0, 1])

  private func expectNear(_ a: Double, _ b: Double, _ location: SourceLocation = #_sourceLocation) {
    #expect(abs(a - b) <= 1e-14 || (a.isNaN && b.isNaN), "\(a), expected \(b)", sourceLocation: location)
  }

  @Test func ofTwoClasses() {
    expectNear(precision(p2, y2), scikit("metrics.precision_score(y2, p2)", 0.6))
    expectNear(recall(p2, y2), scikit("metrics.recall_score(y2, p2)", 0.75))
    expectNear(f1Score(p2, y2), scikit("metrics.f1_score(y2, p2)", 0.6666666666666666))
    // Bool, and logits.
    #expect(recall(p2.cast(to: .bool), y2.cast(to: .bool)) == 0.75)
    let logits = Tensor([[2, 1], [0, 1], [1, 0.5]] as [[Float]])
    #expect(precision(logits, Tensor([1, 1, 1])) == 1 && recall(Variable(logits), Tensor([1, 1, 1])) == 1.0 / 3)
  }

  @Test func ofSeveralClasses() {
    expectNear(
      precision(p, y, average: .macro), scikit("metrics.precision_score(y, p, average='macro')", 0.27999999999999997))
    expectNear(recall(p, y, average: .macro), scikit("metrics.recall_score(y, p, average='macro')", 0.2333333333333333))
    expectNear(f1Score(p, y, average: .macro), scikit("metrics.f1_score(y, p, average='macro')", 0.2333333333333333))
    expectNear(precision(p, y, average: .micro), scikit("metrics.precision_score(y, p, average='micro')", 0.4))
    expectNear(recall(p, y, average: .micro), scikit("metrics.recall_score(y, p, average='micro')", 0.4))
    expectNear(f1Score(p, y, average: .micro), scikit("metrics.f1_score(y, p, average='micro')", 0.4))
    expectNear(precision(p, y, average: .weighted), scikit("metrics.precision_score(y, p, average='weighted')", 0.52))
    expectNear(recall(p, y, average: .weighted), scikit("metrics.recall_score(y, p, average='weighted')", 0.4))
    expectNear(
      f1Score(p, y, average: .weighted), scikit("metrics.f1_score(y, p, average='weighted')", 0.41666666666666663))
  }

  @Test func whereItWouldBeZeroByZero() {
    let no = Tensor([0, 0, 0])
    #expect(precision(no, no) == scikit("metrics.precision_score([0, 0, 0], [0, 0, 0])", 0))
    #expect(f1Score(no, no, zeroDivision: 1) == scikit("metrics.f1_score([0, 0, 0], [0, 0, 0], zero_division=1)", 1))
    #expect(recall(no, no, zeroDivision: .nan).isNaN)
    let nan = Double.nan
    expectNear(
      precision(p, y, average: .macro, zeroDivision: nan),
      scikit("metrics.precision_score(y, p, average='macro', zero_division=np.nan)", 0.35))
    expectNear(
      recall(p, y, average: .macro, zeroDivision: nan),
      scikit("metrics.recall_score(y, p, average='macro', zero_division=np.nan)", 0.29166666666666663))
    expectNear(
      precision(p, y, average: .weighted, zeroDivision: nan),
      scikit("metrics.precision_score(y, p, average='weighted', zero_division=np.nan)", 0.5777777777777778))
    expectNear(
      precision(p, y, average: .macro, zeroDivision: 1),
      scikit("metrics.precision_score(y, p, average='macro', zero_division=1)", 0.48))
  }

  @Test func noRowsAndNotANumber() {
    let none = Tensor([Int]())
    for average in [Averaging.binary, .macro, .micro, .weighted] {
      #expect(
        precision(none, none, average: average).isNaN && f1Score(Tensor.zeros([0, 2]), none, average: average).isNaN)
    }
    // NaN is the largest, as for accuracy.
    let logits = Tensor([[1, .nan, 0], [0, 1, 2]] as [[Float]])
    #expect(recall(logits, Tensor([1, 2]), average: .micro) == accuracy(logits, Tensor([1, 2])))
  }

  @Test func theReport() {
    let report = classificationReport(p, y)
    #expect(
      report.description == """
        class             precision  recall  F1 score  examples
        ────────────────────────────────────────────────────────────────────────
        0                      0.40    0.67      0.50         3
        1                      0.00    0.00      0.00         2
        2                      1.00    0.50      0.67         4
        3                      0.00    0.00      0.00         1  never predicted
        4                      0.00    0.00      0.00         0  no examples
        ────────────────────────────────────────────────────────────────────────
        accuracy                                 0.40        10
        macro average          0.28    0.23      0.23        10
        weighted average       0.52    0.40      0.42        10
        """)
    #expect(report.accuracy == 0.4 && report.classes.map(\.examples) == [3, 2, 4, 1, 0])
    expectNear(report.macroAverage.f1Score, f1Score(p, y, average: .macro))
    expectNear(report.weightedAverage.precision, precision(p, y, average: .weighted))

    // A class that does not occur has a row, and no part in the averages.
    let named = classificationReport(Tensor([0, 2, 2]), Tensor([0, 2, 0]), names: ["low", "middle", "high"])
    #expect(
      named.description == """
        class             precision  recall  F1 score  examples
        ─────────────────────────────────────────────────────────────────────────────────────
        low                    1.00    0.50      0.67         2
        middle                 0.00    0.00      0.00         0  no examples, never predicted
        high                   0.50    1.00      0.67         1
        ─────────────────────────────────────────────────────────────────────────────────────
        accuracy                                 0.67         3
        macro average          0.75    0.75      0.67         3
        weighted average       0.83    0.67      0.67         3
        """)
    let logits = Tensor([[1, 0, 0], [0, 0, 1], [0, 0, 1]] as [[Float]])
    #expect(
      classificationReport(Variable(logits), Tensor([0, 2, 0]), names: ["low", "middle", "high"]).description
        == named.description)
    #expect(classificationReport(Tensor([Int]()), Tensor([Int]())).accuracy.isNaN)
  }

  @Test func aConfusionMatrixWithNames() {
    var matrix = ConfusionMatrix(names: ["no", "perhaps"])
    matrix.add(predictions: Tensor([0, 0, 1]), labels: Tensor([0, 1, 1]))
    #expect(
      matrix.description == """
        truth ╲ predicted
                      no perhaps
              no       1       ·
         perhaps       1       1
        """)
    #expect(ConfusionMatrix(classes: 3).names == ["0", "1", "2"])
  }

  private static let mistakes: [Mistake] = [
    Mistake("precision: class 2 is no class of two, 0 and 1; name an average: .macro, .micro or .weighted") {
      _ = precision(Tensor([0, 2]), Tensor([0, 1]))
    },
    Mistake("f1Score: class 2 is no class of two") { _ = f1Score(Tensor([0, 1]), Tensor([0, 2])) },
    Mistake("recall: needs as many predictions as labels, got [3] and [2]") {
      _ = recall(Tensor([0, 1, 1]), Tensor([0, 1]))
    },
    Mistake("recall: the labels must be class numbers (count) of an integer type, got float32 [2]") {
      _ = recall(Tensor([0, 1]), Tensor.zeros([2]))
    },
    Mistake("recall: the labels must be class numbers (count) of an integer type, got int64 [2, 1]") {
      _ = recall(Tensor([0, 1]), Tensor([[0], [1]]))
    },
    Mistake("recall: the predictions must be class numbers (count) of an integer type or logits (count, classes), got")
    {
      _ = recall(Tensor.zeros([2]), Tensor([0, 1]))
    },
    Mistake("recall: class 3 lies outside 0 ..< 3") {
      _ = recall(Tensor.zeros([2, 3]), Tensor([0, 3]), average: .macro)
    },
    Mistake("f1Score: class -1 lies outside 0 ..< …") {
      _ = f1Score(Tensor([0, -1]), Tensor([0, 1]), average: .macro)
    },
    Mistake("classificationReport: class 2 lies outside 0 ..< 2") {
      _ = classificationReport(Tensor([0, 1]), Tensor([0, 2]), names: ["a", "b"])
    },
    Mistake("classificationReport: needs logits (count, 2), one for each class, got [4, 3]") {
      _ = classificationReport(Tensor.zeros([4, 3]), Tensor([0, 1, 0, 1]), names: ["a", "b"])
    },
    Mistake("ConfusionMatrix: needs at least 1 class, got no names") { _ = ConfusionMatrix(names: []) },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
