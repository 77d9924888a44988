import CTapestry
import TapestryTensors
import Testing

/// Every tier against the reference backend, on parameters whose sizes lie at the edges of vectors and chunks.
struct OptimizerKernelTests {
  private static let small = [1, 0, 7, 64, 515, 33]

  /// More than one chunk, which costs seconds in a debug build.
  private static let large = [1, 40_003, 0, 7]

  /// Parameter, gradient and three states of each size, in blocks with guard bands.
  private struct Block {
    let tensors: [[Guarded]]
    let items: [tp_step_item]

    init(_ start: [[Tensor]], fresh: Bool) {
      var items: [tp_step_item] = [], offset: Int64 = 0
      tensors = start.enumerated().map { (k: Int, roles: [Tensor]) in
        let guarded = roles.map { source in
          let copy = Guarded(source.shape, source.dtype)
          copy.view.withDescriptor { y in source.withDescriptor { x in reference.copy(y, x) } }
          return copy
        }
        let data = guarded.map(\.view.descriptor.data)
        var item = tp_step_item()
        (item.param, item.grad, item.state) = (data[0], data[1], (data[2], data[3], data[4], nil))
        (item.size, item.offset, item.step) = (Int64(roles[0].count), offset, Int64(3 + k))
        (item.dtype, item.fresh) = (roles[0].dtype.rawValue, fresh)
        offset += item.size
        items.append(item)
        return guarded
      }
      self.items = items
    }
  }

  /// Float32 and float64 side by side in one list.
  private func start(_ draw: inout Draw, _ sizes: [Int]) -> [[Tensor]] {
    sizes.enumerated().map { k, size in
      (0..<5).map { role in draw.tensor([size], role == 1 ? -1 : 0.5, 1).cast(to: k % 2 == 0 ? .float32 : .float64) }
    }
  }

  private func expectSameStep(
    _ tier: String, _ label: String, _ sizes: [Int] = small, fresh: Bool = false, float32: Double = 2e-6,
    run: (tp_backend, [tp_step_item]) -> Void
  ) {
    var draw = Draw(seed: 45)
    let start = start(&draw, sizes), ours = Block(start, fresh: fresh), expected = Block(start, fresh: fresh)
    run(backend(tier), ours.items)
    run(reference, expected.items)
    for (k, (a, b)) in zip(ours.tensors, expected.tensors).enumerated() {
      for role in 0..<5 {
        let error = difference(a[role].view, b[role].view)
        #expect(
          error < (k % 2 == 0 ? float32 : 1e-13), "\(tier) \(label): size \(sizes[k]), role \(role) differs by \(error)"
        )
        #expect(a[role].isIntact, "\(tier) \(label): wrote beyond role \(role) of size \(sizes[k])")
      }
    }
  }

  @Test(arguments: tiers)
  func adam(_ tier: String) {
    for options in 0..<16 {
      let decoupled = options & 1 != 0, amsgrad = options & 2 != 0, maximize = options & 4 != 0,
        decay = options & 8 != 0 ? 0.2 : 0
      expectSameStep(tier, "adam \(options)", options == 15 ? Self.large : Self.small) { table, items in
        var o = tp_adam(
          lr: 0.1, beta1: 0.8, beta2: 0.95, eps: 1e-4, weight_decay: decay, decoupled: decoupled, amsgrad: amsgrad,
          maximize: maximize)
        table.adam(items, Int64(items.count), &o)
      }
    }
  }

  @Test(arguments: tiers)
  func sgd(_ tier: String) {
    for options in 0..<32 {
      let fresh = options & 1 != 0, nesterov = options & 2 != 0, maximize = options & 4 != 0
      let decay = options & 8 != 0 ? 0.3 : 0, momentum = options & 16 != 0 ? 0.9 : 0
      expectSameStep(tier, "sgd \(options)", options == 30 ? Self.large : Self.small, fresh: fresh) { table, items in
        var o = tp_sgd(
          lr: 0.1, momentum: momentum, dampening: 0.2, weight_decay: decay, nesterov: nesterov, maximize: maximize)
        table.sgd(items, Int64(items.count), &o)
      }
    }
  }

  @Test(arguments: tiers)
  func rmsprop(_ tier: String) {
    for options in 0..<16 {
      let centered = options & 1 != 0, maximize = options & 2 != 0, decay = options & 4 != 0 ? 0.3 : 0,
        momentum = options & 8 != 0 ? 0.9 : 0
      // v − mean² loses digits, and may be almost 0, where one rounding more or less decides: hence ε is not small.
      expectSameStep(tier, "rmsprop \(options)", options == 15 ? Self.large : Self.small, float32: 1e-5) {
        table, items in
        var o = tp_rmsprop(
          lr: 0.1, alpha: 0.7, eps: 0.5, weight_decay: decay, momentum: momentum, centered: centered, maximize: maximize
        )
        table.rmsprop(items, Int64(items.count), &o)
      }
    }
  }

  @Test(arguments: tiers)
  func clipping(_ tier: String) {
    expectSameStep(tier, "scale", Self.large) { table, items in table.gradient_scale(items, Int64(items.count), 0.37) }
    expectSameStep(tier, "clamp", Self.large) { table, items in
      table.gradient_clamp(items, Int64(items.count), -0.25, 0.5)
    }
    var draw = Draw(seed: 46)
    let block = Block(start(&draw, Self.large), fresh: false)
    for p in [1, 2, 3, 2.5, Double.infinity] {
      let found = backend(tier).gradientSum(block.items, Int64(block.items.count), p)
      let expected = reference.gradientSum(block.items, Int64(block.items.count), p)
      #expect(abs(found / expected - 1) < 1e-12, "\(tier): Σ|g|^\(p) is \(found), expected \(expected)")
    }
    #expect(backend(tier).gradientSum(nil, 0, 2) == 0)
  }
}
