import TapestryTensors

extension LRScheduler {
  /// The rate of one group at the next `steps` steps, the present one first, without taking them: the schedule and the
  /// optimizer stay as they are. The functions of a `LambdaLR` are called. Put back are `lastEpoch` and each group's
  /// learning rate, momentum and β₁: a schedule of your own whose steps change more than that (properties of its own,
  /// other options) is left changed.
  public final func preview(steps: Int, group: Int = 0) -> [Double] {
    let groups = optimizer.paramGroups
    check(name, steps >= 1, "preview needs at least 1 step, got \(steps)")
    check(name, groups.indices.contains(group), "group \(group) does not exist; the optimizer has \(groups.count)")
    let state = stateDict()
    let saved = groups.map { group in
      [OptimizerOption.learningRate, .momentum, .beta1].filter(group.has).map { ($0, group[$0]) }
    }
    var rates = [groups[group].learningRate]
    for _ in 1..<Swift.max(steps, 1) {
      step()
      rates.append(groups[group].learningRate)
    }
    // The state came from this very schedule, so it fits.
    var reader = StateReader(state)
    read(&reader, "")()
    for (group, values) in zip(groups, saved) { for (option, value) in values { group[option] = value } }
    return rates
  }

  /// A drawing of the next `steps` rates of one group, for `print`: `width` × `height` characters of 2 × 4 dots.
  ///
  ///     CosineAnnealingLR, steps 0 … 99
  ///     0.1000 ┤⠉⠒⠤⣀
  ///            │    ⠉⠢⣀
  ///     0.0000 ┤       ⠉⠒
  public final func plot(steps: Int, group: Int = 0, width: Int = 60, height: Int = 8) -> String {
    check(name, width >= 1 && height >= 1, "plot needs a width and height of at least 1, got \(width) and \(height)")
    let first = lastEpoch, rates = preview(steps: steps, group: group)
    let low = rates.min()!, high = rates.max()!, columns = Swift.min(width, (steps + 1) / 2), dots = 2 * columns
    var cells = [[UInt32]](repeating: Array(repeating: 0, count: columns), count: height)
    // The eight dots of a braille character, by row and column, are these bits.
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var last: Int?
    for x in 0..<dots {
      let index = dots == 1 ? 0 : (x * (steps - 1) + (dots - 1) / 2) / (dots - 1)
      let part = high > low ? (high - rates[index]) / (high - low) : 0.5
      let y = Int((part * Double(4 * height - 1)).rounded())
      // A jump is drawn as a line, from the dot beside the last one.
      let from = last.map { $0 < y ? Swift.min($0 + 1, y) : $0 > y ? Swift.max($0 - 1, y) : y } ?? y
      for dot in Swift.min(from, y)...Swift.max(from, y) { cells[dot / 4][x / 2] |= bits[dot % 4][x % 2] }
      last = y
    }
    let labels = [high, low].map(short), margin = labels.map(\.count).max()!
    var lines = ["\(name), steps \(first) … \(first + steps - 1)"]
    for (row, line) in cells.enumerated() {
      let label = row == 0 ? labels[0] : row == height - 1 && low < high ? labels[1] : ""
      let text = String(String.UnicodeScalarView(line.map { Unicode.Scalar(0x2800 + $0)! }))
      lines.append(String(repeating: " ", count: margin - label.count) + label + (label.isEmpty ? " │" : " ┤") + text)
    }
    return lines.joined(separator: "\n")
  }
}

/// A rate in about four digits: 0.1, 3.162e-05.
private func short(_ x: Double) -> String {
  if x == 0 { return "0" }
  var exponent = 0, mantissa = abs(x)
  while mantissa >= 9.9995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while mantissa < 0.99995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  if (-4...3).contains(exponent) {
    let scale = power(10, Double(3 - exponent))
    return "\((x * scale).rounded() / scale)"
  }
  let digits = "\((mantissa * 1000).rounded() / 1000)"
  return (x < 0 ? "-" : "") + (digits.hasSuffix(".0") ? String(digits.dropLast(2)) : digits) + "e\(exponent)"
}
