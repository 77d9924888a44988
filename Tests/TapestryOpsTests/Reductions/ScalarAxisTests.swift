import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

private let scalar = Tensor(-3, .float64)

/// What works along or over an axis takes 0 and −1 of a scalar for its only element, where PyTorch does.
struct ScalarAxisTests {
  struct ScalarAxisSample: CustomTestStringConvertible, @unchecked Sendable {
    let expression: String
    let y: Double, dx: Double
    let call: (Variable, Int) -> Variable
    init(_ expression: String, y: Double, dx: Double, _ call: @escaping (Variable, Int) -> Variable) {
      (self.expression, self.y, self.dx, self.call) = (expression, y, dx, call)
    }
    var testDescription: String { expression }
  }

  /// PyTorch 2.15's y for `scalar`, with axis 0 and −1, and t.grad after y.backward(torch.tensor(2.)):
  /// Tests/pytorch_rows.py.
  static let samples: [ScalarAxisSample] = [
    ScalarAxisSample("t.sum(axis)", y: -3, dx: 2) { $0.sum($1) },
    ScalarAxisSample("t.mean(axis)", y: -3, dx: 2) { $0.mean($1) },
    ScalarAxisSample("t.prod(axis)", y: -3, dx: 2) { $0.prod($1) },
    ScalarAxisSample("t.amax(axis)", y: -3, dx: 2) { $0.amax($1) },
    ScalarAxisSample("t.amin(axis, keepdim=True)", y: -3, dx: 2) { $0.amin($1, keepDims: true) },
    ScalarAxisSample("t.max(axis)[0]", y: -3, dx: 2) { $0.max(axis: $1).values },
    ScalarAxisSample("t.min(axis, keepdim=True)[0]", y: -3, dx: 2) { $0.min(axis: $1, keepDims: true).values },
    ScalarAxisSample("t.logsumexp(axis)", y: -3, dx: 2) { $0.logSumExp($1) },
    ScalarAxisSample("t.var(axis, correction=0)", y: 0, dx: 0) { $0.variance($1, correction: 0) },
    ScalarAxisSample("t.std(axis, correction=0)", y: 0, dx: 0) { $0.standardDeviation($1, correction: 0) },
    ScalarAxisSample("torch.linalg.vector_norm(t, 2, axis)", y: 3, dx: -2) { $0.norm(2, axes: [$1]) },
    ScalarAxisSample("torch.linalg.vector_norm(t, 3, axis, keepdim=True)", y: 3, dx: -2) {
      $0.norm(3, axes: [$1], keepDims: true)
    },
    ScalarAxisSample("torch.linalg.vector_norm(t, inf, axis)", y: 3, dx: -2) { $0.norm(.infinity, axes: [$1]) },
    ScalarAxisSample("t.softmax(axis)", y: 1, dx: 0) { softmax($0, axis: $1) },
    ScalarAxisSample("t.log_softmax(axis)", y: 0, dx: 0) { logSoftmax($0, axis: $1) },
    ScalarAxisSample("F.softmin(t, axis)", y: 1, dx: 0) { softmin($0, axis: $1) },
    ScalarAxisSample("t.cumsum(axis)", y: -3, dx: 2) { $0.cumsum($1) },
    ScalarAxisSample("t.cumprod(axis)", y: -3, dx: 2) { $0.cumprod($1) },
    ScalarAxisSample("t.flip(axis)", y: -3, dx: 2) { $0.flipped($1) },
    ScalarAxisSample("t.gather(axis, torch.tensor(0))", y: -3, dx: 2) { $0.gather($1, Tensor(0, .int64)) },
    ScalarAxisSample("t.scatter_add(axis, torch.tensor(0), t * t)", y: 6, dx: -10) {
      $0.scatterAdd($1, Tensor(0, .int64), $0 * $0)
    },
    ScalarAxisSample("t.scatter(axis, torch.tensor(0), t * t)", y: 9, dx: -12) {
      $0.scatter($1, Tensor(0, .int64), $0 * $0)
    },
    ScalarAxisSample("t.index_select(axis, torch.tensor(0))", y: -3, dx: 2) { $0.indexSelect($1, Tensor(0, .int64)) },
    ScalarAxisSample("t.index_select(axis, torch.tensor([0]))", y: -3, dx: 2) { $0.indexSelect($1, Tensor([0])) },
    ScalarAxisSample("t.index_add(axis, torch.tensor([0]), t * t)", y: 6, dx: -10) {
      $0.indexAdd($1, Tensor([0]), $0 * $0)
    },
    ScalarAxisSample("t.squeeze(axis)", y: -3, dx: 2) { $0.squeezed($1) },
    ScalarAxisSample("t.transpose(axis, 0)", y: -3, dx: 2) { $0.transposed($1, 0) },
    ScalarAxisSample("t.movedim(axis, 0)", y: -3, dx: 2) { $0.movedAxis($1, to: 0) },
    ScalarAxisSample("t.movedim((axis,), (0,))", y: -3, dx: 2) { $0.movedAxes([$1], to: [0]) },
    ScalarAxisSample("F.cosine_similarity(t, t * t, axis)", y: -1, dx: 0) { cosineSimilarity($0, $0 * $0, axis: $1) },
  ]

  @Test(arguments: samples)
  func theOnlyElement(_ sample: ScalarAxisSample) {
    for axis in [0, -1] {
      for backend in [Backend.current.name, "reference"] {
        withBackend(backend) {
          let t = Variable(scalar, requiresGrad: true)
          let y = sample.call(t, axis)
          #expect(y.shape == [])
          expectNear(y.value, [sample.y], 1e-14, "y, axis \(axis), \(backend)")
          y.backward(gradient: Tensor(2, .float64))
          #expect(t.grad?.shape == [])
          expectNear(t.grad, [sample.dx], 1e-14, "dx, axis \(axis), \(backend)")
        }
      }
    }
  }

  @Test(arguments: samples)
  func noOtherAxis(_ sample: ScalarAxisSample) {
    for axis in [1, -2] {
      let message = MessageTests.message { _ = sample.call(Variable(scalar), axis) }
      #expect(
        message?.hasSuffix(": axis \(axis) does not exist in [], which has 0 axes") == true, "\(message ?? "accepted")")
    }
  }

  @Test func tensors() {
    let t = scalar
    for (i, axis) in [0, -1].enumerated() {
      #expect(t.sum(axis) == t && t.mean(axis) == t && t.amax(axis, keepDims: true) == t && t.amin(axis) == t, "\(i)")
      #expect(
        t.variance(axis).item.isNaN && t.variance(axis, correction: 0).item == 0
          && t.standardDeviation(axis, correction: 0).shape == [])
      #expect(t.argmax(axis) == Tensor(0, .int64) && t.argmin(axis, keepDims: true) == Tensor(0, .int64))
      #expect(t.flipped(axis) == t && t.squeezed(axis) == t && t.transposed(axis, 0) == t)
      #expect(Variable(t).all(axis).item == 1 && Variable(t).any(axis).shape == [])
      #expect(Variable(t).argmax(axis).shape == [] && Variable(t).max(axis: axis).indices == Tensor(0, .int64))
    }
    #expect(Variable(t).variance(0).item.isNaN)
  }

  @Test func aScalarBesideAVector() {
    // t.gather(0, torch.tensor([0, 0, 0]))
    let t = Variable(scalar, requiresGrad: true)
    let three = t.gather(0, Tensor([0, 0, 0]))
    #expect(three.value.doubles == [-3, -3, -3])
    three.sum().backward()
    #expect(t.grad?.shape == [] && t.grad?.item == 3)
    // v.gather(0, torch.tensor(1)), v.scatter_add(0, torch.tensor(1), torch.tensor(5.)), v.index_select(0,
    // torch.tensor(1))
    let v = Variable(Tensor([3, 4] as [Double]), requiresGrad: true), one = Tensor(1, .int64)
    let picked = v.gather(0, one)
    #expect(picked.shape == [] && picked.item == 4)
    picked.backward()
    #expect(v.grad?.doubles == [0, 1])
    #expect(v.scatterAdd(0, one, Variable(Tensor(5, .float64))).value.doubles == [3, 9])
    #expect(v.indexSelect(0, one).shape == [1] && v.indexSelect(0, one).item == 4)
  }

  @Test(arguments: mistakes)
  func refused(_ mistake: MessageTests.Mistake) {
    #expect(MessageTests.message(mistake.call) == mistake.text)
  }

  private static func t() -> Variable { Variable(scalar) }

  static let mistakes: [MessageTests.Mistake] = [
    .init("sum: axis -1 is listed twice in [0, -1]") { _ = t().sum(0, -1) },
    .init("flipped: axis -1 is listed twice in [0, -1]") { _ = t().flipped(0, -1) },
    .init("indexSelect: the scalar [] takes an index of one position, got [2]") {
      _ = t().indexSelect(0, Tensor([0, 0]))
    },
    .init("indexSelect: index 1 at position 0 of [1] lies outside axis 0 of [], 0 ..< 1") {
      _ = t().indexSelect(0, Tensor([1]))
    },
    .init("gather: the index [1, 1] must have as many axes as []") { _ = t().gather(0, Tensor([[0]])) },
    .init("flattened: axis 1 does not exist in [], which has 0 axes") { _ = t().flattened(from: 1) },
    // What takes an axis apart or makes it longer needs one, in PyTorch too.
    .init("split: axis 0 does not exist in [], which has 0 axes") { _ = t().split(1) },
    .init("chunk: axis 0 does not exist in [], which has 0 axes") { _ = t().chunk(1) },
    .init("unbind: axis -1 does not exist in [], which has 0 axes") { _ = t().unbind(axis: -1) },
    .init("selected: axis 0 does not exist in [], which has 0 axes") { _ = t().selected(axis: 0, index: 0) },
    .init("narrowed: axis 0 does not exist in [], which has 0 axes") { _ = t().narrowed(axis: 0, start: 0, count: 1) },
    .init("rolled: axis 0 does not exist in [], which has 0 axes") { _ = t().rolled(1, axis: 0) },
    .init("concatenate: axis 0 does not exist in [], which has 0 axes") { _ = concatenate([t(), t()]) },
    .init("glu: axis -1 does not exist in [], which has 0 axes") { _ = glu(t()) },
    .init("takeAlong: axis 0 does not exist in [], which has 0 axes") { _ = t().takeAlong(0, Tensor(0, .int64)) },
  ]
}
