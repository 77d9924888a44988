import Foundation
import TapestryTensors

/// A table of text: records of named columns, from a CSV file (RFC 4180), plain or compressed with gzip.
///
///     let table = try CSV.load("iris.csv")
///     let iris = try table.examples(label: "species")  // inputs (150, 4) float32, labels (150) int64
///     let names = try table.classes(of: "species")                           // ["setosa", "versicolor", "virginica"]
///     let (train, test) = iris.split(at: 0.8, shuffled: true)
///
/// A field is missing where it is empty or one of `missing`. Spaces around it do not count there, nor around the names
/// of columns, numbers and classes.
public struct CSV: Sendable {
  /// The names of the columns; "0", "1", … for a file without a header.
  public let columns: [String]

  /// The number of records.
  public var count: Int { lines.count }

  let file: String
  private(set) var cells: [String?]  // nil where missing; record by record
  private(set) var lines: [Int]  // where each record begins

  /// What stands for a missing value in the files of most programs.
  public static let missingMarkers: Set<String> = [
    "", "NA", "N/A", "n/a", "NaN", "nan", "-nan", "NULL", "null", "<NA>", "#N/A",
  ]

  /// Reads a file. `delimiter` is one ASCII character. With `header` true the first line is the columns' names, with
  /// false it is data. Without it the first line is names too, but a number among them is an error: a file without a
  /// header would lose its first record silently.
  public static func load(
    _ path: String, delimiter: Character = ",", header: Bool? = nil, missing: Set<String> = missingMarkers
  ) throws(DataError) -> CSV {
    try load(URL(fileURLWithPath: path), delimiter: delimiter, header: header, missing: missing)
  }

  /// Reads a file.
  public static func load(
    _ url: URL, delimiter: Character = ",", header: Bool? = nil, missing: Set<String> = missingMarkers
  ) throws(DataError) -> CSV {
    try CSV(readFile(url), file: url.lastPathComponent, delimiter, header, missing)
  }

  /// Reads a text.
  public static func load(
    text: String, delimiter: Character = ",", header: Bool? = nil, missing: Set<String> = missingMarkers
  ) throws(DataError) -> CSV {
    try CSV(Array(text.utf8), file: "CSV", delimiter, header, missing)
  }

  /// Reads a file's bytes, plain or compressed.
  public static func load(
    bytes: [UInt8], delimiter: Character = ",", header: Bool? = nil, missing: Set<String> = missingMarkers
  ) throws(DataError) -> CSV {
    try CSV(
      Gzip.isCompressed(bytes) ? Gzip.decompress(bytes, name: "CSV") : bytes, file: "CSV", delimiter, header, missing)
  }

  init(_ bytes: [UInt8], file: String, _ delimiter: Character, _ header: Bool?, _ missing: Set<String>)
    throws(DataError)
  {
    guard let byte = delimiter.asciiValue, !"\"\r\n".contains(delimiter) else {
      fail(
        "CSV: a delimiter is one ASCII character other than a quote and a line break, got \(delimiter.debugDescription)"
      )
    }
    self.file = file
    (cells, lines) = ([], [])
    var parser = CSVParser(bytes, delimiter: byte, file: file)
    guard var record = try parser.next() else { throw DataError("the file is empty", file: file) }
    columns = header == false ? record.fields.indices.map(String.init) : Self.names(record.fields)
    if header != false {
      if header == nil, let i = columns.firstIndex(where: { CSVNumber($0) != nil }) {
        let hint = "pass header: false if it is data, header: true if this is a column's name"
        throw DataError(
          "the first line has the number \"\(columns[i])\", so it may be no header; \(hint)", file: file,
          line: record.line, column: i + 1)
      }
      var seen = Set<Name>()
      for (i, name) in columns.enumerated() where !seen.insert(Name(name)).inserted {
        throw DataError(
          "two columns are called \"\(name)\"; give them different names", file: file, line: record.line, column: i + 1)
      }
      guard let first = try parser.next() else { return }
      record = first
    }
    while true {
      if record.fields.count != columns.count {
        let (here, before) = (record.fields.count, columns.count)
        throw DataError(
          """
          this record has \(here) \(here == 1 ? "field" : "fields"), the first line \(before); quote fields that hold \
          a delimiter
          """,
          file: file,
          line: record.line)
      }
      for field in record.fields {
        cells.append(missing.contains(field.text) || missing.contains(field.name) ? nil : field.text)
      }
      lines.append(record.line)
      guard let following = try parser.next() else { return }
      record = following
    }
  }

  /// The names of a header. NumPy's savetxt puts "# " before the first.
  private static func names(_ fields: [CSVField]) -> [String] {
    var names = fields.map(\.name)
    if !fields[0].isQuoted && names[0].hasPrefix("# ") { names[0] = trimmed(String(names[0].dropFirst(2))) }
    return names
  }

  /// The field of record `row` in a column, nil where it is missing.
  public subscript(row: Int, column: String) -> String? {
    if row < 0 || row >= count { fail("CSV: record \(row) lies outside 0 ..< \(count)") }
    return cells[row * columns.count + orFail { () throws(DataError) in try position(of: column) }]
  }

  /// Without the records in which one of these columns (all without the argument) is missing.
  public func droppingMissing(in columns: [String]? = nil) throws(DataError) -> CSV {
    let positions = try self.positions(of: columns ?? self.columns), width = self.columns.count
    return subset((0..<count).filter { row in positions.allSatisfy { cells[row * width + $0] != nil } })
  }

  /// The records with these numbers, in this order; a number may come more than once.
  public func subset(_ indices: [Int]) -> CSV {
    checkIndices(indices, count)
    var table = self
    table.cells = indices.flatMap { cells[$0 * columns.count..<($0 + 1) * columns.count] }
    table.lines = indices.map { lines[$0] }
    return table
  }

  func positions(of names: [String]) throws(DataError) -> [Int] {
    var positions: [Int] = []
    for name in names { positions.append(try position(of: name)) }
    return positions
  }

  func position(of name: String) throws(DataError) -> Int {
    if let position = columns.firstIndex(where: { Name($0) == Name(name) }) { return position }
    let other = ";\t|,".first { columns.count == 1 && columns[0].contains($0) }
    let hint = other.map { "; if \($0.debugDescription) separates the fields, pass it as delimiter:" } ?? ""
    throw DataError("there is no column \"\(name)\"; the columns are \(columns)\(hint)", file: file)
  }

  /// The field of a record that must not be missing.
  func present(_ row: Int, _ column: Int, _ hint: String = "") throws(DataError) -> String {
    guard let text = cells[row * columns.count + column] else {
      throw wrong("the value is missing; \(hint)droppingMissing() leaves such records out", row, column)
    }
    return text
  }

  func wrong(_ message: String, _ row: Int, _ column: Int) -> DataError {
    DataError("\"\(columns[column])\": \(message)", file: file, line: lines[row], column: column + 1)
  }
}

extension CSV: CustomStringConvertible {
  /// The file, its size and its columns, not the fields.
  public var description: String { "\(file): \(count) records of \(columns.joined(separator: ", "))" }
}
