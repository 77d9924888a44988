import TapestryData
import TapestryTensors
import TestSupport
import Testing

struct FoldsTests {
  private let labels = Tensor([2, 0, 0, 1, 0, 2, 1, 0, 0, 2, 1, 0, 0, 0, 1, 2, 0])

  private func examples(_ labels: Tensor) -> Examples { Examples(.arange(labels.count), labels) }
  private func numbers(_ part: Examples) -> [Int] { part.inputs.array(Int.self) }
  private func counts(_ part: Examples, _ classes: Int) -> [Int] {
    let labels = part.labels.array(Int.self)
    return (0..<classes).map { label in labels.count { $0 == label } }
  }

  @Test func foldsAreScikitLearns() {
    let folds = examples(labels).folds(5, shuffled: false)
    #expect(folds.count == 5 && folds.map(\.valid.count) == [4, 4, 3, 3, 3])
    #expect(
      folds.flatMap { numbers($0.valid) }
        == scikit(
          "np.concatenate([v for _, v in sklearn.model_selection.KFold(5).split(np.zeros(17))])",
          [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]))
    #expect(numbers(folds[1].train) == [0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16])
  }

  @Test func stratifiedFoldsAreScikitLearns() {
    let folds = examples(labels).stratifiedFolds(3, shuffled: false)
    #expect(
      folds.flatMap { numbers($0.valid) }
        == scikit(
          "np.concatenate([v for _, v in sklearn.model_selection.StratifiedKFold(3).split(labels, labels.tolist())])",
          [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]))
    #expect(
      folds.map(\.valid.count)
        == scikit(
          "[len(v) for _, v in sklearn.model_selection.StratifiedKFold(3).split(labels, labels.tolist())]", [6, 6, 5]))
  }

  /// Every example is for validation once, and for training in all other folds; the shares of the classes stay.
  @Test(arguments: [2, 3, 4]) func everyExampleIsHeldOnce(_ k: Int) {
    for folds in [
      examples(labels).folds(k, shuffled: true), examples(labels).folds(k, shuffled: false),
      examples(labels).stratifiedFolds(k, shuffled: true), examples(labels).stratifiedFolds(k, shuffled: false),
    ] {
      #expect(folds.flatMap { numbers($0.valid) }.sorted() == Array(0..<17))
      for (train, valid) in folds {
        #expect((numbers(train) + numbers(valid)).sorted() == Array(0..<17))
        #expect(valid.count == 17 / k || valid.count == 17 / k + 1)
      }
    }
    for (_, valid) in examples(labels).stratifiedFolds(k, shuffled: true) {
      for (held, all) in zip(counts(valid, 3), [9, 4, 4]) { #expect(held == all / k || held == (all + k - 1) / k) }
    }
  }

  @Test func seedsDecide() {
    let data = examples(labels)
    func drawn(_ seed: Int) -> [[Int]] {
      withSeed(seed) {
        data.folds(4, shuffled: true).map { numbers($0.valid) }
          + data.stratifiedFolds(4, shuffled: true).map { numbers($0.valid) }
          + [numbers(data.stratifiedSplit(at: 0.5).0)]
      }
    }
    #expect(drawn(1) == drawn(1) && drawn(1) != drawn(2))
    // The folds do not change from one loop to the next.
    let folds = data.folds(4, shuffled: true)
    #expect(folds.map { numbers($0.valid) } == folds.map { numbers($0.valid) })
  }

  @Test func otherDataSetsHaveThemToo() throws {
    let squares = AnyDataset(count: 17) { $0 * $0 }
    func all(_ part: AnyDataset<Int>) throws -> [Int] { try (0..<part.count).map { try part.element(at: $0) } }
    #expect(try all(squares.folds(8, shuffled: false)[7].valid) == [225, 256])
    #expect(
      try all(squares.stratifiedFolds(4, by: labels, shuffled: false)[0].valid)
        == numbers(examples(labels).stratifiedFolds(4, shuffled: false)[0].valid).map { $0 * $0 })
    let (train, test) = squares.stratifiedSplit(at: 0.5, by: labels)
    #expect(try (all(train) + all(test)).sorted() == (0..<17).map { $0 * $0 })
    // By other classes than the labels.
    let halves = examples(labels).stratifiedFolds(2, by: Tensor.arange(17) .> 8, shuffled: false)
    #expect(halves.map { numbers($0.valid).count { $0 > 8 } } == [4, 4])
  }

  /// Shares as those of scikit-learn, which gives what rounding leaves to the largest rests, too.
  @Test func splitsKeepTheShares() {
    let data = examples(labels)
    let (train, test) = data.stratifiedSplit(at: 9.0 / 17)
    #expect(
      counts(train, 3)
        == scikit(
          "np.bincount(sklearn.model_selection.train_test_split(labels, train_size=9, stratify=labels.tolist(), random_state=0)[0])",
          [5, 2, 2]))
    #expect(counts(test, 3) == [4, 2, 2])
    #expect((numbers(train) + numbers(test)).sorted() == Array(0..<17))

    // 10, 7 and 3 in 11 of 20: 5.5, 3.85 and 1.65, so the largest class gets none of what rounding leaves; then 5, 3 and
    // 1 in 5 of 9: 2.8, 1.7 and 0.6.
    let twenty = Tensor([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2])
    let three = examples(twenty).stratifiedSplit(fractions: [0.55, 0.25, 0.2]).map { counts($0, 3) }
    #expect(
      three[0]
        == scikit(
          "np.bincount(sklearn.model_selection.train_test_split(twenty, train_size=11, stratify=twenty.tolist(), random_state=0)[0])",
          [5, 4, 2]))
    #expect(three[1...] == [[3, 2, 0], [2, 1, 1]])

    let rare = examples(Tensor((0..<1000).map { $0 < 40 ? 1 : $0 < 53 ? 7 : 0 }))
    let parts = rare.stratifiedSplit(fractions: [0.7, 0.15, 0.15])
    #expect(parts.map(\.count) == [700, 150, 150])
    // 947·0.7 = 662.9, 28, 13·0.7 = 9.1; then halves of 284, 12 and 4
    #expect(
      parts.map { counts($0, 8) }
        == [[663, 28, 9], [142, 6, 2], [142, 6, 2]].map { [$0[0], $0[1], 0, 0, 0, 0, 0, $0[2]] })
    #expect(parts.flatMap(numbers).sorted() == Array(0..<1000))
    // In random order, not sorted by class; six of 150 without one of the 142 have a probability of 10⁻⁹.
    for part in parts[1...] {
      #expect(part.labels.array(Int.self).prefix(6).contains(0) && part.labels.array(Int.self).suffix(6).contains(0))
      #expect(numbers(part) != numbers(part).sorted())
    }
  }

  @Test func partsMayBeEmptyAndSmall() {
    let pair = examples(Tensor([0, 0, 1, 1]))
    #expect(pair.stratifiedSplit(fractions: [0.5, 0.5, 0]).map { counts($0, 2) } == [[1, 1], [1, 1], [0, 0]])
    #expect(examples(Tensor([Int]())).stratifiedSplit(at: 0.5).0.count == 0)
    // One example of ten each: of the classes the larger has it.
    #expect(counts(examples(Tensor([0, 0, 0, 0, 0, 0, 1, 1, 1, 1])).stratifiedSplit(at: 0.1).0, 2) == [1, 0])
  }

  @Test func tables() throws {
    let table = try CSV.load(
      text: "n,kind\n" + (0..<12).map { "\($0),\($0 % 3 == 0 ? "rare" : "common")" }.joined(separator: "\n"))
    func rows(_ part: CSV) -> [Int] { (0..<part.count).map { Int(part[$0, "n"]!)! } }
    #expect(rows(table.subset([3, 0, 3])) == [3, 0, 3])
    #expect(rows(table.split(at: 0.25, shuffled: false).0) == [0, 1, 2])
    #expect(table.split(fractions: [0.5, 0.5], shuffled: true).flatMap(rows).sorted() == Array(0..<12))
    #expect(
      table.folds(5, shuffled: false).map { rows($0.valid) } == [[0, 1, 2], [3, 4, 5], [6, 7], [8, 9], [10, 11]])
    let (train, test) = try table.stratifiedSplit(at: 0.5, by: "kind")
    #expect(rows(train).count { $0 % 3 == 0 } == 2 && rows(test).count { $0 % 3 == 0 } == 2)
    #expect(try table.stratifiedSplit(fractions: [0.25, 0.75], by: "kind").map(\.count) == [3, 9])
    for (_, valid) in try table.stratifiedFolds(4, by: "kind", shuffled: true) {
      #expect(rows(valid).count { $0 % 3 == 0 } == 1 && valid.count == 3)
    }
    // The lines are still those of the file.
    expectError(
      "CSV, line 5, column 2: \"kind\": \"rare\" is no number; name the columns of numbers as features:, or make indices of this one with classIndices"
    ) {
      _ = try table.subset([3]).numbers(["kind"])
    }
    #expect(throws: DataError.self) { try table.stratifiedSplit(at: 0.5, by: "king") }
  }

  private static let mistakes: [Mistake] = [
    Mistake("folds: needs at least 2 folds, got 1") { _ = AnyDataset([1, 2]).folds(1, shuffled: false) },
    Mistake("folds: cannot make 3 folds of 2 examples") { _ = AnyDataset([1, 2]).folds(3, shuffled: false) },
    Mistake("folds: fold 2 lies outside 0 ..< 2") { _ = AnyDataset([1, 2]).folds(2, shuffled: false)[2] },
    Mistake("stratifiedFolds: cannot make 3 folds of 2 examples") {
      _ = AnyDataset([1, 2]).stratifiedFolds(3, by: Tensor([0, 0]), shuffled: false)
    },
    Mistake("stratifiedFolds: class 7 has 2 examples, too few for 3 folds; leave the class out") {
      _ = Examples(.zeros([5, 1]), Tensor([0, 7, 0, 0, 7])).stratifiedFolds(3, shuffled: true)
    },
    Mistake("stratifiedSplit: class 4 has 1 example, too few for 2 parts; leave the class out, join it with another") {
      _ = Examples(.zeros([3, 1]), Tensor([0, 4, 0])).stratifiedSplit(at: 0.5)
    },
    Mistake("stratifiedSplit: needs one label for each of the 3 examples, got [2]") {
      _ = AnyDataset([1, 2, 3]).stratifiedSplit(at: 0.5, by: Tensor([0, 1]))
    },
    Mistake("stratifiedSplit: the labels must be class numbers of an integer type, got float32 [2]; for regression") {
      _ = Examples(.zeros([2, 1]), .zeros([2])).stratifiedSplit(at: 0.5)
    },
    Mistake("split: a fraction lies in 0 … 1, got 2.0") {
      _ = Examples(.zeros([2, 1]), Tensor([0, 0])).stratifiedSplit(at: 2)
    },
    Mistake("subset: example 2 lies outside 0 ..< 1") { _ = try CSV.load(text: "a\n1").subset([2]) },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
