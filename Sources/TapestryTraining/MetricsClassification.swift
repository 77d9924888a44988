import TapestryAutograd
import TapestryTensors

// Precision, recall and F1. Predictions are class numbers (count), or logits or probabilities (count, classes), of which
// the largest counts as `accuracy` has it; labels are class numbers (count); bool is 0 and 1. NaN of no rows.
//
// Where a figure would be 0/0, as the precision of a class that is never predicted, it is `zeroDivision`: 0, scikit-learn's
// default; with NaN the average leaves it out.

/// How one figure is made of those of several classes.
public enum Averaging: Sendable {
  /// Of two classes, 0 and 1, the figure of class 1.
  case binary
  /// The mean over the classes that occur in the labels or the predictions: each counts alike, however rare.
  case macro
  /// Of all classes' counts together. Where each row has one label this is the accuracy.
  case micro
  /// The mean over the classes, each counting as often as it occurs in the labels.
  case weighted
}

/// The share of what was predicted as a class that is of it: TP/(TP + FP). scikit-learn's `precision_score`.
public func precision(
  _ predictions: some VariableConvertible, _ labels: Tensor, average: Averaging = .binary, zeroDivision: Double = 0
) -> Double {
  ClassCounts(predictions, labels, average, "precision").averaged(average, zeroDivision) { $0.precision }
}

/// The share of a class's examples that was recognized: TP/(TP + FN). scikit-learn's `recall_score`.
public func recall(
  _ predictions: some VariableConvertible, _ labels: Tensor, average: Averaging = .binary, zeroDivision: Double = 0
) -> Double {
  ClassCounts(predictions, labels, average, "recall").averaged(average, zeroDivision) { $0.recall }
}

/// The harmonic mean of precision and recall: 2·TP/(2·TP + FP + FN). scikit-learn's `f1_score`.
public func f1Score(
  _ predictions: some VariableConvertible, _ labels: Tensor, average: Averaging = .binary, zeroDivision: Double = 0
) -> Double {
  ClassCounts(predictions, labels, average, "f1Score").averaged(average, zeroDivision) { $0.f1Score }
}

/// How often a class was right, predicted and true. The figures are NaN where they would be 0/0.
struct ClassCount {
  var right = 0, predicted = 0, actual = 0

  var precision: Double { Double(right) / Double(predicted) }
  var recall: Double { Double(right) / Double(actual) }
  var f1Score: Double { 2 * Double(right) / Double(predicted + actual) }
}

/// The counts of all classes that occur, by class number.
struct ClassCounts {
  private(set) var counts: [Int: ClassCount] = [:]
  private(set) var examples = 0

  init(_ predictions: some VariableConvertible, _ labels: Tensor, _ average: Averaging, _ name: String) {
    self.init(predictions.asVariable.value, labels, classes: nil, name)
    if case .binary = average, let other = counts.keys.filter({ $0 > 1 }).min() {
      fail("\(name): class \(other) is no class of two, 0 and 1; name an average: .macro, .micro or .weighted")
    }
  }

  /// `classes`: how many there are, where known.
  init(_ predictions: Tensor, _ labels: Tensor, classes: Int?, _ name: String) {
    let width = predictions.rank == 2 ? predictions.shape[1] : nil
    let predicted = predictedClasses(predictions, classes: classes, name)
    let truth = classNumbers(labels, below: classes ?? width, name, "labels")
    if predicted.count != truth.count {
      fail("\(name): needs as many predictions as labels, got \(predictions.shape) and \(labels.shape)")
    }
    for (a, b) in zip(predicted, truth) {
      counts[a, default: ClassCount()].predicted += 1
      counts[b, default: ClassCount()].actual += 1
      if a == b { counts[a]!.right += 1 }
    }
    examples = truth.count
  }

  func averaged(_ average: Averaging, _ zeroDivision: Double, _ figure: (ClassCount) -> Double) -> Double {
    if examples == 0 { return .nan }
    func figureOr(_ count: ClassCount) -> Double {
      let value = figure(count)
      return value.isNaN ? zeroDivision : value
    }
    switch average {
    case .binary: return figureOr(counts[1] ?? ClassCount())
    case .micro:
      return figureOr(
        counts.values.reduce(into: ClassCount()) { sum, count in
          sum.right += count.right
          sum.predicted += count.predicted
          sum.actual += count.actual
        })
    case .macro, .weighted:
      var sum = 0.0, weights = 0.0
      // By class, for sums of Doubles depend on the order.
      for (_, count) in counts.sorted(by: { $0.key < $1.key }) {
        let value = figureOr(count)
        if value.isNaN { continue }
        let weight = if case .macro = average { 1.0 } else { Double(count.actual) }
        sum += weight * value
        weights += weight
      }
      return sum / weights
    }
  }
}
