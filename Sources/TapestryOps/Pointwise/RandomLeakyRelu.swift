import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = x > 0 ? x : s·x with a slope s ~ U(lower, upper) for each element.
/// dx = dy where x > 0, else s·dy with the same s
///
/// Kept is where the random numbers started, never s, as in `DropoutOp`. (Xu, Wang, Chen, Li: Empirical evaluation of
/// rectified activations. 2015)
package struct RandomLeakyRelu: Op {
  package static let name = "rrelu"
  let lower: Double, upper: Double

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    if !(lower <= upper) || !(upper - lower).isFinite {
      throw ShapeError("rrelu: the slopes need lower ≤ upper, both finite, got \(lower) and \(upper) for \(x[0])")
    }
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, tp_random_state) {
    let state = reserveRandom(shape.volume)
    let value = x.first.value
    return (value * slopes(value, state), state)
  }

  /// 1 where x > 0, else s. Drawn in float64 for either type, so that both get the same numbers.
  private func slopes(_ x: Tensor, _ state: tp_random_state) -> Tensor {
    Kernel.select(
      x .> 0, Tensor(1, x.dtype), Kernel.uniform(x.shape, state, lower, upper).cast(to: x.dtype), shape: x.shape)
  }

  package func keeps(_ wants: Wants) -> Keeps { .input(0) }

  package func backward(_ dy: Variable, _ kept: Kept<tp_random_state>, _ wants: Wants) -> InputGradients {
    InputGradients(dy * Variable(slopes(kept[0].value, kept.extra)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("rrelu", "lower ≤ upper", "0.5 and 0.1", "[2, 3]") { () throws(ShapeError) in
        _ = try RandomLeakyRelu(lower: 0.5, upper: 0.1).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("rrelu", "floating-point", "int64") { () throws(ShapeError) in
        _ = try RandomLeakyRelu(lower: 0, upper: 1).shape(of: Specs([[2]], [.int64]))
      },
    ]
  ) { draw in
    let shape = draw.shape()
    // The same slopes in every call, or no finite difference would be a derivative.
    return LawCase([draw.tensor(shape, -2, 2, awayFrom: [0])], label: "\(shape)", isLinear: true) { x in
      withSeed(1) { rrelu(x[0], training: true) }
    }
  }
}

/// x where positive, else x·s: in training with a slope s drawn uniformly from lower … upper for each element, in
/// evaluation with their mean.
///
/// The random numbers come from the thread's current generator (`withSeed`, `withGenerator`). A `lower` above `upper`
/// ends the program with a message.
public func rrelu(_ x: Variable, lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, training: Bool = true) -> Variable {
  let op = RandomLeakyRelu(lower: lower, upper: upper)
  if training { return op.apply(Inputs(x)) }
  _ = failing { () throws(ShapeError) in try op.shape(of: Specs(Inputs(x))) }
  return leakyRelu(x, negativeSlope: (lower + upper) / 2)
}

/// The same of a Tensor.
@_disfavoredOverload
public func rrelu(_ x: Tensor, lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, training: Bool = true) -> Tensor {
  rrelu(Variable(x), lower: lower, upper: upper, training: training).value
}
