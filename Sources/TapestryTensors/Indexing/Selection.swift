import CTapestry

/// The parts of a subscript, fitted to a shape.
package struct Selection {
  private var parts: [IndexPart]
  private let shape: Shape

  /// How many parts are masks or positions.
  let tensors: Int

  /// Puts the ellipsis in, as whole axes.
  package init(_ parts: [IndexPart], _ shape: Shape) {
    let used = parts.reduce(0) { $0 + $1.axes }
    if used > shape.count { fail("subscript: \(used) indices for \(shape), which has \(shape.count) axes") }
    let whole = [IndexPart](repeating: .range(nil, nil), count: shape.count - used)
    let ellipses = parts.indices.filter { if case .ellipsis = parts[$0] { true } else { false } }
    if ellipses.count > 1 { fail("subscript: only one ellipsis may stand in a subscript, got \(ellipses.count)") }
    self.parts = parts
    if let at = ellipses.first { self.parts.replaceSubrange(at...at, with: whole) } else { self.parts += whole }
    self.shape = shape
    tensors = parts.count { if case .tensor = $0 { true } else { false } }
    if tensors > 1 { fail("subscript: only one mask or index tensor may stand in a subscript, got \(tensors)") }
  }

  /// The view that all parts but a mask or positions ask for, and those with the axis of the view that they pick from
  /// (a mask's axes merged to it).
  package func view(of x: Tensor) -> (Tensor, picks: (axis: Int, positions: Tensor)?) {
    var y = x
    var axis = 0  // of y
    var original = 0  // of x, for messages
    var picks: (axis: Int, positions: Tensor)?
    for part in parts {
      switch part {
      case .position(let named):
        y = y.strided(axis: axis, start: position(named, original), count: 1, step: 1).droppingAxis(axis)
      case .range(let lower, let upper):
        let (start, count) = range(lower, upper, original)
        y = y.strided(axis: axis, start: start, count: count, step: 1)
        axis += 1
      case .slice(let from, let to, let step):
        let (start, count) = slice(from, to, step, original)
        y = y.strided(axis: axis, start: start, count: count, step: count > 1 ? step : 1)
        axis += 1
      case .positions(let first, let count, let step):
        let (start, count) = positions(first, count, step, original)
        y = y.strided(axis: axis, start: start, count: count, step: count > 1 ? step : 1)
        axis += 1
      case .newAxis:
        y = y.unsqueezed(axis)
        axis += 1
      case .ellipsis:
        break  // replaced by init
      case .tensor(let t):
        if t.dtype == .bool {
          merge(t, &y, axis, original)
          picks = (axis, Tensor(t.array(Bool.self).enumerated().filter(\.element).map(\.offset)))
        } else {
          picks = (axis, positions(t, original))
        }
        axis += 1
      }
      original += part.axes
    }
    return (y, picks)
  }

  private func outside(_ what: String, _ axis: Int) -> Never {
    fail("subscript: \(what) lies outside axis \(axis) of \(shape), which has size \(shape[axis])")
  }

  private func position(_ named: Int, _ axis: Int) -> Int {
    let size = shape[axis], i = named < 0 ? named + size : named
    if i < 0 || i >= size { outside("index \(named)", axis) }
    return i
  }

  private func range(_ lower: Int?, _ upper: Int?, _ axis: Int) -> (start: Int, count: Int) {
    slice(lower, upper, 1, axis)
  }

  private func slice(_ from: Int?, _ to: Int?, _ step: Int, _ axis: Int) -> (start: Int, count: Int) {
    if step == 0 { fail("subscript: the step of a slice must not be 0") }
    let size = shape[axis]
    // Going up, positions lie in start ..< end, both in 0 … size; going down in end <.. start, both in −1 … size − 1.
    let (least, most) = step > 0 ? (0, size) : (-1, size - 1)
    func bound(_ named: Int) -> Int { Swift.min(Swift.max(named < 0 ? named + size : named, least), most) }
    let start = from.map(bound) ?? (step > 0 ? least : most), end = to.map(bound) ?? (step > 0 ? most : least)
    let distance = step > 0 ? end - start : start - end
    return distance > 0 ? (start, (distance - 1) / Int(clamping: step.magnitude) + 1) : (0, 0)
  }

  /// Of the positions that a stride names those that the axis has. All may count from the end.
  private func positions(_ first: Int, _ count: Int, _ step: Int, _ axis: Int) -> (start: Int, count: Int) {
    if count == 0 { return (0, 0) }
    let size = shape[axis], last = first + (count - 1) * step
    if (first < 0) != (last < 0) { outside("a stride from \(first) to \(last), which counts from both ends,", axis) }
    let (start, end) = first < 0 ? (first + size, last + size) : (first, last)
    // Steps to take before the first position inside, and up to the last one.
    let (skipped, reach) =
      step > 0 ? (-start, Swift.min(end, size - 1) - start) : (start - (size - 1), start - Swift.max(end, 0))
    let stride = Int(clamping: step.magnitude), before = skipped > 0 ? (skipped - 1) / stride + 1 : 0
    return reach < 0 || before > reach / stride ? (0, 0) : (start + before * step, reach / stride - before + 1)
  }

  /// Int64 positions along an axis, none negative.
  private func positions(_ t: Tensor, _ axis: Int) -> Tensor {
    if t.dtype != .int64 {
      fail("subscript: an index tensor must be int64 positions or a bool mask, got \(t.dtype) \(t.shape)")
    }
    return Tensor(t.array(Int.self).map { position($0, axis) }, shape: t.shape)
  }

  /// Makes the axes of a mask in y one. They are whole, so a view can where x is contiguous.
  private func merge(_ mask: Tensor, _ y: inout Tensor, _ axis: Int, _ original: Int) {
    let covered = Shape(shape[original..<(original + mask.rank)])
    if covered != mask.shape {
      fail(
        """
        subscript: a mask of shape \(mask.shape) does not fit \(shape): the axes from \(original) on have the sizes \
        \(covered)
        """)
    }
    y = y.reshaped(Shape(y.shape[..<axis] + [covered.volume] + y.shape[(axis + mask.rank)...]))
  }
}
