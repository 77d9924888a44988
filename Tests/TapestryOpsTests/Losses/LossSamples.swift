import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// A loss of two inputs with its value (or values) and the gradients of both, nil where PyTorch gives none; several
/// values are weighted with 1, 2, ….
struct PairLossSample: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let x: Tensor, t: Tensor
  let y: [Double], dx: [Double], dt: [Double]?
  let function: @Sendable (Variable, Variable) -> Variable

  init(
    _ expression: String, _ x: Tensor, _ t: Tensor, y: [Double], dx: [Double], dt: [Double]?,
    _ function: @escaping @Sendable (Variable, Variable) -> Variable
  ) {
    testDescription = expression
    (self.x, self.t, self.y, self.dx, self.dt) = (x, t, y, dx, dt)
    self.function = function
  }
}

private let x: Tensor = Tensor([[1, 2, 0.5], [-1, 0, 3]] as [[Double]])
private let t: Tensor = Tensor([[0.5, 2, 1], [-1, 2, 2.5]] as [[Double]])
private let p: Tensor = Tensor([[0.2, 0.9, 0.5], [0, 1, 0.75]] as [[Double]])
private let q: Tensor = Tensor([[0, 1, 0.25], [0, 0, 0.5]] as [[Double]])
private let s: Tensor = Tensor([[1, -1, 1], [-1, 1, -1]] as [[Double]])
private let n: Tensor = Tensor([[0, 1, 3], [2, 0, 5]] as [[Double]])
private let lq: Tensor = Tensor([[-0.5, -1, -2], [-0.1, -3, -0.7]] as [[Double]])
private let v: Tensor = Tensor([[0.5, 1, 2], [0.25, 1e-09, 1]] as [[Double]])
private let z: Tensor = Tensor([[60, -60, 0], [800, -800, 1]] as [[Double]])
private let tz: Tensor = Tensor([[1, 1, 0.5], [0, 0, 1]] as [[Double]])
private let w: Tensor = Tensor([0.5, 1, 2] as [Double])
private let v0: Tensor = Tensor([[0.5], [2]] as [[Double]])

// PyTorch 2.15, with the tensors above: each expression's value and, after .backward(gradient), the gradients of its
// two inputs (Tests/pytorch_rows.py).
let pairLossSamples: [PairLossSample] = [
  PairLossSample(
    "F.l1_loss(x, t)", x, t,
    y: [0.5833333333333334],
    dx: [0.16666666666666666, 0, -0.16666666666666666, 0, -0.16666666666666666, 0.16666666666666666],
    dt: [-0.16666666666666666, -0, 0.16666666666666666, -0, 0.16666666666666666, -0.16666666666666666]
  ) { l1Loss($0, $1) },
  PairLossSample(
    "F.l1_loss(x, t, reduction='sum')", x, t,
    y: [3.5],
    dx: [1, 0, -1, 0, -1, 1],
    dt: [-1, -0, 1, -0, 1, -1]
  ) { l1Loss($0, $1, reduction: .sum) },
  PairLossSample(
    "F.l1_loss(x, t, reduction='none')", x, t,
    y: [0.5, 0, 0.5, 0, 2, 0.5],
    dx: [1, 0, -3, 0, -5, 6],
    dt: [-1, -0, 3, -0, 5, -6]
  ) { l1Loss($0, $1, reduction: .none) },
  PairLossSample(
    "F.huber_loss(x, t)", x, t,
    y: [0.3125],
    dx: [0.08333333333333333, 0, -0.08333333333333333, 0, -0.16666666666666666, 0.08333333333333333],
    dt: [-0.08333333333333333, 0, 0.08333333333333333, 0, 0.16666666666666666, -0.08333333333333333]
  ) { huberLoss($0, $1) },
  PairLossSample(
    "F.huber_loss(x, t, delta=0.5, reduction='sum')", x, t,
    y: [1.25],
    dx: [0.5, 0, -0.5, 0, -0.5, 0.5],
    dt: [-0.5, 0, 0.5, 0, 0.5, -0.5]
  ) { huberLoss($0, $1, delta: 0.5, reduction: .sum) },
  PairLossSample(
    "F.huber_loss(x, t, delta=0.3, reduction='none')", x, t,
    y: [0.105, 0, 0.105, 0, 0.555, 0.105],
    dx: [0.3, 0, -0.8999999999999999, 0, -1.5, 1.7999999999999998],
    dt: [-0.3, 0, 0.8999999999999999, 0, 1.5, -1.7999999999999998]
  ) { huberLoss($0, $1, delta: 0.3, reduction: .none) },
  PairLossSample(
    "F.smooth_l1_loss(x, t)", x, t,
    y: [0.3125],
    dx: [0.08333333333333333, 0, -0.08333333333333333, 0, -0.16666666666666666, 0.08333333333333333],
    dt: [-0.08333333333333333, 0, 0.08333333333333333, 0, 0.16666666666666666, -0.08333333333333333]
  ) { smoothL1Loss($0, $1) },
  PairLossSample(
    "F.smooth_l1_loss(x, t, beta=0.3, reduction='none')", x, t,
    y: [0.35, 0, 0.35, 0, 1.85, 0.35],
    dx: [1, 0, -3, 0, -5, 6],
    dt: [-1, 0, 3, 0, 5, -6]
  ) { smoothL1Loss($0, $1, beta: 0.3, reduction: .none) },
  PairLossSample(
    "F.smooth_l1_loss(x, t, beta=0.0, reduction='sum')", x, t,
    y: [3.5],
    dx: [1, 0, -1, 0, -1, 1],
    dt: [-1, -0, 1, -0, 1, -1]
  ) { smoothL1Loss($0, $1, beta: 0, reduction: .sum) },
  PairLossSample(
    "F.binary_cross_entropy(p, q)", p, q,
    y: [16.976439910719638],
    // differs: PyTorch's least denominator is 10⁻¹² rounded to float32.
    dx: [0.2083333333333333, -0.1851851851851852, 0.16666666666666666, 0, 1e12 / 6, 0.2222222222222222],
    dt: [0.23104906018664842, -0.3662040962227033, -0, .infinity, -.infinity, -0.18310204811135164]
  ) { binaryCrossEntropy($0, $1) },
  PairLossSample(
    "F.binary_cross_entropy(p, q, reduction='none')", p, q,
    y: [0.22314355131420976, 0.10536051565782628, 0.6931471805599453, 0, 100, 0.8369882167858358],
    // differs: PyTorch's least denominator is 10⁻¹² rounded to float32.
    dx: [1.2499999999999998, -2.2222222222222223, 3, 0, 5e12, 8],
    dt: [1.3862943611198906, -4.394449154672439, -0, .infinity, -.infinity, -6.591673732008658]
  ) { binaryCrossEntropy($0, $1, reduction: .none) },
  PairLossSample(
    "F.binary_cross_entropy(p, q, weight=w, reduction='sum')", p, q,
    y: [103.2772030860065],
    // differs: PyTorch's least denominator is 10⁻¹² rounded to float32.
    dx: [0.6249999999999999, -1.1111111111111112, 2, 0, 1e12, 2.6666666666666665],
    dt: [0.6931471805599453, -2.1972245773362196, -0, .infinity, -.infinity, -2.1972245773362196]
  ) { binaryCrossEntropy($0, $1, weight: w.cast(to: $0.dtype), reduction: .sum) },
  PairLossSample(
    "F.binary_cross_entropy_with_logits(x, q)", x, q,
    y: [0.8073771503988687],
    dx: [
      0.12184309643833414, -0.01986715367035295, 0.0620765552003091, 0.04482357022833252, 0.08333333333333333,
      0.07542902113707223,
    ],
    dt: [-0.16666666666666666, -0.3333333333333333, -0.08333333333333333, 0.16666666666666666, -0, -0.5]
  ) { binaryCrossEntropyWithLogits($0, $1) },
  PairLossSample(
    "F.binary_cross_entropy_with_logits(z, tz, reduction='none')", z, tz,
    y: [8.75651076269652e-27, 60, 0.6931471805599453, 800, 0, 0.31326168751822286],
    dx: [0, -2, 0, 4, 0, -1.6136485282199706],
    dt: [-60, 120, -0, -3200, 4000, -6]
  ) { binaryCrossEntropyWithLogits($0, $1, reduction: .none) },
  PairLossSample(
    "F.binary_cross_entropy_with_logits(x, q, weight=w, reduction='sum')", x, q,
    y: [6.428665550628838],
    dx: [0.36552928931500245, -0.11920292202211769, 0.7449186624037092, 0.13447071068499755, 0.5, 0.9051482536448667],
    dt: [-0.5, -2, -1, 0.5, -0, -6]
  ) { binaryCrossEntropyWithLogits($0, $1, weight: w.cast(to: $0.dtype), reduction: .sum) },
  PairLossSample(
    "F.binary_cross_entropy_with_logits(x, q, pos_weight=w)", x, q,
    y: [0.8311793040375183],
    dx: [
      0.12184309643833414, -0.01986715367035295, 0.04634569400038637, 0.04482357022833252, 0.08333333333333333,
      0.07147686503894168,
    ],
    dt: [-0.19277180729318522, -0.3333333333333333, -0.004320502636648886, 0.05722819270681476, 0, -0.491902108071043]
  ) { binaryCrossEntropyWithLogits($0, $1, posWeight: w.cast(to: $0.dtype)) },
  PairLossSample(
    "F.binary_cross_entropy_with_logits(z, tz, weight=w, pos_weight=w, reduction='none')", z, tz,
    y: [2.18912769067413e-27, 60, 2.0794415416798357, 400, 0, 1.2530467500728915],
    dx: [0, -2, -1.5, 2, 0, -6.4545941128798825],
    dt: [-30, 120, 4.1588830833596715, -1600, 4000, -8.240859749781325]
  ) {
    binaryCrossEntropyWithLogits(
      $0, $1, weight: w.cast(to: $0.dtype), posWeight: w.cast(to: $0.dtype), reduction: .none)
  },
  PairLossSample(
    "F.kl_div(x, t.abs())", x, t,
    y: [-1.130543006392467],
    dx: [
      -0.08333333333333333, -0.3333333333333333, -0.16666666666666666, -0.16666666666666666, -0.3333333333333333,
      -0.41666666666666663,
    ],
    dt: [
      -0.11552453009332421, -0.051142136573342434, 0.08333333333333333, -0.3333333333333333, 0.2821911967599909,
      -0.1806182113543075,
    ]
  ) { klDivLoss($0, abs($1)) },
  PairLossSample(
    "F.kl_div(x, t.abs(), reduction='batchmean')", x, t,
    y: [-3.3916290191774014],
    dx: [-0.25, -1, -0.5, -0.5, -1, -1.25],
    dt: [-0.34657359027997264, -0.1534264097200273, 0.25, -1, 0.8465735902799727, -0.5418546340629224]
  ) { klDivLoss($0, abs($1), reduction: .batchMean) },
  PairLossSample(
    "F.kl_div(x, t.abs(), reduction='none')", x, t,
    y: [-0.8465735902799727, -2.613705638880109, -0.5, 1, 1.3862943611198906, -5.209273170314612],
    dx: [-0.5, -4, -3, -4, -10, -15],
    dt: [-0.6931471805599453, -0.6137056388801092, 1.5, -8, 8.465735902799727, -6.502255608755069]
  ) { klDivLoss($0, abs($1), reduction: .none) },
  PairLossSample(
    "F.kl_div(x, lq, reduction='sum', log_target=True)", x, lq,
    y: [-3.5241456740742527],
    dx: [
      -0.6065306597126334, -0.36787944117144233, -0.1353352832366127, -0.9048374180359595, -0.049787068367863944,
      -0.4965853037914095,
    ],
    dt: [
      -0.3032653298563167, -0.7357588823428847, -0.20300292485491905, 1.719191094268323, -0.09957413673572788,
      -1.3407803202368056,
    ]
  ) { klDivLoss($0, $1, logTarget: true, reduction: .sum) },
  PairLossSample(
    "F.poisson_nll_loss(x, n)", x, n,
    y: [2.7849125937414887],
    dx: [
      0.45304697140984085, 1.0648426831551083, -0.22521312154997863, -0.27202009313809294, 0.16666666666666666,
      2.5142561538646113,
    ],
    dt: [-0.16666666666666666, -0.3333333333333333, -0.08333333333333333, 0.16666666666666666, -0, -0.5]
  ) { poissonNLLLoss($0, $1) },
  PairLossSample(
    "F.poisson_nll_loss(x, n, full=True, reduction='none')", x, n,
    y: [2.718281828459045, 5.38905609893065, 1.912802814243185, 3.0196859257759785, 1, 9.856383974779892],
    dx: [2.718281828459045, 12.7781121978613, -4.053836187899615, -6.528482235314231, 5, 90.51322153912601],
    // differs: the limit 0 of ln t's part at a target 0, where PyTorch has NaN.
    dt: [-1, -4, 2.295836866004329, 7.772588722239782, 0, -7.743372525395399]
  ) { poissonNLLLoss($0, $1, full: true, reduction: .none) },
  PairLossSample(
    "F.poisson_nll_loss(v, n, log_input=False, eps=1e-3, reduction='sum')", v, n,
    y: [5.427666511897417],
    dx: [1, 0.0009990009990008542, -0.4992503748125938, -6.968127490039841, 1, -3.9950049950049955],
    dt: [
      0.6911491778972723, -0.0009995003330834232, -0.6936470556015963, 1.3823023398503531, 6.907754278982637,
      -0.0009995003330834232,
    ]
  ) { poissonNLLLoss($0, $1, logInput: false, eps: 1e-3, reduction: .sum) },
  PairLossSample(
    "F.gaussian_nll_loss(x, t, v0)", x, t,
    y: [0.2604166666666667],
    dx: [0.16666666666666666, 0, -0.16666666666666666, 0, -0.16666666666666666, 0.041666666666666664],
    dt: [-0.16666666666666666, -0, 0.16666666666666666, -0, 0.16666666666666666, -0.041666666666666664]
  ) { gaussianNLLLoss($0, $1, v0.cast(to: $0.dtype)) },
  PairLossSample(
    "F.gaussian_nll_loss(x, torch.tensor([[1.], [2.]]), v, full=True, eps=1e-3, reduction='none')", x, v,
    y: [
      0.5723649429247, 1.4189385332046727, 1.3280121234846454, 18.22579135264473, 1997.4650608937136,
      1.4189385332046727,
    ],
    dx: [0, 2, -0.75, -48, -10000, 6],
    dt: [1, 0, 0.65625, -280, -9997500, 0]
  ) {
    gaussianNLLLoss(
      $0, Tensor([[1.0], [2.0]], .float64).cast(to: $0.dtype), $1, full: true, eps: 1e-3, reduction: .none)
  },
  PairLossSample(
    "F.gaussian_nll_loss(x, t, v0[:, 0], reduction='sum')", x, t,
    y: [1.5625],
    dx: [1, 0, -1, 0, -1, 0.25],
    dt: [-1, -0, 1, -0, 1, -0.25]
  ) { gaussianNLLLoss($0, $1, v0[0..., 0].cast(to: $0.dtype), reduction: .sum) },
  PairLossSample(
    "F.soft_margin_loss(x, s)", x, s,
    y: [1.1615438170655352],
    dx: [
      -0.04482357022833252, 0.14679951299631375, -0.0629234447996909, 0.04482357022833252, -0.08333333333333333,
      0.15876235447040551,
    ],
    dt: nil
  ) { softMarginLoss($0, $1) },
  PairLossSample(
    "F.soft_margin_loss(z, s, reduction='none')", z, s,
    // differs: PyTorch overflows at ±800.
    y: [8.75651076269652e-27, 8.75651076269652e-27, 0.6931471805599453, 800, 800, 1.3132616875182228],
    // differs: PyTorch overflows at ±800.
    dx: [-8.75651076269652e-27, 1.751302152539304e-26, -1.5, 4, -5, 4.38635147178003],
    dt: nil
  ) { softMarginLoss($0, $1, reduction: .none) },
  PairLossSample(
    "F.hinge_embedding_loss(x, s)", x, s,
    y: [0.5833333333333334],
    dx: [0.16666666666666666, 0, 0.16666666666666666, -0.16666666666666666, 0.16666666666666666, 0],
    dt: nil
  ) { hingeEmbeddingLoss($0, $1.value) },
  PairLossSample(
    "F.hinge_embedding_loss(x, s, margin=2.5, reduction='none')", x, s,
    y: [1, 0.5, 0.5, 3.5, 0, 0],
    dx: [1, -2, 3, -4, 5, 0],
    dt: nil
  ) { hingeEmbeddingLoss($0, $1.value, margin: 2.5, reduction: .none) },
  PairLossSample(
    "F.margin_ranking_loss(x, t, s)", x, t,
    y: [0.5],
    dx: [-0, 0, -0.16666666666666666, 0, -0.16666666666666666, 0.16666666666666666],
    dt: [0, -0, 0.16666666666666666, -0, 0.16666666666666666, -0.16666666666666666]
  ) { marginRankingLoss($0, $1, s.cast(to: $0.dtype)) },
  PairLossSample(
    "F.margin_ranking_loss(x, t, s, margin=0.7, reduction='none')", x, t,
    y: [0.19999999999999996, 0.7, 1.2, 0.7, 2.7, 1.2],
    dx: [-1, 2, -3, 4, -5, 6],
    dt: [1, -2, 3, -4, 5, -6]
  ) { marginRankingLoss($0, $1, s.cast(to: $0.dtype), margin: 0.7, reduction: .none) },
  PairLossSample(
    "F.cosine_embedding_loss(x, t, torch.tensor([1., -1.]), reduction='none')", x, t,
    y: [0.04761904761922908, 0.8013876853446781],
    dx: [
      0.08616780045346377, -0.01814058956922665, -0.09977324263038376, -0.02828427124747529, 0.3771236166327897,
      -0.009428090415771528,
    ],
    dt: [
      -0.09977324263038376, -0.01814058956922665, 0.08616780045346377, -0.046092886477353656, -0.2849378436780824,
      0.20951312035158154,
    ]
  ) { cosineEmbeddingLoss($0, $1, Tensor([1.0, -1.0], .float64).cast(to: $0.dtype), reduction: .none) },
  PairLossSample(
    "F.cosine_embedding_loss(x, t, torch.tensor([-1., 1.]), margin=0.2)", x, t,
    y: [0.47549663351804644],
    dx: [
      -0.043083900226731885, 0.009070294784613325, 0.04988662131519188, 0.0070710678118688225, -0.09428090415819743,
      0.002357022603942882,
    ],
    dt: [
      0.04988662131519188, 0.009070294784613325, -0.043083900226731885, 0.011523221619338414, 0.0712344609195206,
      -0.052378280087895385,
    ]
  ) { cosineEmbeddingLoss($0, $1, Tensor([-1.0, 1.0], .float64).cast(to: $0.dtype), margin: 0.2) },
  PairLossSample(
    "F.triplet_margin_loss(x, t, s)", x, t,
    y: [0],
    dx: [0, 0, 0, 0, 0, 0],
    dt: [-0, -0, 0, -0, 0, -0]
  ) { tripletMarginLoss($0, $1, s.cast(to: $0.dtype)) },
  PairLossSample(
    "F.triplet_margin_loss(x, t, s, margin=2.0, p=1.0, swap=True, reduction='none')", x, t,
    y: [0, 0],
    dx: [0, 0, 0, 0, -0, 0],
    dt: [0, -0, 0, -0, 0, -0]
  ) { tripletMarginLoss($0, $1, s.cast(to: $0.dtype), margin: 2, p: 1, swap: true, reduction: .none) },
  PairLossSample(
    "F.multi_margin_loss(x, torch.tensor([2, 0]))", x, x,
    y: [1.8333333333333335],
    dx: [
      0.16666666666666666, 0.16666666666666666, -0.3333333333333333, -0.3333333333333333, 0.16666666666666666,
      0.16666666666666666,
    ],
    dt: nil
  ) { x, _ in multiMarginLoss(x, Tensor([2, 0])) },
  PairLossSample(
    "F.multi_margin_loss(x, torch.tensor([2, 0]), p=2, margin=0.5, weight=w, reduction='none')", x, x,
    y: [3.3333333333333335, 3.75],
    dx: [1.3333333333333333, 2.6666666666666665, -4, -4, 1, 3],
    dt: nil
  ) { x, _ in multiMarginLoss(x, Tensor([2, 0]), p: 2, margin: 0.5, weight: w, reduction: .none) },
  PairLossSample(
    "F.multi_margin_loss(x[0], torch.tensor(1))", x, x,
    y: [0],
    dx: [0, 0, 0, 0, 0, 0],
    dt: nil
  ) { x, _ in multiMarginLoss(x[0], Tensor(1, .int64)) },
  PairLossSample(
    "F.multilabel_margin_loss(x, torch.tensor([[2, 0, -1], [1, -1, 0]]))", x, x,
    y: [1.4166666666666667],
    dx: [-0.16666666666666666, 0.3333333333333333, -0.16666666666666666, 0, -0.16666666666666666, 0.16666666666666666],
    dt: nil
  ) { x, _ in multiLabelMarginLoss(x, Tensor([[2, 0, -1], [1, -1, 0]])) },
  PairLossSample(
    "F.multilabel_margin_loss(x[0], torch.tensor([0, 1, -1]), reduction='sum')", x, x,
    y: [0.16666666666666666],
    dx: [-0.3333333333333333, 0, 0.3333333333333333, 0, 0, 0],
    dt: nil
  ) { x, _ in multiLabelMarginLoss(x[0], Tensor([0, 1, -1]), reduction: .sum) },
  PairLossSample(
    "F.multilabel_soft_margin_loss(x, q, weight=w)", x, q,
    y: [1.0714442584381396],
    dx: [
      0.06092154821916707, -0.019867153670352924, 0.12415311040061816, 0.022411785114166256, 0.08333333333333333,
      0.1508580422741444,
    ],
    dt: [-0.08333333333333333, -0.33333333333333337, -0.16666666666666669, 0.08333333333333333, 0, -0.9999999999999999]
  ) { multiLabelSoftMarginLoss($0, $1, weight: w) },
  PairLossSample(
    "F.multilabel_soft_margin_loss(x, q, reduction='none')", x, q,
    y: [0.7630888942471007, 0.8516654065506367],
    dx: [
      0.2436861928766683, -0.03973430734070585, 0.12415311040061816, 0.17929428091333005, 0.3333333333333333,
      0.3017160845482888,
    ],
    dt: [-0.3333333333333333, -0.6666666666666667, -0.16666666666666669, 0.6666666666666666, 0, -1.9999999999999998]
  ) { multiLabelSoftMarginLoss($0, $1, reduction: .none) },
]
