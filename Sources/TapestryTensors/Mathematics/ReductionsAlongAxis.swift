// Reductions along one axis with the axis named: `x.sum(axis: 1)` is `x.sum(1)`.

extension Tensor {
  /// `sum(axis)`
  public func sum(axis: Int, keepDims: Bool = false) -> Tensor { sum(axis, keepDims: keepDims) }

  /// `mean(axis)`
  public func mean(axis: Int, keepDims: Bool = false) -> Tensor { mean(axis, keepDims: keepDims) }

  /// `variance(axis)`
  public func variance(axis: Int, correction: Double = 1, keepDims: Bool = false) -> Tensor {
    variance(axis, correction: correction, keepDims: keepDims)
  }

  /// `standardDeviation(axis)`
  public func standardDeviation(axis: Int, correction: Double = 1, keepDims: Bool = false) -> Tensor {
    standardDeviation(axis, correction: correction, keepDims: keepDims)
  }

  /// `argmax(axis)`
  public func argmax(axis: Int, keepDims: Bool = false) -> Tensor { argmax(axis, keepDims: keepDims) }

  /// `argmin(axis)`
  public func argmin(axis: Int, keepDims: Bool = false) -> Tensor { argmin(axis, keepDims: keepDims) }
}
