import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Linear, LayerNorm and Embedding with their options.
struct LayerTests {
  private func ramp(_ shape: Shape) -> Tensor { Tensor((1...shape.volume).map { Double($0) }, shape: shape) }

  @Test func linearTakesAnyLeadingAxes() {
    let layer = Linear(3, 2)
    layer.to(.float64)
    layer.weight.assign(Tensor([[1, 2], [0, 3], [-1, 0.5]] as [[Double]]))
    layer.bias!.assign(Tensor([0.5, -1] as [Double]))
    expectClose(layer(Tensor([1, 2, 3] as [Double])).value, [-1.5, 8.5])
    for leading: Shape in [[], [4], [2, 1, 2], [0]] {
      let x = Variable(.normal(Shape(leading + [3]), .float64, using: Generator(seed: 1)), requiresGrad: true)
      let y = layer(x)
      #expect(y.shape == Shape(leading + [2]))
      let flat = layer(x.reshaped([-1, 3]))
      expectClose(y.value, flat.value.array(Double.self))
      let report = gradientCheck({ layer($0) }, at: x.value)
      #expect(report.passed || leading.contains(0), "\(report)")
    }
    #expect(layer.inFeatures == 3 && layer.outFeatures == 2)
    #expect(Linear(3, 2, bias: false).bias == nil && Linear(3, 2, bias: false).parameterCount == 6)
  }

  @Test func layerNormOverSeveralAxes() {
    let layer = LayerNorm([2, 2], bias: false)
    layer.to(.float64)
    let w = Tensor([[1, 2], [0.5, -1]] as [[Double]]),
      dy = Tensor([1, 2, 3, 4, 5, 6, 7, 8] as [Double], shape: [2, 2, 2])
    layer.weight!.assign(w)
    let x = Variable(Tensor([[[1, 2], [3, 5]], [[0, -1], [4, 1]]] as [[[Double]]]), requiresGrad: true)
    let y = layer(x)
    expectClose(
      y.value,
      pytorch(
        "F.layer_norm(x, (2, 2), w)",
        [
          -1.1832132521355805, -1.0141827875447833, 0.0845152322953986, -1.5212741813171748, -0.5345217202229366,
          -2.138086880891747, 0.8017825803344052, 0,
        ]))
    y.backward(gradient: dy)
    expectClose(
      x.grad,
      pytorch(
        "torch.func.vjp(lambda x: F.layer_norm(x, (2, 2), w), x)[1](dy)[0]",
        [
          -1.555072006268691, 1.5067893991950965, 0.8499805836613459, -0.8016979765877514, 0.2958979703527116,
          3.331219756847975, 2.319436410279486,
          -5.946554137480171,
        ]))
    expectClose(
      layer.weight!.grad,
      pytorch(
        "torch.func.vjp(lambda w: F.layer_norm(x, (2, 2), w), w)[1](dy)[0]",
        [-3.8558218532502635, -7.428443430220023, 11.732047518454063, 6.085096725268701]))
    let plain = LayerNorm(2, eps: 0.1, elementwiseAffine: false)
    expectClose(
      plain(x).value,
      pytorch(
        "F.layer_norm(x, (2,), eps=0.1)",
        [
          -0.8451542547285166, 0.8451542547285166, -0.9534625892455922, 0.9534625892455922, 0.8451542547285166,
          -0.8451542547285166, 0.9784921095801633,
          -0.9784921095801633,
        ]))
    #expect(plain.parameters().isEmpty && layer.parameterCount == 4 && LayerNorm([4, 5]).parameterCount == 40)
    #expect(LayerNorm([4, 5]).namedParameters().map(\.name) == ["weight", "bias"] && layer.normalizedShape == [2, 2])
  }

  @Test func rmsNormOverSeveralAxes() {
    let layer = RMSNorm([2, 2], eps: 0.1), x = Tensor([[[1, 2], [3, 5]], [[0, -1], [4, 1]]] as [[[Double]]])
    layer.to(.float64)
    layer.weight!.assign(Tensor([[1, 2], [0.5, -1]] as [[Double]]))
    // r = 1/√(39/4 + 0.1), 1/√(18/4 + 0.1)
    let r = [9.85, 4.6].map { 1 / $0.squareRoot() }
    expectClose(layer(x).value, [1, 4, 1.5, -5].map { $0 * r[0] } + [0, -2, 2, -1].map { $0 * r[1] })
    let plain = RMSNorm(2, elementwiseAffine: false)
    #expect(
      plain.parameters().isEmpty && layer.namedParameters().map(\.name) == ["weight"]
        && RMSNorm([4, 5]).parameterCount == 20)
    #expect("\(plain)" == "RMSNorm(2, elementwiseAffine: false)" && RMSNorm(3).eps == nil)
    // ε is the type's own, as in PyTorch: what is tiny beside it is not blown up to 1.
    expectClose(
      plain(Tensor([1e-20, 1e-20], .float64)).value, [1e-20, 1e-20].map { $0 / (1e-40 + 0x1p-52).squareRoot() }, 1e-20)
    let single = plain(Tensor([1e-4, 1e-4] as [Float])).value.array(Float.self)[0]
    #expect(abs(Double(single) - 1e-4 / (1e-8 + 0x1p-23).squareRoot()) < 1e-7)
  }

  @Test func embeddingWithPaddingNormAndFrequencies() {
    let layer = Embedding(4, 3, paddingIdx: 1, maxNorm: 1.5, scaleGradByFreq: true)
    #expect(layer.weight.value[1] == .zeros([3]))
    layer.to(.float64)
    let table = Tensor([-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75] as [Double], shape: [4, 3])
    layer.weight.assign(table)
    let y = layer(Tensor([[0, 3, 3], [1, 3, 2]]))
    let long = pytorch(
      "F.embedding(torch.tensor(3), table, max_norm=1.5)", [0.7150969146614681, 0.8581162975937616, 1.0011356805260552])
    expectClose(y.value, [-1, -0.75, -0.5] + long + long + [-0.25, 0, 0.25] + long + [0.5, 0.75, 1])
    // The row that was too long is shortened for good; the tensor that it was given is not.
    expectClose(layer.weight.value, [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1] + long)
    expectClose(table[3], [1.25, 1.5, 1.75])
    y.backward(gradient: ramp([2, 3, 3]))
    expectClose(layer.weight.grad, [1, 2, 3, 0, 0, 0, 16, 17, 18, 8, 9, 10])

    let other = Embedding.fromPretrained(table, maxNorm: 2, normType: 1)
    expectClose(
      other(Tensor([3])).value,
      pytorch(
        "F.embedding(torch.tensor([3]), table, max_norm=2., norm_type=1.)",
        [0.5555555432098768, 0.6666666518518521, 0.7777777604938275]))
    expectClose(other.weight.value[1], [-0.25, 0, 0.25])
  }

  /// In a process of its own, for the counters are those of all threads.
  @Test func rowsAreShortenedWhereTheyLie() async {
    await #expect(processExitsWith: .success) {
      let layer = Embedding(20_000, 64, maxNorm: 1e-3)
      let place = layer.weight.value.blockAddress, table = 20_000 * 64 * 4
      var outputs: [Variable] = []
      for first in [0, 100] {  // the second look-up while the first one's graph lives
        Memory.resetPeak()
        let before = Memory.live
        let y = layer(Tensor([first, first + 1, first, 19_999 - first]))
        let grown = Memory.peak - before
        outputs.append(y)
        // The slack of the counters is 64 KiB a thread; the table has 5 MB.
        if grown > table / 4 || layer.weight.value.blockAddress != place {
          fail("the table was copied: \(grown) bytes")
        }
        if abs(y.value[0].cast(to: .float64).array(Double.self).reduce(0) { $0 + $1 * $1 }.squareRoot() - 1e-3) > 1e-6 {
          fail("the row is too long")
        }
      }
    }
  }

  @Test func pretrainedTablesAreFrozenUnlessTold() {
    let table = Tensor([[1, 2], [3, 4]] as [[Double]])
    let frozen = Embedding.fromPretrained(table)
    #expect(frozen.weight.isFrozen && !frozen(Tensor([1])).requiresGrad && frozen.weight.value == table)
    let trained = Embedding.fromPretrained(table, freeze: false, paddingIdx: -1)
    trained(Tensor([1, 0])).sum().backward()
    expectClose(trained.weight.grad, [1, 1, 0, 0])
    #expect(trained.paddingIdx == 1 && trained.numEmbeddings == 2 && trained.embeddingDim == 2)
    #expect(trained.weight.value == table, "a given row of padding stays as it was given, as in PyTorch")
  }

  @Test func indicesOfAnyIntegerTypeAndShape() {
    let layer = Embedding(5, 2)
    for indices in [
      Tensor(3, .int64), Tensor([[1, 2, 3]]).cast(to: .int32), Tensor.zeros([0], .int64), Tensor([4]).cast(to: .uint8),
    ] {
      #expect(layer(indices).shape == Shape(Array(indices.shape) + [2]))
    }
  }

  @Test func mistakesAreRefused() {
    func expect(_ message: String, _ output: String) { #expect(output.contains(message), "\(output)") }
    expect(
      "Linear: the sizes must be at least 1, got 0 and 3",
      mistake { _ = Linear(0, 3) })
    expect(
      "cannot multiply [2, 4] by [3, 2]: inner sizes 4 and 3 differ",
      mistake { _ = Linear(3, 2)(Tensor.zeros([2, 4])) })
    expect(
      "the input needs an axis of 3 features, got a scalar",
      mistake { _ = Linear(3, 2)(Tensor(1)) })
    expect(
      "cannot combine float64 [2, 3] with float32 [3, 2]",
      mistake { _ = Linear(3, 2)(Tensor.zeros([2, 3], .float64)) })
    expect(
      "LayerNorm: the normalized shape needs at least one axis and sizes of at least 1, got [2, 0]",
      mistake { _ = LayerNorm([2, 0]) })
    expect(
      "RMSNorm: the normalized shape needs at least one axis and sizes of at least 1, got [2, 0]",
      mistake { _ = RMSNorm([2, 0]) })
    expect("RMSNorm: the size must be at least 1, got 0", mistake { _ = RMSNorm(0) })
    expect("RMSNorm: eps must be finite and at least 0, got -1.0", mistake { _ = RMSNorm(3, eps: -1) })
    expect(
      "rmsNorm: the last axes of the input must be [3], the normalized shape, got [2, 4]",
      mistake { _ = RMSNorm(3)(Tensor.zeros([2, 4])) })
    expect(
      "the last axes of the input must be [3], the normalized shape, got [2, 4]",
      mistake { _ = LayerNorm(3, elementwiseAffine: false)(Tensor.zeros([2, 4])) })
    expect(
      "Embedding: the padding index 4 is no row of a table of 4, -4 ..< 4",
      mistake { _ = Embedding(4, 2, paddingIdx: 4) })
    expect(
      "embedding: index 7 at position 1 of [2] lies outside axis 0 of [4, 2], 0 ..< 4",
      mistake { _ = Embedding(4, 2)(Tensor([0, 7])) })
    expect(
      "embedding: index -1 at position 0 of [1] lies outside axis 0 of [4, 2]",
      mistake { _ = Embedding(4, 2, maxNorm: 1)(Tensor([-1])) })
    expect(
      "embedding: the indices must be of an integer type, got float32 [2]",
      mistake { _ = Embedding(4, 2, maxNorm: 1)(Tensor.zeros([2])) })
  }
}
