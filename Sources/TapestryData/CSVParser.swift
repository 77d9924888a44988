import TapestryTensors

/// One field of a record.
struct CSVField {
  let text: String
  let isQuoted: Bool

  /// Without the spaces around it, which hand-written files have; quotes keep theirs.
  var name: String { isQuoted ? text : CSV.trimmed(text) }
}

/// Splits a text into records of fields as RFC 4180 says: fields may be quoted, then hold delimiters, line breaks and
/// doubled quotes. Lines end with LF, CRLF or CR; empty lines are skipped; a byte-order mark is too.
struct CSVParser {
  private let bytes: [UInt8]
  private let delimiter: UInt8
  private let file: String
  private var at: Int
  private(set) var line = 1  // of byte `at`

  private static let quote = UInt8(ascii: "\""), lineFeed = UInt8(ascii: "\n"), carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8], delimiter: UInt8, file: String) {
    (self.bytes, self.delimiter, self.file) = (bytes, delimiter, file)
    at = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// The fields of the next record and the line where it begins; nil at the end.
  mutating func next() throws(DataError) -> (fields: [CSVField], line: Int)? {
    while skipLineBreak() {}
    if at == bytes.count { return nil }
    let start = line
    var fields: [CSVField] = []
    while true {
      let column = fields.count + 1
      let isQuoted = bytes[safe: at] == Self.quote
      fields.append(CSVField(text: try isQuoted ? quoted(column) : plain(column), isQuoted: isQuoted))
      if bytes[safe: at] != delimiter { break }
      at += 1
    }
    _ = skipLineBreak()
    return (fields, start)
  }

  private mutating func skipLineBreak() -> Bool {
    guard let byte = bytes[safe: at], byte == Self.lineFeed || byte == Self.carriageReturn else { return false }
    at += byte == Self.carriageReturn && bytes[safe: at + 1] == Self.lineFeed ? 2 : 1
    line += 1
    return true
  }

  private mutating func plain(_ column: Int) throws(DataError) -> String {
    let start = at
    while at < bytes.count {
      let byte = bytes[at]
      if byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn { break }
      if byte == Self.quote {
        throw wrong(
          """
          a quote stands inside a field that does not begin with one; quote the whole field and double the quotes in it
          """,
          column)
      }
      at += 1
    }
    return try text(bytes[start..<at], column)
  }

  private mutating func quoted(_ column: Int) throws(DataError) -> String {
    let first = line
    var content: [UInt8] = []
    at += 1
    while let byte = bytes[safe: at] {
      if byte == Self.quote {
        at += 1
        if bytes[safe: at] != Self.quote {
          if let after = bytes[safe: at], after != delimiter, after != Self.lineFeed, after != Self.carriageReturn {
            throw wrong("something follows the closing quote of a field; double the quotes inside it", column)
          }
          return try text(content[...], column)
        }
      } else if byte == Self.lineFeed || byte == Self.carriageReturn && bytes[safe: at + 1] != Self.lineFeed {
        line += 1
      }
      content.append(byte)
      at += 1
    }
    throw DataError(
      "the quote that opens this field is never closed", .damaged, file: file, line: first, column: column)
  }

  private func text(_ field: ArraySlice<UInt8>, _ column: Int) throws(DataError) -> String {
    let text = String(decoding: field, as: UTF8.self)
    if field.contains(where: { $0 >= 0x80 }) && !text.utf8.elementsEqual(field) {
      throw wrong("the text is not UTF-8; convert the file", column)
    }
    return text
  }

  private func wrong(_ message: String, _ column: Int) -> DataError {
    DataError(message, .damaged, file: file, line: line, column: column)
  }
}

extension [UInt8] {
  fileprivate subscript(safe index: Int) -> UInt8? { index < count ? self[index] : nil }
}
