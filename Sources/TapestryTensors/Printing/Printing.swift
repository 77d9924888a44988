extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
  /// The elements in nested brackets and aligned columns, as NumPy prints them with a precision of 4: of more than 1000
  /// elements, the first and last three of each axis.
  public var description: String {
    if count == 0 { return "[]" }
    let summarized = count > Layout.threshold
    let texts = (summarized ? corners(Layout.edge) : self).texts
    return rank == 0 ? texts[0] : Layout(shape: shape, summarized: summarized, texts: texts).text
  }

  /// The type and shape, then the elements.
  public var debugDescription: String { "\(dtype) \(shape)\n\(description)" }

  /// Each element as text, in row-major order, all of one width.
  private var texts: [String] {
    switch dtype {
    case .float32: NumberFormat.strings(array(Float.self))
    case .float64: NumberFormat.strings(array(Double.self))
    case .int32: NumberFormat.strings(array(Int32.self))
    case .int64: NumberFormat.strings(array(Int64.self))
    case .uint8: NumberFormat.strings(array(UInt8.self))
    case .float16, .bfloat16: NumberFormat.strings(cast(to: .float32).array(Float.self))
    case .bool: NumberFormat.strings(array(Bool.self), alone: rank == 0)
    }
  }

  /// The first and last `edge` positions of each axis, where it has more than twice as many.
  private func corners(_ edge: Int) -> Tensor {
    var y = self
    // the longest first: less to copy
    for axis in shape.indices.sorted(by: { shape[$0] > shape[$1] }) where shape[axis] > 2 * edge {
      var size = y.shape
      size[axis] = 2 * edge
      let both = Tensor(uninitialized: size, dtype)
      both.narrowed(axis: axis, start: 0, count: edge).copyMemory(from: y.narrowed(axis: axis, start: 0, count: edge))
      both.narrowed(axis: axis, start: edge, count: edge).copyMemory(
        from: y.narrowed(axis: axis, start: shape[axis] - edge, count: edge))
      y = both
    }
    return y
  }
}

/// Sets texts of one width in brackets, in lines of at most 75 columns.
private struct Layout {
  static let threshold = 1000, edge = 3, lineWidth = 75

  let shape: Shape
  let summarized: Bool
  let texts: [String]

  var text: String { block(axis: 0, first: 0, indent: " ", width: Layout.lineWidth) }

  private func cut(_ axis: Int) -> Bool { summarized && shape[axis] > 2 * Layout.edge }
  private func shown(_ axis: Int) -> Int { cut(axis) ? 2 * Layout.edge : shape[axis] }

  /// The part of one position of all axes before `axis`; `first` is its first text, `indent` what stands before its
  /// elements in a new line.
  private func block(axis: Int, first: Int, indent: String, width: Int) -> String {
    let inner = ((axis + 1)..<shape.count).reduce(1) { $0 * shown($1) }
    var parts: [String] = []
    for i in 0..<shown(axis) {
      if cut(axis) && i == Layout.edge { parts.append("...") }
      let start = first + i * inner
      parts.append(
        axis == shape.count - 1
          ? texts[start] : block(axis: axis + 1, first: start, indent: indent + " ", width: width - 1))
    }
    if axis == shape.count - 1 { return "[" + filled(parts, indent, width - 1) + "]" }
    return "[" + parts.joined(separator: String(repeating: "\n", count: shape.count - 1 - axis) + indent) + "]"
  }

  /// Words in lines; a word that would go beyond `width` starts a new one.
  private func filled(_ words: [String], _ indent: String, _ width: Int) -> String {
    var lines: [String] = []
    var line = indent
    for (i, word) in words.enumerated() {
      if line.count + word.count > width && line.count > indent.count {
        while line.last == " " { line.removeLast() }
        lines.append(line)
        line = indent
      }
      line += word + (i < words.count - 1 ? " " : "")
    }
    lines.append(line)
    return String(lines.joined(separator: "\n").dropFirst(indent.count))
  }
}
