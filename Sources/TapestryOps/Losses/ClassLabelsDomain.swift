import TapestryAutograd
import TapestryTensors

/// Labels beside rows of classes with every option, from which the laws of losses draw, and the losses' formulas
/// written down element by element.
struct LabeledRowsDomain: CustomStringConvertible, @unchecked Sendable {
  /// (classes), (batch, classes) or (batch, classes, …), and its axis of classes.
  let shape: Shape, axis: Int
  let labels: Tensor
  let weight: Tensor?
  let ignored: Int
  let reduction: Reduction

  private var numbers: [Int] { labels.array(Int.self) }
  private var classes: Int { shape[axis] }
  private var weights: [Double] { weight?.array(Double.self) ?? [Double](repeating: 1, count: classes) }

  /// q_c = (1 − ε)·w_y·[c = y] + ε·w_c/C, 0 where y is ignored: in the shape of the logits.
  func target(smoothing: Double) -> Tensor {
    let w = weights
    let q: [Double] = numbers.flatMap { label in
      w.indices.map { c in
        label == ignored ? 0 : (c == label ? (1 - smoothing) * w[c] : 0) + smoothing * w[c] / Double(w.count)
      }
    }
    // (rows, classes), then in the logits' order.
    let order = Array(0..<labels.rank)
    return Tensor(q, shape: Shape(Array(labels.shape) + [classes])).permuted(
      Array(order.prefix(1)) + [labels.rank] + Array(order.dropFirst()))
  }

  func reduce(_ losses: Variable) -> Variable {
    let w = weights
    return switch reduction {
    case .none: losses
    case .sum: losses.sum()
    case .mean: losses.sum() / numbers.reduce(0) { $1 == ignored ? $0 : $0 + w[$1] }
    }
  }

  var description: String { "\(shape), weight \(weight != nil), ignored \(ignored), \(reduction)" }
}

extension Draw {
  mutating func labeledRows() -> LabeledRowsDomain {
    let classes = size(zero: false, most: 9)
    let rows = (0..<int(0...3)).map { _ in size(most: 5) }
    let shape = Shape(rows.prefix(1) + [classes] + rows.dropFirst())
    let labels = indices(Shape(rows), below: classes)
    let numbers = labels.array(Int.self)
    let ignored = bool() ? numbers.first ?? -100 : -100
    // The mean over rows that are all ignored, or none, is 0/0.
    let reduction = numbers.allSatisfy { $0 == ignored } ? pick([Reduction.none, .sum]) : pick(Reduction.allCases)
    return LabeledRowsDomain(
      shape: shape, axis: ClassLabels.axis(of: shape), labels: labels, weight: bool() ? tensor([classes], 0.5, 2) : nil,
      ignored: ignored,
      reduction: reduction)
  }
}
