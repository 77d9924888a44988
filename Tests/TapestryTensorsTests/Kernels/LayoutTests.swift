import CTapestry
import TapestryTensors
import Testing

/// Kernels that move, scan and check elements in layouts that take their long paths: permuted, flipped, stepped, larger
/// than a tile, a block or a task. Expected values are index arithmetic on the row-major numbers.
struct LayoutTests {
  private static let tiers = Backend.all.map(\.name)

  /// Two axes exchange their neighbors, so that a copy transposes inside two outer axes: (1, 0, 3, 2) of [4, 3, 40,
  /// 50], and enough for several threads.
  @Test(arguments: tiers, [DType.float32, .int64, .uint8]) func copiesOfPermutedTensors(
    _ backend: String, _ dtype: DType
  ) {
    withBackend(backend) {
      for (sizes, order) in [
        ([4, 3, 40, 50], [1, 0, 3, 2]), ([2, 3, 130, 100], [1, 0, 3, 2]), ([40, 3, 50], [2, 1, 0]),
        ([3, 40, 50], [0, 2, 1]), ([33, 17, 2], [1, 0, 2]),
        ([1030, 70], [1, 0]),
      ] {
        let naive = NaiveArray(counting: sizes)
        // Neighbors differ in every type: 251 is prime.
        let x = (Tensor.arange(Shape(sizes).volume) % 251).reshaped(Shape(sizes)).cast(to: dtype)
        let expected = NaiveArray(order.map { sizes[$0] }) { index in
          var old = index
          for (new, axis) in order.enumerated() { old[axis] = index[new] }
          return naive.at(old) % 251
        }.array
        for threads in [1, 3] {
          withThreads(threads) {
            let y = x.permuted(order)
            #expect(
              y.contiguous().cast(to: .int64).array(Int.self) == expected,
              "\(sizes) \(order), \(dtype), \(threads) threads")
            #expect(
              (y + y.contiguous()).cast(to: .int64) == (y.contiguous() + y).cast(to: .int64),
              "\(sizes) \(order), \(dtype), \(threads) threads")
            var z = Tensor.zeros(y.shape, dtype)
            z += y
            #expect(z.cast(to: .int64).array(Int.self) == expected, "\(sizes) \(order), \(dtype), \(threads) threads")
          }
        }
      }
    }
  }

  private static let scans: [(Int, @Sendable (Int, Int) -> Int)] = [
    (Int(TP_CUMSUM), { $0 &+ $1 }), (Int(TP_CUMPROD), { $0 &* $1 }), (Int(TP_CUMMAX), { max($0, $1) }),
    (Int(TP_CUMMIN), { min($0, $1) }),
  ]

  /// Running sums of a transposed [50, 600] and others along every axis: lines side by side (more than the 256 of one
  /// tile) and one by one, across strides.
  @Test(arguments: tiers, [DType.int64, .float32]) func scansAcrossStrides(_ backend: String, _ dtype: DType) {
    withBackend(backend) {
      let base = (Tensor.arange(50 * 600) * 7919 % 11 - 5).reshaped(50, 600), deep = base[..<20].reshaped(2, 20, 300)
      let layouts: [(String, Tensor)] = [
        ("[50, 600] transposed", base.transposed()), ("[50, 600]", base),
        ("[2, 20, 300] reversed", deep.permuted(2, 1, 0)),
        ("middle first", deep.permuted(1, 0, 2)), ("flipped", deep[1].flipped(0, 1)),
        ("stepped", deep[0][.all, .slice(from: 1, step: 2)]),
        ("expanded", base[0].expanded(to: [5, 600])),
      ]
      for (name, x) in layouts {
        for (op, fold) in Self.scans where dtype == .int64 || op == Int(TP_CUMSUM) || op == Int(TP_CUMMAX) {
          for axis in 0..<x.rank {
            // The scanned axis first, then row by row.
            let lines = x.transposed(0, axis)
            var expected = lines.contiguous().array(Int.self)
            let step = expected.count / lines.shape[0]
            for i in step..<expected.count { expected[i] = fold(expected[i - step], expected[i]) }
            for threads in [1, 3] {
              let y = withThreads(threads) { Kernel.scan(op, x.cast(to: dtype), axis: axis) }
              #expect(
                y.transposed(0, axis).cast(to: .int64).array(Int.self) == expected,
                "\(op) of \(name) along \(axis), \(threads) threads")
            }
          }
        }
      }
    }
  }

  /// The first bad index in row-major order, wherever it lies in memory.
  @Test func badIndicesInAnyLayout() {
    let good = Tensor.arange(5 * 300).reshaped(5, 300) % 7
    let layouts: [(String, Tensor)] = [
      ("plain", good), ("transposed", good.transposed()), ("flipped", good.flipped(0, 1)),
      ("stepped", good[.all, .slice(from: 1, step: 3)]),
      ("three axes", good.reshaped(5, 3, 100).permuted(2, 0, 1)),
    ]
    for (name, index) in layouts {
      #expect(Kernel.outside(index, bound: 7) == nil, "\(name)")
      for bad in [7, -1, .min, .max] {
        for position in [0, 1, 17, 256, 257, index.count - 1] {
          var flat = index.contiguous().array(Int.self)
          flat[position] = bad
          if position + 40 < flat.count { flat[position + 40] = -9 }  // a later one that lies first in memory somewhere
          // The same numbers in the same layout: written through a view of memory with the same strides.
          var laid = index
          laid[.ellipsis] = Tensor(flat, shape: index.shape)
          let found = Kernel.outside(laid, bound: 7)
          #expect(
            found?.position == position && found?.value == bad,
            "\(name), \(bad) at \(position): \(String(describing: found))")
        }
      }
    }
    // As a user meets it: the position in the transposed index tensor, not in memory.
    let found = Kernel.outside(Tensor([[0, 9, 1], [1, 0, 8]]).transposed(), bound: 8)
    #expect(found?.position == 2 && found?.value == 9)
  }
}
