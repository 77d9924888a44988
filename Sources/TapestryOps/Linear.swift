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
    if input.count == 0 { throw ShapeError("linear: the input needs an axis of \(weight[0]) features, got a scalar") }
    if input[input.count - 1] != weight[0] {
      throw ShapeError("linear: cannot multiply \(input) by \(weight): inner sizes \(input[input.count - 1]) and \(weight[0]) differ")
    }
    if x.count > 2 && x[2] != [weight[1]] { throw ShapeError("linear: the bias must be [\(weight[1])] for weight \(weight), got \(x[2])") }
    var shape = input
    shape[shape.count - 1] = weight[1]
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let w = x[1].value
    let y = Kernel.gemm(Self.rows(x.first.value), w, shape: [shape.dropLast().reduce(1, *), w.shape[1]], bias: x.third?.value)
    return (shape.count == 2 ? y : y.reshaped(shape), ())
  }

  /// (…, n) as (rows, n)
  private static func rows(_ x: Tensor) -> Tensor { x.rank == 2 ? x : x.reshaped([x.shape.dropLast().reduce(1, *), x.shape[x.rank - 1]]) }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(wants[0] ? .input(1) : .nothing, wants[1] ? .input(0) : .nothing) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    if isRecording {
      let rows = dy.rank == 2 ? dy : dy.reshaped(-1, dy.shape[dy.rank - 1])
      return InputGradients(
        wants[0] ? matmul(dy, kept[1].transposed()) : nil,
        wants[1] ? matmul((kept[0].rank == 2 ? kept[0] : kept[0].reshaped(-1, kept.shapes[1][0])).transposed(), rows) : nil,
        wants[2] ? rows.sum(0) : nil)
    }
    let g = Self.rows(dy.value)
    var dx: Tensor?, dw: Tensor?, db: Tensor?
    if wants[0] {
      let w = kept[1].value
      dx = Kernel.gemm(g, w.transposed(), shape: [g.shape[0], w.shape[0]])
      if dy.rank != 2 { dx = dx!.reshaped(kept.shapes[0]) }
    }
    if wants[1] { dw = Kernel.gemm(Self.rows(kept[0].value).transposed(), g, shape: kept.shapes[1]) }
    if wants[2] { db = Kernel.reduce(Int(TP_SUM), g, axes: [0], keepDims: false) }
    return InputGradients(dx.map { Variable(result: $0) }, dw.map { Variable(result: $0) }, db.map { Variable(result: $0) })
  }

  package static let law = Law(
    name,
    misuse: [
      .init("linear", "[2, 3]", "[4, 5]", "inner sizes 3 and 4 differ") { () throws(ShapeError) in
        _ = try LinearOp().shape(of: Specs([[2, 3], [4, 5]], [.float32, .float32]))
      },
      .init("linear", "bias", "[5]") { () throws(ShapeError) in
        _ = try LinearOp().shape(of: Specs([[2, 3], [3, 5], [4]], [.float32, .float32, .float32]))
      },
    ]
  ) { draw in
    let (inputs, outputs) = (draw.size(zero: false, most: 9), draw.size(zero: false, most: 9))
    let x = Shape((0..<draw.int(0...2)).map { _ in draw.size(most: 5) } + [inputs])
    let bias = draw.bool()
    let tensors = [draw.tensor(x), draw.tensor([inputs, outputs])] + (bias ? [draw.tensor([outputs])] : [])
    return LawCase(
      tensors, label: "\(x) to \(outputs)\(bias ? " with bias" : "")",
      composed: { v in bias ? matmul(v[0], v[1]) + v[2] : matmul(v[0], v[1]) },
      call: { v in linear(v[0], v[1], bias ? v[2] : nil) })
  }
}

/// y = x·W + b for x (…, in), W (in, out) and b (out) or nil.
public func linear(_ x: Variable, _ weight: Variable, _ bias: Variable? = nil) -> Variable { LinearOp().apply(Inputs(x, weight, bias)) }
