import TapestryAutograd
import TapestryTensors

/// The share of rows whose largest logit is the label's: logits (count, classes), labels (count) of an integer type. NaN of no rows.
public func accuracy(_ logits: Tensor, _ labels: Tensor) -> Double {
  if logits.rank != 2 || labels.rank != 1 || logits.shape[0] != labels.shape[0] {
    fail("accuracy: needs logits (count, classes) and labels (count), got \(logits.shape) and \(labels.shape)")
  }
  checkLabels(labels, "accuracy")
  if labels.count == 0 { return .nan }
  return logits.argmax(-1).equal(labels.cast(to: .int64)).sum().item / Double(labels.count)
}

/// The same of logits that are a Variable.
public func accuracy(_ logits: Variable, _ labels: Tensor) -> Double { accuracy(logits.value, labels) }

/// The share of rows whose label is among the `k` largest logits: logits (count, classes), labels (count) of an integer type. Of equal logits the one of
/// the lower class counts as larger, so constant logits do not look right. NaN of no rows.
public func topKAccuracy(_ logits: Tensor, _ labels: Tensor, k: Int) -> Double {
  if logits.rank != 2 || labels.rank != 1 || logits.shape[0] != labels.shape[0] {
    fail("topKAccuracy: needs logits (count, classes) and labels (count), got \(logits.shape) and \(labels.shape)")
  }
  checkLabels(labels, "topKAccuracy")
  let classes = logits.shape[1]
  if k < 1 || k > classes { fail("topKAccuracy: k must lie in 1 … \(classes), the number of classes, got \(k)") }
  let values = logits.cast(to: .float64).array(Double.self)
  var right = 0
  for (i, label) in labels.cast(to: .int64).array(Int.self).enumerated() {
    if !(0..<classes).contains(label) { fail("topKAccuracy: class \(label) lies outside 0 ..< \(classes)") }
    let row = values[i * classes..<(i + 1) * classes], own = row[i * classes + label]
    let before = row.enumerated().count { $0.element > own || ($0.element == own && $0.offset < label) }
    if !own.isNaN && before < k { right += 1 }
  }
  return Double(right) / Double(labels.count)
}

/// The same of logits that are a Variable.
public func topKAccuracy(_ logits: Variable, _ labels: Tensor, k: Int) -> Double { topKAccuracy(logits.value, labels, k: k) }

/// A label 1.9 would count as class 1.
private func checkLabels(_ labels: Tensor, _ name: String) {
  if labels.dtype.isFloatingPoint || labels.dtype == .bool {
    fail("\(name): the labels must be of an integer type, got \(labels.dtype) \(labels.shape); convert class numbers with cast(to: .int64)")
  }
}

/// The mean of values that come one after another, as of the loss over an epoch's batches:
///
///     var loss = RunningMean()
///     for (images, labels) in batches { …; loss.add(batchLoss.item, count: labels.count) }
///     print(loss.value)
public struct RunningMean: Sendable {
  /// NaN before the first value.
  public var value: Double { count == 0 ? .nan : mean }
  /// How many examples were added.
  public private(set) var count = 0
  private var mean = 0.0

  public init() {}

  /// Adds a value that is the mean of `count` examples, so that a last, smaller batch counts for less.
  public mutating func add(_ value: Double, count: Int = 1) {
    if count < 0 { fail("RunningMean: count cannot be negative, got \(count)") }
    if count == 0 { return }
    self.count += count
    mean += (value - mean) * Double(count) / Double(self.count)
  }
}

/// How often each true class was predicted as each class. Printed as an aligned table.
public struct ConfusionMatrix: CustomStringConvertible, Sendable {
  /// `counts[truth][prediction]`
  public private(set) var counts: [[Int]]

  public init(classes: Int) {
    if classes < 1 { fail("ConfusionMatrix: needs at least 1 class, got \(classes)") }
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// Adds examples: both int64 vectors of class numbers.
  public mutating func add(predictions: Tensor, labels: Tensor) {
    if predictions.shape != labels.shape { fail("ConfusionMatrix: predictions \(predictions.shape) and labels \(labels.shape) must have one shape") }
    let classes = counts.count
    for (prediction, label) in zip(predictions.array(Int.self), labels.array(Int.self)) {
      if !(0..<classes).contains(prediction) || !(0..<classes).contains(label) {
        fail("ConfusionMatrix: class \((0..<classes).contains(label) ? prediction : label) lies outside 0 ..< \(classes)")
      }
      counts[label][prediction] += 1
    }
  }

  /// The share of this class among what was predicted as it; NaN where nothing was.
  public func precision(_ label: Int) -> Double {
    check(label, "precision")
    return Double(counts[label][label]) / Double(counts.reduce(0) { $0 + $1[label] })
  }

  /// The share of this class's examples that was recognised; NaN where there are none.
  public func recall(_ label: Int) -> Double {
    check(label, "recall")
    return Double(counts[label][label]) / Double(counts[label].reduce(0, +))
  }

  private func check(_ label: Int, _ name: String) {
    if !counts.indices.contains(label) { fail("ConfusionMatrix.\(name): class \(label) lies outside 0 ..< \(counts.count)") }
  }

  /// The share of examples on the diagonal; NaN where there are none.
  public var accuracy: Double {
    let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
    return Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
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
