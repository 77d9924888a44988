import TapestryTensors
import TapestryTraining
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
    #expect(accuracy(Tensor.zeros([0, 3]), Tensor.zeros([0], .int64)).isNaN && topKAccuracy(Tensor.zeros([0, 3]), Tensor.zeros([0], .int64), k: 1).isNaN)
  }

  @Test func classesThatDoNotExist() async {
    let high = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = ConfusionMatrix(classes: 10).precision(12) }
    #expect(String(decoding: high!.standardErrorContent, as: UTF8.self).contains("ConfusionMatrix.precision: class 12 lies outside 0 ..< 10"))
    let low = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = ConfusionMatrix(classes: 10).recall(-1) }
    #expect(String(decoding: low!.standardErrorContent, as: UTF8.self).contains("ConfusionMatrix.recall: class -1 lies outside 0 ..< 10"))
  }

  @Test func labelsMustBeIntegers() async {
    for dtype in [DType.int32, .int64, .uint8] {
      let labels = Tensor([1, 0]).cast(to: dtype)
      #expect(accuracy(Tensor([[0, 1], [0, 1]] as [[Float]]), labels) == 0.5 && topKAccuracy(Tensor([[0, 1], [0, 1]] as [[Float]]), labels, k: 1) == 0.5)
    }
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = accuracy(Tensor.zeros([1, 3]), Tensor([1.9] as [Float]))
    }
    #expect(String(decoding: labels!.standardErrorContent, as: UTF8.self).contains("accuracy: the labels must be of an integer type, got float32 [1]"))
    let top = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = topKAccuracy(Tensor.zeros([1, 3]), Tensor([1.9] as [Double]), k: 2)
    }
    #expect(String(decoding: top!.standardErrorContent, as: UTF8.self).contains("topKAccuracy: the labels must be of an integer type, got float64 [1]"))
  }

  @Test func mistakes() async {
    let k = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = topKAccuracy(Tensor.zeros([2, 3]), Tensor([0, 1]), k: 4) }
    #expect(String(decoding: k!.standardErrorContent, as: UTF8.self).contains("topKAccuracy: k must lie in 1 … 3, the number of classes, got 4"))
    let rows = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = accuracy(Tensor.zeros([2, 3]), Tensor([0])) }
    #expect(String(decoding: rows!.standardErrorContent, as: UTF8.self).contains("got [2, 3] and [1]"))
  }

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

  @Test func aTerminalLineIsRedrawnAndEnds() {
    let text = output(interactive: true, steps: 5)
    #expect(text.hasPrefix("\r\u{1B}[K") && text.hasSuffix("\n"))
    #expect(text.contains("5/5 steps") && text.contains("█"))
  }

  @Test func anySequence() {
    final class Text { var text = "" }
    func run(interactive: Bool, _ body: (ProgressSequence<[Int]>) -> Void) -> String {
      let caught = Text()
      body(ProgressSequence([4, 5, 6], "epoch 2", total: nil, unit: "batches", interactive: interactive) { caught.text += $0 })
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
    #expect(last.contains("epoch 2") && last.contains("3/3 batches  loss 5.1333  rate 1.000e-05") && last.hasSuffix("\n"))
    // Broken off, the line ends with what was done.
    let broken = run(interactive: true) { bar in for x in bar where x == 6 { break } }
    #expect(broken.contains("2/3 batches") && broken.hasSuffix("\n"))
    #expect(run(interactive: false) { for _ in $0 {} }.isEmpty)
  }

  @Test func askingOnceMoreIsNoStep() {
    final class Text { var text = "" }
    let caught = Text()
    do {
      let iterator = ProgressSequence([4, 5], "", total: nil, unit: "batches", interactive: true) { caught.text += $0 }.makeIterator()
      while iterator.next() != nil {}
      #expect(iterator.next() == nil && iterator.next() == nil)
    }
    #expect(caught.text.count { $0 == "\n" } == 1 && caught.text.contains("2/2 batches") && !caught.text.contains("3/2"))
  }

  @Test func durationsOfAnyLength() {
    #expect(Progress.duration(12.34) == "12.3 s" && Progress.duration(245) == "4:05" && Progress.duration(97201) == "27:00:01")
    #expect(Progress.duration(1e19) == "over 1,000,000 hours" && Progress.duration(.infinity) == "over 1,000,000 hours")
  }

  @Test func withoutATotalThereIsNoBar() {
    var progress = Progress("", total: nil, unit: "lines", interactive: true) { _ in }
    for _ in 0..<3 { progress.advance() }
    #expect(progress.line(80).hasPrefix("3 lines") && !progress.line(80).contains("left"))
  }
}
