import TapestryTensors

/// A JSON value (RFC 8259). Unlike Foundation's it keeps the order of an object's keys, refuses a key that appears
/// twice (byte by byte: see Name), and tells 1 from 1.0.
package enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Equatable, Sendable {
    package let key: String
    package let value: JSON
  }

  /// Why a text is not JSON, and at which byte.
  package struct Mistake: Error, CustomStringConvertible {
    package let description: String
  }

  package init(_ text: some Collection<UInt8>) throws(Mistake) {
    var parser = Parser(bytes: Array(text))
    self = try parser.document()
  }

  /// The value of a key of an object; nil without it, and for other values.
  package subscript(key: String) -> JSON? {
    if case .object(let members) = self { members.first { Name($0.key) == Name(key) }?.value } else { nil }
  }
}

private struct Parser {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  /// Nested deeper than this is refused: the parser calls itself, and a file must not be able to overflow the stack.
  static let maximumDepth = 128

  typealias Mistake = JSON.Mistake

  mutating func document() throws(Mistake) -> JSON {
    let value = try value()
    skipSpace()
    if position < bytes.count { throw mistake("something follows the value") }
    return value
  }

  private func mistake(_ what: String) -> Mistake { Mistake(description: "\(what) at byte \(position)") }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    if next != UInt8(ascii: character) { return false }
    position += 1
    return true
  }

  private mutating func value() throws(Mistake) -> JSON {
    skipSpace()
    guard let first = next else { throw mistake("the text ends where a value should stand") }
    switch first {
    case UInt8(ascii: "{"): return try nested { parser throws(Mistake) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(Mistake) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(_ body: (inout Parser) throws(Mistake) -> JSON) throws(Mistake) -> JSON {
    depth += 1
    if depth > Self.maximumDepth { throw mistake("arrays and objects are nested more than \(Self.maximumDepth) deep") }
    position += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func word(_ word: String, _ value: JSON) throws(Mistake) -> JSON {
    if !bytes[position...].starts(with: word.utf8) { throw mistake("no value starts like this") }
    position += word.utf8.count
    return value
  }

  private mutating func array() throws(Mistake) -> JSON {
    var values: [JSON] = []
    if accept("]") { return .array(values) }
    repeat { values.append(try value()) } while accept(",")
    if !accept("]") { throw mistake("expected , or ]") }
    return .array(values)
  }

  private mutating func object() throws(Mistake) -> JSON {
    var members: [JSON.Member] = [], keys = Set<Name>()
    if accept("}") { return .object(members) }
    repeat {
      skipSpace()
      if next != UInt8(ascii: "\"") { throw mistake("expected a key in quotes") }
      let key = try string()
      if !keys.insert(Name(key)).inserted { throw mistake("the key \"\(key)\" appears twice") }
      if !accept(":") { throw mistake("expected : after a key") }
      members.append(JSON.Member(key: key, value: try value()))
    } while accept(",")
    if !accept("}") { throw mistake("expected , or }") }
    return .object(members)
  }

  private mutating func digits() throws(Mistake) {
    let start = position
    while let byte = next, isDigit(byte) { position += 1 }
    if position == start { throw mistake("expected a digit") }
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func number() throws(Mistake) -> JSON {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if let byte = next, !isDigit(byte) { throw mistake("no value starts like this") }
    if next == UInt8(ascii: "0") {
      position += 1  // no digit may follow a leading zero; one that does is found by whoever reads on
    } else {
      try digits()
    }
    var whole = true
    if next == UInt8(ascii: ".") {
      whole = false
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      whole = false
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if whole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else { throw mistake("\(text) is not a number") }
    return .number(number)
  }

  private mutating func string() throws(Mistake) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      if byte < 0x20 { throw mistake("a control character inside a string") }
      position += 1
      if byte == UInt8(ascii: "\\") { try escape(&text) } else { text.append(byte) }
    }
    if next == nil { throw mistake("the text ends inside a string") }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw mistake("a string is not UTF-8, before the quote")
    }
    position += 1
    return string
  }

  private mutating func escape(_ text: inout [UInt8]) throws(Mistake) {
    guard let byte = next else { throw mistake("the text ends inside a string") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try hex()
      // the first half of a pair beyond U+FFFF
      if code & 0xFC00 == 0xD800, bytes[position...].starts(with: "\\u".utf8) {
        position += 2
        let low = try hex()
        if low & 0xFC00 != 0xDC00 { throw mistake("half a surrogate pair") }
        code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(code) else { throw mistake("half a surrogate pair") }
      text += UTF8.encode(scalar)!
    default: throw mistake("no escape is written like this")
    }
  }

  private mutating func hex() throws(Mistake) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    if digits.count < 4 || !digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) {
      throw mistake("expected four hexadecimal digits")
    }
    position += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)!
  }
}

extension JSON {
  /// A string between quotes, escaped as serde_json and Python's safetensors do it: what must be, and nothing more.
  package static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20:
        text += (scalar.value < 0x10 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
