import TapestryAutograd
import TapestryOptim
import TapestryTensors
import Testing

/// Adam's and RMSprop's moments where β ends: at 0, where a moment is the last gradient, and near 1, where 1 − βᵗ is
/// far below 1.
struct MomentTests {
  static let betas: [Double] = [
    0, .leastNonzeroMagnitude, 1e-9, 0.1, 0.5, 0.9, 0.999, 1 - 1e-7, 1 - 1e-12, 1 - 3e-16, 1.0.nextDown,
  ]
  private let gradients: [Double] = [2, -3, 0.5, 4, 4]

  /// The formula without a difference of powers: of 1 − βᵗ = (1 − β)·Σβⁱ the first factor falls out, m̂ = Σβᵗ⁻ⁱgᵢ /
  /// Σβⁱ.
  private func corrected(_ values: ArraySlice<Double>, _ beta: Double) -> Double {
    var (sum, weights) = (0.0, 0.0)
    for value in values { (sum, weights) = (beta * sum + value, beta * weights + 1) }
    return sum / weights
  }

  @Test(arguments: betas, ["", "reference"])
  func adamIsItsFormula(_ beta1: Double, _ backend: String) {
    func run() {
      for beta2 in Self.betas {
        let w = Parameter(.zeros([1], .float64)),
          optimizer = Adam([w], learningRate: 1, betas: (beta1, beta2), eps: 1e-3)
        var expected = 0.0
        for t in 1...gradients.count {
          w.grad = Tensor([gradients[t - 1]])
          optimizer.step()
          let seen = gradients[..<t]
          expected -= corrected(seen, beta1) / (corrected(seen.map { $0 * $0 }[...], beta2).squareRoot() + 1e-3)
          #expect(
            abs(w.value.item - expected) <= 1e-12 * max(1, abs(expected)),
            "β \(beta1), \(beta2), step \(t): \(w.value.item), not \(expected)")
        }
      }
    }
    if backend.isEmpty { run() } else { withBackend(backend, run) }
  }

  /// m is the last gradient with β₁ = 0, whatever was before; PyTorch 2.15 gives these numbers in float32 and float64
  /// (m + (g − m) rounds to 0 in float32).
  @Test(arguments: [DType.float32, .float64])
  func withoutMemoryTheMomentIsTheGradient(_ dtype: DType) {
    func moments(_ optimizer: FusedOptimizer, _ w: Parameter, _ names: String...) -> [[Double]] {
      for gradient in [[1e8, -3], [1, 5]] as [[Double]] {
        w.grad = Tensor(gradient).cast(to: dtype)
        optimizer.step()
      }
      return names.map { optimizer.stateDict()["state.0.\($0)"]!.cast(to: .float64).array(Double.self) }
    }
    let w = Parameter(.zeros([2], dtype)), v = Parameter(.zeros([2], dtype))
    #expect(moments(Adam([w], betas: (0, 0), eps: 0), w, "exp_avg", "exp_avg_sq") == [[1, 5], [1, 25]])
    #expect(
      moments(RMSprop([v], alpha: 0, eps: 1, centered: true), v, "grad_avg", "square_avg") == [[1, 5], [1, 25]])
  }

  /// From the nearer end on both sides of β = 1/2, in float32: half an ulp of the larger of m and g, no more.
  @Test func momentsAreAccurateOnBothSidesOfOneHalf() {
    for beta in [0.25, 0.4999, 0.5, 0.5001, 0.75] {
      let w = Parameter(.zeros([1])), optimizer = Adam([w], betas: (beta, 0.9))
      var expected = 0.0
      for gradient in [1e6, -1, 3e-3, 1e6] as [Double] {
        w.grad = Tensor([Float(gradient)])
        optimizer.step()
        expected = beta * expected + (1 - beta) * Double(Float(gradient))
        let found = Double(optimizer.stateDict()["state.0.exp_avg"]!.array(Float.self)[0])
        #expect(abs(found - expected) <= 0.25, "β \(beta): \(found), not \(expected)")
      }
    }
  }
}
