import TapestryAutograd
import TapestryTensors

// Initializers whose σ is gain/√fan: uniform ones draw from ±√3·σ, which has the same variance.

extension Initializer {
  /// Uniform with σ = √(2/(fanIn + fanOut)) (Glorot and Bengio 2010, "Understanding the difficulty of training deep
  /// feedforward neural networks")
  public static let xavierUniform = xavierUniform(gain: 1)
  /// Normal with σ = √(2/(fanIn + fanOut)) (Glorot and Bengio 2010)
  public static let xavierNormal = xavierNormal(gain: 1)

  /// σ = gain·√(2/(fanIn + fanOut)), uniform in ±gain·√(6/(fanIn + fanOut))
  public static func xavierUniform(gain: Double) -> Initializer {
    scaled("xavierUniform", gain, .average, uniform: true)
  }
  /// σ = gain·√(2/(fanIn + fanOut)), normal
  public static func xavierNormal(gain: Double) -> Initializer {
    scaled("xavierNormal", gain, .average, uniform: false)
  }

  /// `xavierUniform` by the author's other name.
  public static let glorotUniform = glorotUniform(gain: 1)
  /// `xavierNormal` by the author's other name.
  public static let glorotNormal = glorotNormal(gain: 1)

  /// `xavierUniform(gain:)` by the author's other name.
  public static func glorotUniform(gain: Double) -> Initializer {
    scaled("glorotUniform", gain, .average, uniform: true)
  }
  /// `xavierNormal(gain:)` by the author's other name.
  public static func glorotNormal(gain: Double) -> Initializer {
    scaled("glorotNormal", gain, .average, uniform: false)
  }

  /// Uniform with σ = √(2/fanIn), for ReLU (He et al. 2015, arXiv:1502.01852)
  public static let heUniform = heUniform(mode: .fanIn)
  /// Normal with σ = √(2/fanIn), for ReLU (He et al. 2015)
  public static let heNormal = heNormal(mode: .fanIn)

  /// σ = gain/√fan with the gain of what follows, uniform in ±gain·√(3/fan)
  public static func heUniform(mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initializer {
    scaled("heUniform", calculateGain(nonlinearity), mode, uniform: true)
  }
  /// σ = gain/√fan with the gain of what follows, normal
  public static func heNormal(mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initializer {
    scaled("heNormal", calculateGain(nonlinearity), mode, uniform: false)
  }

  /// `heUniform` by PyTorch's name.
  public static let kaimingUniform = kaimingUniform(mode: .fanIn)
  /// `heNormal` by PyTorch's name.
  public static let kaimingNormal = kaimingNormal(mode: .fanIn)

  /// `heUniform(mode:nonlinearity:)` by PyTorch's name.
  public static func kaimingUniform(mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initializer {
    scaled("kaimingUniform", calculateGain(nonlinearity), mode, uniform: true)
  }
  /// `heNormal(mode:nonlinearity:)` by PyTorch's name.
  public static func kaimingNormal(mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initializer {
    scaled("kaimingNormal", calculateGain(nonlinearity), mode, uniform: false)
  }

  /// Uniform with σ = √(1/fanIn) (LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp")
  public static let lecunUniform = scaled("lecunUniform", 1, .fanIn, uniform: true)
  /// Normal with σ = √(1/fanIn): what `Linear` starts with (LeCun et al. 1998)
  public static let lecunNormal = scaled("lecunNormal", 1, .fanIn, uniform: false)

  /// Uniform in ±1/√fanIn: what PyTorch starts the weight and the bias of its own Linear with. σ = √(1/(3·fanIn)).
  public static let fanInUniform = scaled("fanInUniform", (1.0 / 3).squareRoot(), .fanIn, uniform: true)

  private static func scaled(_ name: String, _ gain: Double, _ mode: FanMode, uniform: Bool) -> Initializer {
    if !gain.isFinite || gain < 0 { fail("Initializer.\(name): the gain must be finite and at least 0, got \(gain)") }
    return Initializer { shape, fans, dtype in
      guard let fans else {
        fail(
          """
          Initializer.\(name): \(shape) tells no fans, for which a weight needs two axes; give the fans, or take \
          .zeros or .uniform
          """)
      }
      let fan: Double =
        switch mode {
        case .fanIn: Double(fans.fanIn)
        case .fanOut: Double(fans.fanOut)
        case .average: (Double(fans.fanIn) + Double(fans.fanOut)) / 2
        }
      if fan == 0 { return .zeros(shape, dtype) }  // nothing to draw, or nothing that would be multiplied
      let deviation = gain / fan.squareRoot(), bound = 3.0.squareRoot() * deviation
      return uniform
        ? .uniform(shape, low: -bound, high: bound, dtype)
        : .normal(shape, mean: 0, standardDeviation: deviation, dtype)
    }
  }
}
