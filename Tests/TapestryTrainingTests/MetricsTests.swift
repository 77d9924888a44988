import TapestryTensors
import TapestryTraining
import Testing

struct MetricsTests {
  @Test func accuracyCountsLargestLogits() {
    let logits = Tensor([1, 2, 0, 5, 4, 3, 0, 0, 1] as [Float], shape: [3, 3])
    #expect(accuracy(logits, Tensor([1, 0, 0])) == 2.0 / 3)
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
}
