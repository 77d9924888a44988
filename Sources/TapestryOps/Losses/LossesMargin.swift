import TapestryAutograd
import TapestryTensors

// Losses that are 0 beyond a margin, written in other ops. At the margin itself the derivative is that of `clamp`, 0.

/// x where t = 1, max(0, margin − x) where t = −1: for distances x of pairs that belong together or do not.
public func hingeEmbeddingLoss(
  _ x: some VariableConvertible, _ target: some VariableConvertible, margin: Double = 1, reduction: Reduction = .mean
) -> Variable {
  let x = x.asVariable, t = asNumbers(target, like: x)
  checkPair(x, t, "hingeEmbeddingLoss")
  return reduction.reduce(clamp(margin - x, min: 0).where(t .!= 1, 0) + x.where(t .!= -1, 0))
}

/// max(0, −t·(first − second) + margin): t = 1 wants `first` ranked higher, t = −1 `second`. All three have one shape.
public func marginRankingLoss(
  _ first: some VariableConvertible, _ second: some VariableConvertible, _ target: some VariableConvertible,
  margin: Double = 0,
  reduction: Reduction = .mean
) -> Variable {
  let a = first.asVariable, b = second.asVariable, t = asNumbers(target, like: a)
  checkPair(a, b, "marginRankingLoss")
  checkPair(a, t, "marginRankingLoss")
  return reduction.reduce(clamp((b - a) * t + margin, min: 0))
}

/// 1 − cos where t = 1, max(0, cos − margin) where t = −1, with the cosine of the angle between rows of two (batch,
/// features): target (batch). Or one pair of (features) and a scalar target.
public func cosineEmbeddingLoss(
  _ first: some VariableConvertible, _ second: some VariableConvertible, _ target: some VariableConvertible,
  margin: Double = 0,
  reduction: Reduction = .mean
) -> Variable {
  let a = first.asVariable, b = second.asVariable, t = target.asVariable
  checkPair(a, b, "cosineEmbeddingLoss")
  if a.rank != 1 && a.rank != 2 {
    fail("cosineEmbeddingLoss: the inputs must be (batch, features) or (features), got \(a.shape)")
  }
  if t.shape != Shape(a.shape.dropLast()) {
    fail(
      """
      cosineEmbeddingLoss: inputs \(a.shape) need a target \(Shape(a.shape.dropLast())), 1 or −1 for each pair, got \
      \(t.shape)
      """)
  }
  let tiny = 1e-12  // keeps the root of a zero row differentiable
  let cosine = (a * b).sum(-1) / sqrt((square(a).sum(-1) + tiny) * (square(b).sum(-1) + tiny))
  return reduction.reduce((1 - cosine).where(t .== 1, 0) + clamp(cosine - margin, min: 0).where(t .== -1, 0))
}

/// max(0, d(anchor, positive) − d(anchor, negative) + margin) of (…, features), with d the p-norm of the difference
/// plus ε (Balntas et al. 2016). With `swap` the negative is also compared with the positive, and the smaller distance
/// counts. (…) losses.
public func tripletMarginLoss(
  _ anchor: some VariableConvertible, _ positive: some VariableConvertible, _ negative: some VariableConvertible,
  margin: Double = 1, p: Double = 2,
  eps: Double = 1e-6, swap: Bool = false, reduction: Reduction = .mean
) -> Variable {
  let anchor = anchor.asVariable, positive = positive.asVariable, negative = negative.asVariable
  if !(margin > 0) { fail("tripletMarginLoss: the margin must be positive, got \(margin)") }
  checkPair(anchor, positive, "tripletMarginLoss")
  checkPair(anchor, negative, "tripletMarginLoss")
  if anchor.rank == 0 { fail("tripletMarginLoss: the inputs need an axis of features, got scalars") }
  func distance(_ a: Variable, _ b: Variable) -> Variable { (a - b + eps).norm(p, axes: [-1]) }
  var far = distance(anchor, negative)
  if swap { far = minimum(far, distance(positive, negative)) }
  return reduction.reduce(clamp(distance(anchor, positive) - far + margin, min: 0))
}

/// Σ over the classes i ≠ y of w_y·max(0, margin − x_y + x_i)ᵖ, over their number, for scores (batch, classes) and
/// labels (batch), or (classes) and one label. p is 1 or 2; `weight` has a factor for each class.
public func multiMarginLoss(
  _ x: some VariableConvertible, _ labels: some VariableConvertible, p: Int = 1, margin: Double = 1,
  weight: Tensor? = nil, reduction: Reduction = .mean
) -> Variable {
  let name = "multiMarginLoss"
  var x = x.asVariable, labels = labels.asVariable.value
  if p != 1 && p != 2 { fail("\(name): p must be 1 or 2, got \(p)") }
  if x.rank > 2 { fail("\(name): the scores must be (batch, classes) or (classes), got \(x.shape)") }
  if x.rank == 0 { x = x.unsqueezed(0) }  // one class
  if x.rank == 1 && labels.shape == [1] { labels = labels.reshaped([]) }
  failing { () throws(ShapeError) in
    try Specs(Inputs(x)).sameType(name)
    _ = try ClassLabels.rows(of: x.shape, labels, weight: weight, name)
  }
  let rows = ClassLabels(labels, beside: x.value, weight: weight, ignoring: nil, name)
  let own = Tensor.arange(x.shape[rows.axis]) .== rows.index  // (batch, classes)
  var losses = clamp(x - x.gather(rows.axis, rows.index) + margin, min: 0).where(!own, 0)
  if p == 2 { losses = square(losses) }
  if let weight = rows.weight { losses = losses * weight }
  return reduction.reduce(losses.mean(rows.axis))
}

/// Σ over wanted classes j and others i of max(0, 1 − (x_j − x_i)), over the number of classes, for scores (batch,
/// classes) or (classes). `labels` has the same shape: the wanted classes' numbers, then −1, after which nothing
/// counts.
public func multiLabelMarginLoss(
  _ x: some VariableConvertible, _ labels: some VariableConvertible, reduction: Reduction = .mean
) -> Variable {
  let name = "multiLabelMarginLoss", x = x.asVariable, labels = labels.asVariable.value
  failing { () throws(ShapeError) in
    try Specs(Inputs(x)).sameType(name)
    try ClassLabels.checkType(labels, name)
  }
  if x.rank != 1 && x.rank != 2 { fail("\(name): the scores must be (batch, classes) or (classes), got \(x.shape)") }
  if labels.shape != x.shape {
    fail("\(name): labels must have the shape of the scores \(x.shape), filled up with −1, got \(labels.shape)")
  }
  let classes = x.shape[x.rank - 1], numbers = labels.cast(to: .int64).array(Int.self)
  // wanted (rows, classes): how often a class is among its row's labels before the first −1. One that stands there
  // twice counts twice.
  var wanted = [Double](repeating: 0, count: numbers.count)
  for row in Swift.stride(from: 0, to: numbers.count, by: Swift.max(classes, 1)) {
    for (position, label) in numbers[row..<row + classes].enumerated() {
      if label == -1 { break }
      if !(0..<classes).contains(label) {
        fail(
          "\(name): label \(label) at position \(row + position) of \(labels.shape) is no class: there are \(classes)")
      }
      wanted[row + label] += 1
    }
  }
  let times = Tensor(wanted, shape: x.shape).cast(to: x.dtype)
  // (…, wanted j, other i)
  let pairs = clamp(1 - (x.unsqueezed(-1) - x.unsqueezed(-2)), min: 0),
    counts = (times .> 0).unsqueezed(-1) & (times .== 0).unsqueezed(-2)
  return reduction.reduce((pairs.where(counts, 0) * times.unsqueezed(-1)).sum(-1, -2) / classes)
}
