import CTapestry
import TapestryAutograd
import TapestryTensors

/// The negative log-likelihood of log-probabilities x (batch, classes, …) and labels y (batch, …), with class weights
/// w:
///
///     ℓ = −w_y·x_y        mean = Σ ℓ / Σ w_y        ℓ = 0 where y is ignored
///     dx_c = −w_y·[c = y]·dy  (/ Σ w_y for the mean)
package struct NegativeLogLikelihood: Op {
  package static let name = "nllLoss"
  let labels: Tensor
  var weight: Tensor?
  var ignoreIndex: Int? = -100
  var reduction = Reduction.mean

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    let rows = try ClassLabels.rows(of: x[0], labels, weight: weight, Self.name)
    return reduction == .none ? rows : []
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, ClassLabels.Reduced) {
    let value = x.first.value
    let labels = ClassLabels(labels, beside: value, weight: weight, ignoring: ignoreIndex, Self.name)
    var loss = -Kernel.gather(value, labels.index, axis: labels.axis)
    if let weight = labels.weight { loss = loss * weight }
    // Put to 0 and not multiplied by it: an ignored row may hold infinities.
    if let ignored = labels.ignored { loss = Kernel.select(ignored, Tensor(0, loss.dtype), loss, shape: loss.shape) }
    return labels.reduce(loss, reduction)
  }

  package func backward(_ dy: Variable, _ kept: Kept<ClassLabels.Reduced>, _ wants: Wants) -> InputGradients {
    let labels = kept.extra.labels
    var row = -kept.extra.scale(dy)
    if let weight = labels.weight { row = row * weight }
    return InputGradients(
      ScatterAdd(axis: labels.axis, index: labels.index, shape: kept.shapes[0]).apply(
        Inputs(expand(row, labels.index.shape))))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("nllLoss", "[4, 3]", "labels [4]", "got [3]") { () throws(ShapeError) in
        _ = try NegativeLogLikelihood(labels: Tensor([0, 1, 2])).shape(of: Specs([[4, 3]], [.float32]))
      },
      .init("nllLoss", "scalar") { () throws(ShapeError) in
        _ = try NegativeLogLikelihood(labels: Tensor([0])).shape(of: Specs([[]], [.float32]))
      },
      .init("nllLoss", "weight must be floating-point", "int64") { () throws(ShapeError) in
        _ = try NegativeLogLikelihood(labels: Tensor([0]), weight: Tensor([1, 2])).shape(
          of: Specs([[1, 2]], [.float32]))
      },
    ], neverScalar: true
  ) { draw in
    let rows = draw.labeledRows()
    return LawCase(
      [draw.tensor(rows.shape)], label: rows.description, isLinear: true,
      composed: { v in rows.reduce(-(v[0] * rows.target(smoothing: 0)).sum(rows.axis)) },
      call: { nllLoss($0[0], rows.labels, weight: rows.weight, ignoreIndex: rows.ignored, reduction: rows.reduction) })
  }
}

/// The negative log-likelihood of class labels under log-probabilities (batch, classes), (batch, classes, …) or
/// (classes): `crossEntropy` without its `logSoftmax`. Labels, weight, ignored label and reduction are those of
/// `crossEntropy`.
public func nllLoss(
  _ logProbabilities: some VariableConvertible, _ labels: some VariableConvertible, weight: Tensor? = nil,
  ignoreIndex: Int? = -100,
  reduction: Reduction = .mean
) -> Variable {
  NegativeLogLikelihood(labels: labels.asVariable.value, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
    .apply(Inputs(logProbabilities.asVariable))
}
