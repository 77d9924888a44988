import CTapestry

/// What an optimizer keeps for one parameter: up to three tensors of its shape and type, and how many steps they have seen.
package final class StepState {
  package var tensors: [Tensor?] = [nil, nil, nil]
  package var steps = 0

  /// The gradient in the parameter's layout, when it came in another.
  fileprivate var straightened: Tensor?

  package init() {}

  /// Makes tensor `k` fit the parameter: zeros when there is none, converted when the parameter changed its type. True when it is new.
  fileprivate func prepare(_ k: Int, for parameter: Tensor) -> Bool {
    if tensors[k] == nil {
      tensors[k] = .zeros(parameter.shape, parameter.dtype)
      return true
    }
    // Not bound to a name, which would be a second holder and make a copy.
    if tensors[k]!.dtype != parameter.dtype { tensors[k] = tensors[k]!.cast(to: parameter.dtype) }
    tensors[k]!.makeOwn()
    return false
  }

  /// `gradient` in row-major memory. Copies into memory that stays, so that the next step needs none.
  fileprivate func rowMajor(_ gradient: borrowing Tensor) -> UnsafeMutableRawPointer? {
    if gradient.isContiguous { return gradient.descriptor.data }
    if straightened == nil || straightened!.shape != gradient.shape || straightened!.dtype != gradient.dtype {
      straightened = Tensor(uninitialized: gradient.shape, gradient.dtype)
    }
    straightened!.copyMemory(from: copy gradient)
    return straightened!.descriptor.data
  }
}

extension Tensor {
  /// Row-major memory that nobody else holds, so that it may be written; a copy only where it is not so yet.
  fileprivate mutating func makeOwn() {
    if !isContiguous { self = copied() }
    makeUnique()
  }
}

/// Gathers the memory of many parameters for one fused kernel. Keeps its array, so a step allocates nothing after the first.
/// The caller keeps parameters, gradients and states alive until the kernel has run.
package struct StepBuffers {
  private var items: [tp_step_item] = []
  private var elements: Int64 = 0

  package init() {}

  private mutating func add(_ item: tp_step_item) {
    items.append(item)
    items[items.count - 1].offset = elements
    elements += item.size
  }

  /// A parameter, which becomes the only holder of its memory (a copy only while a graph still holds it too), its gradient, and its state with
  /// those tensors that `needed` names. One more step is counted.
  package mutating func add(_ parameter: inout Tensor, _ gradient: borrowing Tensor, _ state: StepState, needed: (Bool, Bool, Bool)) {
    parameter.makeOwn()
    state.steps += 1
    var item = tp_step_item()
    item.param = parameter.descriptor.data
    item.grad = state.rowMajor(gradient)
    (item.size, item.step, item.dtype) = (Int64(parameter.count), Int64(state.steps), parameter.descriptor.dtype)
    if needed.0 {
      item.fresh = state.prepare(0, for: parameter)
      item.state.0 = state.tensors[0]!.descriptor.data
    }
    if needed.1 {
      _ = state.prepare(1, for: parameter)
      item.state.1 = state.tensors[1]!.descriptor.data
    }
    if needed.2 {
      _ = state.prepare(2, for: parameter)
      item.state.2 = state.tensors[2]!.descriptor.data
    }
    add(item)
  }

  /// A gradient alone, to be clipped in place: it becomes the only holder of its memory, in any order of its axes.
  package mutating func add(gradient: inout Tensor) {
    gradient.makeUnique()
    var item = tp_step_item()
    item.grad = gradient.descriptor.data
    (item.size, item.dtype) = (Int64(gradient.count), gradient.descriptor.dtype)
    add(item)
  }

  /// Forgets what was gathered. Every kernel does so at its end.
  package mutating func clear() {
    items.removeAll(keepingCapacity: true)
    elements = 0
  }

  package mutating func adam(
    learningRate: Double, betas: (Double, Double), eps: Double, weightDecay: Double, decoupled: Bool, amsgrad: Bool, maximize: Bool
  ) {
    var options = tp_adam(
      lr: learningRate, beta1: betas.0, beta2: betas.1, eps: eps, weight_decay: weightDecay, decoupled: decoupled, amsgrad: amsgrad, maximize: maximize)
    tp_current().pointee.adam(items, Int64(items.count), &options)
    clear()
  }

  package mutating func sgd(learningRate: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool, maximize: Bool) {
    var options = tp_sgd(lr: learningRate, momentum: momentum, dampening: dampening, weight_decay: weightDecay, nesterov: nesterov, maximize: maximize)
    tp_current().pointee.sgd(items, Int64(items.count), &options)
    clear()
  }

  package mutating func rmsprop(
    learningRate: Double, alpha: Double, eps: Double, weightDecay: Double, momentum: Double, centered: Bool, maximize: Bool
  ) {
    var options = tp_rmsprop(
      lr: learningRate, alpha: alpha, eps: eps, weight_decay: weightDecay, momentum: momentum, centered: centered, maximize: maximize)
    tp_current().pointee.rmsprop(items, Int64(items.count), &options)
    clear()
  }

  /// Σ|g|ᵖ over all gradients, max|g| for p = ∞, in float64.
  package func gradientSum(_ p: Double) -> Double { tp_current().pointee.gradient_sum(items, Int64(items.count), p) }

  /// g ← g·factor
  package func scaleGradients(_ factor: Double) { tp_current().pointee.gradient_scale(items, Int64(items.count), factor) }

  /// g ← min(max(g, low), high)
  package func clampGradients(_ low: Double, _ high: Double) { tp_current().pointee.gradient_clamp(items, Int64(items.count), low, high) }
}
