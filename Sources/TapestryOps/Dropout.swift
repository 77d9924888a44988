import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = x·m/(1 − p), m ~ Bernoulli(1 − p) for each element.    dx = dy·m/(1 − p) with the same m
///
/// Kept is where the random numbers started, never m: the kernel draws it again. (Srivastava et al. 2014)
package struct DropoutOp: Op {
  package static let name = "dropout"
  let p: Double

  /// The numbers to use, in a backward pass; nil draws new ones.
  var state: tp_random_state?

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    if !(0...1).contains(p) { throw ShapeError("dropout: the probability p must lie in 0 … 1, got \(p) for \(x[0])") }
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, tp_random_state) {
    let state = state ?? reserveRandom(shape.volume)
    return (Kernel.dropout(x.first.value, state, p: p), state)
  }

  package func keeps(_ wants: Wants) -> Keeps { .nothing }

  package func backward(_ dy: Variable, _ kept: Kept<tp_random_state>, _ wants: Wants) -> InputGradients {
    InputGradients(DropoutOp(p: p, state: kept.extra).apply(Inputs(dy)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("dropout", "0 … 1", "1.5", "[2, 3]") { () throws(ShapeError) in _ = try DropoutOp(p: 1.5).shape(of: Specs([[2, 3]], [.float32])) },
      .init("dropout", "floating-point", "int64") { () throws(ShapeError) in _ = try DropoutOp(p: 0.5).shape(of: Specs([[2, 3]], [.int64])) },
    ]
  ) { draw in
    let shape = draw.shape(), p = draw.pick([0, 0.2, 0.5, 1])
    return LawCase([draw.tensor(shape)], label: "\(shape), p = \(p)", isLinear: true) { dropout($0[0], p: p, training: true) }
  }
}

/// In training each element becomes 0 with probability `p`, and the others are divided by 1 − p, so that the mean stays; otherwise the identity.
/// `p` outside 0 … 1 ends the program with a message.
public func dropout(_ x: Variable, p: Double = 0.5, training: Bool = true) -> Variable {
  if training && p != 0 { return DropoutOp(p: p).apply(Inputs(x)) }
  if !(0...1).contains(p) { _ = DropoutOp(p: p).apply(Inputs(x)) }  // gives the message
  return x
}
