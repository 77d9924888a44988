import TapestryAutograd
import TapestryTensors

// How far predicted numbers are from the true ones. Predictions and targets have one shape, (count) or (count, outputs),
// computed in float64; of several outputs the mean over the outputs counts, as scikit-learn's "uniform_average". NaN in
// gives NaN out, and so do no rows.

/// R² = 1 − Σ(y − ŷ)²/Σ(y − mean y)²: 1 where all is right, 0 for who always says the mean, negative for worse. Of
/// targets that are all equal 1 if all is right, else 0; NaN of fewer than two rows. scikit-learn's `r2_score`.
public func rSquared(_ predictions: some VariableConvertible, _ targets: Tensor) -> Double {
  meanOverOutputs(predictions.asVariable.value, targets, "rSquared") { predicted, truth in
    if truth.count < 2 { return .nan }
    let mean = truth.reduce(0, +) / Double(truth.count)
    let errors = zip(predicted, truth).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    let squares = truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // Not by the sum: rounding of the mean leaves something of equal numbers.
    if truth.allSatisfy({ $0 == truth[0] }) { return errors.isNaN ? .nan : errors == 0 ? 1 : 0 }
    return 1 - errors / squares
  }
}

/// Σ|y − ŷ|/count, in the units of the targets. scikit-learn's `mean_absolute_error`.
public func meanAbsoluteError(_ predictions: some VariableConvertible, _ targets: Tensor) -> Double {
  meanOverOutputs(predictions.asVariable.value, targets, "meanAbsoluteError") { predicted, truth in
    zip(predicted, truth).reduce(0) { $0 + abs($1.1 - $1.0) } / Double(truth.count)
  }
}

/// √(Σ(y − ŷ)²/count), in the units of the targets; large errors count for more than in the mean absolute one.
/// scikit-learn's `root_mean_squared_error`.
public func rootMeanSquaredError(_ predictions: some VariableConvertible, _ targets: Tensor) -> Double {
  meanOverOutputs(predictions.asVariable.value, targets, "rootMeanSquaredError") { predicted, truth in
    (zip(predicted, truth).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) } / Double(truth.count)).squareRoot()
  }
}

private func meanOverOutputs(
  _ predictions: Tensor, _ targets: Tensor, _ name: String,
  _ metric: (_ predicted: [Double], _ truth: [Double]) -> Double
) -> Double {
  if predictions.shape != targets.shape || !(1...2).contains(targets.rank) {
    let hint =
      predictions.count == targets.count && predictions.shape.first == targets.shape.first
      ? "; reshape one to the other's" : ""
    fail(
      """
      \(name): needs predictions and targets of one shape, (count) or (count, outputs), got \(predictions.shape) and \
      \(targets.shape)\(hint)
      """)
  }
  let outputs = targets.rank == 2 ? targets.shape[1] : 1
  func columns(_ x: Tensor) -> [[Double]] {
    x.reshaped(x.shape[0], outputs).unbind(axis: 1).map { $0.cast(to: .float64).array(Double.self) }
  }
  if targets.count == 0 { return .nan }
  return zip(columns(predictions), columns(targets)).reduce(0) { $0 + metric($1.0, $1.1) } / Double(outputs)
}
