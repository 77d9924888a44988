import CTapestry

// Kernels of neural networks. Shapes and types were checked by the caller.

extension Kernel {
  /// softmax(x), or its logarithm, along one axis (0 ..< rank).
  package static func softmax(log: Bool, _ x: Tensor, axis: Int) -> Tensor {
    if x.rank == 0 { return softmax(log: log, x.asVector, axis: 0).droppingAxis(0) }
    let y = Tensor(uninitialized: x.shape, x.dtype, on: x.descriptor.device)
    run(y, x) { $0.pointee.softmax(log, $1, $2, Int32(axis)) }
    return y
  }

  /// dx of softmax or its logarithm from the result y.
  package static func softmaxGradient(log: Bool, y: Tensor, dy: Tensor, axis: Int) -> Tensor {
    if y.rank == 0 { return softmaxGradient(log: log, y: y.asVector, dy: dy.asVector, axis: 0).droppingAxis(0) }
    let dx = Tensor(uninitialized: y.shape, y.dtype, on: y.descriptor.device)
    run(dx, y, dy) { $0.pointee.softmax_grad(log, $1, $2, $3, Int32(axis)) }
    return dx
  }

  /// Normalizes the last axis of x (…, n). gamma and beta (n). mean and rstd have x's shape with last size 1. What is
  /// not centred has no mean (RMS norm).
  package static func layerNorm(_ x: Tensor, centred: Bool = true, gamma: Tensor?, beta: Tensor?, eps: Double) -> (
    y: Tensor, mean: Tensor?, rstd: Tensor
  ) {
    var statistics = x.shape
    statistics[x.rank - 1] = 1
    let y = Tensor(uninitialized: x.shape, x.dtype, on: x.descriptor.device)
    let mean = centred ? Tensor(uninitialized: statistics, x.dtype, on: x.descriptor.device) : nil
    let rstd = Tensor(uninitialized: statistics, x.dtype, on: x.descriptor.device)
    run(optional: y, mean, rstd, x, gamma?.contiguous(), beta?.contiguous()) {
      $0.pointee.layer_norm($1[0], $1[1], $1[2], $1[3], $1[4], $1[5], eps)
    }
    return (y, mean, rstd)
  }

  /// The gradients of layerNorm that are wanted: dx (…, n), dgamma and dbeta (n).
  package static func layerNormGradient(
    _ dy: Tensor, _ x: Tensor, mean: Tensor?, rstd: Tensor, gamma: Tensor?, wants: (x: Bool, gamma: Bool, beta: Bool)
  ) -> (dx: Tensor?, dgamma: Tensor?, dbeta: Tensor?) {
    var vector = Shape()
    vector.append(x.shape[x.rank - 1])  // [n] would make an array
    let dx = wants.x ? Tensor(uninitialized: x.shape, x.dtype, on: x.descriptor.device) : nil
    let dgamma = wants.gamma ? Tensor(uninitialized: vector, x.dtype, on: x.descriptor.device) : nil
    let dbeta = wants.beta ? Tensor(uninitialized: vector, x.dtype, on: x.descriptor.device) : nil
    run(optional: dx, dgamma, dbeta, dy, x, mean, rstd, gamma?.contiguous()) {
      $0.pointee.layer_norm_grad($1[0], $1[1], $1[2], $1[3], $1[4], $1[5], $1[6], $1[7])
    }
    return (dx, dgamma, dbeta)
  }

  /// x·m/(1 − p) with m ~ Bernoulli(1 − p); the same state gives the same m.
  package static func dropout(_ x: Tensor, _ state: tp_random_state, p: Double) -> Tensor {
    let y = Tensor(uninitialized: x.shape, x.dtype, on: x.descriptor.device)
    run(y, x) { $0.pointee.dropout($1, $2, state, p) }
    return y
  }

  /// float64 numbers, uniform in low ..< high; the same state gives the same numbers.
  package static func uniform(_ shape: Shape, _ state: tp_random_state, _ low: Double, _ high: Double) -> Tensor {
    let y = Tensor(uninitialized: shape, .float64)
    run(y) { $0.pointee.random(Int32(TP_UNIFORM), $1, state, tp_number(low), tp_number(high)) }
    return y
  }

  /// Σ over the rows of x (rows, n): (n). The gradient of a bias, for which a general reduction's list of axes would be
  /// an array a call.
  package static func sumOfRows(_ x: Tensor) -> Tensor {
    var shape = x.shape
    shape[0] = 1
    var y = Tensor(uninitialized: shape, x.dtype, on: x.descriptor.device)
    run(y, x) { $0.pointee.reduce(Int32(TP_SUM), $1, $2) }
    y.setAxis(0, size: shape[1], stride: 1)
    y.descriptor.rank = 1
    return y
  }
}
