import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct MetricsTests {
  @Test func accuracyCountsLargestLogits() {
    let logits = Tensor([1, 2, 0, 5, 4, 3, 0, 0, 1] as [Float], shape: [3, 3])
    #expect(accuracy(logits, Tensor([1, 0, 0])) == 2.0 / 3)
  }

  @Test func topK() {
    let logits = Tensor([1, 2, 0, 5, 4, 3, 0, 0, 1] as [Float], shape: [3, 3])
    #expect(topKAccuracy(logits, Tensor([0, 2, 1]), k: 1) == 0)
    #expect(topKAccuracy(logits, Tensor([0, 2, 1]), k: 2) == 1.0 / 3)
    #expect(topKAccuracy(logits, Tensor([0, 2, 1]), k: 3) == 1)
    // All equal: one of three is right, not all.
    #expect(topKAccuracy(Tensor.zeros([3, 3]), Tensor([0, 1, 2]), k: 1) == 1.0 / 3)
  }

  @Test func runningMeanWeighsByCount() {
    var mean = RunningMean()
    #expect(mean.value.isNaN)
    mean.add(1, count: 32)
    mean.add(4, count: 8)
    mean.add(9, count: 0)
    #expect(abs(mean.value - 1.6) < 1e-15 && mean.count == 40)
  }

  @Test func precisionAndRecall() {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(predictions: Tensor([0, 0, 1, 1]), labels: Tensor([0, 1, 1, 1]))
    #expect(matrix.precision(0) == 0.5 && matrix.recall(0) == 1)
    #expect(matrix.recall(1) == 2.0 / 3 && matrix.precision(2).isNaN)
  }

  @Test func nothingToCountIsNaN() {
    let matrix = ConfusionMatrix(classes: 2)
    #expect(matrix.accuracy.isNaN && matrix.precision(0).isNaN && matrix.recall(1).isNaN)
    #expect(
      accuracy(Tensor.zeros([0, 3]), Tensor.zeros([0], .int64)).isNaN
        && topKAccuracy(Tensor.zeros([0, 3]), Tensor.zeros([0], .int64), k: 1).isNaN)
  }

  @Test func labelsOfEveryIntegerType() {
    let logits = Tensor([[0, 1], [0, 1]] as [[Float]])
    for dtype in [DType.int32, .int64, .uint8] {
      let labels = Tensor([1, 0]).cast(to: dtype)
      var matrix = ConfusionMatrix(classes: 2)
      matrix.add(predictions: Tensor([1, 1]).cast(to: dtype), labels: labels)
      #expect(
        accuracy(logits, labels) == 0.5 && topKAccuracy(logits, labels, k: 1) == 0.5
          && matrix.counts == [[0, 1], [0, 1]])
    }
  }

  /// PyTorch 2.15: argmax and topk hold NaN for the largest, the first of several; scores[0] = [1, nan, 3] has
  /// topk(3).indices [1, 2, 0].
  @Test func notANumberIsTheLargest() {
    let nan = Float.nan,
      logits = Tensor([1, nan, 3, nan, 2, nan, nan, nan, nan, -.infinity, 5, .infinity] as [Float], shape: [4, 3])
    let order = [[1, 2, 0], [0, 2, 1], [0, 1, 2], [2, 1, 0]]
    for (row, classes) in order.enumerated() {
      for label in 0..<3 {
        let one = logits[row..<(row + 1)], labels = Tensor([label])
        #expect(accuracy(one, labels) == (classes[0] == label ? 1 : 0))
        for k in 1...3 {
          #expect(
            topKAccuracy(one, labels, k: k) == (classes.firstIndex(of: label)! < k ? 1 : 0),
            "row \(row), class \(label), k \(k)")
        }
      }
    }
  }

  /// One order for both, whatever the logits are: drawn with ties, NaN and ∞, and integers that no Double holds.
  @Test func topOneIsAccuracy() {
    withSeed(4) {
      for _ in 0..<200 {
        let drawn = Tensor.randint([7, 4], in: 0..<5).array(Int.self)
        let special: [Float] = [0, 1, -.infinity, .infinity, .nan], labels = Tensor.randint([7], in: 0..<4)
        let logits = Tensor(drawn.map { special[$0] }, shape: [7, 4])
        #expect(topKAccuracy(logits, labels, k: 1) == accuracy(logits, labels))
        #expect(topKAccuracy(logits, labels, k: 4) == 1)
        let large = Tensor(drawn.map { (1 << 53) + $0 }, shape: [7, 4])
        #expect(topKAccuracy(large, labels, k: 1) == accuracy(large, labels))
      }
    }
  }

  private static let mistakes: [Mistake] = [
    Mistake("topKAccuracy: k must lie in 1 … 3, the number of classes, got 4") {
      _ = topKAccuracy(Tensor.zeros([2, 3]), Tensor([0, 1]), k: 4)
    },
    Mistake("topKAccuracy: k must lie in 1 … 3, the number of classes, got 0") {
      _ = topKAccuracy(Tensor.zeros([2, 3]), Tensor([0, 1]), k: 0)
    },
    Mistake("accuracy: needs logits (count, classes) and labels (count), got [2, 3] and [1]") {
      _ = accuracy(Tensor.zeros([2, 3]), Tensor([0]))
    },
    Mistake("topKAccuracy: needs logits (count, classes) and labels (count), got [2] and [2]") {
      _ = topKAccuracy(Tensor.zeros([2]), Tensor([0, 1]), k: 1)
    },
    Mistake("accuracy: needs logits (count, classes) and labels (count), got [1, 3] and [1, 1]") {
      _ = accuracy(Tensor.zeros([1, 3]), Tensor([[0]]))
    },
    Mistake("accuracy: the labels must be of an integer type, got float32 [1]") {
      _ = accuracy(Tensor.zeros([1, 3]), Tensor([1.9] as [Float]))
    },
    Mistake("topKAccuracy: the labels must be of an integer type, got float64 [1]") {
      _ = topKAccuracy(Tensor.zeros([1, 3]), Tensor([1.9] as [Double]), k: 2)
    },
    Mistake("accuracy: the labels must be of an integer type, got bool [1]") {
      _ = accuracy(Tensor.zeros([1, 3]), Tensor([true]))
    },
    Mistake("accuracy: class 3 lies outside 0 ..< 3") { _ = accuracy(Tensor.zeros([2, 3]), Tensor([0, 3])) },
    Mistake("accuracy: class -1 lies outside 0 ..< 3") { _ = accuracy(Tensor.zeros([2, 3]), Tensor([-1, 0])) },
    Mistake("accuracy: class 255 lies outside 0 ..< 3") {
      _ = accuracy(Tensor.zeros([1, 3]), Tensor([255] as [UInt8]))
    },
    Mistake("topKAccuracy: class 3 lies outside 0 ..< 3") {
      _ = topKAccuracy(Tensor.zeros([2, 3]), Tensor([3, 0]), k: 3)
    },
    Mistake("topKAccuracy: class -1 lies outside 0 ..< 3") {
      _ = topKAccuracy(Tensor.zeros([1, 3]), Tensor([-1] as [Int32]), k: 1)
    },
    Mistake("ConfusionMatrix: needs at least 1 class, got 0") { _ = ConfusionMatrix(classes: 0) },
    Mistake("ConfusionMatrix.precision: class 12 lies outside 0 ..< 10") {
      _ = ConfusionMatrix(classes: 10).precision(12)
    },
    Mistake("ConfusionMatrix.recall: class -1 lies outside 0 ..< 10") { _ = ConfusionMatrix(classes: 10).recall(-1) },
    Mistake("ConfusionMatrix: class 2 lies outside 0 ..< 2") { add([0, 0], [0, 2]) },
    Mistake("ConfusionMatrix: class -1 lies outside 0 ..< 2") { add([0, -1], [0, 0]) },
    Mistake("ConfusionMatrix: predictions [1] and labels [2] must have one shape") { add([0], [0, 1]) },
    Mistake("ConfusionMatrix: the predictions must be of an integer type, got float32 [1]") {
      var matrix = ConfusionMatrix(classes: 2)
      matrix.add(predictions: Tensor([1.5] as [Float]), labels: Tensor([0]))
    },
    Mistake("RunningMean: count cannot be negative, got -1") {
      var mean = RunningMean()
      mean.add(1, count: -1)
    },
    Mistake("Progress: total cannot be negative, got -1") { _ = Progress("", total: -1) },
  ]

  private static func add(_ predictions: [Int], _ labels: [Int]) {
    var matrix = ConfusionMatrix(classes: 2)
    matrix.add(predictions: Tensor(predictions), labels: Tensor(labels))
  }

  @Test(arguments: mistakes)
  func isRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  @Test func confusionMatrixIsAnAlignedTable() {
    var matrix = ConfusionMatrix(classes: 3)
    matrix.add(predictions: Tensor([0, 0, 1, 2, 2, 2]), labels: Tensor([0, 1, 1, 2, 2, 0]))
    #expect(matrix.counts == [[1, 0, 1], [1, 1, 0], [0, 0, 2]])
    #expect(matrix.accuracy == 4.0 / 6)
    let lines = matrix.description.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(Set(lines.dropFirst().map(\.count)).count == 1)
  }
}

struct ProgressTests {
  /// What a progress line writes, caught.
  private func output(interactive: Bool, steps: Int) -> String {
    final class Text { var text = "" }
    let caught = Text()
    var progress = Progress("training", total: steps, unit: "steps", interactive: interactive) { caught.text += $0 }
    for i in 0..<steps { progress.advance([("loss", 1 / Double(i + 1))]) }
    progress.finish()
    return caught.text
  }

  @Test func pipedOutputHasPlainLines() {
    let text = output(interactive: false, steps: 40)
    #expect(!text.contains("\r") && !text.contains("\u{1B}"))
    let lines = text.split(separator: "\n")
    #expect(lines.count == 10)
    #expect(lines[0].hasPrefix("training   4/40 steps  loss 0.2500"))
    #expect(lines[9].hasPrefix("training  40/40 steps  loss 0.0250"))
  }

  /// The last step has a line, with its values: of a total that tenths do not divide, of none, and of a loop that ends
  /// early. It has only one.
  @Test func theLastStepHasTheLastLine() {
    func lines(total: Int?, steps: Int, finish: Bool = true) -> [String] {
      final class Text { var text = "" }
      let caught = Text()
      var progress = Progress("", total: total, unit: "steps", interactive: false) { caught.text += $0 }
      for i in 1...steps { progress.advance([("loss", Double(i))]) }
      if finish {
        progress.finish()
        progress.finish()
      }
      return caught.text.split(separator: "\n").map { String($0.prefix { $0 != "." }) }
    }
    #expect(
      lines(total: 25, steps: 25, finish: false) == (1...12).map {
        "\($0 < 5 ? " " : "")\(2 * $0)/25 steps  loss \(2 * $0)"
      } + ["25/25 steps  loss 25"])
    #expect(lines(total: 25, steps: 25) == lines(total: 25, steps: 25, finish: false))
    #expect(
      lines(total: nil, steps: 5) == ["1 steps  loss 1", "2 steps  loss 2", "4 steps  loss 4", "5 steps  loss 5"])
    #expect(lines(total: nil, steps: 4) == ["1 steps  loss 1", "2 steps  loss 2", "4 steps  loss 4"])
    #expect(lines(total: 40, steps: 7) == [" 4/40 steps  loss 4", " 7/40 steps  loss 7"])
    #expect(lines(total: 3, steps: 5).last == "5/3 steps  loss 5")
  }

  /// In a terminal the last step is drawn at once, however soon it follows, before anybody ends the line.
  @Test func theLastStepIsDrawnAtOnce() {
    final class Text { var text = "" }
    let caught = Text()
    var progress = Progress("", total: 3, unit: "steps", interactive: true) { caught.text += $0 }
    for i in 1...3 { progress.advance([("loss", Double(i))]) }
    #expect(caught.text.contains("3/3 steps  loss 3.0000") && !caught.text.contains("\n"))
    progress.finish()
    let line = caught.text.split(separator: "\r").last!
    #expect(line.contains("3/3 steps  loss 3.0000") && line.hasSuffix("\n"))
  }

  @Test func numbersAndBars() {
    #expect(
      [0, 0.001, 0.00099, 999_999, 1e6, -1e-4, .infinity].map(Progress.number) == [
        "0.0000", "0.0010", "9.900e-04", "999999.0000", "1.000e+06", "-1.000e-04", "inf",
      ])
    #expect(
      Progress.bar(0, width: 8) == "········" && Progress.bar(1, width: 8) == "████████"
        && Progress.bar(7, width: 8) == "████████")
    #expect(
      Progress.bar(0.5, width: 3) == "█▌·" && Progress.bar(1 / 64, width: 8) == "▏·······"
        && Progress.bar(-1, width: 2) == "··")
    #expect(Progress.duration(60) == "1:00" && Progress.duration(3599.6) == "1:00:00")
  }

  @Test func aTerminalLineIsRedrawnAndEnds() {
    let text = output(interactive: true, steps: 5)
    #expect(text.hasPrefix("\r\u{1B}[K") && text.hasSuffix("\n"))
    #expect(text.contains("5/5 steps") && text.contains("█"))
  }

  @Test func anySequence() {
    final class Text { var text = "" }
    func run(interactive: Bool, _ body: (ProgressSequence<[Int]>) -> Void) -> String {
      let caught = Text()
      body(
        ProgressSequence([4, 5, 6], "epoch 2", total: nil, unit: "batches", interactive: interactive) {
          caught.text += $0
        })
      return caught.text
    }
    var seen: [Int] = []
    let whole = run(interactive: true) { bar in
      for x in bar {
        seen.append(x)
        bar.average("loss", Double(x), count: x)
        bar.show(["rate": 1e-5])
      }
    }
    #expect(seen == [4, 5, 6])
    let last = whole.split(separator: "\r").last!
    // (16 + 25 + 36)/15
    #expect(
      last.contains("epoch 2") && last.contains("3/3 batches  loss 5.1333  rate 1.000e-05") && last.hasSuffix("\n"))
    // Broken off, the line ends with what was done.
    let broken = run(interactive: true) { bar in for x in bar where x == 6 { break } }
    #expect(broken.contains("2/3 batches") && broken.hasSuffix("\n"))
    #expect(run(interactive: false) { for _ in $0 {} }.isEmpty)
  }

  /// Each loop over the same line begins anew: its means, its values, its steps.
  @Test func aSecondLoopBeginsAnew() {
    final class Text { var text = "" }
    let caught = Text()
    let bar = ProgressSequence([4, 5], "", total: nil, unit: "batches", interactive: true) { caught.text += $0 }
    for x in bar {
      bar.average("loss", Double(x), count: x)
      bar.show(["rate": 1])
    }
    caught.text = ""
    for x in bar { bar.average("loss", 10 * Double(x), count: x) }
    // (4·40 + 5·50)/9
    #expect(
      caught.text.contains("2/2 batches  loss 45.5556  ") && !caught.text.contains("rate")
        && caught.text.contains("1/2 batches  loss 40.0000"))
  }

  @Test func askingOnceMoreIsNoStep() {
    final class Text { var text = "" }
    let caught = Text()
    do {
      let iterator = ProgressSequence([4, 5], "", total: nil, unit: "batches", interactive: true) { caught.text += $0 }
        .makeIterator()
      while iterator.next() != nil {}
      #expect(iterator.next() == nil && iterator.next() == nil)
    }
    #expect(
      caught.text.count { $0 == "\n" } == 1 && caught.text.contains("2/2 batches") && !caught.text.contains("3/2"))
  }

  @Test func durationsOfAnyLength() {
    #expect(
      Progress.duration(12.34) == "12.3 s" && Progress.duration(245) == "4:05" && Progress.duration(97201) == "27:00:01"
    )
    #expect(Progress.duration(1e19) == "over 1,000,000 hours" && Progress.duration(.infinity) == "over 1,000,000 hours")
  }

  @Test func withoutATotalThereIsNoBar() {
    var progress = Progress("", total: nil, unit: "lines", interactive: true) { _ in }
    for _ in 0..<3 { progress.advance() }
    #expect(progress.line(80).hasPrefix("3 lines") && !progress.line(80).contains("left"))
  }
}
