import CTapestry
import TapestryTensors
import Testing

struct ReduceKernelTests {
  /// A shape of one to four axes and some of them to reduce.
  private func drawn(_ draw: inout Draw) -> (Shape, Shape, [Int]) {
    let shape = Shape((0..<draw.int(1...4)).map { _ in draw.pick([1, 2, 3, 5, 8, 17, 33]) })
    var reduced = shape, axes: [Int] = []
    for axis in shape.indices where draw.bool() {
      reduced[axis] = 1
      axes.append(axis)
    }
    return (shape, reduced, axes)
  }

  @Test(arguments: tiers)
  func everyReductionOverAnyAxes(_ tier: String) {
    var draw = Draw(seed: 31)
    for _ in 0..<60 {
      let (shape, reduced, axes) = drawn(&draw)
      for op in 0..<Int32(TP_REDUCE_OPS) {
        for dtype in computedTypes {
          if (op == TP_MEAN || op == TP_SUM_SQUARES) && !dtype.isFloatingPoint { continue }
          let x = draw.relaid(draw.numbers(shape, dtype, op == TP_PROD ? 0.8 : -3, op == TP_PROD ? 1.3 : 3))
          let counts = op == TP_SUM || op == TP_PROD
          let result: DType = op == TP_ALL || op == TP_ANY ? .bool : counts && !dtype.isFloatingPoint ? .int64 : dtype
          expectSame(
            tier, shapes: [reduced], [result], tolerance: dtype == .float64 ? 1e-12 : 2e-6,
            "reduce \(op) \(dtype) \(shape) over \(axes) strides \(x.strides)"
          ) { table, y in
            x.withDescriptor { table.reduce(op, y[0], $0) }
          }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func varianceScansAndPositions(_ tier: String) {
    var draw = Draw(seed: 32)
    for _ in 0..<60 {
      let (shape, reduced, axes) = drawn(&draw)
      for dtype in [DType.float32, .float64] {
        let x = draw.relaid(draw.numbers(shape, dtype))
        let tolerance = dtype == .float64 ? 1e-12 : 2e-6
        let n = axes.reduce(1) { $0 * shape[$1] }
        if n > 1 {
          expectSame(
            tier, shapes: [reduced, reduced], [dtype, dtype], tolerance: tolerance,
            "variance \(dtype) \(shape) over \(axes)"
          ) { table, y in
            x.withDescriptor { table.variance(y[0], y[1], $0, 1) }
          }
        }
        let axis = draw.int(0...shape.count - 1)
        var one = shape
        one[axis] = 1
        for op in [TP_ARGMAX, TP_ARGMIN] {
          expectSame(tier, shapes: [one], [.int64], tolerance: 0, "arg \(op) \(shape) axis \(axis)") { table, y in
            x.withDescriptor { table.arg_reduce(Int32(op), y[0], $0, Int32(axis)) }
          }
        }
        for op in [TP_CUMSUM, TP_CUMPROD, TP_CUMMAX, TP_CUMMIN] {
          expectSame(tier, shapes: [shape], [dtype], tolerance: tolerance * 10, "scan \(op) \(shape) axis \(axis)") {
            table, y in
            x.withDescriptor { table.scan(Int32(op), y[0], $0, Int32(axis)) }
          }
        }
      }
    }
  }

  /// The exact sum of ten million float32 numbers, kept as a float64 sum of their float64 values (error below 1e-9 of
  /// it).
  @Test func sumsOfTenMillionAreRightToAFewUlp() {
    let count = 10_000_000
    let numbers = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      var draw = Draw(seed: 33)
      for i in 0..<count { buffer[i] = Float(draw.bits() >> 40) * 0x1p-24 }
      initialized = count
    }
    let exact = numbers.reduce(0.0) { $0 + Double($1) }
    let x = Tensor(numbers)
    for layout in [x, x.reshaped([1000, 10_000]), x.flipped(0)] {
      let sum = layout.sum().array(Float.self)[0]
      #expect(abs(Double(sum) - exact) <= 4 * Double(Float(exact).ulp), "\(layout.shape): \(sum), exactly \(exact)")
    }
    let columns = x.reshaped([count / 4, 4]).sum(0).array(Float.self)
    for c in 0..<4 {
      let exact = stride(from: c, to: count, by: 4).reduce(0.0) { $0 + Double(numbers[$1]) }
      #expect(abs(Double(columns[c]) - exact) <= 4 * Double(Float(exact).ulp))
    }
  }

  @Test func largeReductionsHaveTheSameBitsOnAnyNumberOfThreads() {
    var draw = Draw(seed: 34)
    let x = draw.numbers([300, 70, 60], .float32)
    for axes in [[0], [1], [2], [0, 2], [0, 1, 2]] {
      let one = withThreads(1) { Kernel.reduce(Int(TP_SUM), x, axes: axes, keepDims: true) }
      for threads in [2, 3, 7] {
        #expect(withThreads(threads) { Kernel.reduce(Int(TP_SUM), x, axes: axes, keepDims: true) } == one)
      }
    }
  }
}
