/// Rows of text in columns, for reports.
struct Table {
  enum Alignment { case left, right }

  private let columns: [(title: String, alignment: Alignment)]
  private var rows: [[String]?] = []

  init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  /// A line across.
  mutating func addRule() { rows.append(nil) }

  /// A title row, a line, the rows; two spaces between columns, none at the ends of lines. Columns without any text are
  /// left out.
  var text: String {
    let shown = columns.indices.filter { i in rows.contains { $0.map { !$0[i].isEmpty } ?? false } }
    let all = [columns.map(\.title), nil] + rows
    let widths = columns.indices.map { i in all.map { $0?[i].count ?? 0 }.max()! }
    let length = shown.reduce(0) { $0 + widths[$1] + 2 } - 2
    return all.map { cells in
      guard let cells else { return String(repeating: "─", count: max(0, length)) }
      var line = shown.map { i in
        let space = String(repeating: " ", count: widths[i] - cells[i].count)
        return columns[i].alignment == .left ? cells[i] + space : space + cells[i]
      }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}
