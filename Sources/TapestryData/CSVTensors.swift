import Foundation
import TapestryTensors

// From a table of text to tensors.

extension CSV {
  /// What becomes of a missing number.
  public enum Missing: Sendable {
    /// It is an error.
    case error
    /// It gets this value.
    case value(Double)
    /// It gets the mean of the numbers that its column has in this very table. To fill in what the training part has,
    /// read `.value(.nan)` and give the model an `Imputer`.
    case mean

    var isFilled: Bool { if case .error = self { false } else { true } }
  }

  /// Columns as numbers: (count, columns), all columns without the argument. Throws for a number that the type cannot
  /// hold: for integer types one that is not whole or lies outside their range (0 and 1 for bool, where True, TRUE and
  /// true are 1 too), for float32 one beyond its largest. Whole numbers are exact however they are written (1e3,
  /// 9007199254740993.0); float32 and float64 round to their precision. Numbers are decimal: `0x10` is none.
  public func numbers(_ columns: [String]? = nil, missing: Missing = .error, _ dtype: DType = .float32)
    throws(DataError) -> Tensor
  {
    let positions = try self.positions(of: columns ?? self.columns), shape: Shape = [count, positions.count]
    if let range = Self.wholeNumbers(of: dtype) {
      let numbers = try filled(positions, missing, dtype, 0, { Self.whole($0, range) }) {
        (row, column) throws(DataError) in
        try integer(row, column, dtype, range)
      } mean: { values in
        // Exactly or not at all, like the numbers themselves.
        var (sum, overflow) = (Int64(0), false)
        for value in values where !overflow { (sum, overflow) = sum.addingReportingOverflow(value) }
        if overflow { return nil }
        let (mean, rest) = sum.quotientAndRemainder(dividingBy: Int64(values.count))
        return (rest == 0 ? mean : nil, Double(sum) / Double(values.count))
      }
      return Tensor(numbers, shape: shape).cast(to: dtype)
    }
    // A substitute may be infinite or NaN if the user says so, a number of the file may not.
    let numbers = try filled(positions, missing, dtype, 0, { $0.isFinite && !Self.fits($0, dtype) ? nil : $0 }) {
      (row, column) throws(DataError) in
      let value = try number(row, column)
      if !Self.fits(value, dtype) {
        throw wrong("\"\(try present(row, column))\" is beyond \(dtype); ask for .float64", row, column)
      }
      return value
    } mean: { values in
      let sum = values.reduce(0, +), mean = sum / Double(values.count)
      return sum.isFinite ? (mean, mean) : nil
    }
    return Tensor(numbers, shape: shape).cast(to: dtype)
  }

  /// The fields of columns as `parse` reads them. Missing ones are `convert` of their substitute, nil where the type
  /// cannot hold it, or the `mean` of the column's others, which is nil where the sum overflows; beside it stands about
  /// what it is, for the message.
  private func filled<Number>(
    _ positions: [Int], _ missing: Missing, _ dtype: DType, _ zero: Number, _ convert: (Double) -> Number?,
    _ parse: (_ row: Int, _ column: Int) throws(DataError) -> Number,
    mean: ([Number]) -> (exact: Number?, about: Double)?
  ) throws(DataError) -> [Number] {
    let width = positions.count
    var numbers = [Number](repeating: zero, count: count * width)
    for (j, column) in positions.enumerated() {
      var absent: [Int] = []
      for row in 0..<count {
        if cells[row * columns.count + column] == nil, missing.isFilled {
          absent.append(row)
        } else {
          numbers[row * width + j] = try parse(row, column)
        }
      }
      guard let first = absent.first else { continue }
      let fill: Number?, about: Double
      if case .value(let value) = missing {
        (fill, about) = (convert(value), value)
      } else {
        if absent.count == count {
          throw DataError(
            "no record has a value of \"\(columns[column])\" to take the mean of", file: file, column: column + 1)
        }
        let present = (0..<count).filter { cells[$0 * columns.count + column] != nil }.map { numbers[$0 * width + j] }
        guard let mean = mean(present) else {
          throw DataError(
            "the numbers of \"\(columns[column])\" are too large to take their mean", file: file, column: column + 1)
        }
        (fill, about) = (mean.exact, mean.about)
      }
      guard let fill else {
        throw wrong(
          "the value is missing, and \(dtype) cannot hold \(about), which is to stand for it; ask for another type",
          first, column)
      }
      for row in absent { numbers[row * width + j] = fill }
    }
    return numbers
  }

  /// What an integer type can hold; nil for floating-point ones.
  private static func wholeNumbers(of dtype: DType) -> ClosedRange<Int64>? {
    switch dtype {
    case .int64: .min ... .max
    case .int32: Int64(Int32.min)...Int64(Int32.max)
    case .uint8: 0...255
    case .bool: 0...1
    case .float32, .float64, .float16, .bfloat16: nil
    }
  }

  /// The number as an integer of the range. From 2⁵³ on a Double may already have been rounded.
  private static func whole(_ value: Double, _ range: ClosedRange<Int64>) -> Int64? {
    guard abs(value) < 0x1p53, let integer = Int64(exactly: value), range.contains(integer) else { return nil }
    return integer
  }

  private static func fits(_ value: Double, _ dtype: DType) -> Bool {
    switch dtype {
    case .float32: Float(value).isFinite
    case .float16: abs(value) < 65520  // from there on it rounds to ∞
    case .bfloat16: abs(value) < 0x1.ffp127
    default: value.isFinite
    }
  }

  private func integer(_ row: Int, _ column: Int, _ dtype: DType, _ range: ClosedRange<Int64>) throws(DataError)
    -> Int64
  {
    let text = try present(row, column), plain = Self.trimmed(text)
    if let integer = Int64(plain), range.contains(integer) { return integer }
    if dtype == .bool, let truth = Self.truths[plain] { return truth }
    let value = try decimal(row, column)  // 3.0 and 1e3 are whole too
    if !value.isWhole {
      throw wrong("\"\(text)\" is no whole number, which \(dtype) needs; ask for .float32 or .float64", row, column)
    }
    guard let integer = value.integer, range.contains(integer) else {
      throw wrong(
        """
        \"\(text)\" cannot be held exactly by \(dtype), \(range.lowerBound) … \(range.upperBound); ask for another type
        """,
        row, column)
    }
    return integer
  }

  /// As Python, R and others write them.
  private static let truths: [String: Int64] = ["True": 1, "TRUE": 1, "true": 1, "False": 0, "FALSE": 0, "false": 0]

  /// The different values of a column in order: by size if all are numbers, else by their text, code point by code
  /// point. They must not be missing: `droppingMissing(in: [column])` leaves such records out.
  public func classes(of column: String) throws(DataError) -> [String] {
    let position = try position(of: column)
    var seen = Set<Name>()
    for row in 0..<count { seen.insert(Name(Self.trimmed(try present(row, position)))) }
    let numbers = seen.compactMap { name in CSVNumber(name.text).map { (number: $0.double, name: name) } }
    if numbers.count < seen.count { return seen.sorted().map(\.text) }
    return numbers.sorted { ($0.number, $0.name) < ($1.number, $1.name) }.map(\.name.text)
  }

  /// A column as class indices: (count) int64, the positions of its values in `classes`, those of the column itself
  /// without the argument; a column of numbers with fractions has none then, for their ranks would mean nothing. Give
  /// the training data's classes when reading test data.
  public func classIndices(_ column: String, classes: [String]? = nil) throws(DataError) -> Tensor {
    let position = try position(of: column)
    var names = classes ?? []
    if classes == nil {
      names = try self.classes(of: column)
      try refuseMeasurements(position)
    }
    let indices = Dictionary(names.enumerated().map { (Name(Self.trimmed($0.element)), $0.offset) }) { first, _ in first
    }
    var labels: [Int] = []
    labels.reserveCapacity(count)
    for row in 0..<count {
      let name = Self.trimmed(try present(row, position))
      guard let index = indices[Name(name)] else {
        throw wrong("\"\(name)\" is none of the classes \(names)", row, position)
      }
      labels.append(index)
    }
    return Tensor(labels)
  }

  /// Throws for a column of which all values are numbers and one has a fraction: what was measured is no class.
  private func refuseMeasurements(_ column: Int) throws(DataError) {
    var fraction: (row: Int, text: String)?
    for row in 0..<count {
      guard let number = CSVNumber(Self.trimmed(try present(row, column))) else { return }
      if fraction == nil && !number.isWhole { fraction = (row, number.text) }
    }
    guard let fraction else { return }
    let hint = "for regression name the column as target:, or pass classes: to make classes of such numbers"
    throw wrong("\"\(fraction.text)\" is a measured number, not a class; \(hint)", fraction.row, column)
  }

  /// For classification: inputs (count, features), labels (count) int64, the classes' indices. Without `features` all
  /// other columns are.
  public func examples(
    features: [String]? = nil, label: String, classes: [String]? = nil, missing: Missing = .error,
    _ dtype: DType = .float32
  ) throws(DataError) -> Examples {
    let labels = try classIndices(label, classes: classes)
    return Examples(
      try numbers(features ?? columns.filter { Name($0) != Name(label) }, missing: missing, dtype), labels)
  }

  /// For regression: inputs (count, features), labels (count, 1), both of the given type. Without `features` all other
  /// columns are.
  public func examples(features: [String]? = nil, target: String, missing: Missing = .error, _ dtype: DType = .float32)
    throws(DataError) -> Examples
  {
    let targets = try numbers([target], dtype)
    return Examples(
      try numbers(features ?? columns.filter { Name($0) != Name(target) }, missing: missing, dtype), targets)
  }

  private func number(_ row: Int, _ column: Int) throws(DataError) -> Double {
    let number = try decimal(row, column)
    if !number.double.isFinite { throw notFinite(number.text, row, column) }
    return number.double
  }

  private func decimal(_ row: Int, _ column: Int) throws(DataError) -> CSVNumber {
    let text = try present(row, column, "missing: .mean fills in its column's mean, ")
    if let number = CSVNumber(Self.trimmed(text)) { return number }
    if CSVNumber.isNonfinite(Self.trimmed(text)) { throw notFinite(text, row, column) }
    throw wrong(
      """
      \"\(text)\" is no number; name the columns of numbers as features:, or make indices of this one with classIndices
      """,
      row, column)
  }

  private func notFinite(_ text: String, _ row: Int, _ column: Int) -> DataError {
    wrong("\"\(text)\" is not finite; list it as a marker of missing values, or mend the file", row, column)
  }

  /// Without spaces around it, which hand-written files have.
  static func trimmed(_ text: String) -> String {
    let utf8 = text.utf8
    if utf8.first != 32 && utf8.last != 32 && utf8.first != 9 && utf8.last != 9 { return text }
    return text.trimmingCharacters(in: .whitespaces)
  }
}
