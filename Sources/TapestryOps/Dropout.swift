import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = x·m/(1 − p), m ~ Bernoulli(1 − p) for each element; 0 for p = 1.    dx = dy·m/(1 − p) with the same m
///
/// Kept is where the random numbers started, never m: the kernel draws it again. (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov: Dropout. 2014)
package struct DropoutOp: Op {
  package static let name = "dropout"
  let p: Double

  /// The numbers to use: those of the forward pass in its derivatives; nil draws new ones.
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
      .init("dropout", "0 … 1", "nan") { () throws(ShapeError) in _ = try DropoutOp(p: .nan).shape(of: Specs([[2, 3]], [.float32])) },
      .init("dropout", "floating-point", "int64") { () throws(ShapeError) in _ = try DropoutOp(p: 0.5).shape(of: Specs([[2, 3]], [.int64])) },
    ]
  ) { draw in
    let shape = draw.shape(), p = draw.pick([0, 0.2, 0.5, 0.9, 1])
    // The same m in every call, or no finite difference would be a derivative.
    return LawCase([draw.tensor(shape)], label: "\(shape), p = \(p)", isLinear: true) { x in withSeed(1) { dropout(x[0], p: p, training: true) } }
  }
}

/// In training each element becomes 0 with probability `p` and the others are divided by 1 − p, which keeps the mean; in evaluation, and for p = 0,
/// this is x itself.
///
/// The random numbers come from the thread's current generator (`withSeed`, `withGenerator`). A `p` outside 0 … 1 ends the program with a message.
public func dropout(_ x: Variable, p: Double = 0.5, training: Bool = true) -> Variable {
  let op = DropoutOp(p: p)
  if training && p != 0 { return op.apply(Inputs(x)) }
  _ = failing { () throws(ShapeError) in try op.shape(of: Specs(Inputs(x))) }
  return x
}
