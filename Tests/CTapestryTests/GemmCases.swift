import CTapestry
import TapestryTensors
import Testing

extension KernelCase {
  /// A matrix, or a batch of them: drawn in rows, in columns (both often, for paths hang on it) or in any layout.
  mutating func matrix(_ shape: Shape, _ dtype: DType) -> Tensor {
    let x = draw.numbers(shape, dtype), last = shape.count - 1
    switch draw.int(0...4) {
    case 0, 1: return x
    case 2, 3: return x.transposed(last - 1, last).copied().transposed(last - 1, last)
    default: return laid(x)
    }
  }

  /// c = alpha·a·b + beta·c + bias for drawn operands.
  mutating func product(_ batch: [Int], _ m: Int, _ k: Int, _ n: Int, a left: [Int], b right: [Int], _ dtype: DType) {
    let real = dtype.isFloatingPoint, shape = Shape(batch + [m, n])
    let a = matrix(Shape(left + [m, k]), dtype), b = matrix(Shape(right + [k, n]), dtype),
      bias = draw.numbers([n], dtype)
    let withBias = draw.bool(), plain = draw.bool(), alpha = draw.int(0...2) > 0 ? 1.0 : real ? -0.25 : 3,
      beta = draw.pick([0, 0, 1, real ? 0.5 : 2])
    let epilogue = draw.int(0...3) > 0
    // What beta = 0 ignores may be anything.
    let start = beta == 0 && real ? Tensor.full(shape, Double.nan, dtype) : draw.numbers(shape, dtype)
    expect(
      [.init(shape: shape, dtype: dtype, plain: plain, start: start)],
      tolerance: !real ? 0 : dtype == .float32 ? 3e-5 + 1e-6 * Double(k) : 1e-12 * Double(10 + k),
      """
      product of \(dtype) \(a.shape) \(a.strides) · \(b.shape) \(b.strides), alpha \(alpha) beta \(beta) bias \(withBias), \
      with epilogue \(epilogue)
      """
    ) { table, c in
      var e = tp_epilogue(bias: withBias ? UnsafeRawPointer(bias.descriptor.data) : nil, alpha: alpha, beta: beta)
      a.withDescriptor { a in
        b.withDescriptor { b in epilogue ? table.gemm(c[0], a, b, &e) : table.gemm(c[0], a, b, nil) }
      }
    }
  }
}

private let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 17, 24, 25, 31, 33, 48, 49, 65, 97, 130]

let gemmCases = [
  KernelCases(
    "products", 500,
    crosses: [
      "gemm_alone", "gemm_kc", "gemm_kc_packed", "gemm_mc", "gemm_pack_b", "gemm_pack_a", "gemm_pack_rows",
      "gemm_by_rows", "gemm_columns", "gemm_slab",
      "gemm_tasks",
      "gemm_split", "gemm_split_k", "gemm_split_part", "gemm_split_parts", "gemm_thin", "gemm_thin_k", "gemm_dots_rows",
      "gemm_dots_k", "gemm_stream_rows",
      "gemm_stream_n", "gemm_stream_k", "gemm_stream_block", "gemm_stream_unit",
    ]
  ) { c in
    let m = c.draw.int(0...19) == 0 ? 0 : c.draw.pick(sizes), n = c.draw.pick(sizes.filter { $0 * m <= 3000 })
    let k = c.draw.int(0...19) == 0 ? 0 : c.draw.pick(sizes.filter { $0 * m * n <= 30_000 } + [1])
    c.product(
      [], m, k, n, a: [], b: [],
      c.draw.int(0...7) == 0 ? c.draw.pick([.int32, .int64]) : c.draw.pick([.float32, .float64]))
  },

  KernelCases("batches of products", 100, crosses: ["gemm_batch", "gemm_alone", "gemm_mc"]) { c in
    let batches: [([Int], [Int], [Int])] = [
      ([3], [], [3]), ([], [2], [2]), ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([4], [4], [4]), ([2], [2], [2]),
      ([0], [1], [0]), ([1], [5], [5]),
    ]
    let (left, right, all) = c.draw.pick(batches), m = c.draw.pick(sizes.filter { $0 <= 33 }),
      n = c.draw.pick(sizes.filter { $0 <= 33 })
    let k = c.draw.pick(sizes.filter { $0 * m * n <= 12_000 })
    c.product(
      all, m, k, n, a: left, b: right,
      c.draw.int(0...7) == 0 ? c.draw.pick([.int32, .int64]) : c.draw.pick([.float32, .float64]))
  },

  KernelCases("batches of tiny products", 120, crosses: ["gemm_tiny", "gemm_alone"]) { c in
    let batches: [([Int], [Int], [Int])] = [
      ([300], [300], [300]), ([7, 13], [7, 13], [7, 13]), ([5, 1], [1, 9], [5, 9]), ([], [40], [40]),
      ([31], [31], [31]), ([2, 3, 4], [3, 1], [2, 3, 4]),
    ]
    let (left, right, all) = c.draw.pick(batches), m = c.draw.int(1...9), k = c.draw.int(0...9), n = c.draw.int(1...9)
    c.product(all, m, k, n, a: left, b: right, c.draw.pick([.float32, .float64]))
  },
]
