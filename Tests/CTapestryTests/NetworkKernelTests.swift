import CTapestry
import TapestryTensors
import Testing

/// Softmax, normalization, gathering, random numbers and the optimizers' steps against the reference backend.
struct NetworkKernelTests {
  @Test(arguments: tiers)
  func softmaxAndItsGradient(_ tier: String) {
    var draw = Draw(seed: 41)
    for _ in 0..<60 {
      let shape = Shape((0..<draw.int(1...3)).map { _ in draw.edge() }.prefix(3)), axis = draw.int(0...shape.count - 1)
      if shape.volume > 20_000 { continue }
      for dtype in [DType.float32, .float64] {
        let tolerance = dtype == .float64 ? 1e-12 : 3e-6
        let x = draw.relaid(draw.numbers(shape, dtype, -20, 20)), dy = draw.relaid(draw.numbers(shape, dtype))
        for log in [false, true] {
          expectSame(tier, shapes: [shape], [dtype], tolerance: tolerance, "softmax \(log) \(shape) axis \(axis)") {
            table, y in
            x.withDescriptor { table.softmax(log, y[0], $0, Int32(axis)) }
          }
          let y = Tensor(uninitialized: shape, dtype)
          y.withDescriptor { y in x.withDescriptor { reference.softmax(log, y, $0, Int32(axis)) } }
          expectSame(
            tier, shapes: [shape], [dtype], tolerance: tolerance * 10, "softmax gradient \(log) \(shape) axis \(axis)"
          ) { table, dx in
            y.withDescriptor { y in dy.withDescriptor { table.softmax_grad(log, dx[0], y, $0, Int32(axis)) } }
          }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func layerNormAndItsGradients(_ tier: String) {
    var draw = Draw(seed: 42)
    for _ in 0..<50 {
      let rows = draw.edge(), features = draw.edge() + 1
      for dtype in [DType.float32, .float64] {
        let tolerance = dtype == .float64 ? 1e-10 : 5e-5, shape: Shape = [rows, features], one: Shape = [rows, 1]
        let x = draw.relaid(draw.numbers(shape, dtype)), dy = draw.relaid(draw.numbers(shape, dtype))
        let gamma = draw.numbers([features], dtype), beta = draw.numbers([features], dtype), affine = draw.bool()
        expectSame(
          tier, shapes: [shape, one, one], [dtype, dtype, dtype], tolerance: tolerance, "layer norm \(shape)"
        ) { table, y in
          x.withDescriptor { x in
            gamma.withDescriptor { g in
              beta.withDescriptor { b in table.layer_norm(y[0], y[1], y[2], x, affine ? g : nil, affine ? b : nil, 1e-2)
              }
            }
          }
        }
        let y = Tensor(uninitialized: shape, dtype), mean = Tensor(uninitialized: one, dtype),
          rstd = Tensor(uninitialized: one, dtype)
        y.withDescriptor { y in
          mean.withDescriptor { m in
            rstd.withDescriptor { r in x.withDescriptor { reference.layer_norm(y, m, r, $0, nil, nil, 1e-2) } }
          }
        }
        expectSame(
          tier, shapes: [shape, [features], [features]], [dtype, dtype, dtype], tolerance: tolerance * 4,
          "layer norm gradients \(shape)"
        ) {
          table, d in
          x.withDescriptor { x in
            dy.withDescriptor { dy in
              mean.withDescriptor { m in
                rstd.withDescriptor { r in
                  gamma.withDescriptor { g in table.layer_norm_grad(d[0], d[1], d[2], dy, x, m, r, affine ? g : nil) }
                }
              }
            }
          }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func gatheringAndScattering(_ tier: String) {
    var draw = Draw(seed: 43)
    for _ in 0..<60 {
      let dtype = draw.pick(DType.allCases)
      let shape = Shape((0..<draw.int(1...3)).map { _ in draw.pick([1, 2, 3, 5, 8, 17]) }),
        axis = draw.int(0...shape.count - 1)
      var picked = shape
      picked[axis] = draw.int(1...9)
      let x = draw.relaid(draw.numbers(shape, dtype)), index = draw.relaid(draw.indices(picked, below: shape[axis]))
      expectSame(tier, shapes: [picked], [dtype], tolerance: 0, "gather \(shape) axis \(axis)") { table, y in
        x.withDescriptor { x in index.withDescriptor { table.gather(y[0], x, $0, Int32(axis)) } }
      }
      let rows = draw.indices([picked[axis]], below: shape[axis])
      expectSame(tier, shapes: [picked], [dtype], tolerance: 0, "index select \(shape) axis \(axis)") { table, y in
        x.withDescriptor { x in rows.withDescriptor { table.index_select(y[0], x, $0, Int32(axis)) } }
      }
      if dtype == .bool || !dtype.isComputed { continue }
      let source = draw.relaid(draw.numbers(picked, dtype)), start = draw.numbers(shape, dtype)
      let tolerance = dtype == .float32 ? 1e-6 : 1e-13
      expectSame(
        tier, shapes: [shape], [dtype], tolerance: tolerance, "scatter add \(shape) axis \(axis)", start: start
      ) { table, y in
        index.withDescriptor { i in source.withDescriptor { table.scatter_add(y[0], i, $0, Int32(axis)) } }
      }
      expectSame(tier, shapes: [shape], [dtype], tolerance: tolerance, "index add \(shape) axis \(axis)", start: start)
      { table, y in
        rows.withDescriptor { i in source.withDescriptor { table.index_add(y[0], i, $0, Int32(axis)) } }
      }
      if shape.count >= 2 {
        let diagonal = Int64(draw.int(-4...4)), upper = draw.bool()
        expectSame(tier, shapes: [shape], [dtype], tolerance: 0, "triangle \(shape) \(diagonal)") { table, y in
          x.withDescriptor { table.triangle(upper, y[0], $0, diagonal) }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func randomNumbersHaveTheSameBitsOnEveryTier(_ tier: String) {
    let state = tp_random_state(key: 7, stream: 3, offset: 11)
    for dtype in [DType.float32, .float64] {
      for kind in [TP_UNIFORM, TP_NORMAL, TP_TRUNCATED_NORMAL, TP_BERNOULLI] {
        for shape: Shape in [[1], [67], [5, 13], [0], [3, 1001]] {
          let (p, q) = kind == TP_BERNOULLI ? (0.3, 0) : (-1.0, 2.0)
          expectSame(tier, shapes: [shape], [dtype], tolerance: 0, "random \(kind) \(dtype) \(shape)") { table, y in
            table.random(Int32(kind), y[0], state, tp_number(p), tp_number(q))
          }
        }
      }
      var draw = Draw(seed: 44)
      let x = draw.relaid(draw.numbers([7, 33], dtype))
      for p in [0, 0.3, 1] {
        expectSame(tier, shapes: [[7, 33]], [dtype], tolerance: 1e-7, "dropout \(p)") { table, y in
          x.withDescriptor { table.dropout(y[0], $0, state, p) }
        }
      }
    }
    expectSame(tier, shapes: [[999]], [.int64], tolerance: 0, "random integers") { table, y in
      table.random(Int32(TP_RANDINT), y[0], state, tp_number(-5), tp_number(12))
    }
  }
}
