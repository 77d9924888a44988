import CTapestry
import TapestryAutograd
import TapestryTensors

/// Class labels beside rows of C classes, ready for the kernels of a loss: what each label's row counts for.
package struct ClassLabels {
  /// The axis of classes: 1 of (batch, classes, …), 0 of (classes).
  let axis: Int

  /// int64 labels in 0 ..< C (0 where ignored), with size 1 on the axis of classes.
  let index: Tensor

  /// Where a label is the ignored one (bool); nil where none is.
  let ignored: Tensor?

  /// w_y of each label, 0 where ignored; nil means 1 everywhere.
  let weight: Tensor?

  /// Checks the labels against logits of this shape, which passed `rows(of:)`.
  init(_ labels: Tensor, beside x: Tensor, weight classWeight: Tensor?, ignoring ignoredLabel: Int?, _ op: String) {
    let axis = Self.axis(of: x.shape)
    let (inside, mask) = failing { () throws(ShapeError) in
      try Self.checked(labels, classes: x.shape[axis], ignoring: ignoredLabel, op)
    }
    self.axis = axis
    index = inside.unsqueezed(axis)
    ignored = mask?.unsqueezed(axis)
    if classWeight == nil && mask == nil {
      weight = nil
      return
    }
    var weight = Tensor.ones(index.shape, x.dtype)
    if let classWeight {
      weight = classWeight.cast(to: x.dtype).rows(inside.reshaped([inside.count])).reshaped(index.shape)
    }
    if let ignored { weight = Kernel.select(ignored, Tensor(0, x.dtype), weight, shape: index.shape) }
    self.weight = weight
  }

  /// The losses, with size 1 on the axis of classes, as the user wants them: all without that axis, their sum, or that
  /// divided by Σ w_y.
  func reduce(_ losses: Tensor, _ reduction: Reduction) -> (Tensor, Reduced) {
    if reduction == .none { return (losses.droppingAxis(axis), Reduced(labels: self, reduction: reduction, total: 1)) }
    var loss = Kernel.reduceAll(Int(TP_SUM), losses)
    if reduction == .sum { return (loss, Reduced(labels: self, reduction: reduction, total: 1)) }
    let total = total
    Kernel.unaryInPlace(Int(TP_DIV_SCALAR), &loss, total)
    // The mean over nothing is NaN, and its gradient 0: nothing may divide by this 0.
    let isOfNothing = total == 0 && ignored.map { Kernel.reduceAll(Int(TP_ALL), $0, dtype: .bool).item != 0 } ?? false
    return (loss, Reduced(labels: self, reduction: reduction, total: isOfNothing ? 1 : total))
  }

  /// What a reduced loss leaves for backward: the labels, and what the sum was divided by.
  package struct Reduced {
    let labels: ClassLabels
    let reduction: Reduction
    let total: Double

    /// The gradient of each row's loss before its weight: a scalar, or (batch, 1, …), 0 where the row is ignored.
    func scale(_ dy: Variable) -> Variable {
      switch reduction {
      case .none: labels.counting(dy.unsqueezed(labels.axis))
      case .sum: labels.counting(dy)
      case .mean: labels.counting(dy / total)
      }
    }
  }

  /// x (batch, classes or 1, …), but 0 in ignored rows: selected and not multiplied by 0, for an ignored row may hold
  /// NaN and infinities.
  func counting(_ x: Variable) -> Variable { ignored.map { Variable(Tensor(0, x.dtype)).where($0, x) } ?? x }

  private var total: Double { weight.map { Kernel.reduceAll(Int(TP_SUM), $0).item } ?? Double(index.count) }

  static func axis(of x: Shape) -> Int { x.count == 1 ? 0 : 1 }

  /// The shape of the labels that logits of shape `x` need, when labels and class weights fit.
  static func rows(of x: Shape, _ labels: Tensor, weight: Tensor?, _ op: String) throws(ShapeError) -> Shape {
    if x.isEmpty { throw ShapeError("\(op): the input needs an axis of classes, got a scalar") }
    let classes = x[axis(of: x)]
    if classes == 0 { throw ShapeError("\(op): the input \(x) has no classes: axis \(axis(of: x)) is empty") }
    var rows = x
    rows.remove(at: axis(of: x))
    try checkType(labels, op)
    if labels.shape != rows {
      let hint =
        labels.shape == x
        ? "; for one-hot labels pass labels.argmax(\(axis(of: x)))"
        : labels.count == rows.volume ? "; reshape them: labels.reshaped(\(rows))" : ""
      throw ShapeError(
        "\(op): the input \(x) needs labels \(rows), one for each row of \(classes) classes, got \(labels.shape)\(hint)"
      )
    }
    try checkWeight(weight, classes: classes, op)
    return rows
  }

  static func checkType(_ labels: Tensor, _ op: String) throws(ShapeError) {
    if labels.dtype.isFloatingPoint || labels.dtype == .bool {
      throw ShapeError(
        """
        \(op): labels must be class numbers of an integer type, got \(labels.dtype) \(labels.shape); convert them \
        with cast(to: .int64)
        """)
    }
  }

  static func checkWeight(_ weight: Tensor?, classes: Int, _ op: String) throws(ShapeError) {
    guard let weight else { return }
    if weight.shape != [classes] {
      throw ShapeError("\(op): \(classes) classes need a weight [\(classes)], got \(weight.shape)")
    }
    if !weight.dtype.isFloatingPoint {
      throw ShapeError(
        "\(op): the weight must be floating-point, got \(weight.dtype); convert it with cast(to: .float32)")
    }
  }

  /// int64 labels in 0 ..< classes, and where they were the ignored one (which becomes 0); nil where nothing can be.
  static func checked(_ labels: Tensor, classes: Int, ignoring ignored: Int?, _ op: String) throws(ShapeError) -> (
    labels: Tensor, ignored: Tensor?
  ) {
    var inside = labels.cast(to: .int64), mask: Tensor?
    if let ignored, Kernel.outside(inside, bound: classes) != nil || (0..<classes).contains(ignored) {
      mask = inside .== ignored
      inside = Kernel.select(mask!, Tensor(0, .int64), inside, shape: inside.shape)
    }
    if let (position, label) = Kernel.outside(inside, bound: classes) {
      throw ShapeError(
        """
        \(op): label \(label) at position \(position) of \(labels.shape) is no class: there are \(classes), 0 ..< \
        \(classes)
        """)
    }
    return (inside, mask)
  }
}
