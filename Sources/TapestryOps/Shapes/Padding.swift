import TapestryAutograd
import TapestryTensors

/// What stands in the elements that padding adds.
public enum PaddingMode: Sendable, Equatable {
  /// One number: see `constant(_:)`.
  case filled(ExactNumber)
  /// The elements mirrored at the edge, which is not repeated: 3 2 | 1 2 3 | 2 1. Narrower than the axis.
  case reflect
  /// The element at the edge: 1 1 | 1 2 3 | 3 3.
  case replicate
  /// The elements from the other end: 2 3 | 1 2 3 | 1 2. At most as wide as the axis.
  case circular

  /// One number, which the type of the elements must be able to hold.
  public static func constant(_ value: some Scalar) -> PaddingMode { .filled(value.exact) }
}

extension Pad {
  /// One pair for each axis of a shape; those given are for the last ones.
  static func widths(_ given: [(Int, Int)], of shape: Shape) throws(ShapeError) -> [(Int, Int)] {
    if given.count > shape.count {
      throw ShapeError("padded: \(given.count) widths for \(shape), which has \(shape.count) axes")
    }
    let widths = [(Int, Int)](repeating: (0, 0), count: shape.count - given.count) + given
    // Wider than memory on either side, no sum below may overflow.
    if let huge = given.first(where: { Swift.max($0.0.magnitude, $0.1.magnitude) > 1 << 40 }) {
      throw ShapeError("padded: the widths \(huge) for \(shape) are wider than memory")
    }
    for (axis, width) in widths.enumerated()
    where shape[axis] + Swift.min(width.0, 0) + Swift.min(width.1, 0) < 0 || shape[axis] + width.0 + width.1 < 0 {
      throw ShapeError("padded: the widths \(width) take more from axis \(axis) of \(shape) than there is")
    }
    return widths
  }

  /// Where each element of an axis, padded by (before, after), comes from.
  static func positions(_ size: Int, _ width: (Int, Int), _ mode: PaddingMode, _ shape: Shape) throws(ShapeError)
    -> [Int]
  {
    let most = mode == .reflect ? size - 1 : mode == .circular ? size : size == 0 ? 0 : Int.max
    if Swift.max(width.0, width.1) > most {
      throw ShapeError(
        "padded: \(mode) padding of \(width) is too wide for an axis of size \(size) of \(shape), at most \(most)")
    }
    // No sum overflows: the widths passed `widths(_:of:)`, and an expanded axis may be long but has memory's positions
    // only after this.
    if size > maximumPositions || size + width.0 + width.1 > maximumPositions {
      throw ShapeError("padded: \(width) makes an axis of size \(size) of \(shape) longer than fits into memory")
    }
    return (-width.0..<size + width.1).map { i in
      switch mode {
      case .reflect: i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i
      case .circular: i < 0 ? i + size : i >= size ? i - size : i
      default: Swift.min(Swift.max(i, 0), size - 1)
      }
    }
  }
}

extension Variable {
  /// With elements added at both ends of the last axes, one (before, after) pair for each: `x.padded([(1, 1), (0, 2)])`
  /// pads the last axis but one by 1 on both sides and the last by 2 at its end. Negative widths take elements away.
  public func padded(_ widths: [(Int, Int)], mode: PaddingMode = .constant(0)) -> Variable {
    let shape = shape
    let all = failing { () throws(ShapeError) in try Pad.widths(widths, of: shape) }
    if mode == .replicate {  // the edge may lie in what negative widths take away
      var y = self
      for (axis, width) in all.enumerated() where width != (0, 0) {
        let positions = failing { () throws(ShapeError) in try Pad.positions(shape[axis], width, mode, shape) }
        y = y.indexSelect(axis, Tensor(positions))
      }
      return y
    }
    let cropped = sliced(
      all.map { Swift.max(0, -$0.0) }, zip(shape, all).map { $0 + Swift.min($1.0, 0) + Swift.min($1.1, 0) },
      all.map { _ in 1 })
    let added = all.map { (Swift.max($0.0, 0), Swift.max($0.1, 0)) }
    if added.allSatisfy({ $0 == (0, 0) }) { return cropped }
    if case .filled(let value) = mode {
      let part = Slice(starts: added.map(\.0), counts: Array(cropped.shape), steps: added.map { _ in 1 })
      return Pad(slice: part, shape: Shape(zip(cropped.shape, added).map { $0 + $1.0 + $1.1 }), value: value).apply(
        Inputs(cropped))
    }
    var y = cropped
    for (axis, width) in added.enumerated() where width != (0, 0) {
      let (size, whole) = (y.shape[axis], y.shape)
      y = y.indexSelect(axis, Tensor(failing { () throws(ShapeError) in try Pad.positions(size, width, mode, whole) }))
    }
    return y
  }

  /// A part with starts, counts and steps for all axes; itself when that is everything.
  func sliced(_ starts: [Int], _ counts: [Int], _ steps: [Int]) -> Variable {
    if shape == counts && steps.allSatisfy({ $0 == 1 }) { return self }
    return Slice(starts: starts, counts: counts, steps: steps).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func padded(_ widths: [(Int, Int)], mode: PaddingMode = .constant(0)) -> Tensor {
    Variable(self).padded(widths, mode: mode).value
  }
}
