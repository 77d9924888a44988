import CTapestry
import TapestryAutograd
import TapestryTensors
import Testing

struct PointwiseKernelTests {
  @Test(arguments: tiers)
  func everyUnaryOperationOnEveryType(_ tier: String) {
    var draw = Draw(seed: 21)
    for op in 0..<Int32(TP_UNARY_OPS) {
      for dtype in DType.allCases {
        if tp_unary_needs_float(op) && !dtype.isFloatingPoint { continue }
        if !dtype.isFloatingPoint && [Int32(TP_RDIV_SCALAR), Int32(TP_POW_SCALAR), Int32(TP_RPOW_SCALAR)].contains(op) { continue }
        for shape: Shape in [[67], [5, 9], [], [0], [2, 3, 5]] {
          let positive = [Int32(TP_LOG), Int32(TP_SQRT), Int32(TP_RSQRT), Int32(TP_LOG2), Int32(TP_LOG10), Int32(TP_POW_SCALAR)].contains(op)
          let x = draw.relaid(draw.numbers(shape, dtype, positive ? 0.1 : -3, 3))
          let result: DType = tp_unary_is_predicate(op) ? .bool : dtype
          // p = 2, q = 3 suit every operation that has parameters.
          expectSame(tier, shapes: [shape], [result], tolerance: dtype == .float64 ? 1e-13 : 2e-6, "unary \(op) \(dtype) \(shape)") { table, y in
            x.withDescriptor { table.unary(op, y[0], $0, tp_number(2), tp_number(3)) }
          }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func everyBinaryOperationBroadcasts(_ tier: String) {
    var draw = Draw(seed: 22)
    let pairs: [(Shape, Shape)] = [([67], [67]), ([5, 9], [9]), ([5, 1], [1, 9]), ([], [7]), ([3, 4, 5], [4, 1]), ([0, 3], [3])]
    for op in 0..<Int32(TP_BINARY_OPS) {
      for dtype in DType.allCases {
        if dtype.isFloatingPoint ? tp_binary_needs_whole(op) : tp_binary_needs_float(op) { continue }
        for (left, right) in pairs {
          let a = draw.relaid(draw.numbers(left, dtype, op == TP_POW || op == TP_XLOGY ? 0.1 : -3, 3))
          let b = draw.relaid(draw.numbers(right, dtype, op == TP_XLOGY ? 0.1 : 1, 4))
          let result: DType = tp_binary_is_predicate(op) ? .bool : dtype
          expectSame(
            tier, shapes: [left.broadcast(with: right)!], [result], tolerance: dtype == .float64 ? 1e-13 : 3e-6, "binary \(op) \(dtype) \(left) \(right)"
          ) { table, y in
            a.withDescriptor { a in b.withDescriptor { b in table.binary(op, y[0], a, b) } }
          }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func copiesConvertAnyTypeAndLayout(_ tier: String) {
    var draw = Draw(seed: 23)
    for from in DType.allCases {
      for to in DType.allCases {
        let shape = Shape([draw.edge(), draw.edge()])
        let x = draw.relaid(draw.numbers(shape, from, 0, 5))
        expectSame(tier, shapes: [shape], [to], tolerance: 0, "copy \(from) to \(to) \(shape)") { table, y in x.withDescriptor { table.copy(y[0], $0) } }
        let row = draw.numbers([shape[1]], from, 0, 5)
        expectSame(tier, shapes: [shape], [to], tolerance: 0, "copy of a row, \(from) to \(to)") { table, y in row.withDescriptor { table.copy(y[0], $0) } }
      }
    }
  }

  @Test(arguments: tiers)
  func selectTakesFromEither(_ tier: String) {
    var draw = Draw(seed: 24)
    for dtype in DType.allCases {
      let shape = Shape([draw.edge(), draw.edge()])
      let condition = draw.relaid(draw.numbers(shape, .float64).cast(to: .int64).cast(to: .bool))
      let a = draw.relaid(draw.numbers(shape, dtype)), b = draw.numbers([shape[1]], dtype)
      expectSame(tier, shapes: [shape], [dtype], tolerance: 0, "select \(dtype) \(shape)") { table, y in
        condition.withDescriptor { c in a.withDescriptor { a in b.withDescriptor { b in table.select(y[0], c, a, b) } } }
      }
    }
  }

  /// Every 1009th float32, on every tier; a release command (Benchmarks accuracy) checks all of them.
  @Test(arguments: tiers, [TP_EXP, TP_LOG, TP_TANH, TP_SIGMOID, TP_ERF, TP_SIN, TP_COS])
  func float32FunctionsAreWithinTwoUlp(_ tier: String, _ op: Int) {
    withBackend(tier) {
      let result = tp_check_accuracy(Int32(op), 0, 1009)
      #expect(result.checked > 4_000_000)
      #expect(result.worst_ulp <= 2, "\(tier) \(op): \(result.worst_ulp) ulp at \(result.worst_input): \(result.got), exactly \(result.expected)")
    }
  }
}
