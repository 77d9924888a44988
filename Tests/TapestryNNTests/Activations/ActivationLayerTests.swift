import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// A layer with its options and what PyTorch's layer makes of `points`.
struct LayerSample: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let make: @Sendable () -> any Layer
  let y: [Double]

  init(_ expression: String, _ make: @escaping @autoclosure @Sendable () -> any Layer, _ y: [Double]) {
    testDescription = expression
    self.make = make
    self.y = y
  }
}

extension RReLU {
  fileprivate var evaluating: RReLU {
    training = false
    return self
  }
}

private let points = Tensor([[-4, -1, -0.25, 0.5], [0.25, 1, 2.5, 7]] as [[Double]])

// PyTorch 2.15 in float64: Tests/pytorch_rows.py.
private let layerSamples: [LayerSample] = [
  LayerSample(
    "nn.Sigmoid()(points)", Sigmoid(),
    [
      0.01798620996209156, 0.2689414213699951, 0.43782349911420193, 0.6224593312018546, 0.5621765008857981,
      0.7310585786300049, 0.9241418199787566,
      0.9990889488055994,
    ]),
  LayerSample(
    "nn.LogSigmoid()(points)", LogSigmoid(),
    [
      -4.0181499279178094, -1.3132616875182228, -0.8259394198788436, -0.4740769841801067, -0.5759394198788436,
      -0.31326168751822286, -0.07888973429254963,
      -0.0009114664537742447,
    ]),
  LayerSample(
    "nn.Tanh()(points)", Tanh(),
    [
      -0.999329299739067, -0.7615941559557649, -0.24491866240370913, 0.46211715726000974, 0.24491866240370913,
      0.7615941559557649, 0.9866142981514303,
      0.9999983369439447,
    ]),
  LayerSample(
    "nn.Tanhshrink()(points)", Tanhshrink(),
    [
      -3.000670700260933, -0.23840584404423515, -0.005081337596290869, 0.03788284273999026, 0.005081337596290869,
      0.23840584404423515, 1.5133857018485697,
      6.0000016630560555,
    ]),
  LayerSample(
    "nn.Softsign()(points)", Softsign(), [-0.8, -0.5, -0.2, 0.3333333333333333, 0.2, 0.5, 0.7142857142857143, 0.875]),
  LayerSample(
    "nn.Softplus(2, 3)(points)", Softplus(beta: 2, threshold: 3),
    [
      0.00016770318644788442, 0.06346400552148625, 0.23703849209005334, 0.6566308437591114, 0.48703849209005334,
      1.0634640055214863, 2.5, 7,
    ]),
  LayerSample(
    "nn.GELU()(points)", GELU(),
    [
      -0.00012668496733247991, -0.15865525393145702, -0.10032341857926907, 0.34573123063700656, 0.14967658142073093,
      0.841344746068543, 2.4844758366855597,
      6.999999999991041,
    ]),
  LayerSample(
    "nn.GELU('tanh')(points)", GELU(approximate: .tanh),
    [
      -7.024594819227126e-05, -0.15880800939172324, -0.100324649298315, 0.34571400982514394, 0.149675350701685,
      0.8411919906082768, 2.484915733910001,
      6.999999999999997,
    ]),
  LayerSample(
    "nn.SiLU()(points)", SiLU(),
    [
      -0.07194483984836623, -0.2689414213699951, -0.10945587477855048, 0.3112296656009273, 0.14054412522144952,
      0.7310585786300049, 2.3103545499468914,
      6.993622641639196,
    ]),
  LayerSample(
    "nn.Mish()(points)", Mish(),
    [
      -0.07259174079202535, -0.30340146137410895, -0.129926963679141, 0.3752452113048951, 0.1695724096638176,
      0.8650983882673103, 2.471392304557881,
      6.999988379809741,
    ]),
  LayerSample("nn.ReLU()(points)", ReLU(), [0, 0, 0, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample("nn.ReLU6()(points)", ReLU6(), [0, 0, 0, 0.5, 0.25, 1, 2.5, 6]),
  LayerSample("nn.LeakyReLU()(points)", LeakyReLU(), [-0.04, -0.01, -0.0025, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample("nn.LeakyReLU(.2)(points)", LeakyReLU(0.2), [-0.8, -0.2, -0.05, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample("nn.RReLU(.2, .2)(points)", RReLU(lower: 0.2, upper: 0.2), [-0.8, -0.2, -0.05, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample(
    "nn.RReLU().eval()(points)", RReLU().evaluating,
    [-0.9166666666666666, -0.22916666666666666, -0.057291666666666664, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample(
    "nn.ELU(.5)(points)", ELU(alpha: 0.5),
    [-0.4908421805556329, -0.31606027941427883, -0.11059960846429756, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample(
    "nn.CELU(.5)(points)", CELU(alpha: 0.5),
    [-0.49983226868604874, -0.43233235838169365, -0.1967346701436833, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample(
    "nn.SELU()(points)", SELU(),
    [
      -1.7258986281898945, -1.1113307378125625, -0.388890197478119, 0.5253504936777402, 0.2626752468388701,
      1.0507009873554805, 2.626752468388701,
      7.354906911488364,
    ]),
  LayerSample("nn.Hardtanh(-2, .5)(points)", Hardtanh(min: -2, max: 0.5), [-2, -1, -0.25, 0.5, 0.25, 0.5, 0.5, 0.5]),
  LayerSample(
    "nn.Hardsigmoid()(points)", Hardsigmoid(),
    [
      0, 0.3333333333333333, 0.4583333333333333, 0.5833333333333334, 0.5416666666666666, 0.6666666666666666,
      0.9166666666666666, 1,
    ]),
  LayerSample(
    "nn.Hardswish()(points)", Hardswish(),
    [
      -0, -0.3333333333333333, -0.11458333333333333, 0.2916666666666667, 0.13541666666666666, 0.6666666666666666,
      2.2916666666666665, 7,
    ]),
  LayerSample("nn.Hardshrink(.3)(points)", Hardshrink(0.3), [-4, -1, 0, 0.5, 0, 1, 2.5, 7]),
  LayerSample("nn.Softshrink(.3)(points)", Softshrink(0.3), [-3.7, -0.7, 0, 0.2, 0, 0.7, 2.2, 6.7]),
  LayerSample("nn.Threshold(.25, -7)(points)", Threshold(0.25, -7), [-7, -7, -7, 0.5, -7, 1, 2.5, 7]),
  LayerSample(
    "nn.Softmax(0)(points)", Softmax(0),
    [
      0.014063627043245474, 0.11920292202211755, 0.06008665017400762, 0.0015011822567369915, 0.9859363729567544,
      0.8807970779778823, 0.9399133498259924,
      0.998498817743263,
    ]),
  LayerSample(
    "nn.Softmax(-1)(points)", Softmax(),
    [
      0.006509410156589554, 0.1307449980483523, 0.276787163040386, 0.5859584287546722, 0.0011538503719958784,
      0.002442701256683815, 0.01094742752418091,
      0.9854560208471395,
    ]),
  LayerSample(
    "nn.LogSoftmax(0)(points)", LogSoftmax(0),
    [
      -4.264163456931505, -2.1269280110429727, -2.8119675890031988, -6.501502310159754, -0.014163456931505055,
      -0.1269280110429726, -0.061967589003198625,
      -0.001502310159754285,
    ]),
  LayerSample(
    "nn.Softmin(1)(points)", Softmin(1),
    [
      0.9221571968888979, 0.04591150340742533, 0.02168705859572285, 0.010244241107953994, 0.6333376298630975,
      0.2991675129395961, 0.06675329507341952,
      0.0007415621238868848,
    ]),
  LayerSample(
    "nn.GLU()(points)", GLU(), [-1.7512939964568077, -0.6224593312018546, 0.23103545499468914, 0.9990889488055994]),
  LayerSample(
    "nn.GLU(0)(points)", GLU(0), [-2.2487060035431923, -0.7310585786300049, -0.23103545499468914, 0.4995444744027997]),
  LayerSample("nn.PReLU()(points)", PReLU(), [-1, -0.25, -0.0625, 0.5, 0.25, 1, 2.5, 7]),
  LayerSample("nn.PReLU(4, .5)(points)", PReLU(4, initial: 0.5), [-2, -0.5, -0.125, 0.5, 0.25, 1, 2.5, 7]),
]

/// Every number to within `tolerance` of what is expected, relative to the larger of 1 and its size.
func expectClose(
  _ actual: Tensor?, _ expected: [Double], _ tolerance: Double = 1e-12, _ comment: Comment = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let actual = actual?.cast(to: .float64).array(Double.self) ?? []
  let near =
    actual.count == expected.count
    && zip(actual, expected).allSatisfy { a, b in a == b || abs(a - b) <= tolerance * max(1, abs(b)) }
  #expect(near, "\(comment): \(actual), expected \(expected)", sourceLocation: sourceLocation)
}

struct ActivationLayerTests {
  @Test("an activation with its options is PyTorch's", arguments: layerSamples)
  private func samples(_ sample: LayerSample) {
    let layer = sample.make()
    for (_, parameter) in layer.namedParameters() { #expect(parameter.dtype == .float32) }
    // Parameters are float32: so is the input, and the tolerance.
    expectClose(layer(points.cast(to: .float32)).value, sample.y, 1e-6)
    if layer.parameterCount == 0 { expectClose(layer(points).value, sample.y, 1e-7) }
  }

  @Test func slopesOfPReLUAreLearnedPerChannel() {
    // w = torch.tensor([.25, .5], requires_grad=True); F.prelu(x, w).backward(torch.ones(2, 2, 2)); w.grad
    let layer = PReLU(2)
    let x = Tensor([[[1, -2], [-3, 4]], [[-5, -6], [7, 8]]] as [[[Float]]])
    layer(x).sum().backward()
    expectClose(layer.weight.grad, [-13, -3])
    #expect(layer.namedParameters().map(\.name) == ["weight"])
  }

  @Test func rreluDrawsSlopesInTraining() {
    let layer = RReLU(lower: 0.1, upper: 0.4)
    let x = Variable(.full([4000], -1), requiresGrad: true)
    let y = withSeed(3) { layer(x) }
    let slopes = y.value.array(Float.self).map { -Double($0) }
    #expect(slopes.allSatisfy { $0 >= 0.1 && $0 <= 0.4 })
    // The mean of 4,000 uniform numbers: σ = 0.3/√12/√4000 = 0.00137; five of them.
    #expect(abs(slopes.reduce(0, +) / 4000 - 0.25) < 0.007)
    y.backward(gradient: .ones([4000]))
    expectClose(x.grad, slopes, 1e-7)
  }

  @Test func softmax2dWorksOverChannels() {
    let x = Tensor.normal([2, 3, 4, 5], using: Generator(seed: 1))
    #expect(Softmax2d()(x).value == softmax(Variable(x), axis: 1).value)
    #expect(Softmax2d()(x[0]).value == softmax(Variable(x[0]), axis: 0).value)
  }

  @Test func badOptionsAreRefused() {
    func expect(_ message: String, _ output: String) { #expect(output.contains(message), "\(output)") }
    expect(
      "Hardtanh: min must be less than max, got 1.0 and 1.0",
      mistake { _ = Hardtanh(min: 1, max: 1) })
    expect(
      "PReLU: needs at least one slope, got 0", mistake { _ = PReLU(0) })
    expect(
      "RReLU: the slopes need lower ≤ upper", mistake { _ = RReLU(lower: 2, upper: 1) })
    expect(
      "Softshrink: lambda must be at least 0", mistake { _ = Softshrink(-1) })
    expect("CELU: alpha", mistake { _ = CELU(alpha: 0) })
    expect(
      "Softmax2d: needs (batch, channels, height, width)",
      mistake { _ = Softmax2d()(Tensor.ones([2, 2])) })
    expect("Dropout2d: p must lie in 0 … 1, got 1.5", mistake { _ = Dropout2d(1.5) })
    expect(
      "Dropout2d: needs (batch, channels) or (channels) and then 2 axes of places, got [2, 2]",
      mistake { _ = Dropout2d()(Tensor.ones([2, 2])) })
  }
}
