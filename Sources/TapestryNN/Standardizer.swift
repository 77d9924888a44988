import TapestryAutograd
import TapestryOps
import TapestryTensors

/// z = (x − mean)/scale, column by column: what was measured in degrees, hours and francs becomes numbers of mean 0 and
/// standard deviation 1. Fitted on the training part alone, and a part of the model, so that a file has it too:
///
///     final class Net: Layer {
///       let standardizer = Standardizer(8), hidden = Linear(8, 32), output = Linear(32, 3)
///       func forward(_ x: Variable) -> Variable { output(relu(hidden(standardizer(x)))) }
///     }
///     model.standardizer.fit(train.inputs)
///
/// x is (…, columns). The mean and the standard deviation √(Σ(x − mean)²/count) are computed and kept in float64, also
/// in a model of float32; a column that is constant, but for what rounding makes of it, has the scale 1. NaN, a missing
/// value, is left out of them and stays NaN: see `Imputer`. scikit-learn's `StandardScaler`.
public final class Standardizer: Layer {
  /// (columns) float64, the mean of each.
  public let mean: Buffer
  /// (columns) float64, the standard deviation of each, 1 for a constant one; 0 before `fit`.
  public let scale: Buffer

  private var isFitted = false

  /// For x of that many columns; to be fitted, or loaded with the model.
  public init(_ columns: Int) {
    if columns < 1 { fail("Standardizer: needs at least 1 column, got \(columns)") }
    mean = Buffer(.zeros([columns], .float64))
    scale = Buffer(.zeros([columns], .float64))
  }

  /// Fitted: `Standardizer(fitting: train.inputs)`.
  public convenience init(fitting x: Tensor) {
    self.init(fittedColumns(of: x, "Standardizer"))
    fit(x)
  }

  /// Takes the mean and the scale of each column from the training part: x (…, columns). Each column needs a number.
  public func fit(_ x: Tensor) {
    let columns = numbers(of: x, columns: mean.count, "Standardizer")
    let moments = columns.enumerated().map { i, values in
      if values.isEmpty {
        fail("Standardizer: column \(i) of \(x.shape) has no number to take the mean of; leave it out")
      }
      return Self.moments(values)
    }
    mean.assign(Tensor(moments.map(\.mean)).cast(to: mean.dtype))
    scale.assign(Tensor(moments.map(\.scale)).cast(to: scale.dtype))
    isFitted = true
  }

  private static func moments(_ values: [Double]) -> (mean: Double, scale: Double) {
    let n = Double(values.count), mean = values.reduce(0, +) / n
    // In two passes, less what rounding of the mean left. (Chan, Golub, LeVeque: Algorithms for computing the sample
    // variance. 1983)
    var squares = 0.0, rest = 0.0
    for value in values {
      squares += (value - mean) * (value - mean)
      rest += value - mean
    }
    let variance = (squares - rest * rest / n) / n, ulp = Double.ulpOfOne
    // What the sums' rounding alone can make of equal numbers, as scikit-learn bounds it.
    let isConstant = variance <= n * ulp * variance + (n * mean * ulp) * (n * mean * ulp)
    return (mean, isConstant ? 1 : variance.squareRoot())
  }

  /// z of x (…, columns), of the type of x; of integers float32.
  public func transform(_ x: Tensor) -> Tensor { noGrad { forward(Variable(x)).value } }

  /// x of z (…, columns): z·scale + mean, to read predictions and centers in the units of the table.
  public func inverseTransform(_ z: Tensor) -> Tensor {
    check(z.shape)
    return (z.cast(to: .float64) * scale.value.cast(to: .float64) + mean.value.cast(to: .float64))
      .cast(to: resultType(z.dtype))
  }

  /// (x − mean)/scale of x (…, columns), computed in float64. Traps before `fit`, and for another number of columns.
  public func forward(_ x: Variable) -> Variable {
    check(x.shape)
    // In float64, for of 1,700,000,012 seconds float32 leaves none.
    let centered = x.cast(to: .float64) - mean.cast(to: .float64)
    return (centered / scale.cast(to: .float64)).cast(to: resultType(x.dtype))
  }

  private func check(_ shape: Shape) {
    checkColumns(shape, mean.count, "Standardizer")
    if isFitted || Dry.isOn { return }
    if scale.value.cast(to: .float64).array(Double.self).contains(0) {
      fail("Standardizer: was not fitted; call fit(x) with the training part, or load a state that was")
    }
    isFitted = true
  }

  /// What stands in brackets where the model is printed: the number of columns.
  public var details: String { "\(mean.count)" }
}

// What layers share that are fitted to the columns of a table.

/// The type of what is made of a column: its own, float32 of integers.
func resultType(_ dtype: DType) -> DType { dtype.isFloatingPoint ? dtype : .float32 }

func fittedColumns(of x: Tensor, _ name: String) -> Int {
  guard let columns = x.shape.last else { fail("\(name): needs x (…, columns) to be fitted to, got a scalar") }
  return columns
}

func checkColumns(_ shape: Shape, _ columns: Int, _ name: String) {
  if shape.last != columns { fail("\(name): was made for \(columns) columns, x (…, \(columns)), got \(shape)") }
}

/// The numbers of each column of x (…, columns) in float64, without those that are NaN.
func numbers(of x: Tensor, columns: Int, _ name: String) -> [[Double]] {
  checkColumns(x.shape, columns, name)
  let values = x.cast(to: .float64).array(Double.self)
  if let i = values.firstIndex(where: \.isInfinite) {
    fail(
      """
      \(name): column \(i % columns) of \(x.shape) has \(values[i]) in row \(i / columns); mend the data, or make it NaN, \
      a missing value
      """)
  }
  return (0..<columns).map { column in
    stride(from: column, to: values.count, by: columns).map { values[$0] }.filter { !$0.isNaN }
  }
}
