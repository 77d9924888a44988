import TapestryAutograd
import TapestryTensors

/// Adam (Kingma and Ba 2014, arXiv:1412.6980), as PyTorch computes it:
///
///     m = β₁·m + (1 − β₁)·g        v = β₂·v + (1 − β₂)·g²
///     w = w − η/(1 − β₁ᵗ)·m / (√v/√(1 − β₂ᵗ) + ε)
///
/// `weightDecay` λ adds λ·w to the gradient; `AdamW` shrinks w by 1 − η·λ instead.
public class Adam: Optimizer {
  public let parameters: [Parameter]
  public var learningRate: Double { didSet { check("Adam", "learningRate", learningRate, learningRate >= 0, "at least 0") } }
  public let betas: (Double, Double)
  public let eps: Double
  public let weightDecay: Double
  public let maximize: Bool

  private let decoupled: Bool
  private var moments: [Moments?]
  private var buffers = StepBuffers()

  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
    weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.init("Adam", parameters, learningRate, betas, eps, weightDecay, maximize, decoupled: false)
  }

  init(
    _ name: String, _ parameters: [Parameter], _ learningRate: Double, _ betas: (Double, Double), _ eps: Double, _ weightDecay: Double,
    _ maximize: Bool, decoupled: Bool
  ) {
    check(name, "learningRate", learningRate, learningRate >= 0, "at least 0")
    check(name, "betas.0", betas.0, (0..<1).contains(betas.0), "in 0 ..< 1")
    check(name, "betas.1", betas.1, (0..<1).contains(betas.1), "in 0 ..< 1")
    check(name, "eps", eps, eps >= 0, "at least 0")
    check(name, "weightDecay", weightDecay, weightDecay >= 0, "at least 0")
    self.parameters = checked(parameters, name)
    self.learningRate = learningRate
    self.betas = betas
    self.eps = eps
    self.weightDecay = weightDecay
    self.maximize = maximize
    self.decoupled = decoupled
    moments = Array(repeating: nil, count: parameters.count)
  }

  public func step() {
    // Parameters that have seen the same number of steps share one kernel call; usually that is all of them.
    var pending = parameters.indices.filter { parameters[$0].grad != nil }
    for i in pending where moments[i] == nil {
      moments[i] = Moments(parameters[i].value)
    }
    while let first = pending.first {
      let steps = moments[first]!.steps, dtype = parameters[first].dtype
      var later: [Int] = []
      for i in pending {
        if moments[i]!.steps != steps || parameters[i].dtype != dtype {
          later.append(i)
          continue
        }
        let state = moments[i]!
        state.steps += 1
        buffers.add(&parameters[i].value, parameters[i].grad!)
        buffers.addState(&state.m, &state.v)
      }
      pending = later
      buffers.adam(
        dtype, learningRate: learningRate, betas: betas, eps: eps, weightDecay: weightDecay, step: steps + 1, decoupled: decoupled, maximize: maximize)
    }
  }
}

/// The running means of one parameter's gradient and of its square.
private final class Moments {
  var m: Tensor
  var v: Tensor
  var steps = 0

  init(_ parameter: Tensor) {
    m = .zeros(parameter.shape, parameter.dtype)
    v = .zeros(parameter.shape, parameter.dtype)
  }
}

/// Adam with decoupled weight decay (Loshchilov and Hutter 2017, arXiv:1711.05101).
public final class AdamW: Adam {
  public convenience init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), eps: Double = 1e-8,
    weightDecay: Double = 1e-2, maximize: Bool = false
  ) {
    self.init("AdamW", parameters, learningRate, betas, eps, weightDecay, maximize, decoupled: true)
  }
}
