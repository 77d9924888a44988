import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// A loss object with its options on the tensors below, and PyTorch 2.15's value in float64 (Tests/pytorch_rows.py).
private struct LossObjectSample: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let value: Double
  let loss: @Sendable () -> Variable

  init(_ expression: String, _ value: Double, _ loss: @escaping @Sendable () -> Variable) {
    testDescription = expression
    self.value = value
    self.loss = loss
  }
}

private let x = Tensor([[0.2, 0.7, -1], [1.5, -0.3, 0.4]] as [[Double]])
private let t = Tensor([[0, 1, 0.5], [1, 0, 1]] as [[Double]])
private let s = Tensor([[1, -1, 1], [-1, 1, -1]] as [[Double]])
private let w = Tensor([0.5, 1, 2] as [Double])
private let labels = Tensor([2, 0])
private let p = sigmoid(Variable(x)).value

private let samples: [LossObjectSample] = [
  LossObjectSample("nn.MSELoss(reduction='sum')(x, t)", 3.08) { MSELoss(reduction: .sum)(x, t) },
  LossObjectSample("nn.L1Loss()(x, t)", 0.5666666666666667) { L1Loss()(x, t) },
  LossObjectSample("nn.HuberLoss(delta=.5)(x, t)", 0.1725) { HuberLoss(delta: 0.5)(x, t) },
  LossObjectSample("nn.SmoothL1Loss(beta=.5)(x, t)", 0.345) { SmoothL1Loss(beta: 0.5)(x, t) },
  LossObjectSample("nn.BCELoss(weight=w)(x.sigmoid(), t)", 0.684978541145418) { BCELoss(weight: w)(p, t) },
  LossObjectSample("nn.BCEWithLogitsLoss(weight=w, pos_weight=w, reduction='sum')(x, t)", 6.398810119694948) {
    BCEWithLogitsLoss(weight: w, posWeight: w, reduction: .sum)(x, t)
  },
  LossObjectSample("nn.CrossEntropyLoss(weight=w, label_smoothing=.1)(x, labels)", 1.8636573834176249) {
    CrossEntropyLoss(weight: w, labelSmoothing: 0.1)(x, labels)
  },
  LossObjectSample("nn.CrossEntropyLoss(ignore_index=2, reduction='sum')(x, labels)", 0.4042443445592379) {
    CrossEntropyLoss(ignoreIndex: 2, reduction: .sum)(x, labels)
  },
  LossObjectSample("nn.CrossEntropyLoss()(x, x.sigmoid())", 1.8831513731186738) { CrossEntropyLoss()(x, p) },
  LossObjectSample("nn.NLLLoss(weight=w, ignore_index=0)(x, labels)", 1) {
    NLLLoss(weight: w, ignoreIndex: 0)(x, labels)
  },
  LossObjectSample("nn.KLDivLoss(reduction='batchmean', log_target=True)(x, t)", 1.8301973187169054) {
    KLDivLoss(reduction: .batchMean, logTarget: true)(x, t)
  },
  LossObjectSample("nn.PoissonNLLLoss(full=True, eps=1e-3)(x, t)", 1.3695611492438566) {
    PoissonNLLLoss(full: true, eps: 1e-3)(x, t)
  },
  LossObjectSample("nn.GaussianNLLLoss(full=True, eps=.3)(x, t, x.sigmoid())", 1.3399339881473316) {
    GaussianNLLLoss(full: true, eps: 0.3)(x, t, p)
  },
  LossObjectSample("nn.SoftMarginLoss()(x, s)", 1.0805617301060841) { SoftMarginLoss()(x, s) },
  LossObjectSample("nn.MultiLabelSoftMarginLoss(weight=w)(x, t)", 0.684978541145418) {
    MultiLabelSoftMarginLoss(weight: w)(x, t)
  },
  LossObjectSample("nn.HingeEmbeddingLoss(margin=.5)(x, s)", -1.0 / 6) { HingeEmbeddingLoss(margin: 0.5)(x, s) },
  LossObjectSample("nn.MarginRankingLoss(margin=.3)(x, t, s)", 0.55) { MarginRankingLoss(margin: 0.3)(x, t, s) },
  LossObjectSample("nn.CosineEmbeddingLoss(margin=.1)(x, t, torch.tensor([1., -1.]))", 0.8025427631186026) {
    CosineEmbeddingLoss(margin: 0.1)(x, t, Tensor([1, -1] as [Double]))
  },
  LossObjectSample("nn.TripletMarginLoss(margin=.5, p=1, swap=True)(x, t, s)", 0) {
    TripletMarginLoss(margin: 0.5, p: 1, swap: true)(x, t, s)
  },
  LossObjectSample("nn.MultiMarginLoss(p=2, margin=.5, weight=w)(x, labels)", 2.5766666666666667) {
    MultiMarginLoss(p: 2, margin: 0.5, weight: w)(x, labels)
  },
  LossObjectSample("nn.MultiLabelMarginLoss()(x, torch.tensor([[2, 0, -1], [1, -1, 0]]))", 1.45) {
    MultiLabelMarginLoss()(x, Tensor([[2, 0, -1], [1, -1, 0]]))
  },
]

struct LossLayerTests {
  @Test("a loss with its options is PyTorch's", arguments: samples)
  private func values(_ sample: LossObjectSample) {
    expectClose(sample.loss().value, [sample.value], 1e-12)
  }

  @Test func variablesAndTensorsOnEitherSide() {
    let loss = MSELoss()
    let a = Variable(x, requiresGrad: true), b = Variable(t, requiresGrad: true)
    let all = [loss(a, b), loss(a, t), loss(x, b), loss(x, t)]
    #expect(all.allSatisfy { $0.value == all[0].value })
    #expect(all.map(\.requiresGrad) == [true, true, true, false])
    all[0].backward()
    expectClose(a.grad, (x - t).array(Double.self).map { $0 / 3 })
    expectClose(b.grad, (t - x).array(Double.self).map { $0 / 3 })
    #expect(CrossEntropyLoss()(a, Variable(labels)).value == CrossEntropyLoss()(x, labels).value)
  }

  @Test func weightsAreBuffersInPyTorchsNames() {
    let loss = BCEWithLogitsLoss(weight: w, posWeight: w)
    #expect(loss.namedBuffers().map(\.name) == ["weight", "pos_weight"] && loss.parameters().isEmpty)
  }

  @Test func messagesNameTheLoss() {
    func expect(_ message: String, _ output: String) { #expect(output.contains(message), "\(output)") }
    expect(
      "HuberLoss: huberLoss: the input has shape [2, 3], the target [3]",
      mistake { _ = HuberLoss()(x, w) })
    expect(
      "TripletMarginLoss: tripletMarginLoss: the input has shape [2, 3], the target [3]",
      mistake { _ = TripletMarginLoss()(x, w, x) })
    expect(
      "CrossEntropyLoss: label smoothing must lie in 0 … 1, got 2.0",
      mistake { _ = CrossEntropyLoss(labelSmoothing: 2) })
    expect("HuberLoss: delta", mistake { _ = HuberLoss(delta: 0) })
    expect("SmoothL1Loss: beta", mistake { _ = SmoothL1Loss(beta: -1) })
    expect("TripletMarginLoss: the margin", mistake { _ = TripletMarginLoss(margin: 0) })
    expect("MultiMarginLoss: p must be", mistake { _ = MultiMarginLoss(p: 3) })
  }
}
