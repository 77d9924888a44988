import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors

/// Whether the first loss of a classifier is that of one that knows nothing, and what is odd if not. Print it.
public struct FirstLossCheck: CustomStringConvertible, Sendable {
  /// The cross-entropy of the logits, in nats.
  public let loss: Double
  /// ln(classes), that of equal probabilities.
  public let expected: Double
  /// How many classes the logits have.
  public let classes: Int
  /// What is odd, each with what to do; empty where nothing is.
  public let remarks: [String]

  /// Whether nothing is odd.
  public var passed: Bool { remarks.isEmpty }

  /// The loss beside ln(classes), and a line for each remark.
  public var description: String {
    let numbers = String(format: "first loss %.4f, ln %d = %.4f: ", loss, classes, expected)
    if passed { return numbers + "as of a model that knows nothing yet" }
    return numbers + "something is odd\n" + remarks.map { "  - \($0)" }.joined(separator: "\n")
  }
}

/// Compares the cross-entropy of a fresh classifier with ln(classes), which it is near as long as it favors no class:
///
///     print(firstLossCheck(model(images), labels))       // before the first step
///
/// Logits are (count, classes), labels (count) of an integer type in 0 ..< classes. Told are: a loss more than 1 above
/// ln(classes), or less than half of it; NaN; logits that are probabilities already, or cut off by an activation; rows
/// that are all the same. (A. Karpathy: A recipe for training neural networks. 2019: "verify loss @ init")
public func firstLossCheck(_ logits: some VariableConvertible, _ labels: Tensor) -> FirstLossCheck {
  let logits = logits.asVariable.value
  if logits.rank != 2 || logits.shape[0] == 0 || logits.shape[1] < 2 {
    fail("firstLossCheck: needs logits (count, classes) of at least one row and two classes, got \(logits.shape)")
  }
  let loss = noGrad { crossEntropy(logits.cast(to: .float64), labels).item }
  let classes = logits.shape[1], expected = log(Double(classes))
  var remarks = oddities(logits.cast(to: .float64).array(Double.self), classes)
  if loss.isNaN || loss.isInfinite {
    remarks.insert(
      "the loss is \(loss): detectAnomaly { … } around the model's call names the first such result", at: 0)
  } else if loss > expected + 1 {
    let deviation = logits.cast(to: .float64).standardDeviation(correction: 0).item
    remarks.append(
      """
      the model is sure of wrong answers: its logits have a standard deviation of \(Progress.number(deviation)), and \
      should have one near 1 or below; standardize the inputs, or start the last layer with smaller weights
      """)
  } else if loss < 0.5 * expected {
    remarks.append(
      "the model knows too much: was it trained before, are all labels of one class, or do the inputs hold the label?")
  }
  return FirstLossCheck(loss: loss, expected: expected, classes: classes, remarks: remarks)
}

/// What the numbers of a fresh model's logits, row by row, should not be.
private func oddities(_ values: [Double], _ classes: Int) -> [String] {
  if values.contains(where: { !$0.isFinite }) { return [] }
  let rows = stride(from: 0, to: values.count, by: classes).map { values[$0..<$0 + classes] }
  let none = values.allSatisfy { $0 == 0 }  // a last layer that starts at 0 is fair
  if values.allSatisfy({ $0 >= 0 }) && rows.allSatisfy({ abs($0.reduce(0, +) - 1) < 1e-3 }) {
    return ["the logits are probabilities: leave softmax out, for crossEntropy contains it; training would be slow"]
  }
  if values.allSatisfy({ $0 <= 0 }) && rows.allSatisfy({ abs($0.reduce(0) { $0 + exp($1) } - 1) < 1e-3 }) {
    return [
      "the logits are logarithms of probabilities: leave logSoftmax out, or use nllLoss; crossEntropy contains it"
    ]
  }
  var remarks: [String] = []
  if rows.count > 1 && !none && rows.allSatisfy({ $0.elementsEqual(rows[0]) }) {
    remarks.append("every row has the same logits: the input does not reach the output; are all units of a layer off?")
  }
  if values.count >= 8 && !none {
    if values.allSatisfy({ $0 >= 0 }) && values.count(where: { $0 == 0 }) * 5 >= values.count {
      remarks.append("no logit is negative, and many are 0: leave out the ReLU behind the last layer")
    } else if values.allSatisfy({ $0 > 0 && $0 < 1 }) {
      remarks.append("all logits lie between 0 and 1: leave out the sigmoid behind the last layer")
    }
  }
  return remarks
}
