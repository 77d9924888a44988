import TapestryAutograd
import TapestryTensors

/// The same numbers as another floating type.    dx = dy as the type of x
package struct Cast: Op {
  package static let name = "cast"
  let dtype: DType

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    if !dtype.isFloatingPoint {
      throw ShapeError("cast: \(dtype) has no derivatives; for \(x[0]) as data cast its value")
    }
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, DType) {
    (x.first.value.cast(to: dtype), x.first.dtype)
  }
  package func backward(_ dy: Variable, _ kept: Kept<DType>, _ wants: Wants) -> InputGradients {
    InputGradients(dy.cast(to: kept.extra))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("cast", "int64", "[2]") { () throws(ShapeError) in
        _ = try Cast(dtype: .int64).shape(of: Specs([[2]], [.float32]))
      }
    ]
  ) { draw in
    let shape = draw.shape()
    return LawCase([draw.tensor(shape)], label: "\(shape)", isLinear: true) {
      Cast(dtype: $0[0].dtype).apply(Inputs($0[0]))
    }
  }
}

extension Variable {
  /// The same numbers as another type. Gradients flow between floating types; integers and bool have none, so casting
  /// to them ends the history.
  public func cast(to dtype: DType) -> Variable {
    if dtype == self.dtype { return self }
    return dtype.isFloatingPoint && self.dtype.isFloatingPoint
      ? Cast(dtype: dtype).apply(Inputs(self)) : Variable(value.cast(to: dtype))
  }
}
