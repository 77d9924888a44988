import TapestryAutograd
import TapestryTensors

/// The upper (or lower) triangle of the last two axes from diagonal d on: y[i, j] = x[i, j] where j − i ≥ d (≤ d), else
/// 0.    dx = the same of dy
package struct Triangle: AdjointPair {
  package static let name = "triangle"
  let upper: Bool
  let diagonal: Int

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    if x[0].count < 2 {
      throw ShapeError(
        "\(upper ? "triu" : "tril"): needs a matrix or a batch of them to take a triangle of, got \(x[0])")
    }
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.triangle(upper: upper, x.first.value, diagonal: diagonal), ())
  }
  package func adjoint(of _: Shape) -> Triangle { self }

  package static let law = Law(
    name,
    misuse: [
      .init("triu", "[3]") { () throws(ShapeError) in
        _ = try Triangle(upper: true, diagonal: 0).shape(of: Specs([[3]], [.float32]))
      }
    ],
    neverScalar: true
  ) { draw in
    let shape = draw.shape(rank: draw.int(2...4)), upper = draw.bool(), diagonal = draw.int(-3...3)
    return LawCase([draw.tensor(shape)], label: "\(shape), upper \(upper) from \(diagonal)", isLinear: true) {
      upper ? $0[0].triu(diagonal) : $0[0].tril(diagonal)
    }
  }
}

extension Variable {
  /// The upper triangle of the last two axes, zeros below the diagonal; `diagonal` 1 leaves the main one out, −1 takes
  /// one more.
  public func triu(_ diagonal: Int = 0) -> Variable { Triangle(upper: true, diagonal: diagonal).apply(Inputs(self)) }

  /// The lower triangle of the last two axes, zeros above the diagonal.
  public func tril(_ diagonal: Int = 0) -> Variable { Triangle(upper: false, diagonal: diagonal).apply(Inputs(self)) }
}

extension Tensor {
  /// The same of a Tensor.
  public func triu(_ diagonal: Int = 0) -> Tensor { Variable(self).triu(diagonal).value }

  /// The same of a Tensor.
  public func tril(_ diagonal: Int = 0) -> Tensor { Variable(self).tril(diagonal).value }
}
