import CTapestry

/// Gathers the memory of many parameters for one fused optimizer kernel. Keeps its arrays, so a step allocates nothing after the first.
package struct StepBuffers {
  private var params: [UnsafeMutableRawPointer?] = []
  private var grads: [UnsafeMutableRawPointer?] = []
  private var first: [UnsafeMutableRawPointer?] = []
  private var second: [UnsafeMutableRawPointer?] = []
  private var sizes: [Int64] = []
  private var alive: [Tensor] = []

  /// Which parameters got their state in this step.
  package var started = Set<Int>()

  package init() {}

  /// A parameter, which becomes the only holder of its memory (a copy only while a graph still holds it too), and its gradient.
  package mutating func add(_ parameter: inout Tensor, _ grad: Tensor) {
    if !parameter.isContiguous { parameter = parameter.copied() }
    parameter.makeUnique()
    let grad = grad.contiguous()
    alive.append(grad)
    params.append(parameter.descriptor.data)
    grads.append(grad.descriptor.data)
    sizes.append(Int64(parameter.count))
  }

  package mutating func addState(_ m: inout Tensor) {
    m.makeUnique()
    first.append(m.descriptor.data)
  }

  package mutating func addState(_ m: inout Tensor, _ v: inout Tensor) {
    m.makeUnique()
    v.makeUnique()
    first.append(m.descriptor.data)
    second.append(v.descriptor.data)
  }

  private mutating func clear() {
    params.removeAll(keepingCapacity: true)
    grads.removeAll(keepingCapacity: true)
    first.removeAll(keepingCapacity: true)
    second.removeAll(keepingCapacity: true)
    sizes.removeAll(keepingCapacity: true)
    alive.removeAll(keepingCapacity: true)
  }

  package mutating func adam(
    _ dtype: DType, learningRate: Double, betas: (Double, Double), eps: Double, weightDecay: Double, step: Int, decoupled: Bool, maximize: Bool
  ) {
    var options = tp_adam(
      lr: learningRate, beta1: betas.0, beta2: betas.1, eps: eps, weight_decay: weightDecay, step: Int64(step), decoupled: decoupled, maximize: maximize)
    if !params.isEmpty { tp_current().pointee.adam(Int32(params.count), params, grads, first, second, sizes, dtype.rawValue, &options) }
    clear()
  }

  package mutating func sgd(
    _ dtype: DType, learningRate: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool, maximize: Bool, first isFirst: Bool
  ) {
    var options = tp_sgd(
      lr: learningRate, momentum: momentum, dampening: dampening, weight_decay: weightDecay, nesterov: nesterov, maximize: maximize, first: isFirst)
    if !params.isEmpty {
      if momentum == 0 {
        tp_current().pointee.sgd(Int32(params.count), params, grads, nil, sizes, dtype.rawValue, &options)
      } else {
        tp_current().pointee.sgd(Int32(params.count), params, grads, first, sizes, dtype.rawValue, &options)
      }
    }
    clear()
  }
}
