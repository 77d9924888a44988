import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = x·m/(1 − p), m ~ Bernoulli(1 − p) for each element; 0 for p = 1.    dx = dy·m/(1 − p) with the same m
///
/// Kept is where the random numbers started, never m: the kernel draws it again. (Srivastava, Hinton, Krizhevsky,
/// Sutskever, Salakhutdinov: Dropout. 2014)
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

  package func backward(_ dy: Variable, _ kept: Kept<tp_random_state>, _ wants: Wants) -> InputGradients {
    InputGradients(DropoutOp(p: p, state: kept.extra).apply(Inputs(dy)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("dropout", "0 … 1", "1.5", "[2, 3]") { () throws(ShapeError) in
        _ = try DropoutOp(p: 1.5).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("dropout", "0 … 1", "nan") { () throws(ShapeError) in
        _ = try DropoutOp(p: .nan).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("dropout", "floating-point", "int64") { () throws(ShapeError) in
        _ = try DropoutOp(p: 0.5).shape(of: Specs([[2, 3]], [.int64]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), p = draw.pick([0, 0.2, 0.5, 0.9, 1])
    // The same m in every call, or no finite difference would be a derivative.
    return LawCase([draw.tensor(shape)], label: "\(shape), p = \(p)", isLinear: true) { x in
      withSeed(1) { dropout(x[0], p: p, training: true) }
    }
  }
}

/// In training each element becomes 0 with probability `p` and the others are divided by 1 − p, which keeps the mean;
/// in evaluation, and for p = 0, this is x itself; for p = 1 it is 0 with gradient 0.
///
/// The random numbers come from the thread's current generator (`withSeed`, `withGenerator`). A `p` outside 0 … 1 ends
/// the program with a message.
public func dropout(_ x: Variable, _ p: Double = 0.5, training: Bool = true) -> Variable {
  let op = DropoutOp(p: p)
  if training && p != 0 { return op.apply(Inputs(x)) }
  _ = failing { () throws(ShapeError) in try op.shape(of: Specs(Inputs(x))) }
  return x
}

/// The same of a Tensor.
@_disfavoredOverload
public func dropout(_ x: Tensor, _ p: Double = 0.5, training: Bool = true) -> Tensor {
  dropout(Variable(x), p, training: training).value
}

/// The same with PyTorch's name of the argument.
public func dropout(_ x: Variable, p: Double, training: Bool = true) -> Variable { dropout(x, p, training: training) }

/// The same of a Tensor.
@_disfavoredOverload
public func dropout(_ x: Tensor, p: Double, training: Bool = true) -> Tensor {
  dropout(Variable(x), p: p, training: training).value
}

/// Dropout of whole feature maps: each (batch, channel) of x (batch, channels, …) becomes 0 with probability `p`, the
/// others are divided by 1 − p (Tompson et al. 2015, arXiv:1411.4280). With `batched` false x is (channels, …).
public func featureDropout(_ x: Variable, _ p: Double = 0.5, training: Bool = true, batched: Bool = true) -> Variable {
  let maps = failing { () throws(ShapeError) in try mapShape(x, p, batched, "featureDropout") }
  if !training || p == 0 { return x }
  let factors = dropout(Variable(.ones(maps, x.dtype)), p).value
  return x.where(factors .!= 0, 0) * factors  // selected first: 0·∞ is NaN
}

/// The same of a Tensor.
@_disfavoredOverload
public func featureDropout(_ x: Tensor, _ p: Double = 0.5, training: Bool = true, batched: Bool = true) -> Tensor {
  featureDropout(Variable(x), p, training: training, batched: batched).value
}

/// Dropout that keeps mean 0 and variance 1 of what `selu` gives: dropped elements become α′ = −λα, selu's lower limit,
/// and a·x + b restores the moments (Klambauer et al. 2017, arXiv:1706.02515). For p = 1 the result is 0.
public func alphaDropout(_ x: Variable, _ p: Double = 0.5, training: Bool = true) -> Variable {
  let op = AlphaDropoutOp(p: p)
  if training && p != 0 { return op.apply(Inputs(x)) }
  _ = failing { () throws(ShapeError) in try op.shape(of: Specs(Inputs(x))) }
  return x
}

/// The same of a Tensor.
@_disfavoredOverload
public func alphaDropout(_ x: Tensor, _ p: Double = 0.5, training: Bool = true) -> Tensor {
  alphaDropout(Variable(x), p, training: training).value
}

/// `alphaDropout` of whole feature maps, the channels of x (batch, channels, …).
public func featureAlphaDropout(_ x: Variable, _ p: Double = 0.5, training: Bool = true) -> Variable {
  let maps = failing { () throws(ShapeError) in try mapShape(x, p, true, "featureAlphaDropout") }
  if !training || p == 0 { return x }
  if p == 1 { return x.where(Tensor(0, .bool), 0) }
  let op = AlphaDropoutOp(p: p), kept = Tensor.bernoulli(maps, probability: 1 - p, x.dtype)
  return x.where(kept .!= 0, 0) * (kept * op.scale) + (kept * op.shift + (1 - kept) * op.dropped)
}

/// The same of a Tensor.
@_disfavoredOverload
public func featureAlphaDropout(_ x: Tensor, _ p: Double = 0.5, training: Bool = true) -> Tensor {
  featureAlphaDropout(Variable(x), p, training: training).value
}

/// (batch, channels, 1, …), or (channels, 1, …).
private func mapShape(_ x: Variable, _ p: Double, _ batched: Bool, _ name: String) throws(ShapeError) -> Shape {
  _ = try DropoutOp(p: p).shape(of: Specs(Inputs(x)))
  let axes = batched ? 2 : 1
  if x.rank < axes {
    throw ShapeError("\(name): needs \(batched ? "(batch, channels, …)" : "(channels, …)"), got \(x.shape)")
  }
  return Shape(x.shape.enumerated().map { $0 < axes ? $1 : 1 })
}
