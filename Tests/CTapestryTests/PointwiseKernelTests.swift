import CMeasures
import CTapestry
import TapestryTensors
import Testing

struct PointwiseKernelTests {
  @Test(arguments: tiers)
  func everyUnaryOperationOnEveryType(_ tier: String) {
    var draw = Draw(seed: 21)
    for op in 0..<Int32(TP_UNARY_OPS) {
      let row = Pointwise.unary(op)
      for dtype in row.dtypes {
        for shape: Shape in [[67], [5, 9], [], [0], [2, 3, 5]] {
          let x = draw.relaid(draw.numbers(shape, dtype, row.from[0], row.to[0]))
          // Powers have ways of their own for some p; p = 2, q = 3 suit every other operation that has parameters.
          for p in op == TP_POW_SCALAR || op == TP_RPOW_SCALAR ? [2, -1, 0.5, 1, 3, -2, 1.7] : [2] {
            let message = "\(row.name) \(dtype) \(shape) p \(p)", tolerance = dtype == .float64 ? 1e-13 : 2e-6
            expectSame(tier, shapes: [shape], [row.test ? .bool : dtype], tolerance: tolerance, message) { table, y in
              x.withDescriptor { table.unary(op, y[0], $0, tp_number(p), tp_number(3)) }
            }
          }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func everyBinaryOperationBroadcasts(_ tier: String) {
    var draw = Draw(seed: 22)
    let pairs: [(Shape, Shape)] = [
      ([67], [67]), ([5, 9], [9]), ([5, 1], [1, 9]), ([], [7]), ([3, 4, 5], [4, 1]), ([0, 3], [3]),
    ]
    for op in 0..<Int32(TP_BINARY_OPS) {
      let row = Pointwise.binary(op)
      for dtype in row.dtypes {
        for (left, right) in pairs {
          let a = draw.relaid(draw.numbers(left, dtype, row.from[0], row.to[0]))
          let b = draw.relaid(draw.numbers(right, dtype, row.from[1], row.to[1]))
          let result: DType = row.test ? .bool : dtype
          expectSame(
            tier, shapes: [left.broadcast(with: right)!], [result], tolerance: dtype == .float64 ? 1e-13 : 3e-6,
            "\(row.name) \(dtype) \(left) \(right)"
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
        expectSame(tier, shapes: [shape], [to], tolerance: 0, "copy \(from) to \(to) \(shape)") { table, y in
          x.withDescriptor { table.copy(y[0], $0) }
        }
        let row = draw.numbers([shape[1]], from, 0, 5)
        expectSame(tier, shapes: [shape], [to], tolerance: 0, "copy of a row, \(from) to \(to)") { table, y in
          row.withDescriptor { table.copy(y[0], $0) }
        }
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
        condition.withDescriptor { c in a.withDescriptor { a in b.withDescriptor { b in table.select(y[0], c, a, b) } }
        }
      }
    }
  }

  /// Every 10,007th float32, of every operation that has values, on every tier; a release command (Benchmarks accuracy)
  /// checks all of them.
  @Test(arguments: tiers)
  func float32FunctionsAreWithinTwoUlp(_ tier: String) {
    withBackend(tier) {
      for op in 0..<Int32(TP_UNARY_OPS) where Pointwise.unary(op).isFloating && !Pointwise.unary(op).test {
        let result = tp_check_accuracy(op, 0, 10_007), name = Pointwise.unary(op).name
        #expect(result.checked > 400_000)
        #expect(
          result.worst_ulp <= 2,
          "\(tier) \(name): \(result.worst_ulp) ulp at \(result.worst_input): \(result.got), exactly \(result.expected)"
        )
      }
    }
  }
}
