import CTapestry

extension Kernel {
  /// Reduces the given axes (0 ..< rank, each once) to size 1, or drops them.
  package static func reduce(_ op: Int, _ x: Tensor, axes: [Int], keepDims: Bool, dtype: DType? = nil) -> Tensor {
    var shape = x.shape
    for axis in axes { shape[axis] = 1 }
    let y = Tensor(uninitialized: shape, dtype ?? x.dtype, on: x.descriptor.device)
    run(y, x) { $0.pointee.reduce(Int32(op), $1, $2) }
    return keepDims ? y : y.dropping(axes)
  }

  /// All axes at once, to a scalar.
  package static func reduceAll(_ op: Int, _ x: Tensor, dtype: DType? = nil, name: StaticString = #function) -> Tensor {
    var shape = x.shape
    for axis in shape.indices { shape[axis] = 1 }
    var y = Tensor(uninitialized: shape, dtype ?? x.dtype, on: x.descriptor.device)
    run(y, x, name) { $0.pointee.reduce(Int32(op), $1, $2) }
    y.descriptor.rank = 0
    return y
  }

  /// The type that sums of `dtype` have: small integers and bool are counted in int64.
  package static func sumType(_ dtype: DType) -> DType { dtype.isFloatingPoint ? dtype : .int64 }
}

extension Tensor {
  /// These elements in the type that their sums have.
  package var counted: Tensor { cast(to: Kernel.sumType(dtype)) }

  /// Axes of size 1 taken away.
  package func dropping(_ axes: [Int]) -> Tensor {
    var y = self
    for axis in axes.sorted(by: >) { y = y.droppingAxis(axis) }
    return y
  }

  /// Axes as users list them (none: all), as sorted numbers 0 ..< rank. A scalar may be reduced over 0 or −1, its only
  /// element, and has no axis to go.
  package static func axes(_ named: [Int]?, of shape: Shape, _ op: String) throws(ShapeError) -> [Int] {
    guard let named else { return Array(shape.indices) }
    var axes: [Int] = []
    for name in named {
      let axis = try shape.axis(along: name, op)
      if axes.contains(axis) { throw ShapeError("\(op): axis \(name) is listed twice in \(named)") }
      axes.append(axis)
    }
    return shape.isEmpty ? [] : axes.sorted()
  }

  package func reduced(_ op: Int, _ axes: [Int]?, _ keepDims: Bool, _ name: String, dtype: DType? = nil) -> Tensor {
    Kernel.mustCompute(self, name)
    let axes = failing { () throws(ShapeError) in try Tensor.axes(axes, of: shape, name) }
    if op == Int(TP_REDUCE_MAX) || op == Int(TP_REDUCE_MIN), let empty = axes.first(where: { shape[$0] == 0 }) {
      fail("\(name): axis \(empty) of \(shape) is empty, so there is no \(name)")
    }
    return Kernel.reduce(op, self, axes: axes, keepDims: keepDims, dtype: dtype)
  }

  /// The sum over the given axes (all without any). Integers and bool are counted in int64.
  public func sum(_ axes: Int..., keepDims: Bool = false) -> Tensor {
    reduced(Int(TP_SUM), axes.isEmpty ? nil : axes, keepDims, "sum", dtype: Kernel.sumType(dtype))
  }

  /// The mean over the given axes (all without any). Floating types only.
  public func mean(_ axes: Int..., keepDims: Bool = false) -> Tensor {
    if !dtype.isFloatingPoint {
      fail("mean: needs a floating-point tensor, got \(dtype) \(shape); convert it with cast(to: .float32)")
    }
    return reduced(Int(TP_MEAN), axes.isEmpty ? nil : axes, keepDims, "mean")
  }

  /// Σ (x − mean)² / (n − correction) over the given axes (all without any); correction 1 is the unbiased estimate, 0
  /// that of a whole population.
  public func variance(_ axes: Int..., correction: Double = 1, keepDims: Bool = false) -> Tensor {
    Kernel.mustCompute(self, "variance")
    if !dtype.isFloatingPoint {
      fail("variance: needs a floating-point tensor, got \(dtype) \(shape); convert it with cast(to: .float32)")
    }
    let axes = failing { () throws(ShapeError) in try Tensor.axes(axes.isEmpty ? nil : axes, of: shape, "variance") }
    return Kernel.variance(self, axes: axes, keepDims: keepDims, correction: correction)
  }

  /// √variance
  public func standardDeviation(_ axes: Int..., correction: Double = 1, keepDims: Bool = false) -> Tensor {
    Kernel.mustCompute(self, "standardDeviation")
    if !dtype.isFloatingPoint {
      fail(
        "standardDeviation: needs a floating-point tensor, got \(dtype) \(shape); convert it with cast(to: .float32)")
    }
    let axes = failing { () throws(ShapeError) in
      try Tensor.axes(axes.isEmpty ? nil : axes, of: shape, "standardDeviation")
    }
    return Kernel.unary(
      Int(TP_SQRT), Kernel.variance(self, axes: axes, keepDims: keepDims, correction: correction),
      name: "standardDeviation")
  }

  /// The largest element of all, a scalar. NaN wins; traps where there is none.
  public func max() -> Tensor { reduced(Int(TP_REDUCE_MAX), nil, false, "max") }
  /// The smallest element of all, a scalar. NaN wins; traps where there is none.
  public func min() -> Tensor { reduced(Int(TP_REDUCE_MIN), nil, false, "min") }

  /// The largest elements over these axes, all without any. NaN wins; traps where an axis has none.
  public func amax(_ axes: Int..., keepDims: Bool = false) -> Tensor {
    reduced(Int(TP_REDUCE_MAX), axes.isEmpty ? nil : axes, keepDims, "amax")
  }
  /// The smallest elements over these axes, all without any. NaN wins; traps where an axis has none.
  public func amin(_ axes: Int..., keepDims: Bool = false) -> Tensor {
    reduced(Int(TP_REDUCE_MIN), axes.isEmpty ? nil : axes, keepDims, "amin")
  }

  /// Whether all (any) elements differ from zero, as a bool scalar.
  public func all() -> Tensor { Kernel.reduceAll(Int(TP_ALL), self, dtype: .bool) }
  /// Whether any element differs from zero, as a bool scalar.
  public func any() -> Tensor { Kernel.reduceAll(Int(TP_ANY), self, dtype: .bool) }

  private func arg(_ op: Int, _ axis: Int, _ keepDims: Bool, _ name: String) -> Tensor {
    Kernel.mustCompute(self, name)
    let axis = shape.resolve(along: axis, name)
    if rank == 0 { return Tensor(0, .int64) }
    if shape[axis] == 0 { fail("\(name): axis \(axis) of \(shape) is empty, so there is no \(name)") }
    var result = shape
    result[axis] = 1
    let y = Tensor(uninitialized: result, .int64, on: descriptor.device)
    Kernel.run(y, self) { $0.pointee.arg_reduce(Int32(op), $1, $2, Int32(axis)) }
    return keepDims ? y : y.droppingAxis(axis)
  }

  /// The position of the largest element of an axis (the first of equals; NaN counts as largest), int64. Without an
  /// axis the position among all elements in row-major order.
  public func argmax(_ axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    guard let axis else { return reshaped(-1).arg(Int(TP_ARGMAX), 0, false, "argmax") }
    return arg(Int(TP_ARGMAX), axis, keepDims, "argmax")
  }

  /// The position of the smallest element of an axis (the first of equals; NaN counts as smallest), int64. Without an
  /// axis the position among all elements in row-major order.
  public func argmin(_ axis: Int? = nil, keepDims: Bool = false) -> Tensor {
    guard let axis else { return reshaped(-1).arg(Int(TP_ARGMIN), 0, false, "argmin") }
    return arg(Int(TP_ARGMIN), axis, keepDims, "argmin")
  }

  /// Summed over the axes that broadcasting `shape` to this tensor's shape adds or repeats: the adjoint of expansion.
  package func summed(to shape: Shape) -> Tensor {
    let added = rank - shape.count
    let axes = (0..<rank).filter { $0 < added || (shape[$0 - added] == 1 && self.shape[$0] != 1) }
    return Kernel.reduce(Int(TP_SUM), self, axes: axes, keepDims: true).dropping(Array(0..<added))
  }
}
