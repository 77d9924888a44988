import CTapestry
import TapestryAutograd
import TapestryTensors

// Ops with masks and replacing scatters, composed of other ops.

extension Variable {
  /// This with `value` where the mask (bool, broadcast to this shape) is true; no gradient flows there.
  public func maskedFill(_ mask: Tensor, _ value: some Scalar) -> Variable {
    maskedFill(mask, Variable(value: value, like: self, "maskedFill"))
  }

  /// The same, for `-.infinity` and other numbers that say no type.
  public func maskedFill(_ mask: Tensor, _ value: Double) -> Variable {
    maskedFill(mask, Variable(value: value, like: self, "maskedFill"))
  }

  /// The same with a value that is a scalar Variable: its gradient is the sum over the elements that it fills.
  public func maskedFill(_ mask: Tensor, _ value: Variable) -> Variable {
    if mask.dtype != .bool {
      fail("maskedFill: the mask must be bool, got \(mask.dtype) \(mask.shape); compare it (x .> 0) or cast(to: .bool)")
    }
    if value.rank != 0 || value.dtype != dtype {
      fail("maskedFill: the value must be a scalar of the type \(dtype) of \(shape), got \(value.dtype) \(value.shape)")
    }
    if mask.shape.broadcast(with: shape) != shape {
      fail("maskedFill: the mask \(mask.shape) does not broadcast to \(shape)")
    }
    return value.where(mask, self)
  }

  /// The same with a Tensor, a constant.
  @_disfavoredOverload
  public func maskedFill(_ mask: Tensor, _ value: Tensor) -> Variable {
    maskedFill(mask, Variable(value))
  }

  /// The elements where the mask (bool) is true, in row-major order, as one axis. Both broadcast.
  public func maskedSelect(_ mask: Tensor) -> Variable {
    if mask.dtype != .bool {
      fail(
        "maskedSelect: the mask must be bool, got \(mask.dtype) \(mask.shape); compare it (x .> 0) or cast(to: .bool)")
    }
    guard let common = shape.broadcast(with: mask.shape) else {
      fail(Kernel.broadcastMistake(shape, mask.shape, "maskedSelect"))
    }
    let chosen = mask.expanded(to: common).array(Bool.self).enumerated().filter(\.element).map(\.offset)
    return expanded(to: common).reshaped([common.volume]).indexSelect(0, Tensor(chosen))
  }

  /// This with source[i, j, k] put at [i, index[i, j, k], k] (along axis 1), the gradient of what was there lost. A
  /// position named twice ends the program with a message: which one stays would be chance.
  public func scatter(_ axis: Int, _ index: Tensor, _ source: Variable) -> Variable {
    let zeros = Variable(.zeros(shape, dtype))
    let placed = zeros.placed(axis, index, source, "scatter")
    let times = zeros.placed(axis, index, Variable(.ones(index.shape, dtype)), "scatter").value
    if Kernel.first(Int(TP_GT_SCALAR), times, 1) != nil {
      fail(
        """
        scatter: an index of \(index.shape) names a position of \(shape) twice along axis \(axis); to add both use \
        scatterAdd
        """)
    }
    return placed.where(times .> 0, self)
  }

  /// The same with a Tensor, a constant.
  @_disfavoredOverload
  public func scatter(_ axis: Int, _ index: Tensor, _ source: Tensor) -> Variable {
    scatter(axis, index, Variable(source))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func maskedFill(_ mask: Tensor, _ value: some Scalar) -> Tensor {
    Variable(self).maskedFill(mask, value).value
  }

  /// The same of a Tensor.
  public func maskedFill(_ mask: Tensor, _ value: Double) -> Tensor { Variable(self).maskedFill(mask, value).value }

  /// The same of a Tensor.
  public func maskedFill(_ mask: Tensor, _ value: Tensor) -> Tensor {
    Variable(self).maskedFill(mask, Variable(value)).value
  }

  /// The same with a Variable.
  @_disfavoredOverload
  public func maskedFill(_ mask: Tensor, _ value: Variable) -> Variable {
    Variable(self).maskedFill(mask, value)
  }

  /// The same of a Tensor.
  public func maskedSelect(_ mask: Tensor) -> Tensor { Variable(self).maskedSelect(mask).value }

  /// The same of a Tensor.
  public func scatter(_ axis: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
    Variable(self).scatter(axis, index, Variable(source)).value
  }

  /// The same with a Variable.
  @_disfavoredOverload
  public func scatter(_ axis: Int, _ index: Tensor, _ source: Variable) -> Variable {
    Variable(self).scatter(axis, index, source)
  }
}

extension Variable {
  /// A number as a scalar of x's type; traps when that cannot hold it.
  convenience init(value: some Scalar, like x: Variable, _ name: StaticString) {
    _ = Kernel.element(value.exact, x.dtype, x.shape, name)  // the message names x's shape
    self.init(Tensor.full([], value.exact, x.dtype, name))
  }
}
