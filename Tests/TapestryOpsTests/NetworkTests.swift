import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Layers' functions against PyTorch 2.15 in float64; F is torch.nn.functional, and each test quotes its expression.
struct NetworkTests {
  private func leaf(_ numbers: [Double], _ shape: Shape) -> Variable { Variable(Tensor(numbers, shape: shape), requiresGrad: true) }
  private func range(_ count: Int, _ shape: Shape, _ f: (Double) -> Double = { $0 }) -> Tensor { Tensor((0..<count).map { f(Double($0)) }, shape: shape) }

  @Test func linearOfThreeAxes() {
    // x = torch.arange(6.).reshape(1, 3, 2), W = torch.arange(8.).reshape(2, 4)/4 − 1, b = [0.1, 0.2, 0.3, 0.4]
    // y = F.linear(x, W.T, b); y.backward(torch.arange(12.).reshape(1, 3, 4) − 5)
    let x = Variable(range(6, [1, 3, 2]), requiresGrad: true), w = Variable(range(8, [2, 4]) { $0 / 4 - 1 }, requiresGrad: true)
    let b = leaf([0.1, 0.2, 0.3, 0.4], [4])
    let y = linear(x, w, b)
    #expect(y.shape == [1, 3, 4])
    expectNear(y.value, [0.1, 0.45, 0.8, 1.15, -1.9, -0.55, 0.8, 2.15, -3.9, -1.55, 0.8, 3.15], 1e-15, "y")
    y.backward(gradient: range(12, [1, 3, 4]) { $0 - 5 })
    expectNear(x.grad, [10, -4, 0, 2, -10, 8], 1e-15, "dx")
    expectNear(w.grad, [10, 16, 22, 28, 7, 16, 25, 34], 1e-15, "dW")
    expectNear(b.grad, [-3, 0, 3, 6], 1e-15, "db")
    #expect(linear(Variable(Tensor([1, 2], .float64)), w).shape == [4])
  }

  @Test func softmaxAlongAxes() {
    // y = F.softmax(x, axis); y.backward(dy); y, x.grad
    let x = leaf([1, 2, 0.5, -1, 0, 3], [2, 3])
    let columns = softmax(x, axis: 0)
    expectNear(
      columns.value, [0.8807970779778823, 0.8807970779778823, 0.07585818002124356, 0.11920292202211755, 0.11920292202211755, 0.9241418199787566], 1e-15,
      "axis 0")
    columns.backward(gradient: Tensor([[1, 2, 3], [4, 5, 6]], .float64))
    expectNear(
      x.grad, [-0.31498075621051935, -0.31498075621051935, -0.21031114963532452, 0.3149807562105196, 0.3149807562105196, 0.2103111496353242], 1e-15,
      "dx, axis 0")
    x.grad = nil
    let rows = softmax(x, axis: -1)
    expectNear(
      rows.value, [0.23122389762214907, 0.6285317192117624, 0.14024438316608848, 0.01714782554552039, 0.0466126225779739, 0.9362395518765058], 1e-15, "axis -1")
    rows.backward(gradient: Tensor([[1, 2, 3], [4, 5, 7]], .float64))
    expectNear(
      x.grad, [-0.21018725968584803, 0.05718351063411928, 0.15300374905172895, -0.0489627226333698, -0.08648185662819569, 0.1354445792615652], 1e-15,
      "dx, axis -1")
  }

  @Test func logSoftmaxAlongRows() {
    // y = F.log_softmax(x, 1); y.backward(dy); y, x.grad
    let x = leaf([1, 2, 0.5, -1, 0, 3], [2, 3])
    let y = logSoftmax(x, axis: 1)
    expectNear(
      y.value, [-1.464368784107945, -0.4643687841079449, -1.964368784107945, -4.065883903757429, -3.0658839037574293, -0.06588390375742911], 1e-14, "y")
    y.backward(gradient: Tensor([[1, 2, 3], [4, 5, 7]], .float64))
    expectNear(
      x.grad, [-0.38734338573289423, -1.7711903152705746, 2.1585337010034693, 3.725634791271674, 4.254198038752418, -7.979832830024092], 1e-14, "dx")
  }

  @Test func softmaxOfLargeNumbers() {
    for backend in [Backend.current.name, "reference"] {
      withBackend(backend) {
        expectNear(logSoftmax(leaf([1000, 0, -1000], [3])).value, [0, -1000, -2000], 0, "logSoftmax")
        expectNear(softmax(leaf([1000, 1000, -.infinity], [3])).value, [0.5, 0.5, 0], 0, "softmax")
      }
    }
  }

  @Test func layerNormWithGammaAndBeta() {
    // y = F.layer_norm(x, (3,), gamma, beta, 1e-5); y.backward(dy)
    let x = leaf([1, 2, 4, 0, -1, 3], [2, 3]), gamma = leaf([1, 2, -0.5], [3]), beta = leaf([0.1, 0.2, 0.3], [3])
    let y = layerNorm(x, gamma: gamma, beta: beta)
    expectNear(
      y.value, [-0.9690415314502977, -0.33452076572514905, -0.3681509571564359, -0.29223159141458577, -1.7611579570729288, -0.386405284975525], 1e-14, "y")
    y.backward(gradient: Tensor([[1, 0.5, -1], [2, 0, 1]]))
    expectNear(
      x.grad, [-0.05726885483382582, 0.08590542986500904, -0.02863657503118322, 0.7693777440401605, -0.5770320351675831, -0.1923457088725774], 1e-14, "dx")
    expectNear(gamma.grad, [-1.8535047142794694, -0.1336301914312873, 0.03650865563817818], 1e-14, "dgamma")
    expectNear(beta.grad, [3, 0.5, 0], 1e-15, "dbeta")
  }

  @Test func layerNormOverTwoAxes() {
    // x = torch.arange(12.).reshape(1, 2, 3, 2).sin(); y = F.layer_norm(x, (3, 2), eps=1e-3); y.backward(torch.arange(12.).reshape(1, 2, 3, 2).cos())
    let angles = Variable(range(12, [1, 2, 3, 2]))
    let x = Variable(sin(angles).value, requiresGrad: true)
    let y = layerNorm(x, normalizedShape: [3, 2], eps: 1e-3)
    expectNear(
      y.value,
      [
        -0.04119397463133624, 1.1394330615871526, 1.2345970454468984, 0.15680464905844732, -1.1030267688329545, -1.3866140126282083,
        -0.4542687035884436, 0.8809285790588662, 1.3548507569053105, 0.5317759652429694, -0.8315646282776779, -1.481721969341025,
      ], 1e-14, "y")
    y.backward(gradient: cos(angles).value)
    expectNear(
      x.grad,
      [
        1.4604409724079275, 0.7511095092715778, -0.5960248568329658, -1.3424130023376153, -0.8018291084106852, 0.5287164859017608,
        1.4368386380343805, 1.0673666221121516, -0.24182151712647765, -1.2870642420959495, -1.1073702118431274, 0.13205071091902265,
      ], 1e-14, "dx")
  }

  @Test func layerNormAlone() {
    // F.layer_norm(torch.tensor([[1., 2., 4.]]), (3,)), and the same with a bias alone
    let x = leaf([1, 2, 4], [1, 3]), beta = leaf([1, 1, 1], [3])
    expectNear(layerNorm(x).value, [-1.0690415314502977, -0.26726038286257453, 1.3363019143128718], 1e-15, "y")
    let shifted = layerNorm(x, beta: beta)
    expectNear(shifted.value, [-0.0690415314502977, 0.73273961713742547, 2.3363019143128718], 1e-15, "y + 1")
    shifted.sum().backward()
    expectNear(beta.grad, [1, 1, 1], 0, "dbeta")
  }

  @Test func embeddingWithRepeats() {
    // table = torch.arange(8.).reshape(4, 2)/2; y = F.embedding(torch.tensor([[1, 3], [1, 0]]), table, padding_idx=0)
    // y.backward(torch.arange(1., 9.).reshape(2, 2, 2))
    for dtype in [DType.int64, .int32, .uint8] {
      let table = Variable(range(8, [4, 2]) { $0 / 2 }, requiresGrad: true)
      let indices = Tensor([[1, 3], [1, 0]]).cast(to: dtype)
      let y = embedding(indices, table, paddingIdx: 0)
      #expect(y.shape == [2, 2, 2])
      expectNear(y.value, [1, 1.5, 3, 3.5, 1, 1.5, 0, 0.5], 0, "y, \(dtype)")
      let dy = range(8, [2, 2, 2]) { $0 + 1 }
      y.backward(gradient: dy)
      expectNear(table.grad, [0, 0, 6, 8, 0, 0, 3, 4], 0, "dTable, \(dtype)")
      table.grad = nil
      embedding(indices, table).backward(gradient: dy)
      expectNear(table.grad, [7, 8, 6, 8, 0, 0, 3, 4], 0, "dTable without padding, \(dtype)")
    }
  }

  @Test func dropoutKeepsTheMean() {
    let x = Variable(.ones([20_000]), requiresGrad: true)
    for p in [0.1, 0.5, 0.9] {
      let y = withSeed(3) { dropout(x, p: p) }
      let kept = y.value.array(Float.self).filter { $0 != 0 }
      #expect(kept.allSatisfy { abs($0 - Float(1 / (1 - p))) < 1e-5 }, "p = \(p)")
      // The number kept is binomial: five standard deviations.
      let deviation = (20_000 * p * (1 - p)).squareRoot()
      #expect(abs(Double(kept.count) - 20_000 * (1 - p)) < 5 * deviation, "p = \(p): \(kept.count)")
      x.grad = nil
      y.backward(gradient: .ones([20_000]))
      #expect(x.grad! == y.value, "p = \(p): the gradient has the same m")
    }
  }

  @Test func dropoutAtTheEnds() {
    let x = leaf([1, .infinity, -3], [3])
    #expect(dropout(x, p: 0) === x)
    #expect(dropout(x, p: 0.5, training: false) === x)
    let y = dropout(x, p: 1)
    expectNear(y.value, [0, 0, 0], 0, "y")
    y.backward(gradient: .ones([3], .float64))
    expectNear(x.grad, [0, 0, 0], 0, "dx")
  }

  @Test func dropoutDrawsAnew() {
    let x = Variable(.ones([200]))
    withSeed(5) {
      let a = dropout(x, p: 0.5), b = dropout(x, p: 0.5)
      #expect(a.value != b.value)
    }
    #expect(withSeed(5) { dropout(x, p: 0.5) }.value == withSeed(5) { dropout(x, p: 0.5) }.value)
  }
}
