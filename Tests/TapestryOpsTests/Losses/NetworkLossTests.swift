import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// A loss of logits, with its value (or values) and the gradient; several values are weighted with 1, 2, ….
struct LossSample: Sendable, CustomTestStringConvertible {
  let expression: String
  let x: Tensor
  let y: [Double], dx: [Double]
  let function: @Sendable (Variable) -> Variable

  init(
    _ expression: String, _ x: Tensor, y: [Double], dx: [Double], _ function: @escaping @Sendable (Variable) -> Variable
  ) {
    self.expression = expression
    (self.x, self.y, self.dx) = (x, y, dx)
    self.function = function
  }

  var testDescription: String { expression }
}

private let x: Tensor = Tensor([[1, 2, 0.5], [-1, 0, 3]], .float64)
private let row: Tensor = Tensor([1, 2, 0.5], .float64)
private let labels = Tensor([2, 0])
private let w = Tensor([0.5, 1, 2], .float64)

/// x and a third row, whose middle label will be the ignored one.
private let x3 = Tensor([[1, 2, 0.5], [-1, 0, 3], [0, 1, 1]], .float64)

/// (2, 3, 2): two rows of classes in each of two examples.
private let xd = Tensor(
  [1, 0.5625, 0.25, 0.0625, 0, 0.0625, 0.25, 0.5625, 1, 1.5625, 2.25, 3.0625] as [Double], shape: [2, 3, 2])
private let labelsD = Tensor([[0, 2], [1, 1]])
private let p = Tensor([[0.2, 0.3, 0.5], [0, 1, 0]], .float64)

// PyTorch 2.15, with the tensors above: each expression's value and, after .backward(gradient), x.grad
// (Tests/pytorch_rows.py).
let lossSamples: [LossSample] = [
  LossSample(
    "F.cross_entropy(x, labels)", x, y: [3.015126343932687],
    dx: [
      0.11561194881107452, 0.3142658596058812, -0.4298778084169558, -0.4914260872272398, 0.02330631128898695,
      0.4681197759382529,
    ]
  ) { crossEntropy($0, labels) },
  LossSample(
    "F.cross_entropy(x, labels, reduction='sum')", x, y: [6.030252687865374],
    dx: [
      0.23122389762214904, 0.6285317192117624, -0.8597556168339116, -0.9828521744544796, 0.04661262257797389,
      0.9362395518765058,
    ]
  ) { crossEntropy($0, labels, reduction: .sum) },
  LossSample(
    "F.cross_entropy(x, labels, reduction='none')", x, y: [1.964368784107945, 4.065883903757429],
    dx: [
      0.23122389762214904, 0.6285317192117624, -0.8597556168339116, -1.9657043489089592, 0.09322524515594778,
      1.8724791037530115,
    ]
  ) { crossEntropy($0, labels, reduction: .none) },
  LossSample(
    "F.cross_entropy(x, labels, weight=w)", x, y: [2.3846718080378415],
    dx: [
      0.18497911809771925, 0.50282537536941, -0.6878044934671292, -0.19657043489089593, 0.00932252451559478,
      0.18724791037530117,
    ]
  ) { crossEntropy($0, labels, weight: w) },
  LossSample(
    "F.cross_entropy(x, labels, label_smoothing=0.1)", x, y: [2.8984596772660205],
    dx: [
      0.09894528214440786, 0.29759919293921455, -0.39654447508362245, -0.45809275389390647, 0.00663964462232028,
      0.4514531092715862,
    ]
  ) { crossEntropy($0, labels, labelSmoothing: 0.1) },
  LossSample(
    "F.cross_entropy(x, labels, weight=w, label_smoothing=0.1)", x, y: [2.2842830860011083],
    dx: [
      0.17060498817698092, 0.46854098472901784, -0.6391459729059987, -0.18277982620968203, -0.00276780554899258,
      0.18554763175867464,
    ]
  ) { crossEntropy($0, labels, weight: w, labelSmoothing: 0.1) },
  LossSample(
    "F.cross_entropy(x3, torch.tensor([2, -100, 1]))", x3, y: [1.413181794083098],
    dx: [
      0.11561194881107452, 0.3142658596058812, -0.4298778084169558, 0, 0, 0, 0.0776812017484818, -0.2888406008742409,
      0.2111593991257591,
    ]
  ) { crossEntropy($0, Tensor([2, -100, 1])) },
  LossSample(
    "F.cross_entropy(x3, torch.tensor([2, -100, 1]), weight=w, label_smoothing=0.1)", x3, y: [1.5332449623331499],
    dx: [
      0.14217082348081744, 0.3904508206075149, -0.5326216440883323, 0, 0, 0, 0.04709503674063766, -0.1679919628147633,
      0.1208969260741256,
    ]
  ) { crossEntropy($0, Tensor([2, -100, 1]), weight: w, labelSmoothing: 0.1) },
  LossSample(
    "F.cross_entropy(x3, torch.tensor([2, 0, 1]), ignore_index=1)", x3, y: [3.015126343932687],
    dx: [
      0.11561194881107452, 0.3142658596058812, -0.4298778084169558, -0.4914260872272398, 0.02330631128898695,
      0.4681197759382529, 0, 0, 0,
    ]
  ) { crossEntropy($0, Tensor([2, 0, 1]), ignoreIndex: 1) },
  LossSample("F.cross_entropy(x, torch.tensor([-100, -100]))", x, y: [.nan], dx: [0, 0, 0, 0, 0, 0]) {
    crossEntropy($0, Tensor([-100, -100]))
  },
  LossSample(
    "F.cross_entropy(row, torch.tensor(1))", row, y: [0.4643687841079449],
    dx: [0.23122389762214904, -0.37146828078823757, 0.14024438316608848]
  ) { crossEntropy($0, Tensor(1, .int64)) },
  LossSample(
    "F.cross_entropy(xd, labelsD, weight=w)", xd, y: [1.3915606511021155],
    dx: [
      -0.05073270981113968, 0.2008278941678249, 0.0285207372820811, 0.12180827513830977, 0.02221197252905857,
      -0.32263616930613465,
      0.02115182136648334, 0.01397555849908167, -0.17744381603798867, -0.18423271551160217, 0.15629199467150534,
      0.17025715701252048,
    ]
  ) { crossEntropy($0, labelsD.cast(to: .int32), weight: w) },
  LossSample(
    "F.cross_entropy(xd, labelsD, reduction='none')", xd,
    y: [0.609899255028596, 1.2943767694176431, 1.6019518638028016, 1.7663678998071337],
    dx: [
      -0.4565943883002571, 0.9037255237552121, 0.25668663553872995, 0.548137238122394, 0.19990775276152717,
      -1.451862761877606,
      0.28554958844752515, 0.25156005298347006, -2.395491516512847, -3.316188879208839, 2.109941928065322,
      3.064628826225369,
    ]
  ) { crossEntropy($0, labelsD.cast(to: .uint8), reduction: .none) },
  LossSample(
    "F.cross_entropy(x, p)", x, y: [2.2401263439326873],
    dx: [
      0.01561194881107451, 0.16426585960588122, -0.17987780841695578, 0.00857391277276019, -0.47669368871101303,
      0.4681197759382529,
    ]
  ) { crossEntropy($0, p.cast(to: $0.dtype)) },
  LossSample(
    "F.cross_entropy(x, p, weight=w, label_smoothing=0.1)", x, y: [2.5647981641376623],
    dx: [
      0.10582578286324593, 0.2809726667240965, -0.38679844958734244, 0.00038347798563953, -0.44297191685619663,
      0.44258843887055715,
    ]
  ) { crossEntropy($0, p.cast(to: $0.dtype), weight: w, labelSmoothing: 0.1) },
  LossSample(
    "F.cross_entropy(xd, torch.softmax(xd.detach() * 0.5, 1), reduction='none')", xd,
    y: [1.0990386159576007, 1.0988811118379271, 1.0901188016081649, 1.076439552623043],
    dx: [
      0.10745160187787378, 0.12174289343634827, -0.04293988145777489, -0.06087144671817408, -0.06451172042009895,
      -0.06087144671817408,
      -0.294354054572787, -0.40000504738649245, -0.23924633841321957, -0.39043811943466, 0.5336003929860066,
      0.7904431668211522,
    ]
  ) { crossEntropy($0, softmax($0.detach() * 0.5, axis: 1).value, reduction: .none) },
  LossSample(
    "F.nll_loss(x3, torch.tensor([2, -100, 0]), weight=w)", x3, y: [-0.4], dx: [0, 0, -0.8, 0, 0, 0, -0.2, 0, 0]
  ) {
    nllLoss($0, Tensor([2, -100, 0]), weight: w)
  },
  LossSample(
    "F.nll_loss(xd, labelsD, reduction='none')", xd, y: [-1, -0.0625, -1, -1.5625],
    dx: [-1, 0, 0, 0, 0, -2, 0, 0, -3, -4, 0, 0]
  ) { nllLoss($0, labelsD, reduction: .none) },
  LossSample(
    "F.mse_loss(x, torch.tensor([[0.5, 2, 1], [-1, 2, 2.5]]))", x, y: [0.7916666666666666],
    dx: [1 / 6, 0, -1 / 6, 0, -2 / 3, 1 / 6]
  ) {
    mseLoss($0, Tensor([[0.5, 2, 1], [-1, 2, 2.5]], .float64).cast(to: $0.dtype))
  },
  LossSample("F.mse_loss(x, torch.ones(2, 3), reduction='sum')", x, y: [10.25], dx: [0, 2, -1, -4, -2, 4]) {
    mseLoss($0, Tensor.ones([2, 3], $0.dtype), reduction: .sum)
  },
  LossSample(
    "F.mse_loss(x, torch.ones(2, 3), reduction='none')", x, y: [0, 1, 0.25, 4, 1, 4], dx: [0, 4, -3, -16, -10, 24]
  ) {
    mseLoss($0, Tensor.ones([2, 3], $0.dtype), reduction: .none)
  },
]

struct NetworkLossTests {
  @Test("values and derivatives are PyTorch's", arguments: lossSamples)
  func samples(_ sample: LossSample) {
    for dtype in [DType.float64, .float32] {
      for backend in [Backend.current.name, "reference"] {
        withBackend(backend) {
          let x = Variable(sample.x.cast(to: dtype), requiresGrad: true)
          let y = sample.function(x)
          let tolerance = dtype == .float64 ? 1e-14 : 2e-6
          expectNear(y.value, sample.y, tolerance, "y, \(dtype), \(backend)")
          let weights = Variable(Tensor((0..<y.count).map { Double($0 + 1) }, shape: y.shape).cast(to: dtype))
          // With and without a fused derivative.
          for createGraph in [true, false] {
            let dx = gradients(of: [y], withRespectTo: [x], cotangents: [weights], createGraph: createGraph)
            expectNear(dx[0]?.value, sample.dx, tolerance, "dx, \(dtype), \(backend), create graph: \(createGraph)")
          }
        }
      }
    }
  }

  @Test func meanSquaredErrorOfBoth() {
    // a = torch.tensor([[1., 2.], [3., -1.]]), b = torch.tensor([[0.5, 2.], [1., 1.]]): F.mse_loss(a, b).backward();
    // a.grad, b.grad
    let a = Variable(Tensor([[1, 2], [3, -1]], .float64), requiresGrad: true),
      b = Variable(Tensor([[0.5, 2], [1, 1]], .float64), requiresGrad: true)
    let loss = mseLoss(a, b)
    loss.backward()
    #expect(loss.item == 2.0625)
    expectNear(a.grad, [0.25, 0, 1, -1], 0, "da")
    expectNear(b.grad, [-0.25, 0, -1, 1], 0, "db")
  }

  /// The losses stay finite where the naive logarithm of a softmax is −∞, and what an ignored row holds does not
  /// matter.
  @Test func extremes() {
    let x = Variable(Tensor([[1000, -1000, 0], [Double.infinity, -.infinity, .nan]]), requiresGrad: true)
    let loss = crossEntropy(x, Tensor([1, -100]))
    loss.backward()
    #expect(loss.item == 2000)
    expectNear(x.grad, [1, -1, 0, 0, 0, 0], 0, "dx")
  }

  @Test func gradientsOfProbabilities() {
    let q = Variable(p, requiresGrad: true)
    crossEntropy(x, q).backward()
    expectNear(
      q.grad,
      pytorch(
        "torch.func.grad(lambda q: F.cross_entropy(x, q))(p)",
        [
          0.7321843920539725, 0.23218439205397245, 0.9821843920539725, 2.0329419518787145, 1.5329419518787147,
          0.032941951878714554,
        ]), 1e-15, "dq")
  }
}
