import TapestryAutograd
import TapestryOps
import TapestryTensors

/// Losses that are written in other ops, each against its formula.
let lossLaws: [Law] = likelihoodLaws + marginLaws

private func pair(_ name: String, _ call: @escaping @Sendable (Variable, Variable) -> Variable) -> Law.Misuse {
  .trap("[2, 3]", "[3]", "must be equal") { _ = call(Variable(.ones([2, 3])), Variable(.ones([3]))) }
}

private let likelihoodLaws: [Law] = [
  Law("poissonNLLLoss", misuse: [pair("poissonNLLLoss") { poissonNLLLoss($0, $1) }]) { draw in
    let shape = draw.shape(), logs = draw.bool(), full = draw.bool(), reduction = draw.reduction(shape),
      large = draw.bool()
    return LawCase(
      [
        logs ? draw.tensor(shape) : draw.tensor(shape, 0.5, 2),
        large ? draw.tensor(shape, 1.2, 4) : draw.tensor(shape, 0.1, 0.9),
      ],
      label: "\(shape), logInput \(logs), full \(full), \(reduction)",
      composed: { v in
        let (x, t) = (v[0], v[1]), stirling = t * log(t) - t + log(t * (2 * Double.pi)) * 0.5
        let losses = logs ? exp(x) - t * x : x - t * log(x + 1e-8)
        return reduction.of(full && large ? losses + stirling : losses)
      }, call: { poissonNLLLoss($0[0], $0[1], logInput: logs, full: full, reduction: reduction) })
  },
  Law(
    "gaussianNLLLoss",
    misuse: [
      .trap("[2, 3]", "variance", "[2, 2]") {
        _ = gaussianNLLLoss(Tensor.ones([2, 3]), Tensor.ones([2, 3]), Tensor.ones([2, 2]))
      }
    ]
  ) {
    draw in
    let shape = draw.shape(), full = draw.bool(), reduction = draw.reduction(shape),
      short = !shape.isEmpty && draw.bool()
    let v = short ? draw.pick([Shape(shape.dropLast()), Shape(shape.dropLast() + [1])]) : shape
    return LawCase(
      [draw.tensor(shape, 0.5, 2), draw.tensor(shape), draw.tensor(v, 0.5, 2)],
      label: "\(shape), variance \(v), full \(full), \(reduction)",
      composed: { x in
        let variance = v.count < shape.count ? x[2].unsqueezed(-1) : x[2], d = x[0] - x[1]
        let losses = (log(variance) + d * d / variance) * 0.5
        return reduction.of(full ? losses + 0.5 * Variable(Tensor(1.8378770664093453, x[0].dtype)) : losses)  // ln 2π
      }, call: { gaussianNLLLoss($0[0], $0[1], $0[2], full: full, reduction: reduction) })
  },
  Law("softMarginLoss", misuse: [pair("softMarginLoss") { softMarginLoss($0, $1) }]) { draw in
    let shape = draw.shape(), t = draw.choices(shape, [-1, 1]), reduction = draw.reduction(shape)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(reduction)",
      composed: { reduction.of(log(exp(-($0[0] * t.cast(to: $0[0].dtype))) + 1)) },
      call: { softMarginLoss($0[0], t.cast(to: $0[0].dtype), reduction: reduction) })
  },
  Law(
    "multiLabelSoftMarginLoss", misuse: [.trap("scalar") { _ = multiLabelSoftMarginLoss(Tensor(1), Tensor(1)) }],
    neverScalar: true
  ) { draw in
    let shape = draw.rows(rank: 1...3), t = draw.choices(shape, [0, 1]),
      reduction = draw.reduction(Shape(shape.dropLast()))
    let weight = draw.bool() ? draw.tensor([shape.last!], 0.5, 2) : nil
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), weight \(weight != nil), \(reduction)",
      composed: { v in
        let t = t.cast(to: v[0].dtype), losses = log(exp(v[0]) + 1) - v[0] * t
        return reduction.of((weight.map { losses * $0.cast(to: losses.dtype) } ?? losses).sum(-1) / shape.last!)
      }, call: { multiLabelSoftMarginLoss($0[0], t.cast(to: $0[0].dtype), weight: weight, reduction: reduction) })
  },
  Law("klDivLoss", misuse: [pair("klDivLoss") { klDivLoss($0, $1) }]) { draw in
    let shape = draw.shape(), logs = draw.bool(),
      reduction = shape.volume == 0 ? DivergenceReduction.sum : draw.pick(DivergenceReduction.allCases)
    return LawCase(
      [draw.tensor(shape), logs ? draw.tensor(shape, -2, 0) : draw.tensor(shape, 0.1, 0.9)],
      label: "\(shape), logTarget \(logs), \(reduction)",
      composed: { v in
        let losses = logs ? exp(v[1]) * (v[1] - v[0]) : v[1] * (log(v[1]) - v[0])
        switch reduction {
        case .none: return losses
        case .sum: return losses.sum()
        case .mean: return losses.sum() / losses.count
        case .batchMean: return losses.sum() / (shape.first ?? 1)
        }
      }, call: { klDivLoss($0[0], $0[1], logTarget: logs, reduction: reduction) })
  },
  Law("binaryCrossEntropy", misuse: [.trap("0 … 1", "[1]") { _ = binaryCrossEntropy(Tensor([2.0]), Tensor([1.0])) }]) {
    draw in
    let shape = draw.shape(), reduction = draw.reduction(shape), logits = draw.bool(),
      weight = draw.bool() ? draw.tensor(shape, 0.5, 2) : nil
    let positive = logits && draw.bool() ? draw.tensor(Shape(shape.suffix(1)), 0.5, 2) : nil
    return LawCase(
      [logits ? draw.tensor(shape, -3, 3) : draw.tensor(shape, 0.1, 0.9), draw.tensor(shape, 0.05, 0.95)],
      label: "\(shape), logits \(logits), weights \(weight != nil), \(positive != nil), \(reduction)",
      composed: { v in
        let p = logits ? 1 / (exp(-v[0]) + 1) : v[0], t = v[1]
        let losses =
          -(t * log(p) * (positive.map { Variable($0.cast(to: p.dtype)) } ?? Variable(.ones([], p.dtype))) + (1 - t)
            * log(1 - p))
        return reduction.of(weight.map { losses * $0.cast(to: p.dtype) } ?? losses)
      },
      call: { v in
        let weight = weight?.cast(to: v[0].dtype)
        return logits
          ? binaryCrossEntropyWithLogits(
            v[0], v[1], weight: weight, posWeight: positive?.cast(to: v[0].dtype), reduction: reduction)
          : binaryCrossEntropy(v[0], v[1], weight: weight, reduction: reduction)
      })
  },
  Law(
    "crossEntropy",
    misuse: [.trap("probabilities", "[2, 3]") { _ = crossEntropy(Tensor.ones([2, 3]), Tensor.ones([2, 4])) }],
    neverScalar: true
  ) { draw in
    // Probabilities of the classes.
    let shape = draw.rows(rank: 1...4), axis = shape.count == 1 ? 0 : 1, rows = shape.volume / shape[axis],
      level = draw.level()
    let weight = draw.bool() ? draw.tensor([shape[axis]], 0.5, 2) : nil, smoothing = draw.pick([0.0, 0.1]),
      reduction = draw.reduction(shape)
    return LawCase(
      [draw.tensor(shape, level - 2, level + 2), draw.tensor(shape, 0.1, 0.9)],
      label: "\(shape) around \(level), weight \(weight != nil), ε = \(smoothing), \(reduction)",
      composed: { v in
        let logs = v[0] - level - log(exp(v[0] - level).sum(axis, keepDims: true))
        var q = v[1] * (1 - smoothing) + smoothing / Double(shape[axis])
        if let weight {
          q = q * weight.cast(to: q.dtype).reshaped(Shape(shape.indices.map { $0 == axis ? shape[axis] : 1 }))
        }
        let losses = -(logs * q).sum(axis)
        return reduction == .mean ? losses.sum() / rows : reduction.of(losses)
      }, call: { crossEntropy($0[0], $0[1], weight: weight, reduction: reduction, labelSmoothing: smoothing) })
  },
]

extension Draw {
  /// (rows, …): without an empty axis but perhaps the first of several.
  fileprivate mutating func rows(rank: ClosedRange<Int>) -> Shape {
    var shape = shape(rank: int(rank), zero: false)
    if shape.count > 1 && int(0...9) == 0 { shape[0] = 0 }
    return shape
  }
}

private let marginLaws: [Law] = [
  Law("l1Loss", misuse: [pair("l1Loss") { l1Loss($0, $1) }]) { draw in
    let shape = draw.shape(), reduction = draw.reduction(shape), which = draw.int(0...2)
    // Differences near odd multiples of ¼, the limits ½ and 1 lie between.
    return LawCase(
      [draw.cells(shape, step: 0.5), draw.cells(shape, step: 0.5, offset: 0.25)],
      label: "\(shape), \(["l1", "huber", "smoothL1"][which]), \(reduction)",
      isLinear: which == 0,
      composed: { v in
        let d = abs(v[0] - v[1]), small = d.value .< 0.5
        switch which {
        case 0: return reduction.of(d)
        case 1: return reduction.of((d * d / 2).where(small, (d - 0.25) * 0.5))
        default: return reduction.of((d * d).where(small, d - 0.25))
        }
      },
      call: {
        which == 0
          ? l1Loss($0[0], $0[1], reduction: reduction)
          : which == 1
            ? huberLoss($0[0], $0[1], delta: 0.5, reduction: reduction)
            : smoothL1Loss($0[0], $0[1], beta: 0.5, reduction: reduction)
      })
  },
  Law("hingeEmbeddingLoss", misuse: [pair("hingeEmbeddingLoss") { hingeEmbeddingLoss($0, $1) }]) { draw in
    let shape = draw.shape(), t = draw.choices(shape, [-1, 1]), margin = draw.pick([1.0, 0.5]),
      reduction = draw.reduction(shape)
    return LawCase(
      [draw.tensor(shape, -2, 2, awayFrom: [margin])], label: "\(shape), margin \(margin), \(reduction)",
      isLinear: true,
      composed: { v in
        let positive = Variable((t .== 1).cast(to: v[0].dtype))
        return reduction.of(v[0] * positive + relu(margin - v[0]) * (1 - positive))
      }, call: { hingeEmbeddingLoss($0[0], t.cast(to: $0[0].dtype), margin: margin, reduction: reduction) })
  },
  Law("marginRankingLoss", misuse: [pair("marginRankingLoss") { marginRankingLoss($0, $1, $1) }]) { draw in
    let shape = draw.shape(), t = draw.choices(shape, [-1, 1]), margin = draw.pick([0.0, 0.5]),
      reduction = draw.reduction(shape)
    return LawCase(
      [draw.cells(shape, step: 0.5), draw.cells(shape, step: 0.5, offset: 0.25)],
      label: "\(shape), margin \(margin), \(reduction)", isLinear: true,
      composed: { v in reduction.of(relu((v[1] - v[0]) * t.cast(to: v[0].dtype) + margin)) },
      call: { marginRankingLoss($0[0], $0[1], t.cast(to: $0[0].dtype), margin: margin, reduction: reduction) })
  },
  Law(
    "cosineEmbeddingLoss",
    misuse: [
      .trap("target [2]", "[3]") {
        _ = cosineEmbeddingLoss(Tensor.ones([2, 3]), Tensor.ones([2, 3]), Tensor.ones([3]))
      }
    ],
    neverScalar: true
  ) {
    draw in
    // Margins that no cosine comes near.
    let shape = draw.rows(rank: 1...2), t = draw.choices(Shape(shape.dropLast()), [-1, 1]),
      margin = draw.pick([-1.5, 1.5])
    let reduction = draw.reduction(shape)
    return LawCase(
      [draw.tensor(shape, 0.3, 2), draw.tensor(shape, -2, -0.3)], label: "\(shape), margin \(margin), \(reduction)",
      composed: { v in
        let positive = Variable((t .== 1).cast(to: v[0].dtype))
        let cosine = (v[0] * v[1]).sum(-1) / (v[0].norm(axes: [-1]) * v[1].norm(axes: [-1]))
        return reduction.of((1 - cosine) * positive + relu(cosine - margin) * (1 - positive))
      }, call: { cosineEmbeddingLoss($0[0], $0[1], t.cast(to: $0[0].dtype), margin: margin, reduction: reduction) })
  },
  Law(
    "tripletMarginLoss", misuse: [.trap("scalars") { _ = tripletMarginLoss(Tensor(1), Tensor(1), Tensor(1)) }],
    neverScalar: true
  ) { draw in
    // Positives near the anchors; negatives near, where the loss counts, or far, where the margin cuts it off; on
    // either side, so that swapping counts.
    let shape = Shape([draw.int(0...9), draw.int(1...5)]), p = draw.pick([1.0, 2, 3]), swap = draw.bool(),
      reduction = draw.reduction(shape)
    let anchor = draw.tensor(shape), rows = (0..<shape[0]).map { _ in (far: draw.bool(), side: draw.bool() ? 1.0 : -1) }
    let positive = anchor + draw.tensor(shape, 0.1, 0.3)
    let steps = rows.flatMap { row in
      (0..<shape[1]).map { _ in row.side * (row.far ? draw.real(10, 10.1) : draw.real(0.55, 0.6)) }
    }
    return LawCase(
      [anchor, positive, anchor + Tensor(steps, shape: shape)], label: "\(shape), p = \(p), swap \(swap), \(reduction)",
      isLinear: p == 1,
      composed: { v in
        func distance(_ a: Variable, _ b: Variable) -> Variable { pow(pow(abs(a - b + 1e-6), p).sum(-1), 1 / p) }
        let far = distance(v[0], v[2]), other = distance(v[1], v[2])
        return reduction.of(relu(distance(v[0], v[1]) + 3 - (swap ? far - relu(far - other) : far)))
      }, call: { tripletMarginLoss($0[0], $0[1], $0[2], margin: 3, p: p, swap: swap, reduction: reduction) })
  },
  Law(
    "multiMarginLoss",
    misuse: [.trap("p must be 1 or 2") { _ = multiMarginLoss(Tensor.ones([2, 3]), Tensor([0, 1]), p: 3) }]
  ) { draw in
    let classes = draw.int(1...5), batch = draw.int(0...6), single = draw.bool(), rows = single ? 1 : batch,
      labels = draw.indices([rows], below: classes)
    let p = draw.int(1...2), weight = draw.bool() ? draw.tensor([classes], 0.5, 2) : nil,
      reduction = rows == 0 ? Reduction.sum : draw.pick(Reduction.allCases)
    let shape = single ? (classes == 1 && draw.bool() ? Shape() : [classes]) : Shape([batch, classes]),
      numbers = labels.array(Int.self)
    // Differences near multiples of ½, the margin ¾ lies between.
    return LawCase(
      [draw.cells(shape, step: 0.5)],
      label: "\(shape), labels \(numbers), p = \(p), weight \(weight != nil), \(reduction)", isLinear: p == 1,
      composed: { v in
        let x = v[0].reshaped([rows, classes]), w = weight?.array(Double.self) ?? [Double](repeating: 1, count: classes)
        var losses = v[0].sum() * 0 + Variable(.zeros([rows], x.dtype))
        for (row, y) in numbers.enumerated() {
          for i in 0..<classes where i != y {
            let hinge = relu(x[row, i] - x[row, y] + 0.75),
              one = Tensor((0..<rows).map { $0 == row ? w[y] / Double(classes) : 0 }, shape: [rows]).cast(to: x.dtype)
            losses = losses + (p == 2 ? hinge * hinge : hinge) * one
          }
        }
        return reduction.of(single ? losses.reshaped([]) : losses)
      },
      call: {
        multiMarginLoss(
          $0[0], single ? labels.reshaped([]) : labels, p: p, margin: 0.75, weight: weight, reduction: reduction)
      })
  },
  Law(
    "multiLabelMarginLoss",
    misuse: [.trap("[2, 3]", "[2]") { _ = multiLabelMarginLoss(Tensor.ones([2, 3]), Tensor([0, 1])) }],
    neverScalar: true
  ) { draw in
    let classes = draw.int(1...4), rows = draw.int(0...4),
      reduction = rows == 0 ? Reduction.sum : draw.pick(Reduction.allCases)
    // Some classes, in any order, −1, and then anything that is a class.
    let labels = (0..<rows).map { _ in
      let wanted = Array(draw.order(classes).prefix(draw.int(0...classes)))
      return (wanted + (wanted.count < classes ? [-1] : []) + (0..<classes).map { _ in draw.int(0...classes - 1) })
        .prefix(classes).map { $0 }
    }
    // Differences near multiples of 0.4, the margin 1 lies between.
    return LawCase(
      [draw.cells([rows, classes], step: 0.4)], label: "\(labels), \(reduction)", isLinear: true,
      composed: { v in
        var losses = v[0].sum() * 0 + Variable(.zeros([rows], v[0].dtype))
        for (row, list) in labels.enumerated() {
          let wanted = list.prefix { $0 != -1 },
            one = Tensor((0..<rows).map { $0 == row ? 1 / Double(classes) : 0 }, shape: [rows]).cast(to: v[0].dtype)
          for j in wanted {
            for i in 0..<classes where !wanted.contains(i) {
              losses = losses + relu(1 - (v[0][row, j] - v[0][row, i])) * one
            }
          }
        }
        return reduction.of(losses)
      },
      call: {
        multiLabelMarginLoss($0[0], Tensor(labels.flatMap { $0 }, shape: [rows, classes]), reduction: reduction)
      })
  },
]
