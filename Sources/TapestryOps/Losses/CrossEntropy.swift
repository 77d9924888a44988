import CTapestry
import TapestryAutograd
import TapestryTensors

/// The cross-entropy of logits x (batch, classes, …) and labels y (batch, …), with class weights w and label smoothing
/// ε over C classes:
///
///     ℓ = −Σ_c q_c·log softmax(x)_c      q_c = (1 − ε)·w_y·[c = y] + ε·w_c/C      q = 0 where y is ignored
///     mean = Σ ℓ / Σ w_y                 dx = (softmax(x)·Σ_c q_c − q)·dy  (/ Σ w_y for the mean)
///
/// Without smoothing only the label's own element differs from softmax(x), so q is never written out.
package struct CrossEntropyOp: Op {
  package static let name = "crossEntropy"
  let labels: Tensor
  var weight: Tensor?
  var ignoreIndex: Int? = -100
  var reduction = Reduction.mean
  var smoothing = 0.0

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    let rows = try ClassLabels.rows(of: x[0], labels, weight: weight, Self.name)
    try Self.checkSmoothing(smoothing)
    return reduction == .none ? rows : []
  }

  static func checkSmoothing(_ smoothing: Double) throws(ShapeError) {
    if !(0...1).contains(smoothing) {
      throw ShapeError("crossEntropy: label smoothing must lie in 0 … 1, got \(smoothing)")
    }
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, ClassLabels.Reduced) {
    let value = x.first.value
    let labels = ClassLabels(labels, beside: value, weight: weight, ignoring: ignoreIndex, Self.name)
    let logs = Kernel.softmax(log: true, value, axis: labels.axis)
    var loss = Kernel.gather(logs, labels.index, axis: labels.axis)
    Kernel.unaryInPlace(Int(TP_MUL_SCALAR), &loss, smoothing - 1)
    if let weight = labels.weight { loss = loss * weight }
    if smoothing > 0 {
      let weighted = weight.map { logs * Self.column($0, like: logs) } ?? logs
      loss =
        loss - Kernel.reduce(Int(TP_SUM), weighted, axes: [labels.axis], keepDims: true)
        * (smoothing / Double(logs.shape[labels.axis]))
    }
    // Put to 0 and not multiplied by it: an ignored row may hold infinities.
    if let ignored = labels.ignored { loss = Kernel.select(ignored, Tensor(0, loss.dtype), loss, shape: loss.shape) }
    return labels.reduce(loss, reduction)
  }

  /// Class weights (classes) beside logits (batch, classes, …).
  static func column(_ weight: Tensor, like x: Tensor) -> Tensor {
    var shape = Shape(x.shape.map { _ in 1 })
    shape[ClassLabels.axis(of: x.shape)] = weight.count
    return weight.cast(to: x.dtype).reshaped(shape)
  }

  package func keeps(_ wants: Wants) -> Keeps { .input(0) }

  package func backward(_ dy: Variable, _ kept: Kept<ClassLabels.Reduced>, _ wants: Wants) -> InputGradients {
    let labels = kept.extra.labels
    let scale = kept.extra.scale(dy), x = labels.counting(kept[0])
    if !isRecording && smoothing == 0 {
      return InputGradients(Variable(result: gradient(x.value, labels, scale.value)))
    }
    let q = targets(labels, like: x.value)
    return InputGradients(
      (softmax(x, axis: labels.axis) * Kernel.reduce(Int(TP_SUM), q, axes: [labels.axis], keepDims: true) - q) * scale)
  }

  /// dx without smoothing: softmax(x)·w_y·scale, from which the label's own element loses w_y·scale.
  private func gradient(_ x: Tensor, _ labels: ClassLabels, _ scale: Tensor) -> Tensor {
    var dx = Kernel.softmax(log: false, x, axis: labels.axis)
    var row = labels.weight.map { $0 * scale } ?? scale
    Kernel.binaryInPlace(Int(TP_MUL), &dx, &row)
    Kernel.scatterAdd(into: &dx, labels.index, (-row).expandedView(labels.index.shape), axis: labels.axis)
    return dx
  }

  /// q, in the shape of the logits.
  private func targets(_ labels: ClassLabels, like x: Tensor) -> Tensor {
    var q = Tensor.zeros(x.shape, x.dtype)
    let own = (labels.weight ?? .ones(labels.index.shape, x.dtype)) * (1 - smoothing)
    Kernel.scatterAdd(into: &q, labels.index, own, axis: labels.axis)
    if smoothing == 0 { return q }
    let classes = x.shape[labels.axis]
    return q + Self.column(weight ?? .ones([classes], x.dtype), like: x) * (smoothing / Double(classes))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("crossEntropy", "[4, 3]", "labels [4]", "got [3]") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: Tensor([0, 1, 2])).shape(of: Specs([[4, 3]], [.float32]))
      },
      .init("crossEntropy", "float32 [2]", "cast(to: .int64)") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: .zeros([2])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("crossEntropy", "label 3 at position 1 of [2]", "0 ..< 3") { () throws(ShapeError) in
        _ = try ClassLabels.checked(Tensor([0, 3]), classes: 3, ignoring: -100, name)
      },
      .init("crossEntropy", "3 classes need a weight [3], got [2]") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: Tensor([0, 1]), weight: .ones([2])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("crossEntropy", "smoothing", "1.5") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: Tensor([0, 1]), smoothing: 1.5).shape(of: Specs([[2, 3]], [.float32]))
      },
    ], neverScalar: true
  ) { draw in
    let rows = draw.labeledRows(), smoothing = draw.bool() ? 0.1 : 0, level = draw.level()
    return LawCase(
      [draw.tensor(rows.shape, level - 2, level + 2)], label: "\(rows) around \(level), smoothing \(smoothing)",
      composed: { v in
        rows.reduce(-(logSoftmax(v[0], axis: rows.axis) * rows.target(smoothing: smoothing)).sum(rows.axis))
      },
      call: {
        crossEntropy(
          $0[0], rows.labels, weight: rows.weight, ignoreIndex: rows.ignored, reduction: rows.reduction,
          labelSmoothing: smoothing)
      })
  }
}

/// The cross-entropy loss of logits (unnormalized log-probabilities) and targets, as PyTorch's.
///
/// - Parameters:
///   - logits: (batch, classes), (batch, classes, …), or (classes)
///   - targets: class numbers of an integer type in the logits' shape without the axis of classes; or probabilities of
///     the classes, in the logits' shape and type, through which gradients flow too: ℓ = −Σ_c w_c·((1 − ε)·t_c +
///     ε/C)·log softmax(x)_c
///   - weight: (classes), a factor for each class. The mean over labels is divided by the sum of their weights, that
///     over probabilities by their number
///   - ignoreIndex: a label that counts for nothing; it has no meaning for probabilities
///   - reduction: with `.none` the losses have the shape of labels; else the result is a scalar, the mean over nothing
///     NaN
///   - labelSmoothing: how much of the probability is spread evenly over all classes, 0 … 1
///
/// A label that is no class ends the program with a message, and so do shapes that do not fit.
public func crossEntropy(
  _ logits: some VariableConvertible, _ targets: some VariableConvertible, weight: Tensor? = nil,
  ignoreIndex: Int? = -100, reduction: Reduction = .mean,
  labelSmoothing: Double = 0
) -> Variable {
  let x = logits.asVariable, targets = targets.asVariable
  if targets.dtype.isFloatingPoint {
    if let ignoreIndex, ignoreIndex != -100 {
      fail(
        """
        crossEntropy: ignoreIndex \(ignoreIndex) has no meaning beside probabilities \(targets.dtype) \
        \(targets.shape); class numbers are int64
        """)
    }
    return crossEntropy(x, probabilities: targets, weight, reduction, labelSmoothing)
  }
  return CrossEntropyOp(
    labels: targets.value, weight: weight, ignoreIndex: ignoreIndex, reduction: reduction, smoothing: labelSmoothing
  ).apply(Inputs(x))
}

private func crossEntropy(
  _ logits: Variable, probabilities: Variable, _ weight: Tensor?, _ reduction: Reduction, _ labelSmoothing: Double
) -> Variable {
  let shape = logits.shape
  if shape.isEmpty { fail("crossEntropy: the input needs an axis of classes, got a scalar") }
  let axis = ClassLabels.axis(of: shape), classes = shape[axis]
  failing { () throws(ShapeError) in
    if probabilities.rank < shape.count {  // labels of the wrong type, not probabilities
      _ = try ClassLabels.rows(of: shape, probabilities.value, weight: nil, CrossEntropyOp.name)
    }
    try Specs(Inputs(logits, probabilities)).sameType(CrossEntropyOp.name)
    try ClassLabels.checkWeight(weight, classes: classes, CrossEntropyOp.name)
    try CrossEntropyOp.checkSmoothing(labelSmoothing)
  }
  if probabilities.shape != shape {
    fail("crossEntropy: probabilities must have the shape of the logits \(shape), got \(probabilities.shape)")
  }
  var q = labelSmoothing == 0 ? probabilities : probabilities * (1 - labelSmoothing) + labelSmoothing / Double(classes)
  if let weight { q = q * CrossEntropyOp.column(weight, like: logits.value) }
  return reduction.reduce(-(logSoftmax(logits, axis: axis) * q).sum(axis))
}
