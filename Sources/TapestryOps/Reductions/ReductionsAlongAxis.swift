import TapestryAutograd
import TapestryTensors

// Reductions along one axis with the axis named, as functions have it (`softmax(x, axis: 1)`): `x.sum(axis: 1)` is
// `x.sum(1)`.

extension Variable {
  /// `sum(axis)`
  public func sum(axis: Int, keepDims: Bool = false) -> Variable { sum(axis, keepDims: keepDims) }

  /// `mean(axis)`
  public func mean(axis: Int, keepDims: Bool = false) -> Variable { mean(axis, keepDims: keepDims) }

  /// `prod(axis)`
  public func prod(axis: Int, keepDims: Bool = false) -> Variable { prod(axis, keepDims: keepDims) }

  /// `amax(axis)`; with the positions: `max(axis:)`
  public func amax(axis: Int, keepDims: Bool = false) -> Variable { amax(axis, keepDims: keepDims) }

  /// `amin(axis)`; with the positions: `min(axis:)`
  public func amin(axis: Int, keepDims: Bool = false) -> Variable { amin(axis, keepDims: keepDims) }

  /// `logSumExp(axis)`
  public func logSumExp(axis: Int, keepDims: Bool = false) -> Variable { logSumExp(axis, keepDims: keepDims) }

  /// `variance(axis)`
  public func variance(axis: Int, correction: Double = 1, keepDims: Bool = false) -> Variable {
    variance(axis, correction: correction, keepDims: keepDims)
  }

  /// `standardDeviation(axis)`
  public func standardDeviation(axis: Int, correction: Double = 1, keepDims: Bool = false) -> Variable {
    standardDeviation(axis, correction: correction, keepDims: keepDims)
  }

  /// `argmax(axis)`
  public func argmax(axis: Int, keepDims: Bool = false) -> Tensor { argmax(axis, keepDims: keepDims) }

  /// `argmin(axis)`
  public func argmin(axis: Int, keepDims: Bool = false) -> Tensor { argmin(axis, keepDims: keepDims) }

  /// `cumsum(axis)`
  public func cumsum(axis: Int) -> Variable { cumsum(axis) }
}

extension Tensor {
  /// The same of a Tensor.
  public func prod(axis: Int, keepDims: Bool = false) -> Tensor {
    Variable(self).prod(axis: axis, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func amax(axis: Int, keepDims: Bool = false) -> Tensor {
    Variable(self).amax(axis: axis, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func amin(axis: Int, keepDims: Bool = false) -> Tensor {
    Variable(self).amin(axis: axis, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func logSumExp(axis: Int, keepDims: Bool = false) -> Tensor {
    Variable(self).logSumExp(axis: axis, keepDims: keepDims).value
  }

  /// The same of a Tensor.
  public func cumsum(axis: Int) -> Tensor { Variable(self).cumsum(axis: axis).value }
}
