import TapestryAutograd
import TapestryTensors

/// y = γ·x̂ + β with x̂ = (x − mean x)·r, r = 1/√(var x + ε), over the last axes (Ba, Kiros & Hinton 2016,
/// arXiv:1607.06450).
///
///     dx = (q − mean q − x̂·mean(q·x̂))·r with q = γ·dy        dγ = Σ dy·x̂        dβ = Σ dy
package struct LayerNormOp: Op {
  package static let name = "layerNorm"
  let normalized: Shape
  let eps: Double

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    return try x.normalized(over: normalized, Self.name)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, (mean: Tensor?, rstd: Tensor)) {
    let (y, mean, rstd) = Kernel.layerNorm(
      x.first.value.folded(normalized), gamma: x.second?.value.asOneAxis, beta: x.third?.value.asOneAxis, eps: eps)
    return (normalized.count == 1 ? y : y.reshaped(shape), (mean, rstd))
  }

  package func keeps(_ wants: Wants) -> Keeps {
    Keeps(wants[0] || wants[1] ? .input(0) : .nothing, wants[0] ? .input(1) : .nothing)
  }

  package func backward(_ dy: Variable, _ kept: Kept<(mean: Tensor?, rstd: Tensor)>, _ wants: Wants) -> InputGradients {
    if !wants[0] && !wants[1] { return InputGradients(nil, nil, dy) }  // the engine sums it
    // mean and r are computed again from x, so that a second derivative sees how they depend on it.
    let axes = (1...normalized.count).map { -$0 }
    let centred = kept[0] - kept[0].mean(axes: axes, keepDims: true)
    let r = rsqrt((centred * centred).mean(axes: axes, keepDims: true) + eps)
    let normal = centred * r
    var dx: Variable?
    if wants[0] {
      let q = kept.optional(1).map { dy * $0 } ?? dy
      dx = (q - q.mean(axes: axes, keepDims: true) - normal * (q * normal).mean(axes: axes, keepDims: true)) * r
    }
    return InputGradients(dx, wants[1] ? dy * normal : nil, wants[2] ? dy : nil)
  }

  package func fused(_ dy: Variable, _ kept: Kept<(mean: Tensor?, rstd: Tensor)>, _ wants: Wants) -> InputGradients? {
    if !wants[0] && !wants[1] { return nil }
    let gamma = kept.optional(1)?.value.asOneAxis
    let (dx, dgamma, dbeta) = Kernel.layerNormGradient(
      dy.value.folded(normalized), kept[0].value.folded(normalized), mean: kept.extra.mean, rstd: kept.extra.rstd,
      gamma: gamma,
      wants: (wants[0], wants[1], wants[2]))
    return InputGradients(kept.gradient(dx, 0), kept.gradient(dgamma, 1), kept.gradient(dbeta, 2))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("layerNorm", "[3]", "[2, 4]") { () throws(ShapeError) in
        _ = try LayerNormOp(normalized: [3], eps: 1e-5).shape(of: Specs([[2, 4]], [.float32]))
      },
      .init("layerNorm", "beta", "[4]", "[3]") { () throws(ShapeError) in
        _ = try LayerNormOp(normalized: [4], eps: 1e-5).shape(
          of: Specs([[2, 4], [4], [3]], [.float32, .float32, .float32]))
      },
    ], neverScalar: true
  ) { draw in
    // Two elements at least: one alone has no variance, and its derivative is 0 where ε is.
    let normalized = draw.bool() ? Shape([draw.int(2...17)]) : Shape([draw.int(2...4), draw.int(1...5)])
    let shape = Shape((0..<draw.int(0...2)).map { _ in draw.size(most: 5) } + Array(normalized))
    let affine = draw.int(0...3), eps = 1e-3  // nothing, gamma, gamma and beta, beta alone
    let vectors = (0..<[0, 1, 2, 1][affine]).map { _ in draw.tensor(normalized) }
    return LawCase(
      [draw.tensor(shape)] + vectors, label: "\(shape) over \(normalized), affine \(affine)",
      composed: { v in
        let axes = (1...normalized.count).map { -$0 }
        let centred = v[0] - v[0].mean(axes: axes, keepDims: true)
        var y = centred / sqrt((centred * centred).mean(axes: axes, keepDims: true) + eps)
        if affine == 1 || affine == 2 { y = y * v[1] }
        return affine > 1 ? y + v[v.count - 1] : y
      },
      call: { v in
        let gamma = affine == 1 || affine == 2 ? v[1] : nil, beta = affine > 1 ? v[v.count - 1] : nil
        return layerNorm(v[0], normalizedShape: normalized, gamma: gamma, beta: beta, eps: eps)
      })
  }
}

extension Tensor {
  /// All axes as one.
  var asOneAxis: Tensor { rank == 1 ? self : reshaped([count]) }

  /// (…, n): the last axes, the normalized ones, as one.
  func folded(_ normalized: Shape) -> Tensor {
    normalized.count == 1 ? self : reshaped(Shape(shape.dropLast(normalized.count) + [normalized.volume]))
  }
}

extension Kept {
  /// A gradient that a kernel of norms computed, in the shape of input i.
  func gradient(_ value: Tensor?, _ i: Int) -> Variable? {
    value.map { Variable(result: $0.shape == shapes[i] ? $0 : $0.reshaped(shapes[i])) }
  }
}

extension Specs {
  /// The shape rule of norms over the last axes: input, then γ and β of the normalized shape.
  func normalized(over normalized: Shape, _ op: String) throws(ShapeError) -> Shape {
    try sameType(op)
    if normalized.isEmpty || normalized.count > self[0].count
      || !self[0].suffix(normalized.count).elementsEqual(normalized)
    {
      throw ShapeError("\(op): the last axes of the input must be \(normalized), the normalized shape, got \(self[0])")
    }
    for (i, name) in [(1, "gamma"), (2, "beta")] where has(i) && self[i] != normalized {
      throw ShapeError("\(op): \(name) must have the normalized shape \(normalized), got \(self[i])")
    }
    return self[0]
  }
}

/// γ·(x − mean)/√(variance + ε) + β over the last axes of x.
///
/// - Parameters:
///   - normalizedShape: the sizes of the axes to normalize; by default gamma's shape, or the last axis alone without
///     gamma
///   - gamma: γ of the normalized shape, nil for 1
///   - beta: β of the normalized shape, nil for 0
public func layerNorm(
  _ x: Variable, normalizedShape: Shape? = nil, gamma: Variable? = nil, beta: Variable? = nil, eps: Double = 1e-5
) -> Variable {
  let op = LayerNormOp(normalized: normalizedShape ?? gamma?.shape ?? beta?.shape ?? Shape(x.shape.suffix(1)), eps: eps)
  return op.apply(Inputs(x, gamma, beta))
}

/// The same of Tensors.
@_disfavoredOverload
public func layerNorm(
  _ x: Tensor, normalizedShape: Shape? = nil, gamma: Tensor? = nil, beta: Tensor? = nil, eps: Double = 1e-5
) -> Tensor {
  layerNorm(
    Variable(x), normalizedShape: normalizedShape, gamma: gamma.map { Variable($0) }, beta: beta.map { Variable($0) },
    eps: eps
  ).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func layerNorm(
  _ x: some VariableConvertible, normalizedShape: Shape? = nil, gamma: (any VariableConvertible)? = nil,
  beta: (any VariableConvertible)? = nil, eps: Double = 1e-5
) -> Variable {
  layerNorm(
    x.asVariable, normalizedShape: normalizedShape, gamma: gamma?.asVariable, beta: beta?.asVariable, eps: eps)
}
