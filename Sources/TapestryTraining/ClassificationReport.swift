import Foundation
import TapestryAutograd
import TapestryNN
import TapestryTensors

/// Precision, recall and F1 of each class, and their means. Print it for a table:
///
///     class             precision  recall  F1 score  examples
///     ───────────────────────────────────────────────────────
///     healthy                0.94    0.97      0.95       212
///     failing                0.81    0.68      0.74        38
///     ───────────────────────────────────────────────────────
///     accuracy                                 0.92       250
///     macro average          0.88    0.82      0.85       250
///     weighted average       0.92    0.92      0.92       250
///
/// Precision: of what was called failing, how much is. Recall: of what is failing, how much was called so. The macro
/// average counts each class alike, the weighted one as often as it occurs.
public struct ClassificationReport: Sendable, CustomStringConvertible {
  /// A class, or an average.
  public struct Row: Sendable {
    /// The class's name, or its number.
    public let name: String
    /// Of what was predicted as the class, the share that is; 0 where it never was.
    public let precision: Double
    /// Of the class's examples, the share that was recognized; 0 where there are none.
    public let recall: Double
    /// 2·precision·recall/(precision + recall)
    public let f1Score: Double
    /// How many labels are of the class.
    public let examples: Int
    /// What makes a figure 0/0.
    let note: String
  }

  /// The classes in order.
  public let classes: [Row]
  /// The share of rows whose prediction is right; NaN of no rows.
  public let accuracy: Double
  /// The mean over the classes that occur in the labels or the predictions.
  public let macroAverage: Row
  /// The mean over the classes, each counting as often as it occurs in the labels.
  public let weightedAverage: Row

  init(_ counts: ClassCounts, _ names: [(number: Int, name: String)]) {
    func orZero(_ x: Double) -> Double { x.isNaN ? 0 : x }
    classes = names.map { number, name in
      let count = counts.counts[number] ?? ClassCount()
      let notes = [count.actual == 0 ? "no examples" : nil, count.predicted == 0 ? "never predicted" : nil]
      return Row(
        name: name, precision: orZero(count.precision), recall: orZero(count.recall), f1Score: orZero(count.f1Score),
        examples: count.actual, note: notes.compactMap { $0 }.joined(separator: ", "))
    }
    func average(_ name: String, _ kind: Averaging) -> Row {
      Row(
        name: name, precision: counts.averaged(kind, 0) { $0.precision },
        recall: counts.averaged(kind, 0) { $0.recall },
        f1Score: counts.averaged(kind, 0) { $0.f1Score }, examples: counts.examples, note: "")
    }
    accuracy = counts.averaged(.micro, 0) { $0.recall }
    (macroAverage, weightedAverage) = (average("macro average", .macro), average("weighted average", .weighted))
  }

  /// The table: a row for each class, then the averages.
  public var description: String {
    var table = Table([
      ("class", .left), ("precision", .right), ("recall", .right), ("F1 score", .right), ("examples", .right),
      ("", .left),
    ])
    func short(_ x: Double) -> String { String(format: "%.2f", x) }
    func add(_ row: Row) {
      table.add([
        row.name, short(row.precision), short(row.recall), short(row.f1Score), grouped(row.examples), row.note,
      ])
    }
    classes.forEach(add)
    table.addRule()
    table.add(["accuracy", "", "", short(accuracy), grouped(macroAverage.examples), ""])
    add(macroAverage)
    add(weightedAverage)
    return table.text
  }
}

/// Precision, recall and F1 of each class: scikit-learn's `classification_report`.
///
///     print(classificationReport(model(test.inputs), test.labels, names: classes))
///
/// Predictions are class numbers (count), or logits or probabilities (count, classes), of which the largest counts;
/// labels are class numbers (count). With `names` there is a row for each, also where it does not occur; the averages
/// leave such a class out. Without them the classes that occur have rows, by their numbers.
public func classificationReport(
  _ predictions: some VariableConvertible, _ labels: Tensor, names: [String]? = nil
) -> ClassificationReport {
  let counts = ClassCounts(
    predictions.asVariable.value, labels, classes: names?.count, "classificationReport")
  let rows = names?.enumerated().map { ($0.offset, $0.element) } ?? counts.counts.keys.sorted().map { ($0, String($0)) }
  return ClassificationReport(counts, rows)
}
