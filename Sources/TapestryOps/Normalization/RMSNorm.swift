import TapestryAutograd
import TapestryTensors

/// y = γ·x·r with r = 1/√(mean x² + ε), over the last axes (Zhang & Sennrich 2019, arXiv:1910.07467).
///
///     dx = (q − x·r²·mean(q·x))·r with q = γ·dy        dγ = Σ dy·x·r
package struct RMSNormOp: Op {
  package static let name = "rmsNorm"
  let normalized: Shape
  let eps: Double

  package func shape(of x: Specs) throws(ShapeError) -> Shape { try x.normalized(over: normalized, Self.name) }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Tensor) {
    let (y, _, r) = Kernel.layerNorm(
      x.first.value.folded(normalized), centred: false, gamma: x.second?.value.asOneAxis, beta: nil, eps: eps)
    return (normalized.count == 1 ? y : y.reshaped(shape), r)
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), wants[0] ? .input(1) : .nothing) }

  /// r is computed again from x, so that a second derivative sees how it depends on it.
  package func backward(_ dy: Variable, _ kept: Kept<Tensor>, _ wants: Wants) -> InputGradients {
    let axes = (1...normalized.count).map { -$0 }, x = kept[0],
      r = rsqrt((x * x).mean(axes: axes, keepDims: true) + eps)
    var dx: Variable?
    if wants[0] {
      let q = kept.optional(1).map { dy * $0 } ?? dy
      dx = (q - x * (r * r * (q * x).mean(axes: axes, keepDims: true))) * r
    }
    return InputGradients(dx, wants[1] ? dy * x * r : nil)
  }

  package func fused(_ dy: Variable, _ kept: Kept<Tensor>, _ wants: Wants) -> InputGradients? {
    let gamma = kept.optional(1)?.value.asOneAxis
    let (dx, dgamma, _) = Kernel.layerNormGradient(
      dy.value.folded(normalized), kept[0].value.folded(normalized), mean: nil, rstd: kept.extra, gamma: gamma,
      wants: (wants[0], wants[1], false))
    return InputGradients(kept.gradient(dx, 0), kept.gradient(dgamma, 1))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("rmsNorm", "[3]", "[2, 4]") { () throws(ShapeError) in
        _ = try RMSNormOp(normalized: [3], eps: 1e-5).shape(of: Specs([[2, 4]], [.float32]))
      },
      .init("rmsNorm", "gamma", "[4]", "[3]") { () throws(ShapeError) in
        _ = try RMSNormOp(normalized: [4], eps: 1e-5).shape(of: Specs([[2, 4], [3]], [.float32, .float32]))
      },
    ], neverScalar: true
  ) { draw in
    let normalized = draw.bool() ? Shape([draw.int(1...17)]) : Shape([draw.int(1...4), draw.int(1...5)])
    let shape = Shape((0..<draw.int(0...2)).map { _ in draw.size(most: 5) } + Array(normalized))
    let scaled = draw.bool(), eps = 1e-2
    return LawCase(
      [draw.tensor(shape)] + (scaled ? [draw.tensor(normalized)] : []),
      label: "\(shape) over \(normalized), gamma: \(scaled)",
      composed: { v in
        let axes = (1...normalized.count).map { -$0 }
        let y = v[0] / sqrt((v[0] * v[0]).mean(axes: axes, keepDims: true) + eps)
        return scaled ? y * v[1] : y
      }, call: { v in rmsNorm(v[0], normalizedShape: normalized, gamma: scaled ? v[1] : nil, eps: eps) })
  }
}

/// γ·x/√(mean x² + ε) over the last axes of x: `layerNorm` without a mean and a shift.
///
/// - Parameters:
///   - normalizedShape: the sizes of the axes to normalize; by default gamma's shape, or the last axis alone without
///     gamma
///   - gamma: γ of the normalized shape, nil for 1
///   - eps: ε, by default the distance from 1 to the next number of x's type, as in PyTorch
public func rmsNorm(_ x: Variable, normalizedShape: Shape? = nil, gamma: Variable? = nil, eps: Double? = nil)
  -> Variable
{
  let least = x.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
  return RMSNormOp(normalized: normalizedShape ?? gamma?.shape ?? Shape(x.shape.suffix(1)), eps: eps ?? least).apply(
    Inputs(x, gamma))
}

/// The same of Tensors.
@_disfavoredOverload
public func rmsNorm(_ x: Tensor, normalizedShape: Shape? = nil, gamma: Tensor? = nil, eps: Double? = nil) -> Tensor {
  rmsNorm(Variable(x), normalizedShape: normalizedShape, gamma: gamma.map { Variable($0) }, eps: eps).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func rmsNorm(
  _ x: some VariableConvertible, normalizedShape: Shape? = nil, gamma: (any VariableConvertible)? = nil,
  eps: Double? = nil
) -> Variable {
  rmsNorm(x.asVariable, normalizedShape: normalizedShape, gamma: gamma?.asVariable, eps: eps)
}
