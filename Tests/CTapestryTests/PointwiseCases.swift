import CTapestry
import TapestryTensors
import Testing

let pointwiseCases = [
  KernelCases("unary", 160, crosses: ["flat", "grain_cheap", "grain_vector", "grain_slow", "walk_block"]) { c in
    let op = Int32(c.draw.int(0...Int(TP_UNARY_OPS) - 1))
    let row = Pointwise.unary(op), dtype = c.draw.pick(row.dtypes)
    let shape = c.shape(0...4)
    let x =
      c.draw.bool()
      ? c.draw.numbers(shape, dtype, row.from[0], row.to[0]) : c.input(shape, dtype, row.from[0], row.to[0])
    let plain = c.draw.bool(), p = c.draw.pick([2, 0.5, 3, 1.7]), q = max(p, 2.5)
    c.expect(
      [.init(shape: shape, dtype: row.test ? .bool : dtype, plain: plain)], tolerance: dtype == .float64 ? 1e-12 : 4e-6,
      "\(row.name) of \(dtype), p \(p), strides \(x.strides)"
    ) { table, y in x.withDescriptor { table.unary(op, y[0], $0, tp_number(p), tp_number(q)) } }
  },

  KernelCases(
    "binary", 160, crosses: ["flat", "grain_cheap", "grain_vector", "grain_slow", "walk_block", "straighten"]
  ) { c in
    let op = Int32(c.draw.int(0...Int(TP_BINARY_OPS) - 1))
    let row = Pointwise.binary(op), dtype = c.draw.pick(row.dtypes)
    let shape = c.shape(0...4)
    // Thinned: an axis of size 1 broadcasts, leading axes may be missing.
    var other = shape
    if c.draw.int(0...2) == 0 { for i in other.indices where c.draw.bool() { other[i] = 1 } }
    if c.draw.int(0...3) == 0 { other = Shape(Array(other).suffix(1)) }
    let a =
      c.draw.bool()
      ? c.draw.numbers(shape, dtype, row.from[0], row.to[0]) : c.input(shape, dtype, row.from[0], row.to[0])
    let b =
      c.draw.bool()
      ? c.draw.numbers(other, dtype, row.from[1], row.to[1]) : c.input(other, dtype, row.from[1], row.to[1])
    let plain = c.draw.bool()
    c.expect(
      [.init(shape: shape, dtype: row.test ? .bool : dtype, plain: plain)], tolerance: dtype == .float64 ? 1e-12 : 4e-6,
      "\(row.name) of \(dtype) \(a.strides), \(b.shape) \(b.strides)"
    ) { table, y in a.withDescriptor { a in b.withDescriptor { b in table.binary(op, y[0], a, b) } } }
  },

  KernelCases("find", 60, crosses: ["grain_cheap", "walk_block"]) { c in
    let tests = (0..<Int32(TP_UNARY_OPS)).filter { Pointwise.unary($0).test }
    let op = c.draw.pick(tests), row = Pointwise.unary(op), dtype = c.draw.pick(row.dtypes)
    // Few of the drawn numbers pass, or none does: the answer lies anywhere.
    let x = c.input(c.shape(0...4), dtype, 0, 3),
      p = c.draw.pick([2.99, 3, 0, 1, 1.5, dtype == .uint8 || dtype == .bool ? 2 : -1])
    c.expect(
      [.init(shape: [], dtype: .int64, plain: true)], tolerance: 0,
      "find \(row.name) \(p) of \(dtype) \(x.shape) \(x.strides)"
    ) { table, y in
      x.withDescriptor { table.find(op, $0, tp_number(p), y[0].pointee.data.assumingMemoryBound(to: Int64.self)) }
    }
    // One alone, anywhere, or none.
    let shape = c.shape(0...3, room: 1500), place = c.draw.int(0...shape.volume)
    let one = c.laid(
      Tensor((0..<shape.volume).map { $0 == place ? 1 : 0 }, shape: shape).cast(to: c.draw.pick(computedTypes)))
    c.expect(
      [.init(shape: [], dtype: .int64, plain: true)], tolerance: 0,
      "find the one at \(place) of \(shape) \(one.strides)"
    ) { table, y in
      one.withDescriptor {
        table.find(Int32(TP_GT_SCALAR), $0, tp_number(0), y[0].pointee.data.assumingMemoryBound(to: Int64.self))
      }
    }
  },

  KernelCases("select", 40, crosses: ["grain_cheap", "walk_block", "straighten"]) { c in
    let shape = c.shape(), dtype = c.draw.pick(DType.allCases)
    let condition = c.laid(c.draw.numbers(shape, .float64).cast(to: .int64).cast(to: .bool))
    let a = c.input(shape, dtype), b = c.input([shape.last!], dtype)
    c.expect([.init(shape: shape, dtype: dtype)], tolerance: 0, "select of \(dtype)") { table, y in
      condition.withDescriptor { s in a.withDescriptor { a in b.withDescriptor { b in table.select(y[0], s, a, b) } } }
    }
  },

  KernelCases(
    "copy", 200,
    crosses: [
      "copy_bytes", "grain_cheap", "walk_block", "straighten", "transpose_side", "transpose_least", "transpose_rows",
      "transpose_columns",
      "transpose_alone",
    ]
  ) { c in
    let shape = c.shape(0...4, room: 3000), from = c.draw.pick(DType.allCases),
      to = c.draw.int(0...2) == 0 ? c.draw.pick(DType.allCases) : from
    let x = c.input(shape, from, to == .uint8 || from == .uint8 ? 0 : -5, 5)
    c.expect([.init(shape: shape, dtype: to)], tolerance: 0, "copy of \(from) \(x.strides) to \(to)") { table, y in
      x.withDescriptor { table.copy(y[0], $0) }
    }
    // The plain transposition, which tiles are made for.
    let order = Array((0..<shape.count).reversed()),
      turned = c.draw.numbers(Shape(order.map { shape[$0] }), from, 0, 5).permuted(order)
    c.expect([.init(shape: shape, dtype: from, plain: true)], tolerance: 0, "transposition of \(from) to \(shape)") {
      table, y in
      turned.withDescriptor { table.copy(y[0], $0) }
    }
  },

  KernelCases("fill", 30, crosses: ["copy_bytes"]) { c in
    let shape = c.shape(0...4), dtype = c.draw.pick(DType.allCases)
    c.expect([.init(shape: shape, dtype: dtype)], tolerance: 0, "fill of \(dtype)") { table, y in
      table.fill(y[0], 2.5, 3)
    }
  },
]
