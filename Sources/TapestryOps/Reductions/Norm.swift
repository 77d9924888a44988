import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = (Σ |x|ᵖ)^(1/p) over axes; for p = ∞ the largest |x|, for p = −∞ the smallest, for p = 0 how many differ from 0.
///
///     dx = dy·sign(x)·(|x|/y)ᵖ⁻¹, 0 where x or y is 0, and so in every order
///     for p = ±∞: dy·sign(x), in equal parts to the elements with |x| = y; for p = 0: none
package struct Norm: Op {
  package static let name = "norm"
  let p: Double
  let axes: [Int]?
  let keepDims: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    if p.isNaN { throw ShapeError("norm: p is NaN for \(x[0]); it must be a number or ±infinity") }
    let result = try x[0].reduced(axes, keepDims, Self.name)
    if p < 0 || p.isInfinite {
      for axis in try Tensor.axes(axes, of: x[0], Self.name) where x[0][axis] == 0 {
        throw ShapeError("norm: axis \(axis) of \(x[0]) is empty, so there is no norm for p = \(p)")
      }
    }
    return result
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let x = x.first.value
    func reduced(_ op: Int, _ x: Tensor) -> Tensor { x.reduced(op, axes, keepDims, Self.name) }
    func pointwise(_ op: Int, _ x: Tensor, _ q: Double = 0) -> Tensor { Kernel.unary(op, x, q, name: "norm") }
    switch p {
    case 2: return (pointwise(Int(TP_SQRT), reduced(Int(TP_SUM_SQUARES), x)), ())
    case 1: return (reduced(Int(TP_SUM), pointwise(Int(TP_ABS), x)), ())
    case 0: return (reduced(Int(TP_SUM), pointwise(Int(TP_NE_SCALAR), x).cast(to: x.dtype)), ())
    case .infinity: return (reduced(Int(TP_REDUCE_MAX), pointwise(Int(TP_ABS), x)), ())
    case -.infinity: return (reduced(Int(TP_REDUCE_MIN), pointwise(Int(TP_ABS), x)), ())
    default:
      return (
        pointwise(
          Int(TP_POW_SCALAR), reduced(Int(TP_SUM), pointwise(Int(TP_POW_SCALAR), pointwise(Int(TP_ABS), x), p)), 1 / p),
        ()
      )
    }
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), .output) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let x = kept[0]
    func spread(_ v: Variable) -> Variable { v.spread(over: axes, of: x.shape) }
    switch p {
    case 0: return InputGradients(nil)
    case 1: return InputGradients(spread(dy).where(x .!= 0, 0) * sign(x))
    case 2:
      // x·(dy/y): finite where y is, however small.
      return InputGradients(x * spread(dy.quotient(by: kept.output)))
    case .infinity, -.infinity:
      return InputGradients(
        dy.shared(amongst: abs(x).value, equalTo: kept.output.value, over: axes).where(x .!= 0, 0) * sign(x))
    default:
      // Where x or y is 0, 1/1 stands for the quotient, so that neither it nor a power or derivative of it is infinite.
      let y = spread(kept.output), nonzero = (x .!= 0) & (y .!= 0)
      let ratio = abs(x).where(nonzero, 1) / y.where(nonzero, 1)
      return InputGradients(spread(dy).where(nonzero, 0) * sign(x) * pow(ratio, p - 1))
    }
  }

  package static let law = Law(
    name,
    misuse: [
      .init("norm", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try Norm(p: 2, axes: [2], keepDims: false).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("norm", "axis 0 of [0, 3] is empty") { () throws(ShapeError) in
        _ = try Norm(p: .infinity, axes: [0], keepDims: false).shape(of: Specs([[0, 3]], [.float32]))
      },
    ]
  ) { draw in
    let p = draw.pick([0, 0.5, 1, 1.5, 2, 3, -1, .infinity, -.infinity])
    // Distinct magnitudes from 0.3 to 2.3, signs at random: clear of zeros and ties.
    var shape = Shape()
    for _ in 0..<draw.int(0...3) { shape.append(draw.size(most: 4)) }
    let axes = draw.filledAxes(of: shape), keepDims = draw.bool(), n = Double(shape.volume)
    let numbers = Array(0..<shape.volume).shuffledBy(&draw).map { (Double($0) / n * 2 + 0.3) * (draw.bool() ? 1 : -1) }
    return LawCase(
      [Tensor(numbers, shape: shape)], label: "\(shape) over \(axes), p = \(p)",
      isLinear: p == 0 || p == 1 || p.isInfinite,
      composed: p == 0
        ? nil
        : {
          if p == .infinity { return abs($0[0]).amax(axes: axes, keepDims: keepDims) }
          if p == -.infinity { return abs($0[0]).amin(axes: axes, keepDims: keepDims) }
          return pow(pow(abs($0[0]), p).sum(axes: axes, keepDims: keepDims), 1 / p)
        },
      call: { $0[0].norm(p, axes: axes, keepDims: keepDims) })
  }
}

extension Variable {
  /// This over y, 0 where y is 0, in derivatives of every order: the operands are chosen before they are divided, for a
  /// chosen quotient would still have 0·∞ for its derivative.
  func quotient(by y: Variable) -> Variable {
    let nonzero = y .!= 0
    return self.where(nonzero, 0) / y.where(nonzero, 1)
  }

  /// The p-norm over all elements, (Σ |x|ᵖ)^(1/p): 2 is the Euclidean length; 1, ∞, −∞ and 0 (how many differ from 0)
  /// as in PyTorch's vector_norm. Where the norm has a corner (x = 0) the gradient is 0.
  public func norm(_ p: Double = 2) -> Variable { norm(p, axes: nil) }

  /// The same over some axes; nil means all.
  public func norm(_ p: Double = 2, axes: [Int]?, keepDims: Bool = false) -> Variable {
    Norm(p: p, axes: axes, keepDims: keepDims).apply(Inputs(self))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func norm(_ p: Double = 2) -> Tensor { Variable(self).norm(p).value }

  /// The same of a Tensor.
  public func norm(_ p: Double = 2, axes: [Int]?, keepDims: Bool = false) -> Tensor {
    Variable(self).norm(p, axes: axes, keepDims: keepDims).value
  }
}
