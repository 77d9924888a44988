import TapestryAutograd
import TapestryTensors

/// y = condition ? a : b, all three broadcast.
/// da = dy where the condition holds, else 0;  db = dy where it does not, else 0
package struct Where: Op {
  package static let name = "where"

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    if x.dtype(0) != .bool {
      throw ShapeError(
        "where: the condition must be bool, got \(x.dtypes[0]) \(x[0]); compare it (x .> 0) or cast(to: .bool)")
    }
    try Specs([x[1], x[2]], [x.dtypes[1], x.dtypes[2]]).sameType(Self.name, floating: false)
    guard let values = x[1].broadcast(with: x[2]) else {
      throw ShapeError(Kernel.broadcastMistake(x[1], x[2], Self.name))
    }
    guard let shape = values.broadcast(with: x[0]) else {
      throw ShapeError(Kernel.broadcastMistake(x[0], values, Self.name))
    }
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.select(x[0].value, x[1].value, x[2].value, shape: shape), ())
  }
  package func keeps(_ wants: Wants) -> Keeps { .input(0) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let zero = Variable(Tensor(0, dy.dtype))
    return InputGradients(
      nil,
      wants[1] ? Where().apply(Inputs(kept[0], dy, zero)) : nil,
      wants[2] ? Where().apply(Inputs(kept[0], zero, dy)) : nil)
  }

  package static let law = Law(
    name,
    misuse: [
      .init("where", "condition", "float32", "[2]") { () throws(ShapeError) in
        _ = try Where().shape(of: Specs([[2], [2], [2]], [.float32, .float32, .float32]))
      },
      .init("where", "cannot broadcast [3] with [2]") { () throws(ShapeError) in
        _ = try Where().shape(of: Specs([[3], [2], [2]], [.bool, .float32, .float32]))
      },
      .init("where", "float32 [2]", "float64 [2]") { () throws(ShapeError) in
        _ = try Where().shape(of: Specs([[2], [2], [2]], [.bool, .float32, .float64]))
      },
    ]
  ) { draw in
    let (a, b) = draw.broadcastPair()
    let shape = draw.bool() ? a : a.broadcast(with: b)!
    let condition = draw.tensor(shape, -1, 1) .> 0
    return LawCase([draw.tensor(a), draw.tensor(b)], label: "\(shape) ? \(a) : \(b)", isLinear: true) {
      $0[0].where(condition, $0[1])
    }
  }
}

extension Variable {
  /// These elements where the condition (bool) holds, the other's elsewhere, all three broadcast; PyTorch's
  /// `torch.where(condition, self, other)`.
  ///
  ///     x.where(x .> 0, 0.1 * x)              // a leaky ReLU
  ///     scores.where(mask, -1e9)              // scores (batch, heads, time, time), mask (time, time)
  ///
  /// The gradient of an element flows to where it was taken from and is 0 on the other side, whatever stands there: NaN
  /// and ∞ that are not chosen stay without effect. (But where the chosen side was computed from them, its own
  /// derivative may be NaN: `sqrt(x).where(x .> 0, 0)` has 0·∞ at 0; choose before the root.) Traps for a condition that
  /// is not bool, for two types, and for shapes that do not broadcast.
  public func `where`(_ condition: Tensor, _ other: Variable) -> Variable {
    Where().apply(Inputs(Variable(condition), self, other))
  }
  /// The same with a constant Tensor elsewhere, which gets no gradient.
  public func `where`(_ condition: Tensor, _ other: Tensor) -> Variable { self.where(condition, Variable(other)) }
  /// The same with a number elsewhere, which takes the type of these elements.
  public func `where`(_ condition: Tensor, _ other: some Scalar) -> Variable {
    self.where(condition, Variable(value: other, like: self, "where"))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func `where`(_ condition: Tensor, _ other: Tensor) -> Tensor {
    Variable(self).where(condition, Variable(other)).value
  }

  /// The same with a Variable.
  @_disfavoredOverload
  public func `where`(_ condition: Tensor, _ other: Variable) -> Variable {
    Variable(self).where(condition, other)
  }

  /// The same of a Tensor.
  public func `where`(_ condition: Tensor, _ other: some Scalar) -> Tensor {
    Variable(self).where(condition, other).value
  }
}
