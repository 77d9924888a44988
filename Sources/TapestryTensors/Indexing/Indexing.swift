// What may stand between the brackets of `x[…]`. Each part speaks of one axis, from the first on; axes not spoken of
// are taken whole.

/// One part of a subscript. Conforming are `Int`, all ranges of `Int`, Swift's `stride(from:to:by:)` and
/// `stride(from:through:by:)`, `Tensor` (a bool mask or int64 positions), and `.all`, `.ellipsis`, `.newAxis`,
/// `.slice(from:to:step:)`. Negative positions count from the end: −1 is the last.
public protocol TensorIndex {
  /// What it asks for.
  var indexPart: IndexPart { get }
}

/// What a part of a subscript asks for.
public enum IndexPart: Sendable {
  /// One position; the axis disappears.
  case position(Int)
  /// The positions from a lower bound up to an upper one, which is left out; nil is the end of the axis on that side.
  case range(Int?, Int?)
  /// Python's from:to:step.
  case slice(from: Int?, to: Int?, step: Int)
  /// `count` positions from a first one, `step` apart.
  case positions(first: Int, count: Int, step: Int)
  /// As many whole axes as are left.
  case ellipsis
  /// A new axis of size 1.
  case newAxis
  /// A bool mask over as many axes as it has, or int64 positions along one.
  case tensor(Tensor)
}

/// A part of a subscript with a name: `x[.ellipsis, .newAxis]`.
public struct NamedIndex: TensorIndex, Sendable {
  /// What it asks for.
  public let indexPart: IndexPart
}

extension TensorIndex where Self == NamedIndex {
  /// The whole of one axis.
  public static var all: NamedIndex { NamedIndex(indexPart: .range(nil, nil)) }

  /// As many whole axes as are left: `x[.ellipsis, 0]` is position 0 of the last axis. `x[..., 0]` says the same.
  public static var ellipsis: NamedIndex { NamedIndex(indexPart: .ellipsis) }

  /// A new axis of size 1.
  public static var newAxis: NamedIndex { NamedIndex(indexPart: .newAxis) }

  /// Python's `from:to:step`: every `step`-th position from `from` on, before `to`. Left out, they are the two ends of
  /// the axis, so that `.slice(step: -1)` reverses it.
  public static func slice(from: Int? = nil, to: Int? = nil, step: Int = 1) -> NamedIndex {
    NamedIndex(indexPart: .slice(from: from, to: to, step: step))
  }
}

extension Int: TensorIndex {
  /// One position.
  public var indexPart: IndexPart { .position(self) }
}
/// `1..<3`; `-3..<0` are the last three.
extension Range: TensorIndex where Bound == Int {
  /// The positions of the range.
  public var indexPart: IndexPart {
    lowerBound < 0 && upperBound == 0 ? .range(lowerBound, nil) : .range(lowerBound, upperBound)
  }
}
extension ClosedRange: TensorIndex where Bound == Int {
  /// The positions of the range, the last one too.
  public var indexPart: IndexPart { upperBound == -1 ? .range(lowerBound, nil) : .range(lowerBound, upperBound.next) }
}
extension PartialRangeFrom: TensorIndex where Bound == Int {
  /// From a position to the end.
  public var indexPart: IndexPart { .range(lowerBound, nil) }
}
/// `..<2`; `..<(-1)` is all but the last.
extension PartialRangeUpTo: TensorIndex where Bound == Int {
  /// From the beginning up to a position, which is left out.
  public var indexPart: IndexPart { .range(nil, upperBound) }
}
extension PartialRangeThrough: TensorIndex where Bound == Int {
  /// From the beginning to a position, which is taken too.
  public var indexPart: IndexPart { upperBound == -1 ? .range(nil, nil) : .range(nil, upperBound.next) }
}
extension StrideTo: TensorIndex where Element == Int {
  /// The positions of the stride.
  public var indexPart: IndexPart { .init(walking: self) }
}
extension StrideThrough: TensorIndex where Element == Int {
  /// The positions of the stride.
  public var indexPart: IndexPart { .init(walking: self) }
}
extension Int {
  /// The position after this one; the largest number has none, and lies outside every axis as it is.
  fileprivate var next: Int { self == .max ? .max : self + 1 }
}
/// `x[[2, 0]]`: the positions in this order.
extension Array: TensorIndex where Element == Int {
  /// The positions as an int64 tensor.
  public var indexPart: IndexPart { .tensor(Tensor(self)) }
}
extension Tensor: TensorIndex {
  /// A bool mask, or positions.
  public var indexPart: IndexPart { .tensor(self) }
}

extension IndexPart {
  /// The standard library does not show the bounds of a stride, so it is walked once.
  fileprivate init(walking positions: some Sequence<Int>) {
    var first = 0, second: Int?, count = 0
    for position in positions {
      if count == 0 { first = position } else if count == 1 { second = position }
      count += 1
    }
    self = .positions(first: first, count: count, step: second.map { $0 - first } ?? 1)
  }

  /// How many axes it speaks of.
  var axes: Int {
    switch self {
    case .ellipsis, .newAxis: 0
    case .tensor(let t) where t.dtype == .bool: t.rank
    default: 1
    }
  }
}
