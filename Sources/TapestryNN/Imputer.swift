import TapestryAutograd
import TapestryOps
import TapestryTensors

/// Puts a number of its column in the place of each missing value, NaN. Fitted on the training part alone, and a part
/// of the model, so that a file has it too:
///
///     let table = try CSV.load("machines.csv").numbers(missing: .value(.nan))
///     let imputer = Imputer(fitting: table, .median, indicator: true)
///     let model = Sequential(imputer, Standardizer(fitting: imputer.transform(table)), Linear(2 * table.shape[1], 3))
///
/// x (…, columns) gives the same shape. With an `indicator` as many columns follow, 1 where the value of a column was
/// missing and 0 elsewhere, for that a value is missing often says something: (…, 2·columns), also for columns that
/// missed none in the training part, so that the width does not depend on the data. scikit-learn's `SimpleImputer`,
/// with `MissingIndicator(features="all")`.
public final class Imputer: Layer {
  /// What stands for a missing value.
  public enum Strategy: Sendable {
    /// The mean of the column's numbers.
    case mean
    /// Their median; of an even count the mean of the middle two. A few very large numbers do not move it.
    case median
    /// The number that occurs most often, the smallest of several.
    case mostFrequent
    /// This number.
    case constant(Double)
  }

  /// (columns) float64, what stands for a missing value of each; NaN before `fit`.
  public let fill: Buffer
  /// Whether columns follow that tell what was missing.
  public let indicator: Bool

  private var isFitted = false

  /// For x of that many columns; to be fitted, or loaded with the model.
  public init(_ columns: Int, indicator: Bool = false) {
    if columns < 1 { fail("Imputer: needs at least 1 column, got \(columns)") }
    fill = Buffer(.full([columns], Double.nan, .float64))
    self.indicator = indicator
  }

  /// Fitted: `Imputer(fitting: train.inputs, .median)`.
  public convenience init(fitting x: Tensor, _ strategy: Strategy = .mean, indicator: Bool = false) {
    self.init(fittedColumns(of: x, "Imputer"), indicator: indicator)
    fit(x, strategy)
  }

  /// Takes what stands for missing values from the training part: x (…, columns). Each column needs a number, unless a
  /// constant is to stand there.
  public func fit(_ x: Tensor, _ strategy: Strategy = .mean) {
    if case .constant(let value) = strategy, !value.isFinite {
      fail("Imputer: only a finite number can stand for missing values, got \(value)")
    }
    let numbers = numbers(of: x, columns: fill.count, "Imputer").enumerated().map { i, values in
      if case .constant(let value) = strategy { return value }
      if values.isEmpty {
        fail(
          """
          Imputer: column \(i) of \(x.shape) has no number to take the \(strategy) of; leave it out, or fill it with \
          .constant
          """)
      }
      return Self.number(of: values, strategy)
    }
    fill.assign(Tensor(numbers).cast(to: fill.dtype))
    isFitted = true
  }

  private static func number(of values: [Double], _ strategy: Strategy) -> Double {
    let sorted = values.sorted(), n = sorted.count
    switch strategy {
    case .mean: return values.reduce(0, +) / Double(n)
    case .median: return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
    case .constant(let value): return value
    case .mostFrequent:
      var best = sorted[0], most = 0, start = 0
      for i in 1...n where i == n || sorted[i] != sorted[start] {
        if i - start > most { (best, most) = (sorted[start], i - start) }
        start = i
      }
      return best
    }
  }

  /// x (…, columns) with its missing values filled in, (…, 2·columns) with an indicator; of integers float32.
  public func transform(_ x: Tensor) -> Tensor { noGrad { forward(Variable(x)).value } }

  /// As `transform`, as a part of a model. Traps before `fit`, and for another number of columns.
  public func forward(_ x: Variable) -> Variable {
    checkColumns(x.shape, fill.count, "Imputer")
    if !isFitted && !Dry.isOn {
      if fill.isNaN().any().item != 0 {
        fail("Imputer: was not fitted; call fit(x) with the training part, or load a state that was")
      }
      isFitted = true
    }
    let x = x.cast(to: resultType(x.dtype)), missing = x.isNaN()
    let filled = fill.cast(to: x.dtype).where(missing, x)
    return indicator ? concatenate([filled, Variable(missing.cast(to: x.dtype))], axis: -1) : filled
  }

  /// What stands in brackets where the model is printed: the number of columns, and whether the gaps are told.
  public var details: String { "\(fill.count)" + (indicator ? ", indicator: true" : "") }
}
