import TapestryAutograd
import TapestryTensors

/// The share of rows whose largest logit is the label's: logits (count, classes), labels (count) of an integer type,
/// each in 0 ..< classes. Of equal logits the one of the lower class counts as larger, so constant logits do not look
/// right; NaN counts as larger than any number, as in PyTorch's argmax. NaN of no rows.
public func accuracy(_ logits: Tensor, _ labels: Tensor) -> Double {
  let truths = checkedLabels(logits, labels, "accuracy")
  if truths.isEmpty { return .nan }
  return Double(zip(logits.argmax(-1).array(Int.self), truths).count { $0 == $1 }) / Double(truths.count)
}

/// The same of logits that are a Variable.
public func accuracy(_ logits: Variable, _ labels: Tensor) -> Double { accuracy(logits.value, labels) }

/// The share of rows whose label is among the `k` largest logits, in the order that `accuracy` has, which is this for k
/// = 1: logits (count, classes), labels (count) of an integer type, each in 0 ..< classes. NaN of no rows.
public func topKAccuracy(_ logits: Tensor, _ labels: Tensor, k: Int) -> Double {
  let truths = checkedLabels(logits, labels, "topKAccuracy"), classes = logits.shape[1]
  if k < 1 || k > classes { fail("topKAccuracy: k must lie in 1 … \(classes), the number of classes, got \(k)") }
  // An int64 beyond 2⁵³ is no Double.
  let right =
    logits.dtype == .int64
    ? countAmongLargest(logits.array(Int64.self), truths, k, classes)
    : countAmongLargest(logits.cast(to: .float64).array(Double.self), truths, k, classes)
  return Double(right) / Double(truths.count)
}

/// The same of logits that are a Variable.
public func topKAccuracy(_ logits: Variable, _ labels: Tensor, k: Int) -> Double {
  topKAccuracy(logits.value, labels, k: k)
}

private func countAmongLargest<Logit: Comparable>(_ values: [Logit], _ truths: [Int], _ k: Int, _ classes: Int) -> Int {
  truths.enumerated().count { i, truth in
    let row = values[i * classes..<(i + 1) * classes], own = row[i * classes + truth]
    let before = row.enumerated().count { place, other in
      // What does not equal itself is NaN.
      if other != other || own != own { return other != other && (own == own || place < truth) }
      return other > own || (other == own && place < truth)
    }
    return before < k
  }
}

/// The labels of logits (count, classes) as class numbers.
private func checkedLabels(_ logits: Tensor, _ labels: Tensor, _ name: String) -> [Int] {
  if logits.rank != 2 || labels.rank != 1 || logits.shape[0] != labels.shape[0] {
    fail("\(name): needs logits (count, classes) and labels (count), got \(logits.shape) and \(labels.shape)")
  }
  return classNumbers(labels, below: logits.shape[1], name, "labels")
}

/// Class numbers, each in 0 ..< classes. A label 1.9 would count as class 1, and one outside the classes as a mistake
/// of the model.
private func classNumbers(_ labels: Tensor, below classes: Int, _ name: String, _ what: String) -> [Int] {
  if labels.dtype.isFloatingPoint || labels.dtype == .bool {
    fail(
      """
      \(name): the \(what) must be of an integer type, got \(labels.dtype) \(labels.shape); convert class numbers \
      with cast(to: .int64)
      """)
  }
  let numbers = labels.cast(to: .int64).array(Int.self)
  if let bad = numbers.first(where: { !(0..<classes).contains($0) }) {
    fail("\(name): class \(bad) lies outside 0 ..< \(classes)")
  }
  return numbers
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

  /// Nothing was added yet.
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
  /// What the classes are called where the matrix is printed; their numbers, if nothing else was given.
  public let names: [String]

  /// Zeros for this many classes. Traps for less than 1.
  public init(classes: Int) {
    if classes < 1 { fail("ConfusionMatrix: needs at least 1 class, got \(classes)") }
    self.init(names: (0..<classes).map(String.init))
  }

  /// As many classes as there are names: `ConfusionMatrix(names: ["no", "yes"])`.
  public init(names: [String]) {
    if names.isEmpty { fail("ConfusionMatrix: needs at least 1 class, got no names") }
    self.names = names
    counts = Array(repeating: Array(repeating: 0, count: names.count), count: names.count)
  }

  /// Adds examples: class numbers in 0 ..< classes, of an integer type and one shape.
  public mutating func add(predictions: Tensor, labels: Tensor) {
    if predictions.shape != labels.shape {
      fail("ConfusionMatrix: predictions \(predictions.shape) and labels \(labels.shape) must have one shape")
    }
    let truths = classNumbers(labels, below: counts.count, "ConfusionMatrix", "labels")
    let guesses = classNumbers(predictions, below: counts.count, "ConfusionMatrix", "predictions")
    for (truth, guess) in zip(truths, guesses) { counts[truth][guess] += 1 }
  }

  /// The share of this class among what was predicted as it; NaN where nothing was.
  public func precision(_ label: Int) -> Double {
    check(label, "precision")
    return Double(counts[label][label]) / Double(counts.reduce(0) { $0 + $1[label] })
  }

  /// The share of this class's examples that was recognized; NaN where there are none.
  public func recall(_ label: Int) -> Double {
    check(label, "recall")
    return Double(counts[label][label]) / Double(counts[label].reduce(0, +))
  }

  private func check(_ label: Int, _ name: String) {
    if !counts.indices.contains(label) {
      fail("ConfusionMatrix.\(name): class \(label) lies outside 0 ..< \(counts.count)")
    }
  }

  /// The share of examples on the diagonal; NaN where there are none.
  public var accuracy: Double {
    let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
    return Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(total)
  }

  /// Rows are true classes, columns predictions; zeros are dots, so that mistakes stand out.
  public var description: String {
    let longest = names.map(\.count).max()!, left = max(longest + 1, 5)
    let width = max(2, longest, counts.joined().map { String($0).count }.max() ?? 1) + 1
    func cell(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    var lines = ["truth ╲ predicted", cell("", left) + names.map { cell($0, width) }.joined()]
    for (name, row) in zip(names, counts) {
      lines.append(cell(name, left) + row.map { cell($0 == 0 ? "·" : String($0), width) }.joined())
    }
    return lines.joined(separator: "\n")
  }
}
