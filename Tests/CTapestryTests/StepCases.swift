import CTapestry
import TapestryTensors
import Testing

/// Parameters of drawn sizes end to end, float32 and float64 side by side, in guarded blocks: parameter, gradient and
/// three states of each.
private struct Items {
  let tensors: [[LaidOut]]
  let items: [tp_step_item]

  init(_ start: [[Tensor]], fresh: Bool) {
    var items: [tp_step_item] = [], offset: Int64 = 0
    tensors = start.enumerated().map { (k: Int, roles: [Tensor]) in
      let places = roles.map { source in
        let place = LaidOut(source.shape, source.dtype, Layout(rank: 1), filler: 0xA5)
        place.set(source)
        return place
      }
      let data = places.map(\.view.descriptor.data)
      var item = tp_step_item()
      (item.param, item.grad, item.state) = (data[0], data[1], (data[2], data[3], data[4], nil))
      (item.size, item.offset, item.step) = (Int64(roles[0].count), offset, Int64(1 + k))
      (item.dtype, item.fresh) = (roles[0].dtype.rawValue, fresh)
      offset += item.size
      items.append(item)
      return places
    }
    self.items = items
  }
}

extension KernelCase {
  private mutating func start() -> [[Tensor]] {
    (0..<draw.int(1...6)).map { _ in
      let size = draw.pick([0, 1, 3, 7, 8, 31, 32, 33, 64, 65, 100, 130]), dtype = draw.pick([DType.float32, .float64])
      return (0..<5).map { role in draw.tensor([size], role == 1 ? -1 : 0.5, 1).cast(to: dtype) }
    }
  }

  /// Two steps one after the other: what the first leaves in the states is what the second reads.
  mutating func step(_ label: String, float32: Double = 4e-6, run: (tp_backend, [tp_step_item]) -> Void) {
    let start = start(), fresh = draw.bool(), threads = draw.pick([2, 3, 7])
    func twice(_ table: tp_backend) -> Items {
      let first = Items(start, fresh: fresh)
      run(table, first.items)
      let second = first.items.map { (item: tp_step_item) in
        var item = item
        (item.fresh, item.step) = (false, item.step + 1)
        return item
      }
      run(table, second)
      return first
    }
    let expected = twice(reference)
    let (one, many) = withLimits(limits, counting: tally) {
      (withThreads(1) { twice(backend(tier)) }, withThreads(threads) { twice(backend(tier)) })
    }
    let backwards = withLimits(limits, backwards: true) { twice(backend(tier)) }
    for (k, roles) in expected.tensors.enumerated() {
      for role in 0..<5 {
        let (a, b, e) = (one.tensors[k][role], many.tensors[k][role], roles[role]),
          what: Comment = "\(tier) \(label): item \(k) of \(start.map { $0[0].count }), role \(role)"
        #expect(difference(a.view, e.view) <= (e.view.dtype == .float32 ? float32 : 1e-12), "\(what)")
        #expect(a.view.bytes == b.view.bytes, "\(what): other bits on \(threads) threads")
        #expect(
          a.view.bytes == backwards.tensors[k][role].view.bytes, "\(what): other bits with tasks in another order")
        #expect(a.isIntact() && b.isIntact(), "\(what): wrote beside it")
      }
    }
  }

  mutating func gradientSum() {
    var start = start()
    // NaN wins, wherever it is.
    let which = draw.int(0...start.count - 1), place = start[which][1]
    if draw.int(0...2) == 0 && place.count > 0 {
      var numbers = place.cast(to: .float64).array(Double.self)
      numbers[draw.int(0...place.count - 1)] = .nan
      start[which][1] = Tensor(numbers).cast(to: place.dtype)
    }
    let block = Items(start, fresh: false), p = draw.pick([1, 2, 3, 2.5, Double.infinity])
    let expected = reference.gradientSum(block.items, Int64(block.items.count), p)
    for threads in [1, 3] {
      let found = withLimits(limits, counting: tally) {
        withThreads(threads) { backend(tier).gradientSum(block.items, Int64(block.items.count), p) }
      }
      #expect(
        abs(found - expected) <= 1e-12 * expected || (found.isNaN && expected.isNaN),
        "\(tier): Σ|g|^\(p) is \(found), expected \(expected)")
    }
  }
}

let stepCases = [
  KernelCases("adam", 40, crosses: ["step_chunk"]) { c in
    let (decoupled, amsgrad, maximize, decay) = (c.draw.bool(), c.draw.bool(), c.draw.bool(), c.draw.pick([0, 0.2]))
    c.step("adam \(decoupled) \(amsgrad) \(maximize) \(decay)") { table, items in
      var o = tp_adam(
        lr: 0.1, beta1: 0.8, beta2: 0.95, eps: 1e-4, weight_decay: decay, decoupled: decoupled, amsgrad: amsgrad,
        maximize: maximize)
      table.adam(items, Int64(items.count), &o)
    }
  },
  KernelCases("sgd", 40, crosses: ["step_chunk"]) { c in
    let (nesterov, maximize, decay, momentum) = (
      c.draw.bool(), c.draw.bool(), c.draw.pick([0, 0.3]), c.draw.pick([0, 0.9])
    )
    c.step("sgd \(nesterov) \(maximize) \(decay) \(momentum)") { table, items in
      var o = tp_sgd(
        lr: 0.1, momentum: momentum, dampening: 0.2, weight_decay: decay, nesterov: nesterov, maximize: maximize)
      table.sgd(items, Int64(items.count), &o)
    }
  },
  KernelCases("rmsprop", 40, crosses: ["step_chunk"]) { c in
    let (centered, maximize, decay, momentum) = (
      c.draw.bool(), c.draw.bool(), c.draw.pick([0, 0.3]), c.draw.pick([0, 0.9])
    )
    // v − mean² loses digits, and may be almost 0, where one rounding more or less decides: hence ε is not small.
    c.step("rmsprop \(centered) \(maximize) \(decay) \(momentum)", float32: 1e-5) { table, items in
      var o = tp_rmsprop(
        lr: 0.1, alpha: 0.7, eps: 0.5, weight_decay: decay, momentum: momentum, centered: centered, maximize: maximize)
      table.rmsprop(items, Int64(items.count), &o)
    }
  },
  KernelCases("adagrad", 40, crosses: ["step_chunk"]) { c in
    let (maximize, decay, slows) = (c.draw.bool(), c.draw.pick([0, 0.3]), c.draw.pick([0, 0.5]))
    c.step("adagrad \(maximize) \(decay) \(slows)") { table, items in
      var o = tp_adagrad(lr: 0.1, lr_decay: slows, eps: 1e-3, weight_decay: decay, maximize: maximize)
      table.adagrad(items, Int64(items.count), &o)
    }
  },
  KernelCases("clipping", 40, crosses: ["step_chunk", "clip_stack"]) { c in
    c.step("scale") { table, items in table.gradient_scale(items, Int64(items.count), 0.37) }
    c.step("clamp") { table, items in table.gradient_clamp(items, Int64(items.count), -0.25, 0.5) }
    c.gradientSum()
  },
]
