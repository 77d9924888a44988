import CTapestry
import TapestryTensors
import Testing

struct GemmTests {
  @Test(arguments: tiers)
  func productsOfAnyShapeLayoutAndEpilogue(_ tier: String) {
    var draw = Draw(seed: 11)
    for _ in 0..<150 {
      let dtype = draw.pick([DType.float32, .float32, .float64, .int32, .int64])
      let m = draw.int(0...9) == 0 ? 0 : draw.edge(), n = draw.edge(), k = draw.int(0...9) == 0 ? 0 : draw.edge()
      let a = draw.relaid(draw.numbers([m, k], dtype)), b = draw.relaid(draw.numbers([k, n], dtype))
      let bias = draw.numbers([n], dtype), start = draw.numbers([m, n], dtype)
      let withBias = draw.bool() && dtype.isFloatingPoint,
        beta = dtype.isFloatingPoint ? draw.pick([0.0, 1.0, 0.5]) : 0
      let alpha = dtype.isFloatingPoint ? draw.pick([1.0, -0.25]) : 1
      let tolerance = dtype == .float32 ? 3e-5 : 1e-12
      expectSame(
        tier, shapes: [[m, n]], [dtype], tolerance: tolerance,
        "gemm (\(m), \(k))·(\(k), \(n)) \(dtype) strides \(a.strides) \(b.strides) bias \(withBias) beta \(beta)",
        start: start
      ) { table, c in
        var epilogue = tp_epilogue(
          bias: withBias ? UnsafeRawPointer(bias.descriptor.data) : nil, alpha: alpha, beta: beta)
        a.withDescriptor { a in b.withDescriptor { b in table.gemm(c[0], a, b, &epilogue) } }
      }
    }
  }

  @Test(arguments: tiers)
  func batchesBroadcast(_ tier: String) {
    var draw = Draw(seed: 12)
    for _ in 0..<40 {
      let m = draw.edge(), k = draw.edge(), n = draw.edge()
      let batches: [([Int], [Int], [Int])] = [
        ([3], [], [3]), ([], [2], [2]), ([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([4], [4], [4]),
        ([0], [1], [0]),
      ]
      let (left, right, all) = draw.pick(batches)
      let a = draw.relaid(draw.numbers(Shape(left + [m, k]), .float32)),
        b = draw.relaid(draw.numbers(Shape(right + [k, n]), .float32))
      expectSame(tier, shapes: [Shape(all + [m, n])], [.float32], tolerance: 3e-5, "gemm \(a.shape) · \(b.shape)") {
        table, c in
        a.withDescriptor { a in b.withDescriptor { b in table.gemm(c[0], a, b, nil) } }
      }
    }
  }

  /// Sizes beyond the blocking, one of each path: square, one row, few rows, one column, long inner axis (split), tall.
  @Test(arguments: [[300, 260, 310], [1, 700, 500], [5, 600, 300], [400, 500, 1], [40, 6000, 50], [3000, 40, 30]])
  func largeProductsHaveTheSameBitsOnAnyNumberOfThreads(_ size: [Int]) {
    var draw = Draw(seed: 13)
    let (m, k, n) = (size[0], size[1], size[2])
    let a = draw.numbers([m, k], .float32), b = draw.numbers([k, n], .float32)
    for tier in tiers.prefix(2) {
      func product(_ threads: Int) -> Tensor {
        withThreads(threads) {
          let c = Tensor(uninitialized: [m, n], .float32)
          c.withDescriptor { c in a.withDescriptor { a in b.withDescriptor { b in backend(tier).gemm(c, a, b, nil) } } }
          return c
        }
      }
      let one = product(1)
      for threads in [2, 3, 7] { #expect(product(threads) == one, "\(tier) \(size) on \(threads) threads") }
      let exact = Tensor(uninitialized: [m, n], .float32)
      exact.withDescriptor { c in a.withDescriptor { a in b.withDescriptor { b in reference.gemm(c, a, b, nil) } } }
      // Rounding grows with the number of terms.
      #expect(difference(one, exact) < 4e-5 + 2e-7 * Double(k), "\(tier) \(size)")
    }
  }
}
