import Foundation
import TapestryTensors

/// How losses or metrics went from epoch to epoch. Print it for a drawing:
///
///     var curves = LearningCurves("loss")
///     for epoch in 1...epochs {
///       …
///       curves.add(["training": trainingLoss, "validation": validationLoss])
///     }
///     print(curves)
///
/// A terminal shows dots of braille in colors, as wide as it is; a file, or a terminal with `NO_COLOR` set, plain text.
public struct LearningCurves: CustomStringConvertible, Sendable {
  /// What the values are, as it stands above the drawing.
  public let title: String
  /// What one step is called.
  public let unit: String
  /// How many steps were added.
  public private(set) var steps = 0
  /// Each series with the values that it has, by step, counted from 1.
  public private(set) var series: [(name: String, points: [(step: Int, value: Double)])] = []

  /// `unit` is what one step is called below the drawing.
  public init(_ title: String = "", unit: String = "epoch") { (self.title, self.unit) = (title, unit) }

  /// One step further, with the values of this step. Names need not be there in every step.
  public mutating func add(_ values: KeyValuePairs<String, Double>) {
    steps += 1
    for (name, value) in values {
      let i = series.firstIndex { $0.name == name } ?? series.count
      if i == series.count { series.append((name, [])) }
      if series[i].points.last?.step == steps { fail("LearningCurves: two values are called \"\(name)\" in one step") }
      series[i].points.append((steps, value))
    }
  }

  /// The values of one series in order; empty for a name that was never added.
  public subscript(_ name: String) -> [Double] { series.first { $0.name == name }?.points.map(\.value) ?? [] }

  /// The drawing as wide as the terminal, at most 100 characters.
  public var description: String { plot() }

  /// The drawing in `width` × about `height` characters, and below it a table of where each series began, ended, and was
  /// lowest and highest. Lines are broken where a value is no number. `plain` text has a character for each series;
  /// otherwise braille dots have colors.
  public func plot(width: Int? = nil, height: Int = 12, plain: Bool? = nil) -> String {
    let width = width ?? Swift.min(Terminal.width - 1, 100)
    if width < 20 || height < 2 {
      fail("LearningCurves: plot needs at least 20 × 2 characters, got \(width) × \(height)")
    }
    if series.isEmpty { return "LearningCurves: no values yet" }
    let values = series.flatMap(\.points).map(\.value).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return table(Self.marks) }

    let plain = plain ?? !Terminal.hasColors
    // One value, or one again and again, lies in the middle.
    let isFlat = low == high, middle = Double(height / 2) / Double(height - 1)
    let labels =
      isFlat
      ? [(height / 2, low)] : [(0, high), (height / 2, high * (1 - middle) + low * middle), (height - 1, low)]
    let left = labels.map { short($0.1).count }.max()!
    var canvas = Canvas(columns: Swift.max(1, width - left - 2), rows: height, plain: plain)
    for (i, line) in series.enumerated() {
      var last: (x: Double, y: Double)?
      for (step, value) in line.points {
        // Halves of each, for their difference may be infinite.
        let y = isFlat ? 0.5 : (high / 2 - value / 2) / (high / 2 - low / 2)
        let here = value.isFinite ? (x: steps == 1 ? 0 : Double(step - 1) / Double(steps - 1), y: y) : nil
        if let here { canvas.line(from: last ?? here, to: here, of: i) }
        last = here
      }
    }

    var lines = title.isEmpty ? [] : [title]
    for (row, text) in canvas.text.enumerated() {
      let label = labels.first { $0.0 == row }.map { short($0.1) } ?? ""
      lines.append(String(repeating: " ", count: left - label.count) + label + (label.isEmpty ? " │" : " ┤") + text)
    }
    lines.append(String(repeating: " ", count: left + 1) + "└" + String(repeating: "─", count: canvas.columns))
    lines.append(String(repeating: " ", count: left + 2) + axis(canvas.columns))
    return lines.joined(separator: "\n") + "\n\n" + table(plain ? Self.marks : Self.colored)
  }

  private static let marks = ["*", "o", "+", "x", "#", "@"]
  private static let colored = Canvas.colors.map { "\u{1B}[\($0)m●\u{1B}[0m" }

  /// The first step at the left, the last at the right, their unit in the middle.
  private func axis(_ columns: Int) -> String {
    if steps == 1 { return "1 \(unit)" }
    let last = String(steps), room = columns - 1 - last.count
    if room < unit.count + 2 { return "1" + String(repeating: " ", count: Swift.max(1, room)) + last }
    let before = (room - unit.count) / 2
    return "1" + String(repeating: " ", count: before) + unit
      + String(repeating: " ", count: room - unit.count - before) + last
  }

  private func table(_ marks: [String]) -> String {
    var table = Table([
      ("series", .left), ("first", .right), ("last", .right), ("lowest", .right), ("in \(unit)", .right),
      ("highest", .right), ("in \(unit) ", .right), ("", .left),
    ])
    for (name, points) in series {
      let finite = points.filter { $0.value.isFinite }, odd = points.filter { !$0.value.isFinite }
      let low = finite.min { $0.value < $1.value }, high = finite.max { $0.value < $1.value }
      table.add([
        name, short(points[0].value), short(points.last!.value), low.map { short($0.value) } ?? "–",
        low.map { String($0.step) } ?? "", high.map { short($0.value) } ?? "–", high.map { String($0.step) } ?? "",
        odd.isEmpty ? "" : "\(odd.count) NaN or infinite, first in \(unit) \(odd[0].step)",
      ])
    }
    // The marks have escape sequences, which would count as characters.
    return table.text.split(separator: "\n").enumerated().map { i, line in
      i < 2 ? "  " + line : marks[(i - 2) % marks.count] + " " + line
    }.joined(separator: "\n")
  }

  private func short(_ x: Double) -> String { x.isFinite ? String(format: "%.4g", x) : "\(x)" }
}

/// Characters to draw lines on: one dot each in plain text, 2 × 4 in braille.
private struct Canvas {
  static let colors = [34, 33, 32, 35, 36, 31]  // blue, yellow, green, magenta, cyan, red
  private static let marks = Array("*o+x#@")

  let columns: Int
  private let plain: Bool
  /// By row and column, the dots that are set, and the series that was drawn last.
  private var cells: [[(dots: UInt32, series: Int)]]

  init(columns: Int, rows: Int, plain: Bool) {
    (self.columns, self.plain) = (columns, plain)
    cells = Array(repeating: Array(repeating: (0, 0), count: columns), count: rows)
  }

  /// Between two points with coordinates in 0 … 1, from the upper left corner.
  mutating func line(from a: (x: Double, y: Double), to b: (x: Double, y: Double), of series: Int) {
    let (across, down) = plain ? (1, 1) : (2, 4)
    let width = Double(columns * across - 1), height = Double(cells.count * down - 1)
    let count = Swift.max(1, Swift.max(abs(b.x - a.x) * width, abs(b.y - a.y) * height).rounded(.up))
    for i in 0...Int(count) {
      let part = Double(i) / count
      let x = Int(((a.x + (b.x - a.x) * part) * width).rounded()),
        y = Int(((a.y + (b.y - a.y) * part) * height).rounded())
      // The eight dots of a braille character are these bits, by row and column.
      let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
      cells[y / down][x / across].dots |= bits[y % down][x % across]
      cells[y / down][x / across].series = series
    }
  }

  /// A line of text for each row, without spaces at its end.
  var text: [String] {
    cells.map { row in
      let end = (row.lastIndex { $0.dots != 0 } ?? -1) + 1
      return row[..<end].map { dots, series in
        if dots == 0 { return " " }
        if plain { return String(Self.marks[series % Self.marks.count]) }
        return "\u{1B}[\(Self.colors[series % Self.colors.count])m\(Unicode.Scalar(0x2800 + dots)!)\u{1B}[0m"
      }.joined()
    }
  }
}
