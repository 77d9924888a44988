import TapestryAutograd
import TapestryTensors

/// The names of predicted classes, one a row.
///
///     let classes = try train.classes(of: "species")              // ["setosa", "versicolor", "virginica"]
///     print(classNames(of: model(rows), in: classes))             // ["virginica", "setosa"]
///
/// Predictions are logits or probabilities (count, classes), of which the largest counts as `accuracy` has it, or class
/// numbers (count) of an integer type.
public func classNames(of predictions: some VariableConvertible, in classes: [String]) -> [String] {
  predictedClasses(predictions.asVariable.value, classes: classes.count, "classNames").map { classes[$0] }
}

/// Predicted class numbers: of logits (count, classes) the largest, or numbers (count) as they are, bool as 0 and 1.
/// Each lies below `classes`, where known.
func predictedClasses(_ predictions: Tensor, classes: Int?, _ name: String) -> [Int] {
  if predictions.rank == 2 && predictions.dtype.isFloatingPoint {
    if let classes, predictions.shape[1] != classes {
      fail("\(name): needs logits (count, \(classes)), one for each class, got \(predictions.shape)")
    }
    return predictions.shape[0] == 0 ? [] : predictions.argmax(-1).array(Int.self)
  }
  return classNumbers(predictions, below: classes, name, "predictions", or: "logits (count, classes)")
}

/// Class numbers (count), bool as 0 and 1.
func classNumbers(_ labels: Tensor, below classes: Int?, _ name: String, _ what: String, or other: String? = nil)
  -> [Int]
{
  if labels.rank != 1 || labels.dtype.isFloatingPoint {
    let other = other.map { " or \($0)" } ?? ""
    fail(
      "\(name): the \(what) must be class numbers (count) of an integer type\(other), got \(labels.dtype) \(labels.shape)"
    )
  }
  let numbers = labels.cast(to: .int64).array(Int.self)
  if let bad = numbers.first(where: { $0 < 0 || $0 >= classes ?? .max }) {
    fail("\(name): class \(bad) lies outside 0 ..< \(classes.map(String.init) ?? "…")")
  }
  return numbers
}
