import TapestryTensors

extension CSV {
  /// What becomes of a category that the training part did not have.
  public enum UnknownCategory: Sendable {
    /// It is an error.
    case error
    /// Its row is zeros, and so is that of a missing value.
    case zeros
  }

  /// A column of categories as numbers: (count, categories), a 1 at the place of each record's category. Give the
  /// training part's categories for whatever is read later:
  ///
  ///     let cities = try train.classes(of: "city")
  ///     let inputs = concatenate(
  ///       [try test.numbers(["age", "income"]), try test.oneHot("city", categories: cities, unknown: .zeros)], axis: 1)
  ///
  /// Throws for a record whose category is none of them or is missing, unless `unknown` is `.zeros`. scikit-learn's
  /// `OneHotEncoder(categories=[cities], handle_unknown="error")`, and `"ignore"`.
  public func oneHot(
    _ column: String, categories: [String], unknown: UnknownCategory = .error, _ dtype: DType = .float32
  ) throws(DataError) -> Tensor {
    let position = try position(of: column), width = categories.count
    var places: [Name: Int] = [:]
    for (i, category) in categories.enumerated() {
      if places.updateValue(i, forKey: Name(Self.trimmed(category))) != nil {
        fail("oneHot: the categories of \"\(column)\" name \"\(category)\" twice")
      }
    }
    if width == 0 { fail("oneHot: needs at least one category of \"\(column)\"") }
    var ones = [UInt8](repeating: 0, count: count * width)
    for row in 0..<count {
      if unknown == .zeros && cells[row * columns.count + position] == nil { continue }
      let name = Self.trimmed(try present(row, position, "unknown: .zeros makes zeros of it, "))
      if let place = places[Name(name)] {
        ones[row * width + place] = 1
      } else if unknown == .error {
        let some = categories.prefix(12).joined(separator: ", ") + (width > 12 ? " and \(width - 12) more" : "")
        throw wrong("\"\(name)\" is none of the categories \(some); unknown: .zeros makes zeros of it", row, position)
      }
    }
    return Tensor(ones, shape: [count, width]).cast(to: dtype)
  }
}
