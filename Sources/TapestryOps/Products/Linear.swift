import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = x·W + b for x (…, in), W (in, out), b (out); leading axes are rows.
///
///     dx = dy·Wᵀ        dW = xᵀ·dy        db = Σ dy over rows
package struct LinearOp: Op {
  package static let name = "linear"

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    let (input, weight) = (x[0], x[1])
    if weight.count != 2 { throw ShapeError("linear: the weight must be (in, out), got \(weight)") }
    if input.isEmpty { throw ShapeError("linear: the input needs an axis of \(weight[0]) features, got a scalar") }
    if input[input.count - 1] != weight[0] {
      throw ShapeError(
        """
        linear: cannot multiply \(input) by \(weight): inner sizes \(input[input.count - 1]) and \(weight[0]) differ; \
        Linear(\(input[input.count - 1]), \(weight[1])) would fit
        """)
    }
    if x.count > 2 && (x[2].count != 1 || x[2][0] != weight[1]) {
      throw ShapeError("linear: the bias must be [\(weight[1])] for weight \(weight), got \(x[2])")
    }
    var shape = input
    shape[shape.count - 1] = weight[1]
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    if shape.count == 2 { return (Kernel.gemm(x.first.value, x.second!.value, shape: shape, bias: x.third?.value), ()) }
    let rows = x.first.value.asRows
    return (
      Kernel.gemm(rows, x.second!.value, shape: [rows.shape[0], shape[shape.count - 1]], bias: x.third?.value).reshaped(
        shape), ()
    )
  }

  package func keeps(_ wants: Wants) -> Keeps {
    Keeps(wants[0] ? .input(1) : .nothing, wants[1] ? .input(0) : .nothing)
  }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let rows = dy.asRows
    return InputGradients(
      wants[0] ? matmul(rows, kept[1].transposed()).reshaped(kept.shapes[0]) : nil,
      wants[1] ? matmul(kept[0].asRows.transposed(), rows) : nil,
      wants[2] ? rows.sum(0) : nil)
  }

  /// The same on matrices without a Variable on the way, which small networks notice.
  package func fused(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients? {
    if dy.rank != 2 { return nil }
    return InputGradients(
      wants[0] ? Variable(result: Kernel.productTransposed(dy, kept[1])) : nil,
      wants[1] ? Variable(result: Kernel.transposedProduct(kept[0], dy)) : nil,
      wants[2] ? Variable(result: Kernel.sumOfRows(dy)) : nil)
  }

  package static let law = Law(
    name,
    misuse: [
      .init("linear", "[2, 3]", "[4, 5]", "inner sizes 3 and 4 differ") { () throws(ShapeError) in
        _ = try LinearOp().shape(of: Specs([[2, 3], [4, 5]], [.float32, .float32]))
      },
      .init("linear", "bias", "[5]", "[4]") { () throws(ShapeError) in
        _ = try LinearOp().shape(of: Specs([[2, 3], [3, 5], [4]], [.float32, .float32, .float32]))
      },
      .init("linear", "scalar", "3 features") { () throws(ShapeError) in
        _ = try LinearOp().shape(of: Specs([[], [3, 5]], [.float32, .float32]))
      },
    ], neverScalar: true
  ) { draw in
    let (inputs, outputs) = (draw.size(most: 9), draw.size(most: 9))
    let x = Shape((0..<draw.int(0...2)).map { _ in draw.size(most: 5) } + [inputs])
    let bias = draw.bool()
    let tensors = [draw.tensor(x), draw.tensor([inputs, outputs])] + (bias ? [draw.tensor([outputs])] : [])
    return LawCase(
      tensors, label: "\(x) to \(outputs)\(bias ? " with bias" : "")",
      composed: { v in bias ? matmul(v[0], v[1]) + v[2] : matmul(v[0], v[1]) },
      call: { v in linear(v[0], v[1], bias ? v[2] : nil) })
  }
}

extension Tensor {
  /// (…, n) as (rows, n)
  var asRows: Tensor {
    if rank == 2 { return self }
    let shape = shape
    return reshaped([Shape(shape.dropLast()).volume, shape[shape.count - 1]])
  }
}

extension Variable {
  /// (…, n) as (rows, n)
  var asRows: Variable { rank == 2 ? self : reshaped([Shape(shape.dropLast()).volume, shape[rank - 1]]) }
}

/// x·W + b for x (…, in), W (in, out) and b (out) or nil: (…, out).
public func linear(_ x: Variable, _ weight: Variable, _ bias: Variable? = nil) -> Variable {
  let inputs = Inputs(x, weight, bias)
  guard x.rank == 2, let value = Kernel.product(x, weight, bias: bias?.value) else { return LinearOp().apply(inputs) }
  if Gate.isWatched { Gate.show(value, LinearOp.name) }
  return LinearOp().record(inputs, value, ())
}

/// The same of Tensors.
@_disfavoredOverload
public func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
  linear(Variable(x), Variable(weight), bias.map { Variable($0) }).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func linear(
  _ x: some VariableConvertible, _ weight: some VariableConvertible, _ bias: (any VariableConvertible)? = nil
) -> Variable {
  linear(x.asVariable, weight.asVariable, bias?.asVariable)
}
