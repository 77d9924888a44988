import TapestryAutograd
import TapestryTensors

// Initialisers whose σ is gain/√fan: uniform ones draw from ±√3·σ, which has the same variance.

extension Initialiser {
  /// σ = √(2/(fanIn + fanOut)) (Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks")
  public static let xavierUniform = xavierUniform(gain: 1)
  public static let xavierNormal = xavierNormal(gain: 1)

  /// σ = gain·√(2/(fanIn + fanOut)), uniform in ±gain·√(6/(fanIn + fanOut))
  public static func xavierUniform(gain: Double) -> Initialiser { scaled("xavierUniform", gain, .average, uniform: true) }
  public static func xavierNormal(gain: Double) -> Initialiser { scaled("xavierNormal", gain, .average, uniform: false) }

  /// σ = √(2/fanIn), for ReLU (He et al. 2015, arXiv:1502.01852)
  public static let heUniform = heUniform(mode: .fanIn)
  public static let heNormal = heNormal(mode: .fanIn)

  /// σ = gain/√fan with the gain of what follows, uniform in ±gain·√(3/fan)
  public static func heUniform(mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initialiser {
    scaled("heUniform", calculateGain(nonlinearity), mode, uniform: true)
  }
  public static func heNormal(mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initialiser {
    scaled("heNormal", calculateGain(nonlinearity), mode, uniform: false)
  }

  /// σ = √(1/fanIn): `Linear`'s default, normal (LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp")
  public static let lecunUniform = scaled("lecunUniform", 1, .fanIn, uniform: true)
  public static let lecunNormal = scaled("lecunNormal", 1, .fanIn, uniform: false)

  /// Uniform in ±1/√fanIn: what PyTorch starts the weight and the bias of its own Linear with. σ = √(1/(3·fanIn)).
  public static let fanInUniform = scaled("fanInUniform", (1.0 / 3).squareRoot(), .fanIn, uniform: true)

  private static func scaled(_ name: String, _ gain: Double, _ mode: FanMode, uniform: Bool) -> Initialiser {
    if !gain.isFinite || gain < 0 { fail("Initialiser.\(name): the gain must be finite and at least 0, got \(gain)") }
    return Initialiser { shape, fans, dtype in
      guard let fans else {
        fail("Initialiser.\(name): \(shape) tells no fans, for which a weight needs two axes; give the fans, or take .zeros or .uniform")
      }
      let fan: Double =
        switch mode {
        case .fanIn: Double(fans.fanIn)
        case .fanOut: Double(fans.fanOut)
        case .average: Double(fans.fanIn + fans.fanOut) / 2
        }
      if fan == 0 { return .zeros(shape, dtype) }  // nothing to draw, or nothing that would be multiplied
      let deviation = gain / fan.squareRoot(), bound = 3.0.squareRoot() * deviation
      return uniform ? .uniform(shape, low: -bound, high: bound, dtype) : .normal(shape, mean: 0, standardDeviation: deviation, dtype)
    }
  }
}
