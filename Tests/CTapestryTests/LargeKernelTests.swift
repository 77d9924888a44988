import CTapestry
import TapestryTensors
import Testing

/// Sizes beyond the limits as they are outside of tests: mistakes were once planted in these, and nobody noticed.
struct LargeKernelTests {
  private func large(_ tier: String, _ seed: UInt64, _ run: (inout KernelCase) -> Void) {
    var one = KernelCase(tier: tier, limits: .standard, tally: LimitTally(), draw: Draw(seed: seed))
    run(&one)
  }

  @Test(arguments: tiers, [[3, 40_000], [70_001]])
  func varianceInParts(_ tier: String, _ shape: Shape) {
    for (low, high) in [(-1.0, 3.0), (1002.98, 1003.02)] {
      large(tier, 51) { c in
        let x = c.draw.numbers(shape, .float32, low, high)
        var one = shape
        one[one.count - 1] = 1
        c.expect(
          [.init(shape: one, dtype: .float32, least: 1e-6), .init(shape: one, dtype: .float32)], tolerance: 2e-6,
          "variance of \(shape)"
        ) { table, y in
          x.withDescriptor { table.variance(y[0], y[1], $0, 1) }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func layerNormsGradientInChunks(_ tier: String) {
    large(tier, 52) { c in
      let shape: Shape = [400, 64], dtype = DType.float32
      let x = c.draw.numbers(shape, dtype, 1002.98, 1003.02), dy = c.draw.numbers(shape, dtype),
        gamma = c.draw.numbers([64], dtype)
      let y = Tensor(uninitialized: shape, dtype), mean = Tensor(uninitialized: [400, 1], dtype),
        rstd = Tensor(uninitialized: [400, 1], dtype)
      y.withDescriptor { y in
        mean.withDescriptor { m in
          rstd.withDescriptor { r in x.withDescriptor { reference.layer_norm(y, m, r, $0, nil, nil, 1e-5) } }
        }
      }
      c.expect(
        [
          .init(shape: shape, dtype: dtype, least: 300), .init(shape: [64], dtype: dtype, least: 20),
          .init(shape: [64], dtype: dtype, least: 20),
        ],
        tolerance: 1e-5, "layer norm's gradient of [400, 64]"
      ) { table, d in
        x.withDescriptor { x in
          dy.withDescriptor { dy in
            mean.withDescriptor { m in
              rstd.withDescriptor { r in
                gamma.withDescriptor { g in table.layer_norm_grad(d[0], d[1], d[2], dy, x, m, r, g) }
              }
            }
          }
        }
      }
    }
  }

  /// m, k, n: more columns than are packed at once; one to four rows with k in parts and columns in blocks; a long k;
  /// rows in blocks.
  @Test(
    arguments: tiers,
    [
      [5, 9, 12_300], [1, 1000, 70], [2, 1000, 600], [3, 1000, 70], [4, 1000, 70], [4, 2050, 9], [270, 40, 20],
      [5, 1100, 7],
    ])
  func products(_ tier: String, _ size: [Int]) {
    let (m, k, n) = (size[0], size[1], size[2])
    for dtype in m < 6 && k > 900 ? [DType.float32] : [.float32, .float64] {
      for columns in [false, true] {
        large(tier, 53) { c in
          let a = c.draw.numbers([m, k], dtype),
            b = columns ? c.draw.numbers([n, k], dtype).transposed() : c.draw.numbers([k, n], dtype)
          let bias = c.draw.numbers([n], dtype)
          c.expect(
            [.init(shape: [m, n], dtype: dtype, plain: true)], tolerance: dtype == .float32 ? 2e-4 : 1e-11,
            "product \(size), b \(b.strides)"
          ) {
            table, y in
            var e = tp_epilogue(bias: UnsafeRawPointer(bias.descriptor.data), alpha: 1, beta: 0)
            a.withDescriptor { a in b.withDescriptor { b in table.gemm(y[0], a, b, &e) } }
          }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func cumulativeSumsOfATransposedMatrix(_ tier: String) {
    large(tier, 54) { c in
      let x = c.draw.numbers([600, 50], .float32).transposed()
      for axis in [0, 1] {
        c.expect([.init(shape: [50, 600], dtype: .float32)], tolerance: 1e-5, "cumsum along \(axis)") { table, y in
          x.withDescriptor { table.scan(Int32(TP_CUMSUM), y[0], $0, Int32(axis)) }
        }
      }
    }
  }

  @Test(arguments: tiers)
  func copyOfPermutedAxes(_ tier: String) {
    large(tier, 55) { c in
      for dtype in [DType.float32, .float64, .uint8] {
        for order in [[1, 0, 3, 2], [3, 2, 1, 0], [0, 1, 3, 2], [2, 3, 0, 1]] {
          let x = c.draw.numbers([4, 3, 40, 50], dtype, 0, 200).permuted(order)
          c.expect(
            [.init(shape: x.shape, dtype: dtype, plain: true)], tolerance: 0, "copy of \(dtype) permuted by \(order)"
          ) { table, y in
            x.withDescriptor { table.copy(y[0], $0) }
          }
        }
      }
    }
  }

  /// 300 lines side by side along an axis that is not last, and rows longer than a block of sums, near −1000 and with a
  /// tail.
  @Test(arguments: tiers, [([70, 301], 0), ([3, 1037], 1), ([2, 65, 70], 1)] as [(Shape, Int)])
  func softmax(_ tier: String, _ sample: (Shape, Int)) {
    let (shape, axis) = sample
    for dtype in [DType.float32, .float64] {
      for log in [false, true] {
        large(tier, 56) { c in
          let x = c.draw.numbers(shape, dtype, -1010, -990), tolerance = dtype == .float32 ? 4e-6 : 1e-12
          c.expect(
            [.init(shape: shape, dtype: dtype)], tolerance: tolerance, "softmax of \(dtype) \(shape), log \(log)"
          ) { table, y in
            x.withDescriptor { table.softmax(log, y[0], $0, Int32(axis)) }
          }
          let y = c.draw.numbers(shape, dtype, log ? -5 : 0, log ? 0 : 1), dy = c.draw.numbers(shape, dtype)
          c.expect(
            [.init(shape: shape, dtype: dtype)], tolerance: tolerance * 100,
            "softmax's gradient of \(dtype) \(shape), log \(log)"
          ) { table, dx in
            y.withDescriptor { y in dy.withDescriptor { table.softmax_grad(log, dx[0], y, $0, Int32(axis)) } }
          }
        }
      }
    }
  }
}
