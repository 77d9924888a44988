import TapestryAutograd
import TapestryOps
import TapestryTensors

/// x in the expressions below.
let reductionInput = Tensor([1.5, -2, 0.25, 4, 0.5, -1] as [Double], shape: [2, 3])

// What PyTorch 2.15 computes in float64: the result r, and the gradient of (r·w).sum() with w = 1, 2, 3 … in r's shape:
// Tests/pytorch_rows.py.

let reductionSamples: [ReductionSample] = [
  ReductionSample(
    "x.mean()", shape: [],
    y: [0.5416666666666666],
    dx: [
      0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666,
      0.16666666666666666,
    ]
  ) { $0.mean() },
  ReductionSample(
    "x.mean(1)", shape: [2],
    y: [-0.08333333333333333, 1.1666666666666667],
    dx: [
      0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.6666666666666666, 0.6666666666666666,
      0.6666666666666666,
    ]
  ) { $0.mean(1) },
  ReductionSample(
    "x.mean((0, -1), keepdim=True)", shape: [1, 1],
    y: [0.5416666666666666],
    dx: [
      0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666, 0.16666666666666666,
      0.16666666666666666,
    ]
  ) { $0.mean(0, -1, keepDims: true) },
  ReductionSample(
    "x.sum(0, keepdim=True)", shape: [1, 3],
    y: [5.5, -1.5, -0.75],
    dx: [1, 2, 3, 1, 2, 3]
  ) { $0.sum(0, keepDims: true) },
  ReductionSample(
    "x.var()", shape: [],
    y: [4.360416666666667],
    dx: [
      0.38333333333333336, -1.0166666666666666, -0.11666666666666665, 1.3833333333333335, -0.016666666666666653,
      -0.6166666666666667,
    ]
  ) { $0.variance() },
  ReductionSample(
    "x.var(0)", shape: [3],
    y: [3.125, 3.125, 0.78125],
    dx: [-2.5, -5, 3.75, 2.5, 5, -3.75]
  ) { $0.variance(0) },
  ReductionSample(
    "x.var(1, correction=0, keepdim=True)", shape: [2, 1],
    y: [2.0972222222222223, 4.388888888888889],
    dx: [
      1.0555555555555554, -1.2777777777777777, 0.2222222222222222, 3.7777777777777772, -0.888888888888889,
      -2.8888888888888893,
    ]
  ) { $0.variance(1, correction: 0, keepDims: true) },
  ReductionSample(
    "x.std(-1)", shape: [2],
    y: [1.773649721149397, 2.565800719723442],
    dx: [
      0.44634893644819257, -0.5403171335951805, 0.09396819714698791, 1.1042686641847723, -0.2598279209846524,
      -0.8444407432001203,
    ]
  ) { $0.standardDeviation(-1) },
  ReductionSample(
    "x.std(correction=0)", shape: [],
    y: [1.9062215389496455],
    dx: [
      0.08378995775602838, -0.2222255401355535, -0.025501291490965156, 0.30237245625001546, -0.003643041641566448,
      -0.13479254073795868,
    ]
  ) { $0.standardDeviation(correction: 0) },
  ReductionSample(
    "x.amax(0)", shape: [3],
    y: [4, 0.5, 0.25],
    dx: [0, 0, 3, 1, 2, 0]
  ) { $0.amax(0) },
  ReductionSample(
    "x.amin((0, 1), keepdim=True)", shape: [1, 1],
    y: [-2],
    dx: [0, 1, 0, 0, 0, 0]
  ) { $0.amin(0, 1, keepDims: true) },
  ReductionSample(
    "x.max()", shape: [],
    y: [4],
    dx: [0, 0, 0, 1, 0, 0]
  ) { $0.max() },
  ReductionSample(
    "x.min()", shape: [],
    y: [-2],
    dx: [0, 1, 0, 0, 0, 0]
  ) { $0.min() },
  ReductionSample(
    "x.max(1).values", shape: [2],
    y: [1.5, 4],
    dx: [1, 0, 0, 2, 0, 0]
  ) { $0.max(axis: 1).values },
  ReductionSample(
    "x.min(0, keepdim=True).values", shape: [1, 3],
    y: [1.5, -2, -1],
    dx: [1, 2, 0, 0, 0, 3]
  ) { $0.min(axis: 0, keepDims: true).values },
  ReductionSample(
    "x.logsumexp((0, 1))", shape: [],
    y: [4.135419333036188],
    dx: [
      0.07168890158005393, 0.0021648172481377433, 0.020539214184323515, 0.8733496105484728, 0.02637287305146477,
      0.005884583387547544,
    ]
  ) { $0.logSumExp() },
  ReductionSample(
    "x.logsumexp(-1, keepdim=True)", shape: [2, 1],
    y: [1.7751302622476355, 4.036269565124779],
    dx: [
      0.7594731860969822, 0.022934102999540424, 0.21759271090347723, 1.92876059029372, 0.058243523074956824,
      0.012995886631323884,
    ]
  ) { $0.logSumExp(-1, keepDims: true) },
  ReductionSample(
    "x.cumsum(0)", shape: [2, 3],
    y: [1.5, -2, 0.25, 5.5, -1.5, -0.75],
    dx: [5, 7, 9, 4, 5, 6]
  ) { $0.cumsum(0) },
  ReductionSample(
    "x.cumsum(-1)", shape: [2, 3],
    y: [1.5, -0.5, -0.25, 4, 4.5, 3.5],
    dx: [6, 5, 3, 15, 11, 6]
  ) { $0.cumsum(-1) },
  ReductionSample(
    "x.prod()", shape: [],
    y: [1.5],
    dx: [1, -0.75, 6, 0.375, 3, -1.5]
  ) { $0.prod() },
  ReductionSample(
    "x.prod(1)", shape: [2],
    y: [-0.75, -2],
    dx: [-0.5, 0.375, -3, -1, -8, 4]
  ) { $0.prod(1) },
  ReductionSample(
    "x.cumprod(0)", shape: [2, 3],
    y: [1.5, -2, 0.25, 6, -1, -0.25],
    dx: [17, 4.5, -3, 6, -10, 1.5]
  ) { $0.cumprod(0) },
  ReductionSample(
    "x.cumprod(-1)", shape: [2, 3],
    y: [1.5, -3, -0.75, 4, 2, -2],
    dx: [-4.5, 4.125, -9, 3.5, -4, 12]
  ) { $0.cumprod(-1) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 0)", shape: [],
    y: [6],
    dx: [0, 0, 0, 0, 0, 0]
  ) { $0.norm(0) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 0, dim=1)", shape: [2],
    y: [3, 3],
    dx: [0, 0, 0, 0, 0, 0]
  ) { $0.norm(0, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 0.5)", shape: [],
    y: [46.86860892736526],
    dx: [
      5.5897888408159195, -4.840899137937355, 13.692130429902464, 3.423032607475616, 9.68179827587471,
      -6.846065214951232,
    ]
  ) { $0.norm(0.5) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 0.5, dim=1)", shape: [2],
    y: [9.85306004890244, 13.742640687119284],
    dx: [
      2.562948828843115, -2.2195787943777123, 6.277916867529369, 3.7071067811865475, 10.48528137423857,
      -7.414213562373095,
    ]
  ) { $0.norm(0.5, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 1)", shape: [],
    y: [9.25],
    dx: [1, -1, 1, 1, 1, -1]
  ) { $0.norm(1) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 1, dim=1)", shape: [2],
    y: [3.75, 5.5],
    dx: [1, -1, 1, 2, 2, -2]
  ) { $0.norm(1, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 1.5)", shape: [],
    y: [5.848576400962664],
    dx: [
      0.5064313073869755, -0.5847765032918489, 0.2067497154781119, 0.8269988619124476, 0.29238825164592447,
      -0.4134994309562238,
    ]
  ) { $0.norm(1.5) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 1.5, dim=1)", shape: [2],
    y: [2.8417764770443634, 4.439333304765371],
    dx: [
      0.726525182142858, -0.838919018966442, 0.2966026635887685, 1.8984585298801808, 0.6712064501398599,
      -0.9492292649400904,
    ]
  ) { $0.norm(1.5, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 2)", shape: [],
    y: [4.8541219597369],
    dx: [
      0.3090157215747628, -0.4120209620996838, 0.051502620262460476, 0.8240419241993676, 0.10300524052492095,
      -0.2060104810498419,
    ]
  ) { $0.norm(2) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 2, dim=1)", shape: [2],
    y: [2.5124689052802225, 4.153311931459037],
    dx: [
      0.5970223141259935, -0.7960297521679913, 0.09950371902099892, 1.9261736493723072, 0.2407717061715384,
      -0.4815434123430768,
    ]
  ) { $0.norm(2, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 3)", shape: [],
    y: [4.245381372439887],
    dx: [
      0.12483865992063384, -0.22193539541446017, 0.00346774055335094, 0.8877415816578407, 0.01387096221340376,
      -0.05548384885361504,
    ]
  ) { $0.norm(3) },
  ReductionSample(
    "torch.linalg.vector_norm(x, 3, dim=1)", shape: [2],
    y: [2.25, 4.023301496486735],
    dx: [
      0.4444444444444444, -0.7901234567901234, 0.012345679012345678, 1.9769005433792792, 0.030889070990301238,
      -0.12355628396120495,
    ]
  ) { $0.norm(3, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, inf)", shape: [],
    y: [4],
    dx: [0, -0.0, 0, 1, 0, -0.0]
  ) { $0.norm(.infinity) },
  ReductionSample(
    "torch.linalg.vector_norm(x, inf, dim=1)", shape: [2],
    y: [2, 4],
    dx: [0, -1, 0, 2, 0, -0.0]
  ) { $0.norm(.infinity, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, -inf)", shape: [],
    y: [0.25],
    dx: [0, -0.0, 1, 0, 0, -0.0]
  ) { $0.norm(-.infinity) },
  ReductionSample(
    "torch.linalg.vector_norm(x, -inf, dim=1)", shape: [2],
    y: [0.25, 0.5],
    dx: [0, -0.0, 1, 0, 2, -0.0]
  ) { $0.norm(-.infinity, axes: [1]) },
  ReductionSample(
    "torch.linalg.vector_norm(x, -1)", shape: [],
    y: [0.11881188118811882],
    dx: [
      0.006273894716204294, -0.0035290657778649158, 0.2258602097833546, 0.0008822664444662289, 0.05646505244583865,
      -0.014116263111459663,
    ]
  ) { $0.norm(-1) },
  ReductionSample(
    "torch.linalg.vector_norm(x, -1, dim=1)", shape: [2],
    y: [0.19354838709677422, 0.3076923076923077],
    dx: [
      0.01664932362122789, -0.009365244536940688, 0.599375650364204, 0.01183431952662722, 0.7573964497041421,
      -0.18934911242603553,
    ]
  ) { $0.norm(-1, axes: [1]) },
]
