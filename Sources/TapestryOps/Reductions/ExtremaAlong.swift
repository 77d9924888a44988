import TapestryAutograd
import TapestryTensors

// The largest and smallest elements of one axis with their positions. They are picked out by position, and so the
// gradient goes to the first of equals alone.

extension Variable {
  /// The largest elements along one axis and their positions (int64): the first of equals, NaN before all. The gradient
  /// flows to those elements.
  public func max(axis: Int, keepDims: Bool = false) -> (values: Variable, indices: Tensor) {
    picked(at: value.argmax(filled(axis, "max"), keepDims: true), axis, keepDims)
  }

  /// The smallest elements along one axis and their positions (int64): the first of equals, NaN before all. The
  /// gradient flows to those elements.
  public func min(axis: Int, keepDims: Bool = false) -> (values: Variable, indices: Tensor) {
    picked(at: value.argmin(filled(axis, "min"), keepDims: true), axis, keepDims)
  }

  /// The position of the largest element along an axis, or without one in the flattened elements; the first of equals,
  /// NaN before all. int64.
  public func argmax(_ axis: Int? = nil, keepDims: Bool = false) -> Tensor { value.argmax(axis, keepDims: keepDims) }

  /// The position of the smallest element along an axis, or without one in the flattened elements; the first of equals,
  /// NaN before all. int64.
  public func argmin(_ axis: Int? = nil, keepDims: Bool = false) -> Tensor { value.argmin(axis, keepDims: keepDims) }

  /// The axis, which must have elements.
  private func filled(_ named: Int, _ op: String) -> Int {
    let axis = shape.resolve(along: named, op)
    if shape.size(along: axis) == 0 { fail("\(op): axis \(axis) of \(shape) is empty, so there is no \(op)") }
    return axis
  }

  /// The elements at positions (…, 1, …) of an axis.
  private func picked(at positions: Tensor, _ axis: Int, _ keepDims: Bool) -> (values: Variable, indices: Tensor) {
    let values = gather(axis, positions)
    return keepDims ? (values, positions) : (values.squeezed(axis), positions.squeezed(axis))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func max(axis: Int, keepDims: Bool = false) -> (values: Tensor, indices: Tensor) {
    let (values, indices) = Variable(self).max(axis: axis, keepDims: keepDims)
    return (values.value, indices)
  }

  /// The same of a Tensor.
  public func min(axis: Int, keepDims: Bool = false) -> (values: Tensor, indices: Tensor) {
    let (values, indices) = Variable(self).min(axis: axis, keepDims: keepDims)
    return (values.value, indices)
  }
}
