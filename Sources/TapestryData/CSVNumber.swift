/// A decimal number as it stands in a file, exactly: ±significand·10^exponent. A sign, digits with or without a point,
/// an exponent:
///
///     5   +5   -0.50   .5   5.   1e3   9007199254740993.0
///
/// Nothing else is a number there: neither hexadecimal (0x1p3), nor `nan(0x1)`, nor digits in groups, all of which the
/// C library's readers or Swift's take.
struct CSVNumber {
  let text: String
  private var isNegative = false
  private var significand: UInt64? = 0  // without zeros at its end; nil when that is 2⁶⁴ or more
  private var exponent = 0

  init?(_ text: String) {
    self.text = text
    var rest = Substring(text).utf8
    isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    var digits = 0, zeros = 0, isFraction = false
    while let byte = rest.first {
      if byte == UInt8(ascii: ".") && !isFraction {
        isFraction = true
      } else if let digit = Self.digit(byte) {
        digits += 1
        if isFraction { exponent -= 1 }
        if digit == 0 { zeros += 1 } else { append(digit, after: &zeros) }
      } else {
        break
      }
      rest.removeFirst()
    }
    if digits == 0 { return nil }
    exponent += zeros
    if let byte = rest.first {
      guard byte | 0x20 == UInt8(ascii: "e"), let power = Self.power(rest.dropFirst()) else { return nil }
      exponent += power
    }
  }

  private mutating func append(_ digit: UInt64, after zeros: inout Int) {
    for i in 0...zeros {
      guard let before = significand else { break }
      let (tens, over) = before.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(i == zeros ? digit : 0)
      significand = over || carry ? nil : sum
    }
    zeros = 0
  }

  private static func digit(_ byte: UInt8) -> UInt64? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? UInt64(byte - UInt8(ascii: "0")) : nil
  }

  /// The number behind the e; at most ±10¹⁵, which no text of a file can make up for.
  private static func power(_ text: Substring.UTF8View.SubSequence) -> Int? {
    var rest = text
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    if rest.isEmpty { return nil }
    var power = 0
    for byte in rest {
      guard let digit = digit(byte) else { return nil }
      power = Swift.min(power * 10 + Int(digit), 1_000_000_000_000_000)
    }
    return isNegative ? -power : power
  }

  /// Whether it has no fraction, however it is written: 1e3, 2.50e1, 0e-9.
  var isWhole: Bool { significand == 0 || exponent >= 0 }

  /// The number itself; nil when it is not whole or no Int64.
  var integer: Int64? {
    guard var magnitude = significand else { return nil }
    if magnitude == 0 { return 0 }
    if !(0..<20).contains(exponent) { return nil }
    for _ in 0..<exponent {
      let (product, over) = magnitude.multipliedReportingOverflow(by: 10)
      if over { return nil }
      magnitude = product
    }
    if isNegative { return magnitude == 1 << 63 ? .min : Int64(exactly: magnitude).map(-) }
    return Int64(exactly: magnitude)
  }

  /// The nearest Double; ±∞ beyond the largest.
  var double: Double { Double(text) ?? .nan }

  /// How programs write what is no number of the line, with a sign or without: inf, Infinity, NaN.
  static func isNonfinite(_ text: String) -> Bool {
    let word = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    return ["inf", "infinity", "nan"].contains(word.lowercased())
  }
}
