import CTapestry
import TapestryAutograd
import TapestryTensors

/// The cross-entropy of logits x (batch, classes, …) and class labels y (batch, …), with class weights w and label smoothing ε over C classes:
///
///     ℓ = −Σ_c q_c·log softmax(x)_c      q_c = (1 − ε)·w_y·[c = y] + ε·w_c/C      (q = 0 where y is the ignored label)
///     mean = Σ ℓ / Σ w_y                 dx = (softmax(x)·Σ_c q_c − q)·dy  (/ Σ w_y for the mean)
package struct CrossEntropyOp: Op {
  package static let name = "crossEntropy"
  let labels: Tensor
  var reduction = Reduction.mean
  var weights: Tensor?
  var smoothing = 0.0
  var ignored = -100

  /// The labels with an axis of size 1 for the classes, fit for gather; w_y of each (nil: all 1), and where a label is ignored.
  package struct Rows {
    let index: Tensor
    var weight: Tensor?
    var ignored: Tensor?
    /// Σ w_y, the divisor of the mean.
    var total: Double?
  }

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    guard x[0].count > 0 else { throw ShapeError("crossEntropy: the logits need an axis of classes, got a scalar") }
    let axis = classAxis(x[0]), classes = x[0][axis]
    var rows = x[0]
    rows.remove(at: axis)
    if classes == 0 { throw ShapeError("crossEntropy: the logits \(x[0]) have no classes") }
    if labels.dtype != .int64 && labels.dtype != .int32 {
      throw ShapeError("crossEntropy: labels must be class numbers (int64 or int32), got \(labels.dtype) \(labels.shape); convert them with cast(to: .int64)")
    }
    if labels.shape != rows { throw ShapeError("crossEntropy: logits \(x[0]) need labels \(rows), one for each row of classes, got \(labels.shape)") }
    if let weights, weights.shape != [classes] { throw ShapeError("crossEntropy: \(classes) classes need weights [\(classes)], got \(weights.shape)") }
    if !(0...1).contains(smoothing) { throw ShapeError("crossEntropy: label smoothing must lie in 0 … 1, got \(smoothing)") }
    return reduction == .none ? rows : []
  }

  /// Logits (classes) have no batch axis.
  private func classAxis(_ x: Shape) -> Int { x.count == 1 ? 0 : 1 }

  /// int64 labels in 0 ..< classes, and where they were the ignored one (which becomes 0); nil where none was.
  package static func checked(_ labels: Tensor, classes: Int, ignored: Int) throws(ShapeError) -> (labels: Tensor, ignored: Tensor?) {
    let labels = labels.cast(to: .int64)
    guard var bad = Kernel.outside(labels, bound: classes) ?? ((0..<classes).contains(ignored) ? (0, ignored) : nil) else { return (labels, nil) }
    if bad.value == ignored {
      let mask = Kernel.unary(Int(TP_EQ_SCALAR), labels, Double(ignored), name: "crossEntropy")
      let rest = Kernel.select(mask, Tensor(0, .int64), labels, shape: labels.shape)
      guard let other = Kernel.outside(rest, bound: classes) else { return (rest, mask) }
      bad = other
    }
    throw ShapeError("crossEntropy: label \(bad.value) at position \(bad.position) of \(labels.shape) is no class: there are \(classes), 0 ..< \(classes)")
  }

  private func rows(of x: Tensor) -> Rows {
    let axis = classAxis(x.shape)
    let (labels, ignored) = failing { () throws(ShapeError) in try Self.checked(self.labels, classes: x.shape[axis], ignored: self.ignored) }
    var rows = Rows(index: labels.unsqueezed(axis))
    if ignored == nil && weights == nil {
      rows.total = Double(labels.count)
      return rows
    }
    var weight = weights.map { $0.cast(to: x.dtype).rows(labels.reshaped(labels.count)).reshaped(rows.index.shape) } ?? .ones(rows.index.shape, x.dtype)
    if let ignored {
      rows.ignored = ignored.unsqueezed(axis)
      weight = Kernel.select(rows.ignored!, Tensor(0, x.dtype), weight, shape: weight.shape)
    }
    rows.weight = weight
    if reduction == .mean { rows.total = Kernel.reduceAll(Int(TP_SUM), weight).item }
    return rows
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Rows) {
    let rows = rows(of: x.first.value)
    let axis = classAxis(x.first.shape)
    let logs = Kernel.softmax(log: true, x.first.value, axis: axis)
    var loss = Kernel.gather(logs, rows.index, axis: axis)
    Kernel.unaryInPlace(Int(TP_MUL_SCALAR), &loss, smoothing - 1)
    if let weight = rows.weight { loss = loss * weight }
    if smoothing > 0 {
      let weighted = weights.map { logs * classColumn($0, like: logs) } ?? logs
      loss = loss - Kernel.reduce(Int(TP_SUM), weighted, axes: [axis], keepDims: true) * (smoothing / Double(logs.shape[axis]))
    }
    // Put to 0 and not multiplied by it: an ignored row may hold infinities.
    if let ignored = rows.ignored { loss = Kernel.select(ignored, Tensor(0, loss.dtype), loss, shape: loss.shape) }
    if reduction == .none { return (loss.droppingAxis(axis), rows) }
    loss = Kernel.reduceAll(Int(TP_SUM), loss)
    if reduction == .mean { Kernel.unaryInPlace(Int(TP_DIV_SCALAR), &loss, rows.total!) }
    return (loss, rows)
  }

  /// (classes) beside logits (batch, classes, …)
  private func classColumn(_ vector: Tensor, like x: Tensor) -> Tensor {
    var shape = Shape(x.shape.map { _ in 1 })
    shape[classAxis(x.shape)] = vector.count
    return vector.cast(to: x.dtype).reshaped(shape)
  }

  package func keeps(_ wants: Wants) -> Keeps { .input(0) }

  package func backward(_ dy: Variable, _ kept: Kept<Rows>, _ wants: Wants) -> InputGradients {
    let axis = classAxis(kept.shapes[0]), rows = kept.extra
    // The weight of each row: a scalar, or (batch, 1, …).
    let scale = reduction == .none ? dy.unsqueezed(axis) : reduction == .mean ? dy / rows.total! : dy
    var dx: Variable
    if isRecording || smoothing > 0 {
      let q = targets(rows, like: kept[0].value)
      dx = (softmax(kept[0], axis: axis) * Kernel.reduce(Int(TP_SUM), q, axes: [axis], keepDims: true) - q) * scale
    } else {
      var row = rows.weight.map { scale.value * $0 } ?? scale.value
      var y = Kernel.softmax(log: false, kept[0].value, axis: axis)
      Kernel.binaryInPlace(Int(TP_MUL), &y, &row)
      Kernel.scatterAdd(into: &y, rows.index, (-row).expandedView(rows.index.shape), axis: axis)
      dx = Variable(result: y)
    }
    if let ignored = rows.ignored { dx = Variable(Tensor(0, dx.dtype)).where(ignored, dx) }
    return InputGradients(dx)
  }

  /// q, in the shape of the logits.
  private func targets(_ rows: Rows, like x: Tensor) -> Tensor {
    let axis = classAxis(x.shape)
    var q = Tensor.zeros(x.shape, x.dtype)
    let share = rows.weight.map { $0 * (1 - smoothing) } ?? .full(rows.index.shape, 1 - smoothing, x.dtype)
    Kernel.scatterAdd(into: &q, rows.index, share, axis: axis)
    if smoothing > 0 {
      let all = Tensor.full([x.shape[axis]], smoothing / Double(x.shape[axis]), x.dtype)
      q = q + classColumn(weights.map { $0.cast(to: x.dtype) * all } ?? all, like: x)
    }
    return q
  }

  package static let law = Law(
    name,
    misuse: [
      .init("crossEntropy", "logits [4, 3]", "labels [4]", "got [3]") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: Tensor([0, 1, 2])).shape(of: Specs([[4, 3]], [.float32]))
      },
      .init("crossEntropy", "float32 [2]", "cast(to: .int64)") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: .zeros([2])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("crossEntropy", "label 3 at position 1", "0 ..< 3") { () throws(ShapeError) in
        _ = try CrossEntropyOp.checked(Tensor([0, 3]), classes: 3, ignored: -100)
      },
      .init("crossEntropy", "3 classes need weights [3], got [2]") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: Tensor([0, 1]), weights: .ones([2])).shape(of: Specs([[2, 3]], [.float32]))
      },
      .init("crossEntropy", "smoothing", "1.5") { () throws(ShapeError) in
        _ = try CrossEntropyOp(labels: Tensor([0, 1]), smoothing: 1.5).shape(of: Specs([[2, 3]], [.float32]))
      },
    ], neverScalar: true
  ) { draw in draw.classLosses() }
}

extension Draw {
  /// Logits with and without a batch and further axes, and every option.
  fileprivate mutating func classLosses() -> LawCase {
    let classes = size(zero: false, most: 9)
    let rows = (0..<int(0...3)).map { _ in size(most: 5) }
    let shape = Shape(rows.prefix(1) + [classes] + rows.dropFirst())
    let axis = shape.count == 1 ? 0 : 1
    let labels = indices(Shape(rows), below: classes)
    let weights = bool() ? tensor([classes], 0.5, 2) : nil
    let smoothing = bool() ? 0.1 : 0
    // The mean over rows that are all ignored, or none, is 0/0.
    let numbers = labels.array(Int.self)
    let ignored = bool() ? numbers.first ?? -100 : -100
    let reduction = numbers.allSatisfy { $0 == ignored } ? pick([Reduction.none, .sum]) : pick(Reduction.allCases)

    // q of the formula, written down element by element: (rows, classes), then in the logits' order.
    let w = weights?.array(Double.self) ?? [Double](repeating: 1, count: classes)
    let q = numbers.flatMap { label in
      w.indices.map { c in label == ignored ? 0 : (c == label ? (1 - smoothing) * w[c] : 0) + smoothing * w[c] / Double(classes) }
    }
    let order = [Int](0..<rows.count)
    let target = Tensor(q, shape: Shape(rows + [classes])).permuted(Array(order.prefix(1)) + [rows.count] + Array(order.dropFirst()))
    let total = numbers.reduce(0) { $1 == ignored ? $0 : $0 + w[$1] }
    return LawCase(
      [tensor(shape)], label: "\(shape), weights \(weights != nil), smoothing \(smoothing), ignored \(ignored), \(reduction)",
      composed: { v in
        let loss = -(logSoftmax(v[0], axis: axis) * target).sum(axis)
        return reduction == .none ? loss : reduction == .sum ? loss.sum() : loss.sum() / total
      },
      call: { crossEntropy($0[0], labels, reduction: reduction, weights: weights, labelSmoothing: smoothing, ignoreIndex: ignored) })
  }
}

/// The cross-entropy loss of logits (unnormalised log-probabilities) and class labels, as PyTorch's.
///
/// - Parameters:
///   - logits: (batch, classes), (batch, classes, …), or (classes)
///   - labels: class numbers, int64 or int32: the logits' shape without the axis of classes
///   - weights: (classes); the mean is divided by the sum of the labels' weights
///   - labelSmoothing: how much of each label's probability is spread over all classes, 0 … 1
///   - ignoreIndex: a label that counts for nothing
/// - Returns: a scalar, or with `.none` one loss for each label. A label that is no class ends the program with a message.
public func crossEntropy(
  _ logits: Variable, _ labels: Tensor, reduction: Reduction = .mean, weights: Tensor? = nil, labelSmoothing: Double = 0, ignoreIndex: Int = -100
) -> Variable {
  CrossEntropyOp(labels: labels, reduction: reduction, weights: weights, smoothing: labelSmoothing, ignored: ignoreIndex).apply(Inputs(logits))
}
