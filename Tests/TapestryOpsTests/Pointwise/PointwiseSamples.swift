import TapestryAutograd
import TapestryOps
import TapestryTensors

// What PyTorch 2.15 computes in float64: y = f(x) and the gradient of y.sum(): Tests/pytorch_rows.py.

/// Every number that may need a rule of its own; and without NaN, for functions with a kink, where PyTorch's
/// derivatives at NaN follow no rule.
let specialNumbers: [Double] = [-.infinity, -2.5, -1, -0.0, 0, 0.5, 1, 3, .infinity]
let specialValues: [Double] = specialNumbers + [.nan]

/// Arithmetic and powers.
let powersSamples: [UnarySample] = [
  UnarySample(
    "-x", x: specialValues,
    y: [.infinity, 2.5, 1, 0, -0.0, -0.5, -1, -3, -.infinity, .nan],
    dx: [-1, -1, -1, -1, -1, -1, -1, -1, -1, -1]
  ) { -$0 },
  UnarySample(
    "torch.square(x)", x: specialValues,
    y: [.infinity, 6.25, 1, 0, 0, 0.25, 1, 9, .infinity, .nan],
    dx: [-.infinity, -5, -2, -0.0, 0, 1, 2, 6, .infinity, .nan]
  ) { square($0) },
  UnarySample(
    "torch.sqrt(x)", x: specialValues,
    y: [.nan, .nan, .nan, -0.0, 0, 0.7071067811865476, 1, 1.7320508075688772, .infinity, .nan],
    dx: [.nan, .nan, .nan, -.infinity, .infinity, 0.7071067811865475, 0.5, 0.2886751345948129, 0, .nan]
  ) { sqrt($0) },
  UnarySample(
    "torch.rsqrt(x)", x: specialValues,
    y: [.nan, .nan, .nan, -.infinity, .infinity, 1.414213562373095, 1, 0.5773502691896258, 0, .nan],
    dx: [.nan, .nan, .nan, .infinity, -.infinity, -1.4142135623730947, -0.5, -0.09622504486493767, -0.0, .nan]
  ) { rsqrt($0) },
  UnarySample(
    "torch.reciprocal(x)", x: specialValues,
    y: [-0.0, -0.4, -1, -.infinity, .infinity, 2, 1, 0.3333333333333333, 0, .nan],
    dx: [-0.0, -0.16000000000000003, -1, -.infinity, -.infinity, -4, -1, -0.1111111111111111, -0.0, .nan]
  ) { reciprocal($0) },
  UnarySample(
    "x ** 3", x: specialValues,
    y: [-.infinity, -15.625, -1, -0.0, 0, 0.125, 1, 27, .infinity, .nan],
    dx: [.infinity, 18.75, 3, 0, 0, 0.75, 3, 27, .infinity, .nan]
  ) { pow($0, 3) },
  UnarySample(
    "x ** 0.5", x: [-2.5, 0, 0.5, 1, 3, .infinity, .nan],
    y: [.nan, 0, 0.7071067811865476, 1, 1.7320508075688772, .infinity, .nan],
    dx: [.nan, .infinity, 0.7071067811865475, 0.5, 0.2886751345948129, 0, .nan]
  ) { pow($0, 0.5) },
  UnarySample(
    "x ** -2", x: specialValues,
    y: [0, 0.16, 1, .infinity, .infinity, 4, 1, 0.1111111111111111, 0, .nan],
    dx: [0, 0.128, 2, .infinity, -.infinity, -16, -2, -0.07407407407407407, -0.0, .nan]
  ) { pow($0, -2) },
  UnarySample(
    "x ** 0", x: specialValues,
    y: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    dx: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  ) { pow($0, 0) },
  UnarySample(
    "2 ** x", x: specialValues,
    y: [0, 0.1767766952966369, 0.5, 1, 1, 1.4142135623730951, 2, 8, .infinity, .nan],
    dx: [
      0, 0.1225322679335684, 0.34657359027997264, 0.6931471805599453, 0.6931471805599453, 0.9802581434685472,
      1.3862943611198906, 5.545177444479562, .infinity,
      .nan,
    ]
  ) { pow(2, $0) },
  UnarySample(
    "0 ** x", x: specialValues,
    y: [.infinity, .infinity, .infinity, 1, 1, 0, 0, 0, 0, .nan],
    dx: [-.infinity, -.infinity, -.infinity, 0, 0, 0, 0, 0, 0, .nan]
  ) { pow(0, $0) },
]

/// Exponentials and logarithms.
let exponentialsSamples: [UnarySample] = [
  UnarySample(
    "torch.exp(x)", x: specialValues,
    y: [
      0, 0.0820849986238988, 0.36787944117144233, 1, 1, 1.6487212707001282, 2.718281828459045, 20.085536923187668,
      .infinity, .nan,
    ],
    dx: [
      0, 0.0820849986238988, 0.36787944117144233, 1, 1, 1.6487212707001282, 2.718281828459045, 20.085536923187668,
      .infinity, .nan,
    ]
  ) { exp($0) },
  UnarySample(
    "torch.exp2(x)", x: specialValues,
    y: [0, 0.1767766952966369, 0.5, 1, 1, 1.4142135623730951, 2, 8, .infinity, .nan],
    dx: [
      0, 0.1225322679335684, 0.34657359027997264, 0.6931471805599453, 0.6931471805599453, 0.9802581434685472,
      1.3862943611198906, 5.545177444479562, .infinity,
      .nan,
    ]
  ) { exp2($0) },
  UnarySample(
    "torch.expm1(x)", x: specialValues,
    y: [
      -1, -0.9179150013761012, -0.6321205588285577, -0.0, 0, 0.6487212707001282, 1.7182818284590453, 19.085536923187668,
      .infinity, .nan,
    ],
    dx: [
      0, 0.08208499862389884, 0.36787944117144233, 1, 1, 1.6487212707001282, 2.7182818284590455, 20.085536923187668,
      .infinity, .nan,
    ]
  ) { expm1($0) },
  UnarySample(
    "torch.log(x)", x: specialValues,
    y: [.nan, .nan, .nan, -.infinity, -.infinity, -0.6931471805599453, 0, 1.0986122886681098, .infinity, .nan],
    dx: [-0.0, -0.4, -1, -.infinity, .infinity, 2, 1, 0.3333333333333333, 0, .nan]
  ) { log($0) },
  UnarySample(
    "torch.log1p(x)", x: specialValues,
    y: [.nan, .nan, -.infinity, -0.0, 0, 0.4054651081081644, 0.6931471805599453, 1.3862943611198906, .infinity, .nan],
    dx: [-0.0, -0.6666666666666666, .infinity, 1, 1, 0.6666666666666666, 0.5, 0.25, 0, .nan]
  ) { log1p($0) },
  UnarySample(
    "torch.log2(x)", x: specialValues,
    y: [.nan, .nan, .nan, -.infinity, -.infinity, -1, 0, 1.584962500721156, .infinity, .nan],
    dx: [
      -0.0, -0.5770780163555853, -1.4426950408889634, -.infinity, .infinity, 2.8853900817779268, 1.4426950408889634,
      0.48089834696298783, 0, .nan,
    ]
  ) { log2($0) },
  UnarySample(
    "torch.log10(x)", x: specialValues,
    y: [.nan, .nan, .nan, -.infinity, -.infinity, -0.3010299956639812, 0, 0.47712125471966244, .infinity, .nan],
    dx: [
      -0.0, -0.1737177927613007, -0.43429448190325176, -.infinity, .infinity, 0.8685889638065035, 0.43429448190325176,
      0.14476482730108392, 0, .nan,
    ]
  ) { log10($0) },
]

/// Circular and hyperbolic functions.
let circularSamples: [UnarySample] = [
  UnarySample(
    "torch.sin(x)", x: specialValues,
    y: [
      .nan, -0.5984721441039565, -0.8414709848078965, -0.0, 0, 0.479425538604203, 0.8414709848078965,
      0.1411200080598672, .nan, .nan,
    ],
    dx: [
      .nan, -0.8011436155469337, 0.5403023058681398, 1, 1, 0.8775825618903728, 0.5403023058681398, -0.9899924966004454,
      .nan, .nan,
    ]
  ) { sin($0) },
  UnarySample(
    "torch.cos(x)", x: specialValues,
    y: [
      .nan, -0.8011436155469337, 0.5403023058681398, 1, 1, 0.8775825618903728, 0.5403023058681398, -0.9899924966004454,
      .nan, .nan,
    ],
    dx: [
      .nan, 0.5984721441039565, 0.8414709848078965, 0, -0.0, -0.479425538604203, -0.8414709848078965,
      -0.1411200080598672, .nan, .nan,
    ]
  ) { cos($0) },
  UnarySample(
    "torch.tan(x)", x: specialValues,
    y: [
      .nan, 0.7470222972386603, -1.5574077246549023, -0.0, 0, 0.5463024898437905, 1.5574077246549023,
      -0.1425465430742778, .nan, .nan,
    ],
    dx: [
      .nan, 1.5580423125717253, 3.42551882081476, 1, 1, 1.2984464104095248, 3.42551882081476, 1.0203195169424268, .nan,
      .nan,
    ]
  ) { tan($0) },
  UnarySample(
    "torch.asin(x)", x: specialValues,
    y: [.nan, .nan, -1.5707963267948966, -0.0, 0, 0.5235987755982989, 1.5707963267948966, .nan, .nan, .nan],
    dx: [.nan, .nan, .infinity, 1, 1, 1.1547005383792517, .infinity, .nan, .nan, .nan]
  ) { asin($0) },
  UnarySample(
    "torch.acos(x)", x: specialValues,
    y: [
      .nan, .nan, 3.141592653589793, 1.5707963267948966, 1.5707963267948966, 1.0471975511965976, 0, .nan, .nan, .nan,
    ],
    dx: [.nan, .nan, -.infinity, -1, -1, -1.1547005383792517, -.infinity, .nan, .nan, .nan]
  ) { acos($0) },
  UnarySample(
    "torch.atan(x)", x: specialValues,
    y: [
      -1.5707963267948966, -1.1902899496825317, -0.7853981633974483, -0.0, 0, 0.4636476090008061, 0.7853981633974483,
      1.2490457723982544, 1.5707963267948966,
      .nan,
    ],
    dx: [0, 0.13793103448275862, 0.5, 1, 1, 0.8, 0.5, 0.1, 0, .nan]
  ) { atan($0) },
  UnarySample(
    "torch.sinc(x)", x: [-.infinity, -2.5, -0.25, 0, 1e-5, 0.1, 0.24, 0.5, 1.5, 37.3, .nan],
    y: [
      .nan, 0.12732395447351627, 0.9003163161571061, 1, 0.9999999998355066, 0.983631643083466, 0.9079087973983508,
      0.6366197723675814, -0.2122065907891938,
      -0.006903970707781235, .nan,
    ],
    // differs: PyTorch's derivative cancels near 0; mpmath, (cos πx − sinc x)/x
    dx: [
      .nan, 0.05092958178940638, 0.7728381398822339, 0, -3.289868133371756e-05, -0.325751267883124, -0.7455840415705802,
      -1.2732395447351625,
      0.14147106052612907, -0.015573224707364611, .nan,
    ]
  ) { sinc($0) },
  UnarySample(
    "torch.sinh(x)", x: specialValues,
    y: [
      -.infinity, -6.0502044810397875, -1.1752011936438014, -0.0, 0, 0.5210953054937474, 1.1752011936438014,
      10.017874927409903, .infinity, .nan,
    ],
    dx: [
      .infinity, 6.132289479663686, 1.5430806348152437, 1, 1, 1.1276259652063807, 1.5430806348152437,
      10.067661995777765, .infinity, .nan,
    ]
  ) { sinh($0) },
  UnarySample(
    "torch.cosh(x)", x: specialValues,
    y: [
      .infinity, 6.132289479663686, 1.5430806348152437, 1, 1, 1.1276259652063807, 1.5430806348152437,
      10.067661995777765, .infinity, .nan,
    ],
    dx: [
      -.infinity, -6.0502044810397875, -1.1752011936438014, -0.0, 0, 0.5210953054937474, 1.1752011936438014,
      10.017874927409903, .infinity, .nan,
    ]
  ) { cosh($0) },
  UnarySample(
    "torch.tanh(x)", x: specialValues,
    y: [
      -1, -0.9866142981514303, -0.7615941559557649, -0.0, 0, 0.46211715726000974, 0.7615941559557649,
      0.9950547536867305, 1, .nan,
    ],
    dx: [
      0, 0.02659222668316057, 0.41997434161402614, 1, 1, 0.7864477329659274, 0.41997434161402614, 0.009866037165440166,
      0, .nan,
    ]
  ) { tanh($0) },
  UnarySample(
    "torch.asinh(x)", x: specialValues,
    y: [
      -.infinity, -1.6472311463710958, -0.881373587019543, -0.0, 0, 0.48121182505960347, 0.881373587019543,
      1.8184464592320668, .infinity, .nan,
    ],
    dx: [
      0, 0.3713906763541037, 0.7071067811865475, 1, 1, 0.8944271909999159, 0.7071067811865475, 0.31622776601683794, 0,
      .nan,
    ]
  ) { asinh($0) },
  UnarySample(
    "torch.acosh(x)", x: specialValues,
    y: [.nan, .nan, .nan, .nan, .nan, .nan, 0, 1.762747174039086, .infinity, .nan],
    dx: [0, 0.4364357804719848, .infinity, .nan, .nan, .nan, .infinity, 0.35355339059327373, 0, .nan]
  ) { acosh($0) },
  UnarySample(
    "torch.atanh(x)", x: specialValues,
    y: [.nan, .nan, -.infinity, -0.0, 0, 0.5493061443340548, .infinity, .nan, .nan, .nan],
    dx: [-0.0, -0.19047619047619047, .infinity, 1, 1, 1.3333333333333333, .infinity, -0.125, -0.0, .nan]
  ) { atanh($0) },
]

/// Special functions.
let specialSamples: [UnarySample] = [
  UnarySample(
    "torch.erf(x)", x: specialValues,
    y: [
      -1, -0.999593047982555, -0.8427007929497149, -0.0, 0, 0.5204998778130465, 0.8427007929497149, 0.9999779095030014,
      1, .nan,
    ],
    dx: [
      0, 0.00217828423035271, 0.4151074974205947, 1.1283791670955126, 1.1283791670955126, 0.8787825789354448,
      0.4151074974205947, 0.00013925305194674786, 0,
      .nan,
    ]
  ) { erf($0) },
  UnarySample(
    "torch.erfc(x)", x: specialValues,
    y: [
      2, 1.999593047982555, 1.8427007929497148, 1, 1, 0.4795001221869535, 0.15729920705028513, 2.209049699858544e-05, 0,
      .nan,
    ],
    dx: [
      -0.0, -0.00217828423035271, -0.4151074974205947, -1.1283791670955126, -1.1283791670955126, -0.8787825789354448,
      -0.4151074974205947,
      -0.00013925305194674786, -0.0, .nan,
    ]
  ) { erfc($0) },
  UnarySample(
    "torch.erfinv(x)", x: specialValues,
    y: [.nan, .nan, -.infinity, -0.0, 0, 0.4769362762044699, .infinity, .nan, .nan, .nan],
    dx: [
      .nan, .nan, .infinity, 0.8862269254527579, 0.8862269254527579, 1.1125848189719496, .infinity, .nan, .nan, .nan,
    ]
  ) { erfinv($0) },
  UnarySample(
    "torch.lgamma(x)", x: [-2.5, 0.5, 1, 3, .infinity, .nan],
    y: [-0.05624371649767405, 0.5723649429247001, 0, 0.6931471805599453, .infinity, .nan],
    dx: [1.1031566406452433, -1.9635100260214229, -0.5772156649015328, 0.922784335098467, .infinity, .nan]
  ) { lgamma($0) },
  UnarySample(
    "torch.digamma(x)", x: [-2.5, 0.5, 1, 3, .infinity, .nan],
    y: [1.103156640645243, -1.9635100260214235, -0.5772156649015329, 0.9227843350984671, .infinity, .nan],
    // differs: PyTorch's ψ′ has an error of 3·10⁻¹⁰; mpmath.polygamma(1, x)
    dx: [9.539246644989124, 4.934802200544679, 1.6449340668482264, 0.39493406684822646, 0, .nan]
  ) { digamma($0) },
  UnarySample(
    "torch.polygamma(1, x)", x: [-2.3, -0.3, 0.1, 1, 3.75, 50],
    // differs: PyTorch's ψ′ has an error of 3·10⁻¹⁰; mpmath.polygamma(1, x)
    y: [
      14.725912160961292, 13.945160267805722, 101.43329915079275, 1.6449340668482264, 0.3053398526902531,
      0.020201333226697125,
    ],
    dx: [
      68.71379252927031, 67.63908119988317, -2001.8614573783436, -2.4041138063191885, -0.09254633851589927,
      -0.0004080799893375969,
    ]
  ) { trigamma($0) },
]

/// Signs, rounding, limits.
let roundingSamples: [UnarySample] = [
  UnarySample(
    "torch.abs(x)", x: specialNumbers,
    y: [.infinity, 2.5, 1, 0, 0, 0.5, 1, 3, .infinity],
    dx: [-1, -1, -1, 0, 0, 1, 1, 1, 1]
  ) { abs($0) },
  UnarySample(
    "torch.sign(x)", x: specialNumbers,
    y: [-1, -1, -1, 0, 0, 1, 1, 1, 1],
    dx: [0, 0, 0, 0, 0, 0, 0, 0, 0]
  ) { sign($0) },
  UnarySample(
    "torch.floor(x)", x: specialValues,
    y: [-.infinity, -3, -1, -0.0, 0, 0, 1, 3, .infinity, .nan],
    dx: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  ) { floor($0) },
  UnarySample(
    "torch.ceil(x)", x: specialValues,
    y: [-.infinity, -2, -1, -0.0, 0, 1, 1, 3, .infinity, .nan],
    dx: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  ) { ceil($0) },
  UnarySample(
    "torch.round(x)", x: specialValues,
    y: [-.infinity, -2, -1, -0.0, 0, 0, 1, 3, .infinity, .nan],
    dx: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  ) { round($0) },
  UnarySample(
    "torch.trunc(x)", x: specialValues,
    y: [-.infinity, -2, -1, -0.0, 0, 0, 1, 3, .infinity, .nan],
    dx: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  ) { trunc($0) },
  UnarySample(
    "torch.frac(x)", x: [-2.5, -1, -0.0, 0, 0.5, 1, 3],
    y: [-0.5, 0, 0, 0, 0.5, 0, 0],
    dx: [1, 1, 1, 1, 1, 1, 1]
  ) { frac($0) },
  UnarySample(
    "torch.clamp(x, -1, 0.5)", x: specialNumbers,
    y: [-1, -1, -1, -0.0, 0, 0.5, 0.5, 0.5, 0.5],
    dx: [0, 0, 0, 1, 1, 0, 0, 0, 0]
  ) { clamp($0, min: -1, max: 0.5) },
  UnarySample(
    "torch.clamp(x, min=-1)", x: specialNumbers,
    y: [-1, -1, -1, -0.0, 0, 0.5, 1, 3, .infinity],
    dx: [0, 0, 0, 1, 1, 1, 1, 1, 1]
  ) { clamp($0, min: -1) },
  UnarySample(
    "torch.clamp(x, max=0.5)", x: specialNumbers,
    y: [-.infinity, -2.5, -1, -0.0, 0, 0.5, 0.5, 0.5, 0.5],
    dx: [1, 1, 1, 1, 1, 0, 0, 0, 0]
  ) { clamp($0, max: 0.5) },
]

/// Activations.
let activationsSamples: [UnarySample] = [
  UnarySample(
    "torch.sigmoid(x)", x: specialValues,
    y: [
      0, 0.07585818002124355, 0.2689414213699951, 0.5, 0.5, 0.6224593312018546, 0.7310585786300049, 0.9525741268224334,
      1, .nan,
    ],
    dx: [
      0, 0.07010371654510815, 0.19661193324148185, 0.25, 0.25, 0.2350037122015945, 0.19661193324148185,
      0.045176659730912, 0, .nan,
    ]
  ) { sigmoid($0) },
  UnarySample(
    "F.logsigmoid(x)", x: specialValues,
    y: [
      -.infinity, -2.5788897342925496, -1.3132616875182228, -0.6931471805599453, -0.6931471805599453,
      -0.4740769841801067, -0.31326168751822286,
      -0.04858735157374206, 0, .nan,
    ],
    dx: [
      1, 0.9241418199787564, 0.7310585786300049, 0.5, 0.5, 0.37754066879814546, 0.2689414213699951, 0.04742587317756679,
      0, .nan,
    ]
  ) { logSigmoid($0) },
  UnarySample(
    "torch.relu(x)", x: specialNumbers,
    y: [0, 0, 0, -0.0, 0, 0.5, 1, 3, .infinity],
    dx: [0, 0, 0, 0, 0, 1, 1, 1, 1]
  ) { relu($0) },
  UnarySample(
    "F.leaky_relu(x, 0.1)", x: specialNumbers,
    y: [-.infinity, -0.25, -0.1, -0.0, 0, 0.5, 1, 3, .infinity],
    dx: [0.1, 0.1, 0.1, 0.1, 0.1, 1, 1, 1, 1]
  ) { leakyRelu($0, negativeSlope: 0.1) },
  UnarySample(
    "F.elu(x, 0.4)", x: specialNumbers,
    y: [-0.4, -0.3671660005504405, -0.25284822353142306, -0.0, 0, 0.5, 1, 3, .infinity],
    dx: [0, 0.032833999449559524, 0.14715177646857694, 0.4, 0.4, 1, 1, 1, 1]
  ) { elu($0, alpha: 0.4) },
  UnarySample(
    "F.silu(x)", x: specialValues,
    y: [
      .nan, -0.18964545005310887, -0.2689414213699951, -0.0, 0, 0.3112296656009273, 0.7310585786300049,
      2.8577223804672998, .infinity, .nan,
    ],
    dx: [
      .nan, -0.09940111134152683, 0.07232948812851325, 0.5, 0.5, 0.7399611873026519, 0.9276705118714869,
      1.0881041060151693, .nan, .nan,
    ]
  ) { silu($0) },
  UnarySample(
    "F.gelu(x)", x: specialValues,
    y: [
      .nan, -0.015524163314440398, -0.15865525393145702, -0.0, 0, 0.34573123063700656, 0.841344746068543,
      2.99595030590511, .infinity, .nan,
    ],
    dx: [
      .nan, -0.03761108590814519, -0.08331547058768635, 0.5, 0.5, 0.8674951246561629, 1.0833154705876864,
      1.011945647204184, .nan, .nan,
    ]
  ) { gelu($0) },
  UnarySample(
    "F.gelu(x, approximate='tanh')", x: specialValues,
    y: [
      .nan, -0.015084266089998577, -0.15880800939172324, -0.0, 0, 0.34571400982514394, 0.8411919906082768,
      2.996362607918227, .infinity, .nan,
    ],
    dx: [
      .nan, -0.03795157621266618, -0.08296408384578252, 0.5, 0.5, 0.8673699035346424, 1.0829640838457826,
      1.0115841666309695, .nan, .nan,
    ]
  ) { gelu($0, approximate: .tanh) },
  UnarySample(
    "F.softplus(x, 2, 3)", x: specialValues,
    y: [
      0, 0.003357674244559034, 0.06346400552148625, 0.34657359027997264, 0.34657359027997264, 0.6566308437591114,
      1.0634640055214863, 3, .infinity, .nan,
    ],
    dx: [0, 0.006692850924284856, 0.11920292202211755, 0.5, 0.5, 0.7310585786300049, 0.8807970779778824, 1, 1, .nan]
  ) { softplus($0, beta: 2, threshold: 3) },
  UnarySample(
    "F.softsign(x)", x: [-2.5, -1, -0.0, 0, 0.5, 1, 3, .nan],
    y: [-0.7142857142857143, -0.5, -0.0, 0, 0.3333333333333333, 0.5, 0.75, .nan],
    dx: [0.08163265306122447, 0.25, 1, 1, 0.4444444444444444, 0.25, 0.0625, .nan]
  ) { softsign($0) },
  UnarySample(
    "F.softsign(x)", x: [-.infinity, .infinity],
    y: [.nan, .nan],
    // differs: the limit; PyTorch, whose function is a composition, has NaN.
    dx: [0, 0]
  ) { softsign($0) },
  UnarySample(
    "F.mish(x)", x: specialValues,
    y: [
      .nan, -0.19681620390653337, -0.30340146137410895, -0.0, 0, 0.3752452113048951, 0.8650983882673103,
      2.9865350049679575, .infinity, .nan,
    ],
    dx: [
      .nan, -0.10974357275018566, 0.059216755877395014, 0.6, 0.6, 0.8864243753577272, 1.0490362200997922,
      1.0211069109294435, .nan, .nan,
    ]
  ) { mish($0) },
  UnarySample(
    "F.hardtanh(x, -1, 0.5)", x: specialNumbers,
    y: [-1, -1, -1, -0.0, 0, 0.5, 0.5, 0.5, 0.5],
    dx: [0, 0, 0, 1, 1, 0, 0, 0, 0]
  ) { hardtanh($0, min: -1, max: 0.5) },
  UnarySample(
    "F.relu6(x)", x: specialNumbers,
    y: [0, 0, 0, -0.0, 0, 0.5, 1, 3, 6],
    dx: [0, 0, 0, 0, 0, 1, 1, 1, 0]
  ) { relu6($0) },
  UnarySample(
    "F.hardsigmoid(x)", x: specialNumbers,
    y: [0, 0.08333333333333333, 0.3333333333333333, 0.5, 0.5, 0.5833333333333334, 0.6666666666666666, 1, 1],
    dx: [
      0, 0.1666666716337204, 0.1666666716337204, 0.1666666716337204, 0.1666666716337204, 0.1666666716337204,
      0.1666666716337204, 0, 0,
    ], tolerance: 1e-7
  ) { hardsigmoid($0) },
  UnarySample(
    "F.hardswish(x)", x: [-3] + specialNumbers,
    y: [
      -0.0, .nan, -0.20833333333333334, -0.3333333333333333, -0.0, 0, 0.2916666666666667, 0.6666666666666666, 3,
      .infinity,
    ],
    dx: [0, 0, -0.33333333333333337, 0.16666666666666669, 0.5, 0.5, 0.6666666666666666, 0.8333333333333333, 1, 1]
  ) { hardswish($0) },
  UnarySample(
    "F.threshold(x, 0.5, -7)", x: specialNumbers,
    y: [-7, -7, -7, -7, -7, -7, 1, 3, .infinity],
    dx: [0, 0, 0, 0, 0, 0, 1, 1, 1]
  ) { threshold($0, 0.5, -7) },
  UnarySample(
    "F.prelu(x, torch.tensor([0.25]))", x: specialNumbers,
    y: [-.infinity, -0.625, -0.25, -0.0, 0, 0.5, 1, 3, .infinity],
    dx: [0.25, 0.25, 0.25, 0.25, 0.25, 1, 1, 1, 1]
  ) { prelu($0, Variable(Tensor([0.25], .float64).cast(to: $0.dtype))) },
  UnarySample(
    "F.rrelu(x, 0.3, 0.3, True)", x: [-1, 0, 1], y: [-0.3, 0, 1], dx: [0.3, 0.3, 1]
  ) { rrelu($0, lower: 0.3, upper: 0.3) },
  UnarySample(
    "F.glu(x)", x: [-2.5, -1, -0.0, 0, 0.5, 1, 3, 2],
    y: [-1.5561483280046364, -0.7310585786300049, -0.0, 0],
    dx: [
      0.6224593312018546, 0.7310585786300049, 0.9525741268224334, 0.8807970779778823, -0.5875092805039862,
      -0.19661193324148185, -0.0, 0,
    ]
  ) { glu($0) },
  UnarySample(
    "F.selu(x)", x: specialNumbers,
    y: [
      -1.7580993408473766, -1.6137857588732425, -1.1113307378125625, -0.0, 0, 0.5253504936777402, 1.0507009873554805,
      3.1521029620664414, .infinity,
    ],
    dx: [
      0, 0.1443135819741343, 0.646768603034814, 1.7580993408473766, 1.7580993408473766, 1.0507009873554805,
      1.0507009873554805, 1.0507009873554805,
      1.0507009873554805,
    ]
  ) { selu($0) },
  UnarySample(
    "F.celu(x, 0.7)", x: specialNumbers,
    y: [-0.7, -0.6803190381757196, -0.532244274490757, -0.0, 0, 0.5, 1, 3, .infinity],
    dx: [0, 0.028115658517754476, 0.23965103469267596, 1.0000000170298988, 1.0000000170298988, 1, 1, 1, 1],
    tolerance: 1e-7
  ) { celu($0, alpha: 0.7) },
  UnarySample(
    "F.tanhshrink(x)", x: specialValues,
    y: [
      -.infinity, -1.5133857018485697, -0.23840584404423515, 0, 0, 0.03788284273999026, 0.23840584404423515,
      2.0049452463132695, .infinity, .nan,
    ],
    dx: [
      1, 0.9734077733168395, 0.5800256583859739, 0, 0, 0.2135522670340726, 0.5800256583859739, 0.9901339628345598, 1,
      .nan,
    ]
  ) { tanhshrink($0) },
  UnarySample(
    "F.softshrink(x)", x: specialNumbers,
    y: [-.infinity, -2, -0.5, 0, 0, 0, 0.5, 2.5, .infinity],
    dx: [1, 1, 1, 0, 0, 0, 1, 1, 1]
  ) { softshrink($0) },
  UnarySample(
    "F.hardshrink(x)", x: specialNumbers,
    y: [-.infinity, -2.5, -1, 0, 0, 0, 1, 3, .infinity],
    dx: [1, 1, 1, 0, 0, 0, 1, 1, 1]
  ) { hardshrink($0) },
]

/// Functions of two inputs; the gradients of both.
let binarySamples: [BinarySample] = [
  BinarySample(
    "torch.pow(x, y)", [0, 0, 0, 2, -2, 2.5, -0.0, .infinity, 1], [0, 2, 1, 0, 2, -1.5, 3, 2, .nan],
    result: [1, 0, 0, 1, 4, 0.25298221281347033, -0.0, .infinity, 1],
    dx: [0, 0, 1, 0, -4, -0.1517893276880822, 0, .infinity, .nan],
    dy: [0, 0, 0, 0.6931471805599453, .nan, 0.23180525692999798, 0, .infinity, 0]
  ) { pow($0, $1) },
  BinarySample(
    "torch.maximum(x, y)", [1, 2, .nan, 3, -.infinity, .infinity], [1, 3, 1, .nan, 0, .infinity],
    result: [1, 3, .nan, .nan, 0, .infinity],
    dx: [0.5, 0, 1, 1, 0, 0.5], dy: [0.5, 1, 1, 1, 1, 0.5]
  ) { maximum($0, $1) },
  BinarySample(
    "torch.minimum(x, y)", [1, 2, .nan, 3, -.infinity, .infinity], [1, 3, 1, .nan, 0, .infinity],
    result: [1, 2, .nan, .nan, -.infinity, .infinity],
    dx: [0.5, 1, 1, 1, 1, 0.5], dy: [0.5, 0, 1, 1, 0, 0.5]
  ) { minimum($0, $1) },
  BinarySample(
    "torch.atan2(x, y)", [0, 1, -1, 0, -0.0, 2, .nan], [0, 0, 2, -1, -1, -3, 1],
    result: [
      0, 1.5707963267948966, -0.4636476090008061, 3.141592653589793, -3.141592653589793, 2.5535900500422257, .nan,
    ],
    dx: [0, 0, 0.4, -1, -1, -0.23076923076923078, .nan], dy: [-0.0, -1, 0.2, -0.0, 0, -0.15384615384615385, .nan]
  ) { atan2($0, $1) },
  BinarySample(
    "torch.hypot(x, y)", [3, 1e+150, -5, .nan], [4, 1e+150, 12, 1],
    result: [5, 1.414213562373095e+150, 13, .nan],
    dx: [0.6, 0.7071067811865476, -0.38461538461538464, .nan], dy: [0.8, 0.7071067811865476, 0.9230769230769231, .nan]
  ) { hypot($0, $1) },
  BinarySample(
    "torch.copysign(x, y)", [1, -1, 0, -0.0, 2, -3], [-1, -1, -1, 1, -0.0, 0],
    result: [-1, -1, -0.0, 0, -2, 3],
    dx: [-1, 1, 0, 0, -1, -1], dy: [0, 0, 0, 0, 0, 0]
  ) { copysign($0, $1) },
  BinarySample(
    "torch.logaddexp(x, y)", [1000, -1000, 0, 1, .nan], [1000, -1001, -.infinity, 2.5, 1],
    result: [1000.6931471805599, -999.6867383124818, 0, 2.7014132779827524, .nan],
    dx: [0.5, 0.7310585786300049, 1, 0.18242552380635635, .nan],
    dy: [0.5, 0.2689414213699951, 0, 0.8175744761936437, .nan]
  ) { logaddexp($0, $1) },
  BinarySample(
    "torch.xlogy(x, y)", [0, 0, 1, 0, 2, -1.5], [-1, .nan, 0, 2, 3, 0.25],
    result: [0, .nan, -.infinity, 0, 2.1972245773362196, 2.0794415416798357],
    dx: [0, .nan, -.infinity, 0.6931471805599453, 1.0986122886681098, -1.3862943611198906],
    dy: [-0.0, .nan, .infinity, 0, 0.6666666666666666, -6]
  ) { xlogy($0, $1) },
  BinarySample(
    "torch.fmod(x, y)", [7, -7, 7, -7.5, 5, 1], [3, 3, -3, -2, 0, .nan],
    result: [1, -1, 1, -1.5, .nan, .nan],
    dx: [1, 1, 1, 1, 1, 1], dy: [-2, 2, 2, -3, -.infinity, .nan]
  ) { fmod($0, $1) },
  BinarySample(
    "torch.remainder(x, y)", [7, -7, 7, -7.5, 5, 1], [3, 3, -3, -2, 0, .nan],
    result: [1, 2, -2, -1.5, .nan, .nan],
    dx: [1, 1, 1, 1, 1, 1], dy: [-2, 3, 3, -3, -.infinity, .nan]
  ) { remainder($0, $1) },
  BinarySample(
    "torch.lerp(x, y, 0.25)", [1, 2, -.infinity], [3, -2, 1],
    result: [1.5, 1, .nan],
    dx: [0.75, 0.75, 0.75], dy: [0.25, 0.25, 0.25]
  ) { lerp($0, $1, 0.25) },
  BinarySample(
    "torch.where(x > y, x, y * 2)", [1, 2, 3, -1], [1, 3, 2, -2],
    result: [2, 6, 3, -1],
    dx: [0, 0, 1, 1], dy: [2, 2, 0, 0]
  ) { $0.where($0 .> $1, $1 * 2) },
  BinarySample(
    "x / y", [1, -1, 0, 3, .infinity], [0, 0, 0, -4, 2],
    result: [.infinity, -.infinity, .nan, -0.75, .infinity],
    dx: [.infinity, .infinity, .infinity, -0.25, 0.5], dy: [-.infinity, .infinity, .nan, -0.1875, -.infinity]
  ) { $0 / $1 },
  BinarySample(
    "x * y", [2, 0, -3, .infinity], [5, .infinity, -4, 0],
    result: [10, .nan, 12, .nan],
    dx: [5, .infinity, -4, 0], dy: [2, 0, -3, .infinity]
  ) { $0 * $1 },
]
