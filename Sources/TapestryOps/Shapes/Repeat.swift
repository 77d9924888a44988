import TapestryAutograd
import TapestryTensors

// Repetitions and rotations, composed of other ops.

/// The most positions that a list of indices may have: 2³⁶ take 512 GiB.
let maximumPositions = 1 << 36

extension Variable {
  /// The whole repeated along each axis, as PyTorch's `repeat`: counts for the last axes, further ones in front make
  /// new axes. (2, 3) tiled(4, 1, 2) is (4, 2, 6).
  public func tiled(_ counts: [Int]) -> Variable {
    if counts.count < rank || counts.contains(where: { $0 < 0 }) {
      fail("tiled: \(shape) needs a count of 0 or more for each of its \(rank) axes, got \(counts)")
    }
    if counts.count > Shape.maximumRank {
      fail("tiled: \(counts.count) counts \(counts) for \(shape); a tensor has at most 8 axes")
    }
    var y = reshaped(Shape([Int](repeating: 1, count: counts.count - rank) + Array(shape)))
    for (axis, count) in counts.enumerated() where count != 1 {
      y = y.repeated(count, axis: axis, before: axis, "tiled")
    }
    return y
  }

  /// The whole repeated along each axis: (2, 3) tiled(4, 1, 2) is (4, 2, 6).
  public func tiled(_ counts: Int...) -> Variable { tiled(counts) }

  /// Each position of an axis `count` times in a row: 1 2 3 gives 1 1 2 2 3 3.
  public func repeatInterleave(_ count: Int, axis: Int) -> Variable {
    if count < 0 { fail("repeatInterleave: the count must be 0 or more, got \(count) for \(shape)") }
    let axis = shape.resolve(axis, "repeatInterleave")
    return repeated(count, axis: axis, before: axis + 1, "repeatInterleave")
  }

  /// Position i of an axis counts[i] times in a row.
  public func repeatInterleave(_ counts: [Int], axis: Int) -> Variable {
    let axis = shape.resolve(axis, "repeatInterleave")
    if counts.count != shape[axis] || counts.contains(where: { $0 < 0 }) {
      fail("repeatInterleave: axis \(axis) of \(shape) needs \(shape[axis]) counts of 0 or more, got \(counts)")
    }
    var total = 0  // no sum of two numbers up to the bound overflows
    for count in counts where total <= maximumPositions { total += Swift.min(count, maximumPositions + 1) }
    if total > maximumPositions {
      fail("repeatInterleave: the counts \(counts) for axis \(axis) of \(shape) do not fit into memory")
    }
    return indexSelect(axis, Tensor(counts.enumerated().flatMap { [Int](repeating: $0, count: $1) }))
  }

  /// A new axis of `count` before axis `place`, merged with `axis`.
  private func repeated(_ count: Int, axis: Int, before place: Int, _ op: String) -> Variable {
    var merged = shape
    let (size, overflow) = merged[axis].multipliedReportingOverflow(by: count)
    if overflow { fail("\(op): axis \(axis) of \(shape) \(count) times has more elements than fit into memory") }
    merged[axis] = size
    if rank == Shape.maximumRank {  // no room for another axis
      if size > maximumPositions {
        fail("\(op): axis \(axis) of \(shape) \(count) times has more elements than fit into memory")
      }
      return indexSelect(axis, Tensor((0..<size).map { place == axis ? $0 % shape[axis] : $0 / count }))
    }
    let inserted = unsqueezed(place)
    var wide = inserted.shape
    wide[place] = count
    return inserted.expanded(to: wide).reshaped(merged)
  }

  /// Moved along axes, what leaves at the end coming in at the start: 1 2 3 4 rolled by 1 is 4 1 2 3.
  public func rolled(_ shifts: [Int], axes: [Int]) -> Variable {
    if shifts.count != axes.count { fail("rolled: \(shifts.count) shifts for \(axes.count) axes of \(shape)") }
    var y = self
    for (shift, named) in zip(shifts, axes) {
      let axis = shape.resolve(named, "rolled"), size = shape[axis]
      if size == 0 { continue }
      let start = (size - shift % size) % size
      if start == 0 { continue }
      y = concatenate(
        [y.narrowed(axis: axis, start: start, count: size - start), y.narrowed(axis: axis, start: 0, count: start)],
        axis: axis)
    }
    return y
  }

  /// Moved along one axis, what leaves at the end coming in at the start.
  public func rolled(_ shift: Int, axis: Int) -> Variable { rolled([shift], axes: [axis]) }

  /// Moved by `shift` in row-major order of all elements.
  public func rolled(_ shift: Int) -> Variable { reshaped([count]).rolled([shift], axes: [0]).reshaped(shape) }
}

extension Tensor {
  /// The same of a Tensor.
  public func tiled(_ counts: [Int]) -> Tensor { Variable(self).tiled(counts).value }

  /// The same of a Tensor.
  public func tiled(_ counts: Int...) -> Tensor { Variable(self).tiled(counts).value }

  /// The same of a Tensor.
  public func repeatInterleave(_ count: Int, axis: Int) -> Tensor {
    Variable(self).repeatInterleave(count, axis: axis).value
  }

  /// The same of a Tensor.
  public func repeatInterleave(_ counts: [Int], axis: Int) -> Tensor {
    Variable(self).repeatInterleave(counts, axis: axis).value
  }

  /// The same of a Tensor.
  public func rolled(_ shifts: [Int], axes: [Int]) -> Tensor { Variable(self).rolled(shifts, axes: axes).value }

  /// The same of a Tensor.
  public func rolled(_ shift: Int, axis: Int) -> Tensor { Variable(self).rolled(shift, axis: axis).value }

  /// The same of a Tensor.
  public func rolled(_ shift: Int) -> Tensor { Variable(self).rolled(shift).value }
}
