import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = a·(x·m + α′·(1 − m)) + b with m ~ Bernoulli(1 − p) for each element, α′ = −λα, a = 1/√((1 − p)·(1 + p·α′²)) and
/// b = −a·α′·p; 0 for p = 1. dx = dy·a·m with the same m
///
/// Kept is where the random numbers started, never m, as in `DropoutOp`. (Klambauer, Unterthiner, Mayr, Hochreiter:
/// Self-normalizing neural networks. 2017)
package struct AlphaDropoutOp: Op {
  package static let name = "alphaDropout"
  let p: Double

  /// α′, selu's lower limit.
  private static let limit = -1.0507009873554804934193349852946 * 1.6732632423543772848170429916717

  /// a
  var scale: Double { p == 1 ? 0 : 1 / ((1 - p) * (1 + p * Self.limit * Self.limit)).squareRoot() }

  /// b, which is added to a·x where x is kept.
  var shift: Double { -scale * Self.limit * p }

  /// a·α′ + b, which stands where x is dropped.
  var dropped: Double { scale * Self.limit + shift }

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    if !(0...1).contains(p) {
      throw ShapeError("alphaDropout: the probability p must lie in 0 … 1, got \(p) for \(x[0])")
    }
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, tp_random_state) {
    let state = reserveRandom(shape.volume), value = x.first.value
    let kept = Kernel.dropout(.ones(shape, value.dtype), state, p: p) .> 0
    return (Kernel.select(kept, value * scale + shift, Tensor(dropped, value.dtype), shape: shape), state)
  }

  /// `DropoutOp` with the same state draws the same m and divides it by 1 − p.
  package func backward(_ dy: Variable, _ kept: Kept<tp_random_state>, _ wants: Wants) -> InputGradients {
    InputGradients(DropoutOp(p: p, state: kept.extra).apply(Inputs(dy)) * (scale * (1 - p)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("alphaDropout", "0 … 1", "1.5", "[2, 3]") { () throws(ShapeError) in
        _ = try AlphaDropoutOp(p: 1.5).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("alphaDropout", "floating-point", "int64") { () throws(ShapeError) in
        _ = try AlphaDropoutOp(p: 0.5).shape(of: Specs([[2, 3]], [.int64]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), p = draw.pick([0, 0.2, 0.5, 0.9, 1])
    // The same m in every call, or no finite difference would be a derivative.
    return LawCase([draw.tensor(shape)], label: "\(shape), p = \(p)", isLinear: true) { x in
      withSeed(1) { alphaDropout(x[0], p, training: true) }
    }
  }
}
