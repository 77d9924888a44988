import TapestryAutograd
import TapestryTensors

/// The share of rows whose largest logit is the label's: logits (count, classes), labels (count) int64.
public func accuracy(_ logits: Tensor, _ labels: Tensor) -> Double {
  if logits.rank != 2 || labels.rank != 1 || logits.shape[0] != labels.shape[0] {
    fail("accuracy: needs logits (count, classes) and labels (count), got \(logits.shape) and \(labels.shape)")
  }
  return logits.argmax(-1).equal(labels.cast(to: .int64)).sum().item / Double(labels.count)
}

public func accuracy(_ logits: Variable, _ labels: Tensor) -> Double { accuracy(logits.value, labels) }

/// How often each true class was predicted as each class. Printed as an aligned table.
public struct ConfusionMatrix: CustomStringConvertible, Sendable {
  /// `counts[truth][prediction]`
  public private(set) var counts: [[Int]]

  public init(classes: Int) { counts = Array(repeating: Array(repeating: 0, count: classes), count: classes) }

  /// Adds examples: both int64 vectors of class numbers.
  public mutating func add(predictions: Tensor, labels: Tensor) {
    if predictions.shape != labels.shape { fail("ConfusionMatrix: predictions \(predictions.shape) and labels \(labels.shape) must have one shape") }
    let classes = counts.count
    for (prediction, label) in zip(predictions.array(Int.self), labels.array(Int.self)) {
      if !(0..<classes).contains(prediction) || !(0..<classes).contains(label) {
        fail("ConfusionMatrix: class \(max(prediction, label)) lies outside 0 ..< \(classes)")
      }
      counts[label][prediction] += 1
    }
  }

  /// The share of examples on the diagonal.
  public var accuracy: Double {
    let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
    return total == 0 ? 0 : Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
  }

  /// Rows are true classes, columns predictions; zeros are dots, so that mistakes stand out.
  public var description: String {
    let width = max(2, counts.joined().map { String($0).count }.max() ?? 1, String(counts.count - 1).count) + 1
    func cell(_ text: String) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
    var lines = ["truth ╲ predicted"]
    lines.append("     " + counts.indices.map { cell(String($0)) }.joined())
    for (truth, row) in counts.enumerated() {
      lines.append("  \(cell(String(truth)))".suffix(5) + row.map { cell($0 == 0 ? "·" : String($0)) }.joined())
    }
    return lines.joined(separator: "\n")
  }
}
