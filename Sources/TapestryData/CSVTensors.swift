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
    /// It gets the mean of the numbers that its column has.
    case mean
  }

  /// Columns as numbers: (count, columns), all columns without the argument. Throws for a number that the type cannot hold: for integer types one that is not
  /// whole or lies outside their range (0 and 1 for bool), for float32 one beyond its largest. float32 and float64 round to their precision.
  public func numbers(_ columns: [String]? = nil, missing: Missing = .error, _ dtype: DType = .float32) throws(DataError) -> Tensor {
    let positions = try self.positions(of: columns ?? self.columns), shape: Shape = [count, positions.count]
    if let range = Self.wholeNumbers(of: dtype) {
      let numbers = try filled(positions, missing, dtype, 0, { Self.whole($0, range) }) { (row, column) throws(DataError) in
        try integer(row, column, dtype, range)
      }
      return Tensor(numbers, shape: shape).cast(to: dtype)
    }
    // A substitute may be infinite or NaN if the user says so, a number of the file may not.
    let numbers = try filled(positions, missing, dtype, 0, { $0.isFinite && !Self.fits($0, dtype) ? nil : $0 }) { (row, column) throws(DataError) in
      let value = try number(row, column)
      if !Self.fits(value, dtype) { throw wrong("\"\(try present(row, column))\" is beyond \(dtype); ask for .float64", row, column) }
      return value
    }
    return Tensor(numbers, shape: shape).cast(to: dtype)
  }

  /// The fields of columns as `parse` reads them; missing ones are `convert` of their substitute, which is nil where the type cannot hold it.
  private func filled<Number>(
    _ positions: [Int], _ missing: Missing, _ dtype: DType, _ zero: Number, _ convert: (Double) -> Number?,
    _ parse: (_ row: Int, _ column: Int) throws(DataError) -> Number
  ) throws(DataError) -> [Number] {
    let width = positions.count
    var numbers = [Number](repeating: zero, count: count * width)
    for (j, column) in positions.enumerated() {
      let substitute = try substitute(column, missing)
      for row in 0..<count {
        if let substitute, cells[row * columns.count + column] == nil {
          guard let fill = convert(substitute) else {
            throw wrong("the value is missing, and \(dtype) cannot hold \(substitute), which is to stand for it; ask for another type", row, column)
          }
          numbers[row * width + j] = fill
        } else {
          numbers[row * width + j] = try parse(row, column)
        }
      }
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
    case .float32, .float64: nil
    }
  }

  /// The number as an integer of the range. Beyond 2⁵³ a Double may already have been rounded.
  private static func whole(_ value: Double, _ range: ClosedRange<Int64>) -> Int64? {
    guard abs(value) <= 0x1p53, let integer = Int64(exactly: value), range.contains(integer) else { return nil }
    return integer
  }

  private static func fits(_ value: Double, _ dtype: DType) -> Bool { dtype == .float32 ? Float(value).isFinite : value.isFinite }

  private func integer(_ row: Int, _ column: Int, _ dtype: DType, _ range: ClosedRange<Int64>) throws(DataError) -> Int64 {
    let text = try present(row, column)
    if let integer = Int64(Self.trimmed(text)), range.contains(integer) { return integer }
    let value = try number(row, column)  // 3.0 and 1e3 are whole too
    if value != value.rounded() { throw wrong("\"\(text)\" is no whole number, which \(dtype) needs; ask for .float32 or .float64", row, column) }
    guard let integer = Self.whole(value, range) else {
      throw wrong("\"\(text)\" cannot be held exactly by \(dtype), \(range.lowerBound) … \(range.upperBound); ask for another type", row, column)
    }
    return integer
  }

  /// The different values of a column in order: by size if all are numbers, else by their text. They must not be missing.
  public func classes(of column: String) throws(DataError) -> [String] {
    let position = try position(of: column)
    var seen = Set<String>()
    for row in 0..<count { seen.insert(Self.trimmed(try present(row, position))) }
    let numbers = seen.compactMap { text in Double(text).map { (number: $0, text: text) } }
    if numbers.count < seen.count { return seen.sorted() }
    return numbers.sorted { ($0.number, $0.text) < ($1.number, $1.text) }.map(\.text)
  }

  /// A column as class indices: (count) int64, the positions of its values in `classes`, those of the column itself without the argument. Give the training
  /// data's classes when reading test data.
  public func classIndices(_ column: String, classes: [String]? = nil) throws(DataError) -> Tensor {
    let position = try position(of: column)
    var names = classes ?? []
    if classes == nil { names = try self.classes(of: column) }
    let indices = Dictionary(names.enumerated().map { (Self.trimmed($0.element), $0.offset) }) { first, _ in first }
    var labels: [Int] = []
    labels.reserveCapacity(count)
    for row in 0..<count {
      let name = Self.trimmed(try present(row, position))
      guard let index = indices[name] else { throw wrong("\"\(name)\" is none of the classes \(names)", row, position) }
      labels.append(index)
    }
    return Tensor(labels)
  }

  /// For classification: inputs (count, features), labels (count) int64, the classes' indices. Without `features` all other columns are.
  public func examples(
    features: [String]? = nil, label: String, classes: [String]? = nil, missing: Missing = .error, _ dtype: DType = .float32
  ) throws(DataError) -> Examples {
    let labels = try classIndices(label, classes: classes)
    return Examples(try numbers(features ?? columns.filter { $0 != label }, missing: missing, dtype), labels)
  }

  /// For regression: inputs (count, features), labels (count, 1), both of the given type. Without `features` all other columns are.
  public func examples(features: [String]? = nil, target: String, missing: Missing = .error, _ dtype: DType = .float32) throws(DataError) -> Examples {
    let targets = try numbers([target], dtype)
    return Examples(try numbers(features ?? columns.filter { $0 != target }, missing: missing, dtype), targets)
  }

  /// What a missing number of a column becomes; nil where it may not be missing.
  private func substitute(_ column: Int, _ missing: Missing) throws(DataError) -> Double? {
    switch missing {
    case .error: return nil
    case .value(let value): return value
    case .mean:
      let rows = (0..<count).filter { cells[$0 * columns.count + column] != nil }
      if rows.isEmpty && count > 0 { throw DataError("no record has a value of \"\(columns[column])\" to take the mean of", file: file, column: column + 1) }
      var sum = 0.0
      for row in rows { sum += try number(row, column) }
      if !sum.isFinite { throw DataError("the numbers of \"\(columns[column])\" are too large to take their mean", file: file, column: column + 1) }
      return sum / Double(Swift.max(1, rows.count))
    }
  }

  private func number(_ row: Int, _ column: Int) throws(DataError) -> Double {
    let text = try present(row, column, "missing: .mean fills in its column's mean, ")
    guard let number = Double(Self.trimmed(text)) else {
      throw wrong("\"\(text)\" is no number; name the columns of numbers as features:, or make indices of this one with classIndices", row, column)
    }
    if !number.isFinite { throw wrong("\"\(text)\" is not finite; list it as a marker of missing values, or mend the file", row, column) }
    return number
  }

  /// Without spaces around it, which hand-written files have.
  static func trimmed(_ text: String) -> String {
    let utf8 = text.utf8
    if utf8.first != 32 && utf8.last != 32 && utf8.first != 9 && utf8.last != 9 { return text }
    return text.trimmingCharacters(in: .whitespaces)
  }
}
