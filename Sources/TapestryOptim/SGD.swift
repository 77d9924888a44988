import TapestryAutograd
import TapestryTensors

/// Stochastic gradient descent, as PyTorch computes it:
///
///     g = g + λ·w        b = g at the first step, then μ·b + (1 − dampening)·g
///     w = w − η·b        (Nesterov: w − η·(g + μ·b))
public final class SGD: Optimizer {
  public let parameters: [Parameter]
  public var learningRate: Double { didSet { check("SGD", "learningRate", learningRate, learningRate >= 0, "at least 0") } }
  public let momentum: Double
  public let dampening: Double
  public let weightDecay: Double
  public let nesterov: Bool
  public let maximize: Bool

  private var momenta: [Tensor?]
  private var buffers = StepBuffers()

  public init(
    _ parameters: [Parameter], learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
    nesterov: Bool = false, maximize: Bool = false
  ) {
    check("SGD", "learningRate", learningRate, learningRate >= 0, "at least 0")
    check("SGD", "momentum", momentum, momentum >= 0, "at least 0")
    check("SGD", "weightDecay", weightDecay, weightDecay >= 0, "at least 0")
    if nesterov && (momentum <= 0 || dampening != 0) { fail("SGD: Nesterov momentum needs momentum > 0 and dampening 0, got \(momentum) and \(dampening)") }
    self.parameters = checked(parameters, "SGD")
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.maximize = maximize
    momenta = Array(repeating: nil, count: parameters.count)
  }

  public func step() {
    // One kernel call for each type and for parameters whose momentum starts now.
    for dtype in [DType.float32, .float64] {
      for first in momentum == 0 ? [true] : [true, false] {
        for i in parameters.indices {
          guard parameters[i].dtype == dtype, let grad = parameters[i].grad else { continue }
          if momentum != 0 {
            if (momenta[i] == nil) != first || buffers.started.contains(i) { continue }
            if first {
              momenta[i] = Tensor.zeros(parameters[i].shape, dtype)
              buffers.started.insert(i)
            }
          }
          buffers.add(&parameters[i].value, grad)
          if momentum != 0 { buffers.addState(&momenta[i]!) }
        }
        buffers.sgd(
          dtype, learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay, nesterov: nesterov,
          maximize: maximize, first: first)
      }
    }
    buffers.started.removeAll(keepingCapacity: true)
  }
}
