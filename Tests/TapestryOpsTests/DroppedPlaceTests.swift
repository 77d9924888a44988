import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// An op that ignores, masks, drops or clips some elements: which they are.
struct Dropping: Sendable, CustomTestStringConvertible {
  struct Sample {
    var inputs: [Tensor]

    /// For each input where an element does not count (bool, of its shape); nil: everywhere it does.
    var ignored: [Tensor?]

    /// Where the result depends on no input, so that whatever gradient comes there goes nowhere (bool, of its shape).
    var unfed: Tensor?
    var call: ([Variable]) -> Variable
  }

  let name: String
  let draw: @Sendable (inout Draw) -> Sample
  init(_ name: String, draw: @escaping @Sendable (inout Draw) -> Sample) {
    self.name = name
    self.draw = draw
  }

  var testDescription: String { name }
}

/// What does not count is selected away and never multiplied by 0: whatever stands there, the result, the gradients and
/// the derivatives of the gradients are those of zeros standing there, and its own gradient is 0. (IEEE 754: 0·NaN and
/// 0·∞ are NaN.)
struct DroppedPlaceTests {
  @Test("NaN and infinities in what does not count change nothing", arguments: droppings)
  func planted(_ op: Dropping) {
    var planted = 0
    for i in 0..<8 {
      var draw = Draw(seed: UInt64(i) &+ 900)
      let sample = op.draw(&draw)
      for dtype in [DType.float64, .float32] {
        for backend in [Backend.current.name, "reference"] {
          planted += withBackend(backend) { compare(sample, dtype, "\(op.name), case \(i), \(dtype), \(backend)") }
        }
      }
    }
    #expect(planted > 0, "\(op.name): nothing was planted in 8 cases")
  }

  /// How many elements were planted.
  private func compare(_ sample: Dropping.Sample, _ dtype: DType, _ comment: Comment) -> Int {
    func outcomes(_ planted: Double) -> [Tensor?] {
      let inputs = zip(sample.inputs, sample.ignored).map { x, ignored in
        ignored.map { Tensor(planted, .float64).choosing($0, x) } ?? x
      }
      let leaves = inputs.map { Variable($0.cast(to: dtype), requiresGrad: true) }
      let y = withSeed(1) { sample.call(leaves) }
      var dy = cotangent(of: y.value)
      if let unfed = sample.unfed { dy = Tensor(planted, dtype).choosing(unfed.expanded(to: y.shape), dy) }
      var all: [Tensor?] = [y.value]
      guard y.requiresGrad else { return all }
      let first = gradients(of: [y], withRespectTo: leaves, cotangents: [Variable(dy)], retainGraph: true)
      all += first.map { $0?.value }
      let weight = Variable(dy, requiresGrad: true)
      let recorded = gradients(of: [y], withRespectTo: leaves, cotangents: [weight], createGraph: true)
      all += recorded.map { $0?.value }
      let again = recorded.compactMap(\.self).filter(\.requiresGrad)
      if !again.isEmpty {
        all += gradients(
          of: again, withRespectTo: leaves + [weight], cotangents: again.map { Variable(cotangent(of: $0.value)) }
        ).map { $0?.value }
      }
      return all
    }
    let expected = outcomes(0)
    for number in [Double.nan, .infinity, -.infinity] {
      let found = outcomes(number)
      #expect(found.count == expected.count, "\(comment), \(number)")
      for (i, (a, b)) in zip(found, expected).enumerated() {
        #expect(
          relativeDifference(a, b) == 0,
          """
          \(comment), \(number): \(part(i, sample.inputs.count)) is \(a.map { "\($0)" } ?? "nil"), not \
          \(b.map { "\($0)" } ?? "nil")
          """)
      }
      for (i, ignored) in sample.ignored.enumerated() where expected.count > 1 {
        guard let ignored, let dx = found[1 + i] else { continue }
        #expect(
          Tensor(0, dtype).choosing(!ignored, dx).doubles.allSatisfy { $0 == 0 },
          "\(comment), \(number): the gradient of what does not count is \(dx)")
      }
    }
    return sample.ignored.compactMap(\.self).reduce(0) { $0 + Int($1.cast(to: .int64).doubles.reduce(0, +)) }
      + (sample.unfed.map { Int($0.cast(to: .int64).doubles.reduce(0, +)) } ?? 0)
  }

  private func part(_ i: Int, _ inputs: Int) -> String {
    if i == 0 { return "the result" }
    let order = (i - 1) / inputs
    return order == 0
      ? "dx\(i - 1)" : order == 1 ? "dx\(i - 1 - inputs), recorded," : "the second derivative \(i - 1 - 2 * inputs)"
  }
}

extension Tensor {
  /// This where the condition holds, the other's elements elsewhere.
  fileprivate func choosing(_ condition: Tensor, _ other: Tensor) -> Tensor {
    Variable(self.cast(to: other.dtype)).where(condition, Variable(other)).value
  }
}

extension Draw {
  /// Truth values of which about a third are true, one at least.
  fileprivate mutating func mask(_ shape: Shape) -> Tensor {
    var numbers = (0..<shape.volume).map { _ in int(0...2) == 0 }
    if !numbers.isEmpty { numbers[int(0...numbers.count - 1)] = true }
    return Tensor(numbers, shape: shape)
  }

  fileprivate mutating func filled(rank: ClosedRange<Int> = 0...3) -> Shape { shape(rank: int(rank), zero: false) }
}

/// x clipped to a part of its range: elements outside get no gradient, whatever comes back to them.
private func clipping(_ name: String, low: Double?, high: Double?, _ call: @escaping @Sendable (Variable) -> Variable)
  -> Dropping
{
  Dropping(name) { draw in
    let shape = draw.filled(), below = draw.mask(shape), above = draw.mask(shape)
    var x = draw.tensor(shape, low.map { $0 + 0.1 } ?? -1, high.map { $0 - 0.1 } ?? 1),
      clipped = Tensor(0, .bool).expanded(to: shape)
    if let high { (x, clipped) = (Tensor(high + 1, .float64).choosing(above, x), clipped | above) }
    if let low { (x, clipped) = (Tensor(low - 1, .float64).choosing(below, x), clipped | below) }
    return Dropping.Sample(inputs: [x], ignored: [nil], unfed: clipped.copied()) { call($0[0]) }
  }
}

/// A dropout: what it drops is told by a run over ones.
private func dropping(
  _ name: String, rank: ClosedRange<Int>, _ call: @escaping @Sendable (Variable, Double) -> Variable
) -> Dropping {
  Dropping(name) { draw in
    let shape = draw.filled(rank: rank), p = draw.pick([0.3, 0.6, 1.0])
    let ones = Variable(.ones(shape, .float64), requiresGrad: true)
    withSeed(1) { call(ones, p) }.sum().backward()
    let dropped = ones.grad! .== 0
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [dropped], unfed: dropped) { call($0[0], p) }
  }
}

/// Rows of labels of which some, or all, are ignored.
private func labeled(_ name: String, _ call: @escaping @Sendable (Variable, Tensor, Tensor?, Reduction) -> Variable)
  -> Dropping
{
  Dropping(name) { draw in
    let classes = draw.int(1...5), batch = draw.int(1...6), inner = draw.bool() ? [draw.int(1...3)] : []
    let rows = Shape([batch] + inner),
      ignored = draw.int(0...3) == 0 ? Tensor(1, .bool).expanded(to: rows).copied() : draw.mask(rows)
    let labels = Tensor(-100, .int64).choosing(ignored, draw.indices(rows, below: classes))
    let weight = draw.bool() ? draw.tensor([classes], 0.5, 2) : nil, reduction = draw.pick(Reduction.allCases),
      shape = Shape([batch, classes] + inner)
    return Dropping.Sample(
      inputs: [draw.tensor(shape)], ignored: [ignored.unsqueezed(1).expanded(to: shape).copied()],
      unfed: reduction == .none ? ignored : nil
    ) { call($0[0], labels, weight?.cast(to: $0[0].dtype), reduction) }
  }
}

private let masks: [Dropping] = [
  Dropping("where") { draw in
    let shape = draw.filled(), condition = draw.mask(shape)
    return Dropping.Sample(inputs: [draw.tensor(shape), draw.tensor(shape)], ignored: [!condition, condition]) {
      $0[0].where(condition, $0[1])
    }
  },
  Dropping("where, a number elsewhere") { draw in
    let shape = draw.filled(), mask = draw.mask(shape)
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [mask], unfed: mask) { $0[0].where(!mask, 3) }
  },
  Dropping("maskedFill") { draw in
    let shape = draw.filled(), mask = draw.mask(shape)
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [mask], unfed: mask) { $0[0].maskedFill(mask, -1) }
  },
  Dropping("maskedSelect") { draw in
    let shape = draw.filled(), mask = draw.mask(shape)
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [mask]) { $0[0].maskedSelect(!mask) }
  },
  Dropping("scatter") { draw in
    let shape = draw.filled(rank: 1...3), axis = draw.int(0...shape.count - 1)
    var one = shape
    one[axis] = 1
    let index = draw.indices(one, below: shape[axis])
    let replaced = Variable(.zeros(shape, .float64)).scatterAdd(axis, index, Variable(.ones(one, .float64))).value .> 0
    return Dropping.Sample(inputs: [draw.tensor(shape), draw.tensor(one)], ignored: [replaced, nil]) {
      $0[0].scatter(axis, index, $0[1])
    }
  },
  Dropping("tril") { draw in
    let shape = draw.filled(rank: 2...3), d = draw.int(-2...1)
    let kept = Variable(.ones(shape, .float64)).tril(d).value .> 0
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [!kept], unfed: !kept) { $0[0].tril(d) }
  },
  Dropping("triu") { draw in
    let shape = draw.filled(rank: 2...3), d = draw.int(-1...2)
    let kept = Variable(.ones(shape, .float64)).triu(d).value .> 0
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [!kept], unfed: !kept) { $0[0].triu(d) }
  },
  Dropping("padded") { draw in
    let shape = draw.filled(rank: 1...2), width = (draw.int(0...2), draw.int(0...2))
    let inside = Variable(.ones(shape, .float64)).padded([width]).value .> 0
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [nil], unfed: !inside) {
      $0[0].padded([width], mode: .constant(2))
    }
  },
  Dropping("a part") { draw in
    let n = draw.int(2...9), x = draw.tensor([3, n]), used = draw.int(1...n - 1)
    let rest = Tensor((0..<3 * n).map { $0 % n >= used }, shape: [3, n])
    return Dropping.Sample(inputs: [x], ignored: [rest]) { $0[0][.all, 0..<used] }
  },
  Dropping("embedding with a padding row") { draw in
    let indices = Tensor([2, 0, 1, 2, 0]), unfed = (indices .== 2).unsqueezed(-1).expanded(to: [5, 3]).copied(),
      byFrequency = draw.bool()
    return Dropping.Sample(inputs: [draw.tensor([4, 3])], ignored: [nil], unfed: unfed) {
      embedding(indices, $0[0], paddingIdx: 2, scaleGradByFreq: byFrequency)
    }
  },
  Dropping("addmm, beta 0") { draw in
    let all = Tensor(1, .bool).expanded(to: [3, 2]).copied()
    return Dropping.Sample(
      inputs: [draw.tensor([3, 2]), draw.tensor([3, 4]), draw.tensor([4, 2])], ignored: [all, nil, nil]
    ) {
      addmm($0[0], $0[1], $0[2], beta: 0, alpha: 0.5)
    }
  },
  Dropping("addmm, alpha 0") { draw in
    let all = Tensor(1, .bool).expanded(to: [3, 4]).copied(), other = Tensor(1, .bool).expanded(to: [4, 2]).copied(),
      beta = draw.pick([0.0, 2])
    let x = beta == 0 ? Tensor(1, .bool).expanded(to: [2]).copied() : nil
    return Dropping.Sample(
      inputs: [draw.tensor([2]), draw.tensor([3, 4]), draw.tensor([4, 2])], ignored: [x, all, other]
    ) {
      addmm($0[0], $0[1], $0[2], beta: beta, alpha: 0)
    }
  },
]

private let rectifiers: [Dropping] = [
  clipping("relu", low: 0, high: nil) { relu($0) }, clipping("relu6", low: 0, high: 6) { relu6($0) },
  clipping("clamp", low: -1, high: 2) { clamp($0, min: -1, max: 2) },
  clipping("clamp(min:)", low: -1, high: nil) { clamp($0, min: -1) },
  clipping("clamp(max:)", low: nil, high: 2) { clamp($0, max: 2) },
  clipping("hardtanh", low: -1, high: 1) { hardtanh($0) },
  clipping("threshold", low: 0.5, high: nil) { threshold($0, 0.5, 7) },
  clipping("hardsigmoid", low: -3, high: 3) { hardsigmoid($0) },
  clipping("hardswish", low: -3, high: nil) { hardswish($0) },
  Dropping("hardshrink, softshrink") { draw in
    let shape = draw.filled(), inside = draw.mask(shape)
    let x = draw.tensor(shape, -0.4, 0.4).choosing(inside, draw.tensor(shape, 0.6, 2)), hard = draw.bool()
    return Dropping.Sample(inputs: [x], ignored: [nil], unfed: inside) { hard ? hardshrink($0[0]) : softshrink($0[0]) }
  },
  Dropping("prelu, the weight of positive elements") { draw in
    Dropping.Sample(inputs: [draw.tensor([4, 2], 0.1, 2), draw.tensor([2])], ignored: [nil, Tensor([true, true])]) {
      prelu($0[0], $0[1])
    }
  },
  Dropping("amax: no gradient from a line that has another") { draw in
    let shape = draw.filled(rank: 2...2), line = draw.mask([shape[0]])
    return Dropping.Sample(inputs: [draw.tensor(shape)], ignored: [line.unsqueezed(1).expanded(to: shape).copied()]) {
      $0[0].amax(1).maskedFill(line, 0)
    }
  },
]

private let losses: [Dropping] = [
  labeled("crossEntropy, ignored rows") { crossEntropy($0, $1, weight: $2, reduction: $3) },
  labeled("crossEntropy, ignored rows, smoothing") {
    crossEntropy($0, $1, weight: $2, reduction: $3, labelSmoothing: 0.2)
  },
  labeled("nllLoss, ignored rows") { nllLoss($0, $1, weight: $2, reduction: $3) },
  Dropping("multiLabelMarginLoss, neither wanted nor other") { draw in
    // Every class wanted: nothing is compared.
    Dropping.Sample(inputs: [draw.tensor([2, 3])], ignored: [Tensor([[true, true, true], [false, false, false]])]) {
      multiLabelMarginLoss($0[0], Tensor([[1, 0, 2], [1, -1, 0]]), reduction: .sum)
    }
  },
  Dropping("hingeEmbeddingLoss, beyond the margin") { draw in
    let beyond = draw.mask([7]), x = Tensor(4, .float64).choosing(beyond, draw.tensor([7], -1, 0.5))
    return Dropping.Sample(inputs: [x], ignored: [nil], unfed: beyond) {
      hingeEmbeddingLoss($0[0], Tensor([Double](repeating: -1, count: 7)).cast(to: $0[0].dtype), reduction: .none)
    }
  },
  Dropping("klDivLoss, classes without probability") { draw in
    let none = draw.mask([9]), t = Tensor(0, .float64).choosing(none, draw.tensor([9], 0.1, 0.9)), both = draw.bool()
    return Dropping.Sample(
      inputs: both ? [draw.tensor([9]), t] : [draw.tensor([9])], ignored: both ? [none, nil] : [none]
    ) {
      klDivLoss($0[0], both ? $0[1] : Variable(t.cast(to: $0[0].dtype)), reduction: .sum)
    }
  },
]

private let dropouts: [Dropping] = [
  dropping("dropout", rank: 0...3) { dropout($0, $1) },
  dropping("featureDropout", rank: 2...3) { featureDropout($0, $1) },
  dropping("featureDropout of (channels, …)", rank: 1...3) { featureDropout($0, $1, batched: false) },
  dropping("alphaDropout", rank: 0...3) { alphaDropout($0, $1) },
  dropping("featureAlphaDropout", rank: 2...3) { featureAlphaDropout($0, $1) },
]

let droppings = masks + rectifiers + losses + dropouts

/// Corners where a formula has 0/0 or 0·∞: derivatives of both orders are finite there, and 0 where PyTorch's is 0.
struct CornerTests {
  /// The inputs, and what the second derivative (of Σ wᵢ·dxᵢ, w = 1, 2, …) and the first are.
  struct Corner: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let inputs: [Tensor]
    let first: [[Double]], second: [[Double]]
    let call: @Sendable ([Variable]) -> Variable
  }

  /// Σ y is differentiated. From mathematics; PyTorch 2.15 gives the same numbers, or NaN where it says so.
  static let corners: [Corner] =
    ([2, 2.5, 3, 4, 1.5, 0.5] as [Double]).map { p in
      // PyTorch: 0 for norm 3 and 4, NaN for the others.
      Corner(
        testDescription: "norm \(p) of a zero row", inputs: [.zeros([2, 3], .float64)], first: [[0, 0, 0, 0, 0, 0]],
        second: [[0, 0, 0, 0, 0, 0]]
      ) {
        $0[0].norm(p, axes: [1])
      }
    }
    + ([1, -1, 3, 0.5, .infinity, -.infinity] as [Double]).map { p in
      Corner(
        testDescription: "norm \(p) of zeros", inputs: [.zeros([3], .float64)], first: [[0, 0, 0]], second: [[0, 0, 0]]
      ) { $0[0].norm(p) }
    } + [
      // |x| = x for one number above 0: the first derivative is 1, the second 0.
      Corner(
        testDescription: "norm 3 of one number beside zeros", inputs: [Tensor([[0.0, 4, 0]], .float64)],
        first: [[0, 1, 0]], second: [[0, 0, 0]]
      ) {
        $0[0].norm(3, axes: [1])
      },
      // x.std(1) of [[2., 2, 2]]: 0 and 0.
      Corner(
        testDescription: "standard deviation of equal numbers", inputs: [Tensor([[2.0, 2, 2]], .float64)],
        first: [[0, 0, 0]], second: [[0, 0, 0]]
      ) {
        $0[0].standardDeviation(1)
      },
      // x.var(1): 0, and 2/(n − 1)·(w − mean w) = [−1, 0, 1].
      Corner(
        testDescription: "variance of equal numbers", inputs: [Tensor([[2.0, 2, 2]], .float64)], first: [[0, 0, 0]],
        second: [[-1, 0, 1]]
      ) {
        $0[0].variance(1)
      },
      Corner(
        testDescription: "hypot in the origin (PyTorch: NaN)",
        inputs: [Tensor([0.0], .float64), Tensor([0.0], .float64)], first: [[0], [0]],
        second: [[0], [0]]
      ) {
        hypot($0[0], $0[1])
      },
      // torch.atan2: 0 and 0, second NaN
      Corner(
        testDescription: "atan2 in the origin", inputs: [Tensor([0.0], .float64), Tensor([0.0], .float64)],
        first: [[0], [0]], second: [[0], [0]]
      ) {
        atan2($0[0], $0[1])
      },
      Corner(
        testDescription: "pairwiseDistance of equal rows",
        inputs: [Tensor([[1.0, 2]], .float64), Tensor([[1.0, 2]], .float64)], first: [[0, 0], [0, 0]],
        second: [[0, 0], [0, 0]]
      ) { pairwiseDistance($0[0], $0[1], p: 3, eps: 0) },
      // b/(ε·‖b‖) and 0; the derivatives of w·da by b and of w·db by a are both [w − b·(w·b)/‖b‖²]/(ε·‖b‖).
      Corner(
        testDescription: "cosineSimilarity of a zero vector",
        inputs: [Tensor([0.0, 0], .float64), Tensor([3.0, 4], .float64)], first: [[1.2, 1.6], [0, 0]],
        second: [[-0.128, 0.096], [-0.128, 0.096]]
      ) { cosineSimilarity($0[0], $0[1], axis: 0, eps: 0.5) },
      // x³ at 0: 0 and 0; x² at 0: 0 and 2·w
      Corner(testDescription: "cubes", inputs: [Tensor([0.0, 2], .float64)], first: [[0, 12]], second: [[0, 24]]) {
        pow($0[0], 3)
      },
      Corner(testDescription: "squares", inputs: [Tensor([0.0, 2], .float64)], first: [[0, 4]], second: [[2, 4]]) {
        pow($0[0], 2)
      },
      // aᵇ at a = 0 for b = 2, 3: da = b·aᵇ⁻¹ = 0, db = aᵇ·ln a = 0; ∂²a = b·(b − 1)·aᵇ⁻² = 2, 0, weighted 1, 2
      // (PyTorch: NaN)
      Corner(
        testDescription: "powers of 0", inputs: [Tensor([0.0, 0], .float64), Tensor([2.0, 3], .float64)],
        first: [[0, 0], [0, 0]], second: [[2, 0], [0, 0]]
      ) { pow($0[0], $0[1]) },
      Corner(
        testDescription: "0 to the power of 0 (PyTorch: NaN)",
        inputs: [Tensor([0.0], .float64), Tensor([0.0], .float64)], first: [[0], [0]],
        second: [[0], [0]]
      ) {
        pow($0[0], $0[1])
      },
      // torch.pow(0., x) of [0., 1, 2]: 0, second NaN
      Corner(
        testDescription: "powers with the base 0", inputs: [Tensor([0.0, 1, 2], .float64)], first: [[0, 0, 0]],
        second: [[0, 0, 0]]
      ) { pow(0, $0[0]) },
      Corner(
        testDescription: "xlogy(0, 0) (PyTorch: NaN)", inputs: [Tensor([0.0], .float64), Tensor([0.0], .float64)],
        first: [[0], [0]], second: [[0], [0]]
      ) {
        xlogy($0[0], $0[1])
      },
      // 0·ln b: da = ln b, db = 0; ∂(da + db) by a = 1/b, by b = 1/b
      Corner(
        testDescription: "xlogy(0, 2)", inputs: [Tensor([0.0], .float64), Tensor([2.0], .float64)],
        first: [[0.6931471805599453], [0]], second: [[0.5], [0.5]]
      ) {
        xlogy($0[0], $0[1])
      },
      // torch.tensor([0., 2, 3]).prod(), and of [0., 0, 3]
      Corner(
        testDescription: "a product with one zero", inputs: [Tensor([0.0, 2, 3], .float64)], first: [[6, 0, 0]],
        second: [[12, 3, 2]]
      ) { $0[0].prod() },
      Corner(
        testDescription: "a product with two zeros", inputs: [Tensor([0.0, 0, 3], .float64)], first: [[0, 0, 0]],
        second: [[6, 3, 0]]
      ) { $0[0].prod() },
      // torch.tensor([2., 0, 3, 0, 5]).cumprod(0).sum()
      Corner(
        testDescription: "running products with zeros", inputs: [Tensor([2.0, 0, 3, 0, 5], .float64)],
        first: [[1, 8, 0, 0, 0]], second: [[8, 154, 4, 72, 0]]
      ) {
        $0[0].cumprod(0)
      },
    ]

  @Test("first and second derivatives at corners", arguments: corners)
  func corner(_ corner: Corner) {
    for backend in [Backend.current.name, "reference"] {
      withBackend(backend) {
        let leaves = corner.inputs.map { Variable($0, requiresGrad: true) }
        let y = corner.call(leaves), ones = Variable(.ones(y.shape, .float64), requiresGrad: true)
        let direct = gradients(of: [y], withRespectTo: leaves, cotangents: [ones], retainGraph: true)
        let first = gradients(of: [y], withRespectTo: leaves, cotangents: [ones], createGraph: true)
        for (i, leaf) in leaves.enumerated() {
          #expect(
            near(direct[i]?.value.doubles ?? leaf.value.doubles.map { _ in 0 }, corner.first[i]),
            "dx\(i) is \(direct[i]?.description ?? "nil")")
          #expect(
            near(first[i]?.value.doubles ?? leaf.value.doubles.map { _ in 0 }, corner.first[i]),
            "dx\(i), recorded, is \(first[i]?.description ?? "nil")")
        }
        let again = first.compactMap(\.self).filter(\.requiresGrad)
        if again.isEmpty { return }
        let weights = again.map { dx in Variable(Tensor((0..<dx.count).map { Double($0 + 1) }, shape: dx.shape)) }
        let second = gradients(of: again, withRespectTo: leaves + [ones], cotangents: weights)
        for (i, leaf) in leaves.enumerated() {
          #expect(
            near(second[i]?.value.doubles ?? leaf.value.doubles.map { _ in 0 }, corner.second[i], 1e-9),
            "the second derivative \(i) is \(second[i]?.description ?? "nil")")
        }
        #expect(second.last!?.value.doubles.allSatisfy(\.isFinite) ?? true, "the derivative by dy is \(second.last!!)")
      }
    }
  }

  /// torch.nn.functional.nll_loss and cross_entropy with every label ignored: the loss is NaN, the gradient 0, with a
  /// graph and without.
  @Test func theMeanOverNothingHasGradientZero() {
    for loss in [{ nllLoss($0, $1) }, { crossEntropy($0, $1) }, { crossEntropy($0, $1, labelSmoothing: 0.1) }]
      as [(Variable, Tensor) -> Variable]
    {
      let x = Variable(Tensor([[1.0, 2], [3, 4]], .float64), requiresGrad: true), y = loss(x, Tensor([-100, -100]))
      #expect(y.item.isNaN)
      y.backward(retainGraph: true)
      #expect(x.grad?.doubles == [0, 0, 0, 0])
      // That 0 depends on nothing: neither on x nor on the gradient that comes in.
      let weight = Variable(Tensor(2, .float64), requiresGrad: true)
      let recorded = gradients(of: [y], withRespectTo: [x], cotangents: [weight], createGraph: true)[0]!
      #expect(recorded.value.doubles == [0, 0, 0, 0])
      if recorded.requiresGrad {
        let second = gradients(
          of: [recorded], withRespectTo: [x, weight], cotangents: [Variable(.ones([2, 2], .float64))])
        #expect(second.allSatisfy { $0?.value.doubles.allSatisfy { $0 == 0 } ?? true }, "\(second)")
      }
    }
    // Weights of 0 are no ignored labels: 0/0 as in PyTorch.
    let x = Variable(Tensor([[1.0, 2], [3, 4]], .float64), requiresGrad: true)
    nllLoss(x, Tensor([0, 0]), weight: Tensor([0.0, 1], .float64)).backward()
    #expect(x.grad!.doubles[0].isNaN && x.grad!.doubles[1] == 0)
  }

  /// What PyTorch ignores too: torch.addmm(x, a, b, beta=0), alpha=0, with NaN in what has the factor 0.
  @Test func productsIgnoreWhatHasTheFactorZero() {
    let nan = Variable(Tensor([[Double.nan]]), requiresGrad: true),
      two = Variable(Tensor([[2.0]], .float64), requiresGrad: true)
    let y = addmm(nan, two, two, beta: 0)
    #expect(y.item == 4)
    y.backward()
    #expect(nan.grad?.doubles == [0] && two.grad?.doubles == [4])
    #expect(addmm(two, nan, two, alpha: 0).item == 2 && addmm(nan, nan, nan, beta: 0, alpha: 0).item == 0)
    #expect(addmm(nan, nan, two, beta: 0, alpha: 0).shape == [1, 1])
    // Integers and a row that is broadcast.
    #expect(
      addmm(Variable(Tensor([5, 6])), Variable(Tensor([[1, 2]])), Variable(Tensor([[1, 0], [0, 1]])), beta: 0).value
        == Tensor([[1, 2]]))
    let x = Variable(Tensor([1.0], .float64), requiresGrad: true)
    addmm(x, Variable(Tensor([[1.0]], .float64)), Variable(Tensor([[1.0]], .float64)), beta: 0).backward(
      gradient: Tensor([[Double.infinity]]))
    #expect(x.grad?.doubles == [0])
  }
}
