import TapestryAutograd
import TapestryTensors

/// Compares the derivatives of a whole model with finite differences: by every input and by every parameter that is not
/// frozen, first and second order.
///
///     try gradientCheck(model, at: x).verify()
///     gradientCheck(model, at: x, loss: { crossEntropy($0, labels) }).description
///     // "gradientCheck: order 1, parameter 'blocks.0.fc1.weight', element [2, 0]: the gradient
///     // is 0.4, by differences 0.8 (off by …)"
///
/// It runs on a float64 copy in the model's mode; random operations draw the same numbers each time, and buffers
/// (running statistics) begin each evaluation with their values. The model must be smooth near its weights and inputs:
/// at the corner of a `ReLU` differences tell nothing.
public func gradientCheck(
  _ model: some Layer, at x: Tensor, loss: @escaping (Variable) -> Variable = { $0 }, orders: Int = 2,
  tolerance: Double = 1e-8, seed: UInt64 = 0
) -> GradientCheck {
  gradientCheck(model, at: [x], orders: orders, tolerance: tolerance, seed: seed) { model, x in loss(model(x[0])) }
}

/// The same for a model of several inputs, called by `body`. Inputs of integer types are passed on and not
/// differentiated.
///
///     gradientCheck(decoder, at: [x, memory]) { decoder, x in decoder(x[0], memory: x[1]) }
public func gradientCheck<M: Module>(
  _ model: M, at inputs: [Tensor], orders: Int = 2, tolerance: Double = 1e-8, seed: UInt64 = 0,
  _ body: @escaping (M, [Variable]) -> Variable
) -> GradientCheck {
  let copy = model.copy()
  copy.to(.float64)
  let parameters = copy.namedParameters().filter { !$0.parameter.isFrozen },
    buffers = copy.buffers().map { ($0, $0.value) }
  let names = inputs.indices.map { "input \($0)" } + parameters.map { "parameter '\($0.name)'" }
  func f(_ all: [Variable]) -> Variable {
    for (buffer, value) in buffers { buffer.assign(value) }
    let pairs = zip(parameters, all[inputs.count...]).map { (parameter: $0.parameter, by: $1) }
    return Parameter.substituting(pairs) { body(copy, Array(all[..<inputs.count])) }
  }
  return gradientCheck(
    f, at: inputs + parameters.map(\.parameter.value), named: names, orders: orders, tolerance: tolerance, seed: seed)
}
