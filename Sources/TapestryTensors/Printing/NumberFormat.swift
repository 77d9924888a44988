import CTapestry

/// Writes the numbers of one tensor so that they stand in columns, as NumPy does: the fewest digits that tell each
/// number apart, but at most `precision` after the point; scientific where plain digits would be many or hide the small
/// ones.
struct NumberFormat {
  static let precision = 4

  private var scientific = false
  private var digits = NumberFormat.precision  // after the point, when scientific
  private var exponentDigits = 0
  private var left = 0  // columns before the point
  private var right = 0  // columns after it

  /// All numbers as text of one width.
  static func strings(_ numbers: [Float]) -> [String] { strings(numbers, exponentFrom: 1e6) }
  static func strings(_ numbers: [Double]) -> [String] { strings(numbers, exponentFrom: 1e8) }

  static func strings(_ numbers: [Bool], alone: Bool) -> [String] {
    numbers.map { $0 ? (alone ? "True" : " True") : "False" }
  }

  static func strings(_ numbers: [some BinaryInteger]) -> [String] {
    let texts = numbers.map(\.description)
    let width = texts.map(\.count).max() ?? 0
    return texts.map { $0.padded(left: width) }
  }

  private static func strings<F: PrintableFloat>(_ numbers: [F], exponentFrom large: F) -> [String] {
    let format = NumberFormat(numbers, exponentFrom: large)
    return numbers.map { format.string($0) }
  }

  private init<F: PrintableFloat>(_ numbers: [F], exponentFrom large: F) {
    let finite = numbers.filter(\.isFinite)
    let magnitudes = finite.filter { $0 != 0 }.map(\.magnitude)
    if let largest = magnitudes.max(), let smallest = magnitudes.min() {
      scientific = largest >= large || smallest < 0.0001 || largest / smallest > 1000
    }
    let pieces = finite.map { shortestParts(of: $0) }
    left = pieces.map(\.whole.count).max() ?? 0
    right = pieces.map(\.fraction.count).max() ?? 0
    if scientific {
      digits = right
      exponentDigits = pieces.map(\.exponent.count).max()! - 1  // without its sign
      right += exponentDigits + 2
    }
    for number in numbers where !number.isFinite { left = Swift.max(left, name(number).count - right - 1) }
  }

  private func name(_ x: some PrintableFloat) -> String { x.isNaN ? "nan" : x < 0 ? "-inf" : "inf" }

  /// The digits before the point with the sign, `digits` after it, the exponent with its sign.
  private func parts(of x: some PrintableFloat, _ digits: Int) -> (whole: String, fraction: String, exponent: String) {
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(TP_FORMAT_SIZE)) { buffer in
      tp_format(buffer.baseAddress, x.asDouble, Int32(digits), scientific)
      return String(cString: buffer.baseAddress!)
    }
    let halves = text.split(separator: "e")
    let sides = halves[0].split(separator: ".")
    return (String(sides[0]), sides.count > 1 ? String(sides[1]) : "", halves.count > 1 ? String(halves[1]) : "")
  }

  /// The same with no more digits after the point than tell the number from its neighbors.
  private func shortestParts(of x: some PrintableFloat) -> (whole: String, fraction: String, exponent: String) {
    let shortest = x.shortestDigits
    var parts = parts(of: x, Swift.min(digits, scientific ? shortest.significant - 1 : shortest.afterPoint))
    while parts.fraction.hasSuffix("0") { parts.fraction.removeLast() }
    return parts
  }

  private func string(_ x: some PrintableFloat) -> String {
    if !x.isFinite { return name(x).padded(left: left + right + 1) }
    if !scientific {
      let (whole, fraction, _) = shortestParts(of: x)
      return whole.padded(left: left) + "." + fraction.padded(right: right)
    }
    let (whole, fraction, exponent) = parts(of: x, digits)
    let zeros = String(repeating: "0", count: exponentDigits + 1 - exponent.count)
    return whole.padded(left: left) + "." + fraction + "e" + exponent.prefix(1) + zeros + exponent.dropFirst()
  }
}

/// A floating type with its shortest decimal form.
private protocol PrintableFloat: BinaryFloatingPoint, LosslessStringConvertible {
  var asDouble: Double { get }
}
extension Float: PrintableFloat {}
extension Double: PrintableFloat {}

extension PrintableFloat {
  /// Of the fewest digits that tell this number from its neighbors (Swift's description): how many there are, and how
  /// many stand after the point.
  fileprivate var shortestDigits: (significant: Int, afterPoint: Int) {
    let halves = magnitude.description.split(separator: "e")
    let sides = halves[0].split(separator: ".")
    var digits = Array(sides.joined())
    var point = sides[0].count + (halves.count > 1 ? Int(halves[1])! : 0)
    while digits.first == "0" && digits.count > 1 {
      digits.removeFirst()
      point -= 1
    }
    while digits.last == "0" && digits.count > 1 { digits.removeLast() }
    return (digits.count, self == 0 ? 0 : Swift.max(0, digits.count - point))
  }
}

extension String {
  fileprivate func padded(left width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
  fileprivate func padded(right width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }
}
