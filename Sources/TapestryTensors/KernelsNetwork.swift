import CTapestry

// Kernels of neural networks. Shapes and types were checked by the caller.

extension Kernel {
  /// softmax(x), or its logarithm, along one axis (0 ..< rank).
  package static func softmax(log: Bool, _ x: Tensor, axis: Int) -> Tensor {
    if x.rank == 0 { return softmax(log: log, x.asVector, axis: 0).droppingAxis(0) }
    let y = Tensor(uninitialized: x.shape, x.dtype)
    y.withDescriptor { y in x.withDescriptor { x in tp_current().pointee.softmax(log, y, x, Int32(axis)) } }
    return y
  }

  /// dx of softmax or its logarithm from the result y.
  package static func softmaxGradient(log: Bool, y: Tensor, dy: Tensor, axis: Int) -> Tensor {
    if y.rank == 0 { return softmaxGradient(log: log, y: y.asVector, dy: dy.asVector, axis: 0).droppingAxis(0) }
    let dx = Tensor(uninitialized: y.shape, y.dtype)
    dx.withDescriptor { dx in
      y.withDescriptor { y in dy.withDescriptor { dy in tp_current().pointee.softmax_grad(log, dx, y, dy, Int32(axis)) } }
    }
    return dx
  }

  /// Normalises the last axis of x (…, n). gamma and beta (n). mean and rstd have x's shape with last size 1.
  package static func layerNorm(_ x: Tensor, gamma: Tensor?, beta: Tensor?, eps: Double) -> (y: Tensor, mean: Tensor, rstd: Tensor) {
    var statistics = x.shape
    statistics[x.rank - 1] = 1
    let y = Tensor(uninitialized: x.shape, x.dtype)
    let mean = Tensor(uninitialized: statistics, x.dtype), rstd = Tensor(uninitialized: statistics, x.dtype)
    let gamma = gamma?.contiguous(), beta = beta?.contiguous()
    y.withDescriptor { y in
      mean.withDescriptor { mean in
        rstd.withDescriptor { rstd in
          x.withDescriptor { x in
            withDescriptor(gamma) { gamma in
              withDescriptor(beta) { beta in tp_current().pointee.layer_norm(y, mean, rstd, x, gamma, beta, eps) }
            }
          }
        }
      }
    }
    return (y, mean, rstd)
  }

  /// The gradients of layerNorm that are wanted: dx (…, n), dgamma and dbeta (n).
  package static func layerNormGradient(
    _ dy: Tensor, _ x: Tensor, mean: Tensor, rstd: Tensor, gamma: Tensor?, wants: (x: Bool, gamma: Bool, beta: Bool)
  ) -> (dx: Tensor?, dgamma: Tensor?, dbeta: Tensor?) {
    let vector: Shape = [x.shape[x.rank - 1]]
    let dx = wants.x ? Tensor(uninitialized: x.shape, x.dtype) : nil
    let dgamma = wants.gamma ? Tensor(uninitialized: vector, x.dtype) : nil
    let dbeta = wants.beta ? Tensor(uninitialized: vector, x.dtype) : nil
    let gamma = gamma?.contiguous()
    withDescriptor(dx) { dx in
      withDescriptor(dgamma) { dgamma in
        withDescriptor(dbeta) { dbeta in
          dy.withDescriptor { dy in
            x.withDescriptor { x in
              mean.withDescriptor { mean in
                rstd.withDescriptor { rstd in
                  withDescriptor(gamma) { gamma in tp_current().pointee.layer_norm_grad(dx, dgamma, dbeta, dy, x, mean, rstd, gamma) }
                }
              }
            }
          }
        }
      }
    }
    return (dx, dgamma, dbeta)
  }

  /// x·m/(1 − p) with m ~ Bernoulli(1 − p); the same state gives the same m.
  package static func dropout(_ x: Tensor, _ state: tp_random_state, p: Double) -> Tensor {
    let y = Tensor(uninitialized: x.shape, x.dtype)
    y.withDescriptor { y in x.withDescriptor { x in tp_current().pointee.dropout(y, x, state, p) } }
    return y
  }

  /// float64 numbers, uniform in low ..< high; the same state gives the same numbers.
  package static func uniform(_ shape: Shape, _ state: tp_random_state, _ low: Double, _ high: Double) -> Tensor {
    let y = Tensor(uninitialized: shape, .float64)
    y.withDescriptor { tp_current().pointee.random(Int32(TP_UNIFORM), $0, state, tp_number(low), tp_number(high)) }
    return y
  }

  /// Σ over the rows of x (rows, n): (n). The gradient of a bias, for which a general reduction's list of axes would be an array a call.
  package static func sumOfRows(_ x: Tensor) -> Tensor {
    var shape = x.shape
    shape[0] = 1
    var y = Tensor(uninitialized: shape, x.dtype)
    y.withDescriptor { y in x.withDescriptor { x in tp_current().pointee.reduce(Int32(TP_SUM), y, x) } }
    y.setAxis(0, size: shape[1], stride: 1)
    y.descriptor.rank = 1
    return y
  }

  /// The descriptor of a tensor that may be missing, or null.
  private static func withDescriptor(_ x: Tensor?, _ body: (UnsafePointer<tp_tensor>?) -> Void) {
    if let x { x.withDescriptor { body($0) } } else { body(nil) }
  }
}
