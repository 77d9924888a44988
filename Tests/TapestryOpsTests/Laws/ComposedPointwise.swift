import TapestryAutograd
import TapestryOps
import TapestryTensors

/// Pointwise functions that several ops make up, dropout of maps, and distances.
let pointwiseLaws: [Law] = activationLaws + dropoutLaws + distanceLaws

private let activationLaws: [Law] = [
  Law("glu", misuse: [.trap("even size", "[3]") { _ = glu(Variable(.ones([3]))) }], neverScalar: true) { draw in
    var (shape, axis) = draw.shapeAndAxis(rank: 1...3)
    let a = plain(axis, shape.count)
    shape[a] *= 2
    let half = shape[a] / 2
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) along \(axis)",
      composed: { v in
        let b = v[0].narrowed(axis: a, start: half, count: half)
        return v[0].narrowed(axis: a, start: 0, count: half) / (exp(-b) + 1)
      }, call: { [axis] in glu($0[0], axis: axis) })
  },
  Law("lerp", misuse: [.trap("[2]", "[3]", "broadcast") { _ = lerp(Variable(.ones([2])), Variable(.ones([3])), 0.5) }])
  { draw in
    let (a, b) = draw.broadcastPair(), number = draw.bool(), weight = draw.pick([0.0, 0.25, 1, -1.5])
    let inputs = [draw.tensor(a), draw.tensor(b)] + (number ? [] : [draw.tensor(draw.bool() ? a : [])])
    return LawCase(
      inputs, label: "\(a), \(b), \(number ? "\(weight)" : "\(inputs[2].shape)")", isLinear: number,
      composed: { v in number ? v[0] * (1 - weight) + v[1] * weight : v[0] * (1 - v[2]) + v[1] * v[2] },
      call: { number ? lerp($0[0], $0[1], weight) : lerp($0[0], $0[1], $0[2]) })
  },
  Law("softmin", misuse: [.trap("axis 2", "[2]") { _ = softmin(Variable(.ones([2])), axis: 2) }]) { draw in
    let shape = draw.shape(), axis = draw.anyAxis(of: shape), level = draw.level()
    return LawCase(
      [draw.tensor(shape, level - 2, level + 2)], label: "\(shape) along \(axis) around \(level)",
      composed: { v in
        let powers = exp(level - v[0])
        return powers / powers.sum(axis, keepDims: true)
      }, call: { softmin($0[0], axis: axis) })
  },
  Law("prelu", misuse: [.trap("[2]", "[4, 3]") { _ = prelu(Variable(.ones([4, 3])), Variable(.ones([2]))) }]) { draw in
    let shape = draw.shape(), axis = shape.count > 1 ? 1 : 0, one = shape.isEmpty || draw.bool(),
      w = one ? draw.pick([[], [1]]) : Shape([shape[axis]])
    return LawCase(
      [draw.tensor(shape, -2, 2, awayFrom: [0]), draw.tensor(w)], label: "\(shape), weight \(w)",
      composed: { v in
        let weight = one ? v[1].reshaped([]) : v[1].reshaped(Shape(shape.indices.map { $0 == axis ? shape[axis] : 1 }))
        return relu(v[0]) - relu(-v[0]) * weight
      }, call: { prelu($0[0], $0[1]) })
  },
  Law("clamp", misuse: [.trap("bool", "[2]") { _ = relu6(Variable(Tensor([true, false]))) }]) { draw in
    let shape = draw.shape()
    return LawCase(
      [draw.tensor(shape, -8, 8, awayFrom: [0, 6])], label: "\(shape)", isLinear: true,
      composed: { relu($0[0]) - relu($0[0] - 6) }
    ) {
      relu6($0[0])
    }
  },
  Law("hardtanh", misuse: [.trap("min", "2.0 and 1.0") { _ = hardtanh(Variable(.ones([2])), min: 2, max: 1) }]) {
    draw in
    let shape = draw.shape(), low = draw.pick([-1.0, 0.5]), high = draw.pick([1.0, 1.5])
    return LawCase(
      [draw.tensor(shape, -3, 3, awayFrom: [low, high])], label: "\(shape), \(low) … \(high)", isLinear: true,
      composed: { relu($0[0] - low) - relu($0[0] - high) + low }, call: { hardtanh($0[0], min: low, max: high) })
  },
  Law("selu", misuse: [.trap("int64", "[1]") { _ = selu(Variable(Tensor([1]))) }]) { draw in
    let shape = draw.shape()
    return LawCase(
      [draw.tensor(shape, -3, 2, awayFrom: [0])], label: "\(shape)",
      // λ = 1.0507…, λα = 1.7580993408473766 (Klambauer et al. 2017, section 2)
      composed: { v in relu(v[0]) * 1.0507009873554805 + (exp(-relu(-v[0])) - 1) * 1.7580993408473766 },
      call: { selu($0[0]) })
  },
  Law("gelu", misuse: [.trap("int64", "cast") { _ = gelu(Variable(Tensor([1])), approximate: .tanh) }]) { draw in
    let shape = draw.shape(), exact = draw.bool()
    return LawCase(
      [draw.tensor(shape, -4, 4)], label: "\(shape), exact \(exact)",
      composed: { v in
        let x = v[0]
        return exact
          ? x * 0.5 * (erf(x / 2.0.squareRoot()) + 1)
          : x * 0.5 * (tanh((x * x * x * 0.044715 + x) * (2 / Double.pi).squareRoot()) + 1)
      }, call: { gelu($0[0], approximate: exact ? .none : .tanh) })
  },
  Law("digamma", misuse: [.trap("int64", "[1]") { _ = digamma(Variable(Tensor([1]))) }]) { draw in
    let shape = draw.shape()
    // ψ′(x) = ψ′(x + 1) + 1/x²
    return LawCase(
      [draw.tensor(shape, 0.6, 4)], label: "\(shape)", composed: { trigamma($0[0] + 1) + 1 / square($0[0]) }
    ) { trigamma($0[0]) }
  },
]

private let dropoutLaws: [Law] = [
  Law("featureDropout", misuse: [.trap("batch", "[3]") { _ = featureDropout(Variable(.ones([3]))) }], neverScalar: true)
  { draw in
    let batched = draw.bool(), shape = draw.shape(rank: draw.int((batched ? 2 : 1)...4)), p = draw.pick([0.0, 0.4, 1])
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), p = \(p), batched \(batched)", isLinear: true,
      composed: { v in
        if p == 0 { return v[0] * 1 }
        // One number for each map, the same that are drawn for a tensor of maps.
        let maps = Shape(shape.enumerated().map { $0 < (batched ? 2 : 1) ? $1 : 1 })
        return v[0] * withSeed(1) { dropout(Variable(.ones(maps, v[0].dtype)), p) }
      }, call: { v in withSeed(1) { featureDropout(v[0], p, batched: batched) } })
  },
  Law(
    "featureAlphaDropout", misuse: [.trap("batch", "[3]") { _ = featureAlphaDropout(Variable(.ones([3]))) }],
    neverScalar: true
  ) { draw in
    let shape = draw.shape(rank: draw.int(2...4)), p = draw.pick([0.0, 0.4, 1])
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), p = \(p)", isLinear: true,
      composed: { v in
        if p == 0 { return v[0] * 1 }
        if p == 1 { return v[0] * 0 }
        // a·(x·m + α′·(1 − m)) + b with α′ = −λα, a = 1/√((1 − p)·(1 + p·α′²)), b = −a·α′·p
        let limit = -1.7580993408473766, a = 1 / ((1 - p) * (1 + p * limit * limit)).squareRoot(),
          maps = Shape(shape.enumerated().map { $0 < 2 ? $1 : 1 })
        let m = Variable(withSeed(1) { Tensor.bernoulli(maps, probability: 1 - p, v[0].dtype) })
        return (v[0] * m + (1 - m) * limit) * a - a * limit * p
      }, call: { v in withSeed(1) { featureAlphaDropout(v[0], p) } })
  },
]

private let distanceLaws: [Law] = [
  Law(
    "cosineSimilarity",
    misuse: [.trap("axis 1", "[3]") { _ = cosineSimilarity(Variable(.ones([3])), Variable(.ones([3]))) }],
    neverScalar: true
  ) { draw in
    let (a, b) = draw.pair(), axis = draw.anyAxis(of: a.broadcast(with: b)!)
    return LawCase(
      [draw.tensor(a, 0.3, 2), draw.tensor(b, -2, -0.3)], label: "\(a), \(b) along \(axis)",
      composed: { v in
        let x = v[0].expanded(to: a.broadcast(with: b)!), y = v[1].expanded(to: x.shape)
        return (x * y).sum(axis) / (sqrt((x * x).sum(axis)) * sqrt((y * y).sum(axis)))
      }, call: { cosineSimilarity($0[0], $0[1], axis: axis) })
  },
  Law(
    "pairwiseDistance",
    misuse: [.trap("[2]", "[3]", "broadcast") { _ = pairwiseDistance(Variable(.ones([2])), Variable(.ones([3]))) }],
    neverScalar: true
  ) {
    draw in
    let (a, b) = draw.pair(), p = draw.pick([1.0, 1.5, 2, 3]), keep = draw.bool()
    return LawCase(
      [draw.tensor(a, 0.3, 2), draw.tensor(b, -2, -0.3)], label: "\(a), \(b), p = \(p)", isLinear: p == 1,
      composed: { pow(pow(abs($0[0] - $0[1] + 1e-6), p).sum(-1, keepDims: keep), 1 / p) },
      call: { pairwiseDistance($0[0], $0[1], p: p, keepDims: keep) })
  },
]

extension Draw {
  /// Two shapes that broadcast to one that has an axis; no axis is empty but perhaps the first.
  fileprivate mutating func pair() -> (Shape, Shape) {
    var full = shape(rank: int(1...3), zero: false)
    if full.count > 1 && int(0...9) == 0 { full[0] = 0 }
    let thin = Shape(full.map { $0 > 0 && int(0...3) == 0 ? 1 : $0 })
    return bool() ? (full, Shape(thin.suffix(int(1...full.count)))) : (thin, full)
  }
}
