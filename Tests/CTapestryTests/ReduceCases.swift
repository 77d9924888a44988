import CTapestry
import TapestryTensors
import Testing

/// Numbers around 0, near −1000, or 1003 with σ of about 0.01: rounding of a mean or a wrong center shows there.
extension KernelCase {
  mutating func numbersAnywhere(_ shape: Shape, _ dtype: DType) -> Tensor {
    switch draw.int(0...2) {
    case 0: input(shape, dtype, -1001, -999)
    case 1: input(shape, dtype, 1002.98, 1003.02)
    default: input(shape, dtype)
    }
  }

  /// A shape, and the same with the axes of size 1 over which it is reduced.
  mutating func reduction() -> (Shape, Shape) {
    let shape = shape(room: 3000)
    var reduced = shape
    for axis in shape.indices where draw.bool() { reduced[axis] = 1 }
    return (shape, reduced)
  }
}

let reduceCases = [
  KernelCases(
    "reduce", 200,
    crosses: [
      "reduce_one", "reduce_tile", "reduce_alone", "reduce_part", "reduce_parts", "reduce_sums", "reduce_task",
      "span_alone",
    ]
  ) { c in
    let (shape, reduced) = c.reduction(), op = Int32(c.draw.int(0...Int(TP_REDUCE_OPS) - 1))
    let dtype =
      op == TP_MEAN || op == TP_SUM_SQUARES ? c.draw.pick([DType.float32, .float64]) : c.draw.pick(computedTypes)
    let sums = op == TP_SUM || op == TP_PROD,
      exact = !dtype.isFloatingPoint || op == TP_REDUCE_MAX || op == TP_REDUCE_MIN
    let x =
      op == TP_PROD
      ? c.input(shape, dtype, 0.8, 1.25)
      : exact && dtype.isFloatingPoint
        ? c.salted(shape, dtype, -3, 3, [.nan, .infinity, -.infinity])
        : dtype.isFloatingPoint ? c.numbersAnywhere(shape, dtype) : c.input(shape, dtype)
    let result: DType = op == TP_ALL || op == TP_ANY ? .bool : sums && !dtype.isFloatingPoint ? .int64 : dtype
    c.expect(
      [.init(shape: reduced, dtype: result)], tolerance: exact ? 0 : dtype == .float64 ? 1e-11 : 2e-6,
      "reduce \(op) of \(dtype) \(shape) \(x.strides)"
    ) { table, y in x.withDescriptor { table.reduce(op, y[0], $0) } }
  },

  KernelCases(
    "variance", 120,
    crosses: ["reduce_tile", "reduce_alone", "reduce_part", "reduce_parts", "reduce_sums", "reduce_task", "span_alone"]
  ) { c in
    let (shape, reduced) = c.reduction(), dtype = c.draw.pick([DType.float32, .float64]),
      correction = c.draw.pick([0.0, 1, 2.5])
    let x = c.numbersAnywhere(shape, dtype)
    // Relative, for σ² may be 1e-4; float64 loses 12 of 53 bits of x − mean near 1000.
    c.expect(
      [.init(shape: reduced, dtype: dtype, least: 1e-6), .init(shape: reduced, dtype: dtype)],
      tolerance: dtype == .float64 ? 1e-8 : 2e-6,
      "variance of \(dtype) \(shape) \(x.strides), correction \(correction)"
    ) { table, y in x.withDescriptor { table.variance(y[0], y[1], $0, correction) } }
  },

  KernelCases("max_pool2d", 80, crosses: ["grain_slow"]) { c in
    // Integers, so that equals are common: the first of them counts. NaN wins.
    let dtype = c.draw.pick([DType.float32, .float64]), planes = Array(c.shape(0...2, room: 12))
    var kernel: [Int] = [], stride: [Int] = [], padding: [Int] = [], dilation: [Int] = [], sizes: [Int] = [],
      windows: [Int] = []
    for _ in 0...1 {
      let (k, s, d) = (c.draw.int(1...4), c.draw.int(1...3), c.draw.int(1...3)), reach = (k - 1) * d + 1
      let p = c.draw.int(0...reach / 2), size = reach + c.draw.int(0...19)
      kernel.append(k)
      stride.append(s)
      padding.append(p)
      dilation.append(d)
      sizes.append(size)
      windows.append((size + 2 * p - reach) / s + 1)
    }
    let shape = Shape(planes + sizes), result = Shape(planes + windows)
    let x = c.salted(shape, dtype, -4, 4, [.nan, -.infinity]),
      window = (kernel + stride + padding + dilation).map { Int64($0) }
    c.expect(
      [.init(shape: result, dtype: dtype), .init(shape: result, dtype: .int64)], tolerance: 0,
      "max_pool2d of \(dtype) \(shape) \(x.strides), \(window)"
    ) { table, y in x.withDescriptor { table.max_pool2d(y[0], y[1], $0, window) } }
  },

  KernelCases(
    "argmax", 120,
    crosses: ["arg_tile", "reduce_alone", "reduce_part", "reduce_parts", "reduce_sums", "reduce_task", "span_alone"]
  ) { c in
    let shape = c.shape(room: 3000), axis = c.draw.int(0...shape.count - 1), op = c.draw.pick([TP_ARGMAX, TP_ARGMIN])
    var one = shape
    one[axis] = 1
    // Integers, so that equals are common: the first of them counts. NaN wins.
    var dtype = c.draw.pick([DType.float32, .float64, .int32, .int64, .uint8])
    if shape[axis] == 1 { dtype = .float32 }
    var x = c.input(shape, .int32, dtype == .uint8 ? 0 : -30, 30).cast(to: dtype)
    if dtype == .float32 && c.draw.bool() {
      x = x.copied()
      var numbers = x.array(Float.self)
      for _ in 0..<c.draw.int(1...3) { numbers[c.draw.int(0...numbers.count - 1)] = .nan }
      x = Tensor(numbers, shape: shape)
    }
    x = c.laid(x)
    c.expect(
      [.init(shape: one, dtype: .int64)], tolerance: 0, "arg \(op) of \(dtype) \(shape) \(x.strides) along \(axis)"
    ) { table, y in
      x.withDescriptor { table.arg_reduce(Int32(op), y[0], $0, Int32(axis)) }
    }
  },

  KernelCases("scan", 160, crosses: ["scan_lanes", "scan_task", "span_alone"]) { c in
    let shape = c.shape(), axis = c.draw.int(0...shape.count - 1),
      op = c.draw.pick([TP_CUMSUM, TP_CUMPROD, TP_CUMMAX, TP_CUMMIN])
    let dtype = c.draw.pick([DType.float32, .float64, .int64])
    let x = op == TP_CUMPROD ? c.input(shape, dtype, 0.8, 1.25) : c.salted(shape, dtype, -3, 3, [.nan, .infinity])
    c.expect(
      [.init(shape: shape, dtype: dtype)], tolerance: dtype == .float64 ? 1e-11 : dtype == .float32 ? 2e-5 : 0,
      "scan \(op) of \(dtype) \(shape) \(x.strides) along \(axis)"
    ) { table, y in x.withDescriptor { table.scan(Int32(op), y[0], $0, Int32(axis)) } }
  },

  KernelCases("recurrence", 120, crosses: ["scan_lanes", "scan_task", "span_alone"]) { c in
    let shape = c.shape(), axis = c.draw.int(0...shape.count - 1), dtype = c.draw.pick([DType.float32, .float64])
    let a = c.input(shape, dtype, -1, 1), b = c.input(shape, dtype)
    c.expect(
      [.init(shape: shape, dtype: dtype)], tolerance: dtype == .float64 ? 1e-11 : 2e-5,
      "recurrence of \(dtype) \(shape) \(a.strides), \(b.strides) along \(axis)"
    ) { table, y in a.withDescriptor { a in b.withDescriptor { b in table.recurrence(y[0], a, b, Int32(axis)) } } }
  },
]
