import CTapestry
import TapestryAutograd
import TapestryTensors

/// (x − t)² of every element, their mean over n elements, or their sum.
/// dx = 2·(x − t)·dy (/n for the mean), dt = −dx
package struct MeanSquaredError: Op {
  package static let name = "mseLoss"
  let reduction: Reduction

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    try x.sameShape(Self.name)
    return reduction == .none ? x[0] : []
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    var difference = Kernel.binary(Int(TP_SUB), x.first, x.second!, name: "mseLoss")
    if reduction == .none {
      Kernel.unaryInPlace(Int(TP_SQUARE), &difference)
      return (difference, ())
    }
    var loss = Kernel.reduceAll(Int(TP_SUM_SQUARES), difference)
    if reduction == .mean { Kernel.unaryInPlace(Int(TP_DIV_SCALAR), &loss, Double(difference.count)) }
    return (loss, ())
  }

  package func keeps(_ wants: Wants) -> Keeps { .allInputs }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let factor = reduction == .mean ? 2 / Double(kept[0].count) : 2
    let dx = (kept[0] - kept[1]) * (dy * factor)
    return InputGradients(wants[0] ? dx : nil, wants[1] ? -dx : nil)
  }

  package static let law = Law(
    name,
    misuse: [
      .init("mseLoss", "[2, 3]", "[3]", "reshape") { () throws(ShapeError) in
        _ = try MeanSquaredError(reduction: .mean).shape(of: Specs([[2, 3], [3]], [.float32, .float32]))
      },
      .init("mseLoss", "float32 [2]", "int64 [2]") { () throws(ShapeError) in
        _ = try MeanSquaredError(reduction: .mean).shape(of: Specs([[2], [2]], [.float32, .int64]))
      },
    ]
  ) { draw in
    let shape = draw.shape()
    // The mean of nothing is 0/0.
    let reduction = shape.volume == 0 ? Reduction.sum : draw.pick(Reduction.allCases)
    return LawCase(
      [draw.tensor(shape), draw.tensor(shape)], label: "\(shape), \(reduction)",
      composed: { v in
        let squares = (v[0] - v[1]) * (v[0] - v[1])
        return reduction == .none ? squares : reduction == .sum ? squares.sum() : squares.mean()
      },
      call: { mseLoss($0[0], $0[1], reduction: reduction) })
  }
}

/// The squared error (x − target)²: its mean over all elements, its sum, or (`.none`) each one.
///
/// Both must have one shape and one floating-point type, else the program ends with a message: broadcasting would hide
/// mistakes. Gradients flow to both; a Tensor on either side is a constant. The mean over no element is NaN.
public func mseLoss(_ x: some VariableConvertible, _ target: some VariableConvertible, reduction: Reduction = .mean)
  -> Variable
{
  MeanSquaredError(reduction: reduction).apply(Inputs(x.asVariable, target.asVariable))
}
