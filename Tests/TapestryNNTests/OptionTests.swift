import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private let x = Tensor([[0.2, 0.7, -1], [1.5, -0.3, 0.4]] as [[Double]])
private let t = Tensor([[0, 1, 0.5], [1, 0, 1]] as [[Double]])
private let s = Tensor([[1, -1, 1], [-1, 1, -1]] as [[Double]])
private let w = Tensor([0.5, 1, 2] as [Double])
private let labels = Tensor([2, 0])
private let p = sigmoid(Variable(x)).value

/// What layers and losses were told reaches the functions that they call.
struct OptionTests {
  /// Σ of the single losses is the sum, Σ/count the mean (by definition; weighted means of class numbers divide by the
  /// weights and stand apart).
  @Test func reductions() {
    let losses: [(String, (Reduction) -> Variable)] = [
      ("MSE", { MSELoss(reduction: $0)(x, t) }), ("L1", { L1Loss(reduction: $0)(x, t) }),
      ("Huber", { HuberLoss(delta: 0.3, reduction: $0)(x, t) }),
      ("SmoothL1", { SmoothL1Loss(beta: 0.3, reduction: $0)(x, t) }),
      ("BCE", { BCELoss(weight: w, reduction: $0)(p, t) }),
      ("BCEWithLogits", { BCEWithLogitsLoss(posWeight: w, reduction: $0)(x, t) }),
      ("CrossEntropy", { CrossEntropyLoss(reduction: $0)(x, labels) }),
      ("NLL", { NLLLoss(reduction: $0)(x, labels) }), ("PoissonNLL", { PoissonNLLLoss(reduction: $0)(x, t) }),
      ("GaussianNLL", { GaussianNLLLoss(reduction: $0)(x, t, p) }),
      ("SoftMargin", { SoftMarginLoss(reduction: $0)(x, s) }),
      ("MultiLabelSoftMargin", { MultiLabelSoftMarginLoss(reduction: $0)(x, t) }),
      ("HingeEmbedding", { HingeEmbeddingLoss(reduction: $0)(x, s) }),
      ("MarginRanking", { MarginRankingLoss(margin: 0.5, reduction: $0)(x, t, s) }),
      ("CosineEmbedding", { CosineEmbeddingLoss(reduction: $0)(x, t, Tensor([1, -1] as [Double])) }),
      ("TripletMargin", { TripletMarginLoss(margin: 3, reduction: $0)(x, t, s) }),
      ("MultiMargin", { MultiMarginLoss(reduction: $0)(x, labels) }),
      ("MultiLabelMargin", { MultiLabelMarginLoss(reduction: $0)(x, Tensor([[2, 0, -1], [1, -1, 0]])) }),
      ("KLDiv", { KLDivLoss(reduction: $0 == .none ? .none : $0 == .sum ? .sum : .mean)(x, p) }),
    ]
    for (name, loss) in losses {
      let single = loss(.none).value, count = Double(single.count), sum = single.sum().item
      #expect(single.count > 1 && sum != 0, "\(name)")
      #expect(abs(loss(.sum).item - sum) < 1e-12 && abs(loss(.mean).item - sum / count) < 1e-12, "\(name)")
    }
    #expect(abs(KLDivLoss(reduction: .batchMean)(x, p).item - KLDivLoss(reduction: .sum)(x, p).item / 2) < 1e-12)
  }

  /// Formulas of torch.nn's documentation with options that are not the default, element by element.
  @Test func lossesWithOtherOptions() {
    let (a, b, v) = (x.array(Double.self), t.array(Double.self), p.array(Double.self))
    func numbers(_ f: (Double, Double, Double) -> Double) -> [Double] { (0..<6).map { f(a[$0], b[$0], v[$0]) } }
    func log(_ x: Double) -> Double { TapestryOps.log(Variable(Tensor(x, .float64))).item }
    // log_input=False: x − t·ln(x + ε)
    let poisson = PoissonNLLLoss(logInput: false, eps: 0.1, reduction: .none)(p, t).value
    expectClose(poisson, numbers { _, t, p in p - t * log(p + 0.1) })
    // ½·(ln max(v, ε) + (x − t)²/max(v, ε))
    let gaussian = GaussianNLLLoss(eps: 0.5, reduction: .none)(x, t, p).value
    expectClose(gaussian, numbers { x, t, v in (log(max(v, 0.5)) + (x - t) * (x - t) / max(v, 0.5)) / 2 })
    // t·(ln t − x) with ln t given
    let divergence = KLDivLoss(reduction: .none, logTarget: true)(x, t).value
    let e = exp(Variable(t)).value.array(Double.self)
    expectClose(divergence, (0..<6).map { e[$0] * (b[$0] - a[$0]) })
    // Σ |a − p + ε| − Σ |a − n + ε| + margin, not below 0, with p = 1
    let eps = 0.25
    let triplet = TripletMarginLoss(margin: 4, p: 1, eps: eps, reduction: .none)(x, t, s).value
    let n = s.array(Double.self)
    expectClose(
      triplet,
      (0..<2).map { row in
        let places = row * 3..<row * 3 + 3
        return max(0, places.reduce(4) { $0 + abs(a[$1] - b[$1] + eps) - abs(a[$1] - n[$1] + eps) })
      })
    // With swap the negative's distance is the smaller one of those to anchor and positive.
    let swapped = TripletMarginLoss(margin: 4, p: 1, eps: eps, swap: true, reduction: .none)(x, t, s).value
    expectClose(
      swapped,
      (0..<2).map { row in
        let places = row * 3..<row * 3 + 3
        func distance(_ u: [Double], _ v: [Double]) -> Double { places.reduce(0) { $0 + abs(u[$1] - v[$1] + eps) } }
        return max(0, distance(a, b) - min(distance(a, n), distance(b, n)) + 4)
      })
    #expect(swapped != triplet)
    // Label 2 counts for nothing: its loss is 0 and the mean is over the others.
    #expect(NLLLoss(ignoreIndex: 2)(x, labels).item == -1.5 && NLLLoss(ignoreIndex: nil)(x, labels).item == -0.25)
    #expect(CrossEntropyLoss(ignoreIndex: 2, reduction: .none)(x, labels).value[0].item == 0)
  }

  @Test func distances() {
    // Rows (0.2, 0.7, −1), (0, 1, 0.5): the cosine is 0.2/(√1.53·√1.25), along the columns (0.2, 1.5)·(0, 1) =
    // 1.5/√2.29
    expectClose(CosineSimilarity()(x, t).value[0], [0.2 / (1.53.squareRoot() * 1.25.squareRoot())])
    expectClose(CosineSimilarity(0)(x, t).value[0], [1.5 / 2.29.squareRoot()])
    // A vector shorter than ε counts with ε.
    expectClose(CosineSimilarity(0, eps: 2)(Tensor([1.0]), Tensor([3.0])).value, [0.5])
    expectClose(PairwiseDistance(p: 1, eps: 0.25)(x, t).value[0], [0.45 + 0.05 + 1.25])
    #expect(PairwiseDistance(keepDims: true)(x, t).shape == [2, 1] && PairwiseDistance()(x, t).shape == [2])
    #expect(CosineSimilarity(0).details == "0" && PairwiseDistance(p: 1).details == "p: 1.0")
  }

  @Test func layers() {
    // ε counts where the variance is small: (±0.1)/√(0.01 + 0.03)
    expectClose(
      LayerNorm(2, eps: 0.03, elementwiseAffine: false)(Tensor([1.1, 0.9], .float64)).value, [0.5, -0.5], 1e-12)
    let norm = LayerNorm(2, bias: false)
    #expect(norm.weight != nil && norm.bias == nil && norm.details == "2, bias: false")
    #expect(LayerNorm([2, 3], elementwiseAffine: false).details == "[2, 3], elementwiseAffine: false")
    #expect(
      Linear(2, 3, bias: false).details == "2, 3, bias: false"
        && Embedding(4, 2, paddingIdx: -1).details == "4, 2, paddingIdx: 3")
    // The bias is drawn by the weight's fans.
    let wide = Linear(10_000, 50, init: .zeros, biasInit: .fanInUniform)
    #expect(wide.bias!.value.array(Float.self).allSatisfy { abs($0) <= 0.01 })
    // Frequencies: each row's gradient over the number of its look-ups.
    let embedding = Embedding(3, 1, scaleGradByFreq: true)
    embedding(Tensor([1, 1, 2])).sum().backward()
    #expect(embedding.weight.grad == Tensor([0, 1, 1] as [Float], shape: [3, 1]))
    // A row of just the allowed length stays, also by another norm.
    let table = Tensor([[3, 4], [3, 4.001]] as [[Double]])
    let limited = Embedding.fromPretrained(table, maxNorm: 5)
    expectClose(limited(Tensor([0])).value, [3, 4], 0)
    #expect(limited(Tensor([1])).value[0, 1].item < 4.001)
    // Lambda and Identity keep the graph.
    let v = Variable(x, requiresGrad: true)
    Sequential(Identity(), Lambda { $0 * 3 })(v).sum().backward()
    #expect(v.grad == .full([2, 3], 3, .float64))
    // One path alone would pass half of the gradient: d(x + 2x) = 3.
    v.grad = nil
    Residual(Lambda { $0 * 2 })(v).sum().backward()
    #expect(v.grad == .full([2, 3], 3, .float64))
  }

  @Test func mistakesOfOptions() {
    let mistakes: [(String, () -> Void)] = [
      ("Embedding: maxNorm must be at least 0, got -1.0", { _ = Embedding(2, 2, maxNorm: -1) }),
      ("Embedding: the sizes must be at least 1, got 2 and 0", { _ = Embedding(2, 0) }),
      ("Embedding: the padding index -3 is no row of a table of 2, -2 ..< 2", { _ = Embedding(2, 2, paddingIdx: -3) }),
      (
        "Embedding.fromPretrained: the table must be floating-point (numEmbeddings, embeddingDim), got int64 [1, 1]",
        { _ = Embedding.fromPretrained(Tensor([[1]])) }
      ),
      ("Embedding.fromPretrained: the table must be floating-point", { _ = Embedding.fromPretrained(Tensor([1.0])) }),
      ("LayerNorm: eps must be finite and at least 0, got -1.0", { _ = LayerNorm(2, eps: -1) }),
      ("LayerNorm: the size must be at least 1, got 0", { _ = LayerNorm(0) }),
      ("LayerNorm: the normalized shape needs at least one axis", { _ = LayerNorm(Shape()) }),
      ("Linear: the sizes must be at least 1, got 2 and 0", { _ = Linear(2, 0) }),
      ("Sequential: there is no layer -1; it has 1, counted from 0", { _ = Sequential(ReLU())[-1] }),
      ("Sequential: there are no layers 0..<2; it has 1, counted from 0", { _ = Sequential(ReLU())[0..<2] }),
      ("Sequential: there are no layers -1..<1; it has 1", { _ = Sequential(ReLU())[-1..<1] }),
      ("Reshape: Reshape: the input needs a batch axis, got a scalar", { _ = Reshape(1)(Tensor(1)) }),
      (
        "Reshape: needs at most 7 sizes of at least 0, one of which may be -1, got",
        { _ = Reshape(1, 1, 1, 1, 1, 1, 1, 1) }
      ),
      ("Unflatten: needs 1 … 8 sizes", { _ = Unflatten(0, []) }),
      ("Unflatten: Unflatten: there is no axis 2 in [2, 3]", { _ = Unflatten(2, [1])(.ones([2, 3])) }),
      ("Unflatten: Unflatten: there is no axis -3 in [2, 3]", { _ = Unflatten(-3, [1])(.ones([2, 3])) }),
      (
        "Unflatten: Unflatten: cannot split axis 1 of [2, 3], of size 3, into [2, -1]",
        { _ = Unflatten(1, [2, -1])(.ones([2, 3])) }
      ),
      ("to: a model can be converted to a floating-point type, not to int64", { Linear(1, 1).to(.int64) }),
      (
        "unfreeze: no parameter is called 'weigh' or lies below it; this Linear has weight, bias",
        { Linear(1, 1).unfreeze("weight", "weigh") }
      ),
      ("CrossEntropyLoss: label smoothing must lie in 0 … 1, got -0.1", { _ = CrossEntropyLoss(labelSmoothing: -0.1) }),
      ("Dropout: p must lie in 0 … 1, got -0.1", { _ = Dropout(-0.1) }),
      ("AlphaDropout: p must lie in 0 … 1, got nan", { _ = AlphaDropout(.nan) }),
      (
        "Dropout1d: Dropout1d: needs (batch, channels) or (channels) and then one axis of places, got [2]",
        { _ = Dropout1d()(Tensor.ones([2])) }
      ),
      (
        "Dropout3d: Dropout3d: needs (batch, channels) or (channels) and then 3 axes of places, got [1, 1, 1]",
        { _ = Dropout3d()(Tensor.ones([1, 1, 1])) }
      ),
      (
        "Softmax2d: Softmax2d: needs (batch, channels, height, width) or",
        { _ = Softmax2d()(Tensor.ones([1, 1, 1, 1, 1])) }
      ),
      ("Initializer.uniform: [1.0, 0.0) is no finite range", { _ = Initializer.uniform(1, 0) }),
      (
        "Initializer.xavierNormal: the gain must be finite and at least 0, got -1.0",
        { _ = Initializer.xavierNormal(gain: -1) }
      ),
      ("Initializer.orthogonal: the gain must be finite, got inf", { _ = Initializer.orthogonal(gain: .infinity) }),
    ]
    for (message, body) in mistakes { expectMessage(message, mistake(body)) }
  }

  @Test func statesByHand() throws {
    var state = StateDict(["b": .ones([1]), "a": .zeros([2])])
    #expect(state.names == ["a", "b"] && state.count == 2 && state[1].name == "b")
    state["b"] = .full([1], 5)
    state["c"] = .ones([3])
    #expect(state.names == ["a", "b", "c"] && state["b"]!.item == 5)
    state["a"] = nil
    state["missing"] = nil
    #expect(state.names == ["b", "c"] && state["c"]!.shape == [3] && state["a"] == nil)
    // A weight that only fits our own layout is misshapen, and a type that is no float does not become one.
    let mismatch = try Linear(2, 3).loadStateDict(
      StateDict(["weight": .ones([2, 3]), "bias": Tensor([1, 2, 3])]), strict: false)
    #expect(
      mismatch.wrong == [
        "weight: the model has [3, 2], the state [2, 3]", "bias: the model has float32, the state int64",
      ])
    // A square weight is transposed like any other: files have (out, in).
    let square = Linear(2, 2)
    try square.loadStateDict(["weight": Tensor([[1, 2], [3, 4]] as [[Float]]), "bias": .zeros([2])])
    #expect(
      square.weight.value == Tensor([[1, 3], [2, 4]] as [[Float]])
        && square.stateDict()["weight"] == Tensor([[1, 2], [3, 4]] as [[Float]]))
    #expect(!mismatch.isEmpty && mismatch.missing.isEmpty && mismatch.unexpected.isEmpty)
  }

  /// Names of modules beyond those that a thread holds.
  @Test func deepNesting() {
    var model: any Layer = Linear(2, 2)
    for _ in 0..<80 { model = Residual(model) }
    let text = mistake { _ = model(.ones([1, 3])) }
    #expect(
      text.contains("block.block") && text.contains("(Residual) …: linear: cannot multiply [1, 3] by [2, 2]"), "\(text)"
    )
    let shallow = mistake { _ = Residual(Linear(2, 2))(.ones([1, 3])) }
    expectMessage("block (Linear): linear: cannot multiply [1, 3] by [2, 2]", shallow)
  }
}
