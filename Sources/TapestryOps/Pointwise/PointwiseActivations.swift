import CTapestry
import TapestryAutograd
import TapestryTensors

/// The smooth non-linearities of neural networks; those with corners are in PointwiseRectifiers.swift. σ is the
/// logistic function, Φ and φ the normal distribution and its density.
enum Activation {
  /// y = σ(x) = 1/(1 + e⁻ˣ).    dx = dy·y·(1 − y)
  static let sigmoid = UnaryRule(
    "sigmoid", Int(TP_SIGMOID), keeps: .output, fused: Int(TP_SIGMOID_GRAD), domain: UnaryDomain(-4...4)
  ) { y, _, _, dy in
    dy * y! * (1 - y!)
  }

  /// y = ln σ(x).    dx = dy·σ(−x)
  static let logSigmoid = UnaryRule("logSigmoid", Int(TP_LOG_SIGMOID), keeps: .input, domain: UnaryDomain(-4...4)) {
    x, _, _, dy in
    dy * TapestryOps.sigmoid(-x!)
  }

  /// y = x·σ(x).    dx = dy·(s + x·s·(1 − s)), s = σ(x)
  static let silu = UnaryRule(
    "silu", Int(TP_SILU), keeps: .input, fused: Int(TP_SILU_GRAD), domain: UnaryDomain(-4...4)
  ) { x, _, _, dy in
    let s = TapestryOps.sigmoid(x!)
    return dy * (s + x! * s * (1 - s))
  }

  /// y = x·Φ(x).    dx = dy·(Φ(x) + x·φ(x)), Φ(x) = erfc(−x/√2)/2, φ(x) = exp(−x²/2)/√2π
  static let gelu = UnaryRule(
    "gelu", Int(TP_GELU), keeps: .input, fused: Int(TP_GELU_GRAD), domain: UnaryDomain(-4...4)
  ) { x, _, _, dy in
    dy * (erfc(x! * -rootHalf) * 0.5 + x! * exp(square(x!) * -0.5) * normalPeak)
  }

  /// y = x·σ(2u) = x/2·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³).    dx = dy·(s + x·s·(1 − s)·2u′), s = σ(2u)
  static let geluTanh = UnaryRule(
    "gelu(approximate: .tanh)", Int(TP_GELU_TANH), keeps: .input, domain: UnaryDomain(-4...4)
  ) { x, _, _, dy in
    let x2 = square(x!)
    let s = TapestryOps.sigmoid(x! * (x2 * cubic + 1) * (2 * rootTwoOverPi))
    return dy * (s + x! * s * (1 - s) * ((x2 * (3 * cubic) + 1) * (2 * rootTwoOverPi)))
  }

  /// y = ln(1 + exp(p·x))/p, and x itself where p·x > q.    dx = dy·σ(p·x), dy where p·x > q
  static let softplus = UnaryRule(
    "softplus", Int(TP_SOFTPLUS), keeps: .input, domain: UnaryDomain(-4...4, parameters: [(1, 20), (2, 20), (0.5, 9)])
  ) {
    x, p, q, dy in
    let logistic = (copy dy) * TapestryOps.sigmoid(x! * p)
    return dy.where(x! * p .> q, logistic)
  }

  /// y = x·tanh(softplus x).    dx = dy·(t + x·σ(x)·(1 − t²)), t = tanh(softplus x)
  static let mish = UnaryRule("mish", Int(TP_MISH), keeps: .input, domain: UnaryDomain(-4...4)) { x, _, _, dy in
    let t = TapestryOps.tanh(TapestryOps.softplus(x!))
    return dy * (t + x! * TapestryOps.sigmoid(x!) * (1 - t * t))
  }

  /// y = x/(1 + |x|).    dx = dy/(1 + |x|)²
  static let softsign = UnaryRule("softsign", Int(TP_SOFTSIGN), keeps: .input, domain: UnaryDomain(-4...4, kinks: [0]))
  { x, _, _, dy in
    dy / square(abs(x!) + 1)
  }

  /// y = x − tanh x.    dx = dy·tanh² x
  static let tanhshrink = UnaryRule("tanhshrink", Int(TP_TANHSHRINK), keeps: .input, domain: UnaryDomain(-4...4)) {
    x, _, _, dy in
    dy * square(tanh(x!))
  }

  static let unary = [sigmoid, logSigmoid, silu, gelu, geluTanh, softplus, mish, softsign, tanhshrink]

  private static let rootHalf = 0.707106781186547524401
  private static let normalPeak = 0.398942280401432677940  // 1/√2π
  private static let rootTwoOverPi = 0.797884560802865355880
  private static let cubic = 0.044715
}

/// 1/(1 + e⁻ˣ) of each element.
public func sigmoid(_ x: consuming Variable) -> Variable { Activation.sigmoid(x) }

/// The same of a Tensor.
@_disfavoredOverload public func sigmoid(_ x: Tensor) -> Tensor { sigmoid(Variable(x)).value }

/// ln σ(x) of each element, without overflow.
public func logSigmoid(_ x: consuming Variable) -> Variable { Activation.logSigmoid(x) }

/// The same of a Tensor.
@_disfavoredOverload public func logSigmoid(_ x: Tensor) -> Tensor { logSigmoid(Variable(x)).value }

/// x·σ(x) of each element, also called swish (Elfwing, Uchibe, Doya 2017).
public func silu(_ x: consuming Variable) -> Variable { Activation.silu(x) }

/// The same of a Tensor.
@_disfavoredOverload public func silu(_ x: Tensor) -> Tensor { silu(Variable(x)).value }

/// How `gelu` is computed: with the error function, or by the older approximation with tanh.
public enum GeluApproximation: Sendable { case none, tanh }

/// x·Φ(x) of each element, Φ the normal distribution (Hendrycks, Gimpel 2016).
public func gelu(_ x: consuming Variable, approximate: GeluApproximation = .none) -> Variable {
  approximate == .none ? Activation.gelu(x) : Activation.geluTanh(x)
}

/// The same of a Tensor.
@_disfavoredOverload
public func gelu(_ x: Tensor, approximate: GeluApproximation = .none) -> Tensor {
  gelu(Variable(x), approximate: approximate).value
}

/// ln(1 + exp(β·x))/β of each element, a smooth relu; x itself where β·x > threshold.
public func softplus(_ x: consuming Variable, beta: Double = 1, threshold: Double = 20) -> Variable {
  Activation.softplus(x, beta, threshold)
}

/// The same of a Tensor.
@_disfavoredOverload
public func softplus(_ x: Tensor, beta: Double = 1, threshold: Double = 20) -> Tensor {
  softplus(Variable(x), beta: beta, threshold: threshold).value
}

/// x·tanh(softplus x) of each element (Misra 2019, arXiv:1908.08681).
public func mish(_ x: consuming Variable) -> Variable { Activation.mish(x) }

/// The same of a Tensor.
@_disfavoredOverload public func mish(_ x: Tensor) -> Tensor { mish(Variable(x)).value }

/// x/(1 + |x|) of each element.
public func softsign(_ x: consuming Variable) -> Variable { Activation.softsign(x) }

/// The same of a Tensor.
@_disfavoredOverload public func softsign(_ x: Tensor) -> Tensor { softsign(Variable(x)).value }

/// x − tanh x of each element.
public func tanhshrink(_ x: consuming Variable) -> Variable { Activation.tanhshrink(x) }

/// The same of a Tensor.
@_disfavoredOverload public func tanhshrink(_ x: Tensor) -> Tensor { tanhshrink(Variable(x)).value }

/// a·σ(b), where a and b are the halves of x along an axis, whose size must be even: a gated linear unit (Dauphin et
/// al. 2016, arXiv:1612.08083).
public func glu(_ x: Variable, axis: Int = -1) -> Variable {
  let a = x.shape.resolve(axis, "glu"), size = x.shape[a]
  if size % 2 != 0 { fail("glu: axis \(axis) of \(x.shape) must have an even size to be halved, got \(size)") }
  let halves = x.split([size / 2, size / 2], axis: a)
  return sigmoid(halves[1]) * halves[0]
}

/// The same of a Tensor.
@_disfavoredOverload public func glu(_ x: Tensor, axis: Int = -1) -> Tensor { glu(Variable(x), axis: axis).value }
