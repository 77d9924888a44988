import TapestryAutograd
import TapestryOps
import TapestryTensors

// Initializers that do not look at the fans.

extension Initializer {
  /// Every element 0.
  public static let zeros = constant(0)
  /// Every element 1.
  public static let ones = constant(1)

  /// Every element the same.
  public static func constant(_ value: Double) -> Initializer {
    Initializer { shape, _, dtype in .full(shape, value, dtype) }
  }

  /// Uniform in [low, high).
  public static func uniform(_ low: Double = 0, _ high: Double = 1) -> Initializer {
    if !(low <= high) || !(high - low).isFinite { fail("Initializer.uniform: [\(low), \(high)) is no finite range") }
    return Initializer { shape, _, dtype in .uniform(shape, low: low, high: high, dtype) }
  }

  /// Normal with a mean and a standard deviation σ.
  public static func normal(mean: Double = 0, standardDeviation: Double = 1) -> Initializer {
    checkDeviation(mean, standardDeviation, "normal")
    return Initializer { shape, _, dtype in .normal(shape, mean: mean, standardDeviation: standardDeviation, dtype) }
  }

  /// Normal with this mean and σ, but cut to low … high: what lies outside is drawn again, so to speak. The mean and σ
  /// of what remains differ.
  ///
  /// x = μ + σ·√2·erf⁻¹(2u − 1) with u uniform in Φ((low − μ)/σ) … Φ((high − μ)/σ). A range that holds less than 10⁻⁹
  /// of the distribution ends the program with a message.
  public static func truncatedNormal(
    mean: Double = 0, standardDeviation: Double = 1, low: Double = -2, high: Double = 2
  ) -> Initializer {
    checkDeviation(mean, standardDeviation, "truncatedNormal")
    if !(low < high) { fail("Initializer.truncatedNormal: low must be less than high, got \(low) and \(high)") }
    if standardDeviation == 0 { return constant(min(max(mean, low), high)) }
    func below(_ x: Double) -> Double {
      erfc(Variable(Tensor((mean - x) / (standardDeviation * 2.0.squareRoot()), .float64))).item / 2
    }
    let first = below(low), last = below(high)
    if last - first < 1e-9 {
      fail(
        """
        Initializer.truncatedNormal: \(low) … \(high) holds next to nothing of a normal distribution with mean \
        \(mean) and σ \(standardDeviation)
        """)
    }
    return Initializer { shape, _, dtype in
      noGrad {
        let u = Variable(.uniform(shape, low: first, high: last, .float64))
        return clamp(erfinv(u * 2 - 1) * (standardDeviation * 2.0.squareRoot()) + mean, min: low, max: high).value.cast(
          to: dtype)
      }
    }
  }

  private static func checkDeviation(_ mean: Double, _ deviation: Double, _ name: String) {
    if !(deviation >= 0) || !deviation.isFinite || !mean.isFinite {
      fail("Initializer.\(name): needs a finite mean and a standard deviation ≥ 0, got \(mean) and \(deviation)")
    }
  }
}
