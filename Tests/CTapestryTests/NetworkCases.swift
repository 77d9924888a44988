import CTapestry
import TapestryTensors
import Testing

let networkCases = [
  KernelCases("softmax", 120, crosses: ["softmax_strip", "softmax_task", "sum_terms", "span_alone"]) { c in
    let shape = c.shape(), axis = Int32(c.draw.int(0...shape.count - 1)),
      dtype = c.draw.pick([DType.float32, .float64]), log = c.draw.bool()
    let tolerance = dtype == .float64 ? 1e-12 : 4e-6
    // A masked place, −∞, is 0 (a row of them NaN).
    let x =
      c.draw.bool() ? c.salted(shape, dtype, -1010, -990, [-.infinity]) : c.salted(shape, dtype, -20, 20, [-.infinity])
    c.expect(
      [.init(shape: shape, dtype: dtype)], tolerance: tolerance,
      "softmax of \(dtype) \(shape) \(x.strides) along \(axis), log \(log)"
    ) { table, y in
      x.withDescriptor { table.softmax(log, y[0], $0, axis) }
    }
    // The gradient of any y, not only of a softmax: both formulas hold for any numbers.
    let y = c.input(shape, dtype, log ? -5 : 0, log ? 0 : 1), dy = c.input(shape, dtype)
    c.expect(
      [.init(shape: shape, dtype: dtype)], tolerance: tolerance * 30,
      "softmax's gradient of \(dtype) \(shape) \(y.strides) \(dy.strides) along \(axis), log \(log)"
    ) { table, dx in y.withDescriptor { y in dy.withDescriptor { table.softmax_grad(log, dx[0], y, $0, axis) } } }
  },

  KernelCases("layer norm", 120, crosses: ["norm_task", "norm_chunk", "norm_chunks", "sum_terms", "span_alone"]) { c in
    let shape = c.shape(1...3), dtype = c.draw.pick([DType.float32, .float64]), features = Shape([shape.last!])
    var one = shape
    one[one.count - 1] = 1
    let x = c.numbersAnywhere(shape, dtype), dy = c.input(shape, dtype), gamma = c.draw.numbers(features, dtype),
      beta = c.draw.numbers(features, dtype)
    // not centred: RMS norm
    let scaled = c.draw.bool(), shifted = c.draw.bool(), centred = c.draw.int(0...2) > 0, eps = 1e-5
    c.expect(
      [.init(shape: shape, dtype: dtype), .init(shape: one, dtype: dtype, plain: true)]
        + (centred ? [.init(shape: one, dtype: dtype, plain: true)] : []),
      tolerance: dtype == .float64 ? 1e-9 : 2e-5, "layer norm of \(dtype) \(shape) \(x.strides), centred \(centred)"
    ) { table, y in
      x.withDescriptor { x in
        gamma.withDescriptor { g in
          beta.withDescriptor { b in
            table.layer_norm(
              y[0], centred ? y[1] : nil, y[centred ? 2 : 1], x, scaled ? g : nil, shifted ? b : nil, eps)
          }
        }
      }
    }
    let y = Tensor(uninitialized: shape, dtype), mean = Tensor(uninitialized: one, dtype),
      rstd = Tensor(uninitialized: one, dtype)
    y.withDescriptor { y in
      mean.withDescriptor { m in
        rstd.withDescriptor { r in x.withDescriptor { reference.layer_norm(y, centred ? m : nil, r, $0, nil, nil, eps) }
        }
      }
    }
    // Relative to the terms: rows · |dy·x̂| for dγ, |dy|·rstd for dx. Each of the three may be left out.
    let scale = 3 * rstd.cast(to: .float64).array(Double.self).max()!, wanted = c.draw.pick([7, 7, 7, 1, 2, 3, 4, 6])
    let start = Tensor.full(shape, 7, dtype), flat = Tensor.full(features, 7, dtype)
    c.expect(
      [
        .init(shape: shape, dtype: dtype, start: start, least: scale),
        .init(shape: features, dtype: dtype, start: flat, least: 20),
        .init(shape: features, dtype: dtype, start: flat, least: 20),
      ], tolerance: dtype == .float64 ? 1e-9 : 1e-4,
      "layer norm's gradient of \(dtype) \(shape) \(x.strides) \(dy.strides), wanted \(wanted), centred \(centred)"
    ) { table, d in
      x.withDescriptor { x in
        dy.withDescriptor { dy in
          mean.withDescriptor { m in
            rstd.withDescriptor { r in
              gamma.withDescriptor { g in
                table.layer_norm_grad(
                  wanted & 1 != 0 ? d[0] : nil, wanted & 2 != 0 ? d[1] : nil, wanted & 4 != 0 ? d[2] : nil, dy, x,
                  centred ? m : nil, r, scaled ? g : nil)
              }
            }
          }
        }
      }
    }
  },

  KernelCases("gather and scatter", 120, crosses: ["gather_alone", "gather_task", "gather_columns"]) { c in
    var dtype = c.draw.pick(DType.allCases), shape = c.shape(1...3, room: 700)
    let axis = c.draw.int(0...shape.count - 1)
    var picked = shape
    picked[axis] = c.draw.pick([1, 2, 5, 9, 40])
    // Often a long index of few places: additions to one place must keep their order, over the ends of tasks.
    if c.draw.bool() {
      (shape[axis], picked[axis], dtype) = (
        c.draw.pick([1, 2, 3, 5]), c.draw.pick([40, 97]), c.draw.pick([.float32, .float64])
      )
    }
    // On the other axes the index may be shorter than the table.
    var part = picked
    for i in part.indices where i != axis && c.draw.int(0...3) == 0 { part[i] = c.draw.int(1...part[i]) }
    let x = c.input(shape, dtype), index = c.laid(c.draw.indices(part, below: shape[axis])),
      rows = c.laid(c.draw.indices([picked[axis]], below: shape[axis]))
    let label = "\(dtype) \(shape) \(x.strides) by \(part) \(index.strides) along \(axis)"
    c.expect([.init(shape: part, dtype: dtype)], tolerance: 0, "gather of \(label)") { table, y in
      x.withDescriptor { x in index.withDescriptor { table.gather(y[0], x, $0, Int32(axis)) } }
    }
    c.expect([.init(shape: picked, dtype: dtype)], tolerance: 0, "index select of \(label)") { table, y in
      x.withDescriptor { x in rows.withDescriptor { table.index_select(y[0], x, $0, Int32(axis)) } }
    }
    if dtype == .bool || !dtype.isComputed { return }
    let source = c.input(picked, dtype), start = c.draw.numbers(shape, dtype)
    c.expect(
      [.init(shape: shape, dtype: dtype, start: start)], tolerance: dtype == .float32 ? 4e-6 : 1e-12,
      "scatter add of \(label)"
    ) { table, y in
      index.withDescriptor { i in source.withDescriptor { table.scatter_add(y[0], i, $0, Int32(axis)) } }
    }
    c.expect(
      [.init(shape: shape, dtype: dtype, start: start)], tolerance: dtype == .float32 ? 4e-6 : 1e-12,
      "index add of \(label)"
    ) { table, y in
      rows.withDescriptor { i in source.withDescriptor { table.index_add(y[0], i, $0, Int32(axis)) } }
    }
  },

  KernelCases("triangle", 60, crosses: ["triangle_task", "span_alone"]) { c in
    let shape = c.shape(2...4), dtype = c.draw.pick(DType.allCases), diagonal = Int64(c.draw.int(-20...20)),
      upper = c.draw.bool()
    let x = c.input(shape, dtype)
    c.expect(
      [.init(shape: shape, dtype: dtype)], tolerance: 0, "triangle \(upper) \(diagonal) of \(dtype) \(x.strides)"
    ) { table, y in
      x.withDescriptor { table.triangle(upper, y[0], $0, diagonal) }
    }
  },

  KernelCases("checking indices", 80, crosses: ["index_block"]) { c in
    let shape = c.shape(0...4), bound = 50, count = shape.volume
    var numbers = (0..<count).map { _ in c.draw.int(0...bound - 1) }, expected = -1
    for _ in 0..<c.draw.int(0...2) { numbers[c.draw.int(0...count - 1)] = c.draw.pick([-1, bound, .min, .max]) }
    expected = numbers.firstIndex { !(0..<bound).contains($0) } ?? -1
    let index = c.laid(Tensor(numbers, shape: shape))
    var exact: Int64 = 0
    index.withDescriptor { tp_backend_named("reference").pointee.check_indices($0, Int64(bound), &exact) }
    #expect(exact == expected, "the first bad index of \(shape) \(index.strides)")
    c.expect(
      [.init(shape: [], dtype: .int64, plain: true)], tolerance: 0, "the first bad index of \(shape) \(index.strides)"
    ) { table, y in
      index.withDescriptor {
        table.check_indices($0, Int64(bound), y[0].pointee.data.assumingMemoryBound(to: Int64.self))
      }
    }
  },

  KernelCases("random numbers", 80, crosses: ["random_blocks", "random_costly"]) { c in
    let shape = c.shape(0...3),
      state = tp_random_state(key: c.draw.bits(), stream: c.draw.bits(), offset: c.draw.pick([0, 11, .max - 20]))
    let kind = Int32(c.draw.pick([TP_UNIFORM, TP_NORMAL, TP_TRUNCATED_NORMAL, TP_BERNOULLI, TP_RANDINT]))
    let dtype =
      kind == TP_RANDINT
      ? c.draw.pick([DType.int64, .int32])
      : kind == TP_BERNOULLI ? c.draw.pick([DType.float32, .bool]) : c.draw.pick([DType.float32, .float64])
    let (p, q) = kind == TP_BERNOULLI ? (c.draw.pick([0, 0.3, 1]), 0) : kind == TP_RANDINT ? (-5, 12) : (-1.0, 2.0)
    c.expect([.init(shape: shape, dtype: dtype)], tolerance: 0, "random \(kind) of \(dtype)") { table, y in
      table.random(kind, y[0], state, tp_number(p), tp_number(q))
    }
    let real = c.draw.pick([DType.float32, .float64]), x = c.input(shape, real), rate = c.draw.pick([0, 0.3, 0.9, 1])
    c.expect([.init(shape: shape, dtype: real)], tolerance: 1e-6, "dropout \(rate) of \(real) \(x.strides)") {
      table, y in
      x.withDescriptor { table.dropout(y[0], $0, state, rate) }
    }
  },
]
