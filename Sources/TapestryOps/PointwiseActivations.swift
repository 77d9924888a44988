import CTapestry
import TapestryAutograd
import TapestryTensors

/// The non-linearities of neural networks. σ is the logistic function, Φ and φ the normal distribution and its density.
enum Activation {
  /// y = σ(x) = 1/(1 + e⁻ˣ).    dx = dy·y·(1 − y)
  static let sigmoid = UnaryRule("sigmoid", Int(TP_SIGMOID), keeps: .output, fused: Int(TP_SIGMOID_GRAD), domain: UnaryDomain(-4...4)) { y, _, _, dy in
    dy * y! * (1 - y!)
  }

  /// y = ln σ(x).    dx = dy·σ(−x)
  static let logSigmoid = UnaryRule("logSigmoid", Int(TP_LOG_SIGMOID), keeps: .input, domain: UnaryDomain(-4...4)) { x, _, _, dy in
    dy * TapestryOps.sigmoid(-x!)
  }

  /// y = max(x, 0).    dx = dy where y > 0, else 0
  static let relu = UnaryRule("relu", Int(TP_RELU), keeps: .output, fused: Int(TP_RELU_GRAD), domain: bent) { y, _, _, dy in dy.where(y! .> 0, 0) }

  /// y = x > 0 ? x : p·x.    dx = dy where x > 0, else p·dy
  static let leakyRelu = UnaryRule(
    "leakyRelu", Int(TP_LEAKY_RELU), keeps: .input, domain: UnaryDomain(-2...2, kinks: [0], parameters: [(0.01, 0), (0.3, 0)], isLinear: true)
  ) { x, p, _, dy in (copy dy).where(x! .> 0, dy * p) }

  /// y = x > 0 ? x : p·(eˣ − 1).    dx = dy where x > 0, else dy·p·eˣ
  static let elu = UnaryRule("elu", Int(TP_ELU), keeps: .input, domain: UnaryDomain(-3...2, kinks: [0], parameters: [(1, 0), (0.4, 0)])) { x, p, _, dy in
    (copy dy).where(x! .> 0, dy * (exp(clamp(x!, max: 0)) * p))  // clamped: where x is large, eˣ would be infinite and its gradient 0·∞
  }

  /// y = x·σ(x).    dx = dy·(s + x·s·(1 − s)), s = σ(x)
  static let silu = UnaryRule("silu", Int(TP_SILU), keeps: .input, fused: Int(TP_SILU_GRAD), domain: UnaryDomain(-4...4)) { x, _, _, dy in
    let s = TapestryOps.sigmoid(x!)
    return dy * (s + x! * s * (1 - s))
  }

  /// y = x·Φ(x).    dx = dy·(Φ(x) + x·φ(x)), Φ(x) = erfc(−x/√2)/2, φ(x) = exp(−x²/2)/√2π
  static let gelu = UnaryRule("gelu", Int(TP_GELU), keeps: .input, fused: Int(TP_GELU_GRAD), domain: UnaryDomain(-4...4)) { x, _, _, dy in
    dy * (erfc(x! * -rootHalf) * 0.5 + x! * exp(square(x!) * -0.5) * normalPeak)
  }

  /// y = x·σ(2u) = x/2·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³).    dx = dy·(s + x·s·(1 − s)·2u′), s = σ(2u)
  static let geluTanh = UnaryRule("gelu(approximate: .tanh)", Int(TP_GELU_TANH), keeps: .input, domain: UnaryDomain(-4...4)) { x, _, _, dy in
    let x2 = square(x!)
    let s = TapestryOps.sigmoid(x! * (x2 * cubic + 1) * (2 * rootTwoOverPi))
    return dy * (s + x! * s * (1 - s) * ((x2 * (3 * cubic) + 1) * (2 * rootTwoOverPi)))
  }

  /// y = ln(1 + exp(p·x))/p, and x itself where p·x > q.    dx = dy·σ(p·x), dy where p·x > q
  static let softplus = UnaryRule("softplus", Int(TP_SOFTPLUS), keeps: .input, domain: UnaryDomain(-4...4, parameters: [(1, 20), (2, 20), (0.5, 9)])) {
    x, p, q, dy in
    let logistic = (copy dy) * TapestryOps.sigmoid(x! * p)
    return dy.where(x! * p .> q, logistic)
  }

  static let unary = [sigmoid, logSigmoid, relu, leakyRelu, elu, silu, gelu, geluTanh, softplus]

  private static let bent = UnaryDomain(-2...2, kinks: [0], isLinear: true)
  private static let rootHalf = 0.707106781186547524401
  private static let normalPeak = 0.398942280401432677940  // 1/√2π
  private static let rootTwoOverPi = 0.797884560802865355880
  private static let cubic = 0.044715
}

/// 1/(1 + e⁻ˣ) of each element.
public func sigmoid(_ x: consuming Variable) -> Variable { Activation.sigmoid(x) }

/// ln σ(x) of each element, without overflow.
public func logSigmoid(_ x: consuming Variable) -> Variable { Activation.logSigmoid(x) }

/// max(x, 0) of each element. The derivative at 0 is 0.
public func relu(_ x: consuming Variable) -> Variable { Activation.relu(x) }

/// x where positive, else x·negativeSlope (Maas, Hannun, Ng 2013).
public func leakyRelu(_ x: consuming Variable, negativeSlope: Double = 0.01) -> Variable { Activation.leakyRelu(x, negativeSlope) }

/// x where positive, else α·(eˣ − 1) (Clevert, Unterthiner, Hochreiter 2016).
public func elu(_ x: consuming Variable, alpha: Double = 1) -> Variable { Activation.elu(x, alpha) }

/// x·σ(x) of each element, also called swish (Elfwing, Uchibe, Doya 2017).
public func silu(_ x: consuming Variable) -> Variable { Activation.silu(x) }

/// How `gelu` is computed: with the error function, or by the older approximation with tanh.
public enum GeluApproximation: Sendable { case none, tanh }

/// x·Φ(x) of each element, Φ the normal distribution (Hendrycks, Gimpel 2016).
public func gelu(_ x: consuming Variable, approximate: GeluApproximation = .none) -> Variable {
  approximate == .none ? Activation.gelu(x) : Activation.geluTanh(x)
}

/// ln(1 + exp(β·x))/β of each element, a smooth relu; x itself where β·x > threshold.
public func softplus(_ x: consuming Variable, beta: Double = 1, threshold: Double = 20) -> Variable { Activation.softplus(x, beta, threshold) }
