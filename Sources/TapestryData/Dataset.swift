import TapestryTensors

/// Examples that can be had by number. To use pictures in a folder, rows of a database or made-up sequences, say how
/// many there are and how one is made:
///
///     struct Squares: Dataset {
///       let count = 100
///       func element(at index: Int) -> (Tensor, Double) { (Tensor([Float(index)]), Double(index * index)) }
///     }
///     for (x, y) in Squares().batches(of: 10, shuffled: true) { … }     // (10, 1) float32 and (10) float64
///
/// `map`, `subset`, `split` and `concatenated` make new data sets; nothing is computed before an element is asked for.
public protocol Dataset<Element>: Sendable {
  /// One example: a tensor, a pair of tensors or numbers, or any other type together with a function that collates a
  /// batch of it.
  associatedtype Element: Sendable

  /// The number of examples.
  var count: Int { get }

  /// Example `index`, 0 ..< count. Several threads may call it at once. What it draws at random comes from the current
  /// generator, which is the example's own while a batch is made. May throw: a batch that needs the example then ends
  /// the loop with the error and the example's number.
  func element(at index: Int) throws -> Element
}

/// A data set made of a function or an array; what `map`, `subset`, `split` and `concatenated` return.
///
///     let noise = AnyDataset(count: 1000) { _ in Tensor.normal([8]) }
public struct AnyDataset<Element: Sendable>: Dataset {
  /// The number of examples.
  public let count: Int
  private let make: @Sendable (Int) throws -> Element

  /// `count` examples, each made by `element` when it is asked for.
  public init(count: Int, element: @escaping @Sendable (_ index: Int) throws -> Element) {
    if count < 0 { fail("AnyDataset: cannot hold \(count) examples") }
    self.count = count
    make = element
  }

  /// The elements of an array.
  public init(_ elements: [Element]) { self.init(count: elements.count) { elements[$0] } }

  /// Example `index` of the data set below, transformed.
  public func element(at index: Int) throws -> Element {
    if index < 0 || index >= count { fail("element: example \(index) lies outside 0 ..< \(count)") }
    return try make(index)
  }
}

extension Dataset {
  /// Each example sent through `transform` whenever it is asked for. Random numbers that the transform draws come from
  /// a stream that belongs to the example and the pass, so a batch has the same bits however many workers prepare it.
  ///
  ///     digits.train.map { image, label in (image + .normal(image.shape, standardDeviation: 0.1), label) }
  public func map<T: Sendable>(_ transform: @escaping @Sendable (Element) throws -> T) -> AnyDataset<T> {
    AnyDataset(count: count) { try transform(element(at: $0)) }
  }

  /// The examples with these numbers, in this order; a number may come more than once.
  public func subset(_ indices: [Int]) -> AnyDataset<Element> {
    checkIndices(indices, count)
    return AnyDataset(count: indices.count) { try element(at: indices[$0]) }
  }

  /// The examples of a range.
  public func subset(_ range: Range<Int>) -> AnyDataset<Element> {
    checkRange(range, count)
    return AnyDataset(count: range.count) { try element(at: range.lowerBound + $0) }
  }

  /// These examples, then the others.
  public func concatenated(with other: some Dataset<Element>) -> AnyDataset<Element> {
    let (sum, overflow) = count.addingReportingOverflow(other.count)
    if overflow || count < 0 || other.count < 0 {
      fail("concatenated: cannot join \(count) and \(other.count) examples")
    }
    return AnyDataset(count: sum) { try $0 < count ? element(at: $0) : other.element(at: $0 - count) }
  }

  /// Two parts, the first with the given fraction of the examples, rounded. `shuffled` has no default because it
  /// decides what the parts measure: files are often sorted by class. It draws one permutation from the current random
  /// generator.
  ///
  ///     let (train, test) = data.split(at: 0.8, shuffled: true)
  public func split(at fraction: Double, shuffled: Bool) -> (AnyDataset<Element>, AnyDataset<Element>) {
    let parts = split(counts: splitCounts(count, at: fraction), shuffled: shuffled)
    return (parts[0], parts[1])
  }

  /// Parts with these fractions of the examples, which sum to 1: ⌊fraction·count⌋ each, and one more for the first
  /// parts until all are given away, as PyTorch's `random_split` does.
  public func split(fractions: [Double], shuffled: Bool) -> [AnyDataset<Element>] {
    split(counts: splitCounts(count, fractions: fractions), shuffled: shuffled)
  }

  /// Parts with these numbers of examples, which sum to `count`.
  public func split(counts: [Int], shuffled: Bool) -> [AnyDataset<Element>] {
    let order = splitOrder(count, counts, shuffled: shuffled)
    return partRanges(counts).map { range in order.map { subset(Array($0[range])) } ?? subset(range) }
  }
}

// What Dataset and Examples share: the checks, and how many examples go where.

func checkIndices(_ indices: [Int], _ count: Int) {
  if let bad = indices.first(where: { $0 < 0 || $0 >= count }) {
    fail("subset: example \(bad) lies outside 0 ..< \(count)")
  }
}

func checkRange(_ range: Range<Int>, _ count: Int) {
  if range.lowerBound < 0 || range.upperBound > count { fail("subset: examples \(range) lie outside 0 ..< \(count)") }
}

/// Beyond 2⁵³ no Double tells how many examples a fraction is.
private func checkCountable(_ count: Int) {
  if count > 1 << 53 { fail("split: at most 2^53 examples can be split by fractions, got \(count); use counts") }
}

func splitCounts(_ count: Int, at fraction: Double) -> [Int] {
  checkCountable(count)
  if !(fraction >= 0 && fraction <= 1) { fail("split: a fraction lies in 0 … 1, got \(fraction)") }
  let first = Int((Double(count) * fraction).rounded())
  return [first, count - first]
}

func splitCounts(_ count: Int, fractions: [Double]) -> [Int] {
  checkCountable(count)
  if let bad = fractions.first(where: { !($0 >= 0 && $0 <= 1) }) { fail("split: a fraction lies in 0 … 1, got \(bad)") }
  let sum = fractions.reduce(0, +)
  if abs(sum - 1) > 1e-6 { fail("split: the fractions \(fractions) sum to \(sum), not to 1") }
  var counts = fractions.map { Int(Double(count) * $0) }
  let rest = count - counts.reduce(0, +)
  for i in 0..<Swift.max(0, rest) { counts[i % counts.count] += 1 }
  return counts
}

/// The permutation to split by, nil without shuffling.
func splitOrder(_ count: Int, _ counts: [Int], shuffled: Bool) -> [Int]? {
  if let bad = counts.first(where: { $0 < 0 }) { fail("split: a part cannot have \(bad) examples") }
  var (sum, overflow) = (0, false)
  for part in counts where !overflow { (sum, overflow) = sum.addingReportingOverflow(part) }
  if overflow || sum != count {
    fail(
      """
      split: the counts \(counts) sum to \(overflow ? "more than an Int holds" : "\(sum)"), but there are \(count) \
      examples; use subset to leave some out
      """)
  }
  return shuffled ? Tensor.permutation(count).array(Int.self) : nil
}

/// 0 ..< counts[0], counts[0] ..< counts[0] + counts[1], …
func partRanges(_ counts: [Int]) -> [Range<Int>] {
  var start = 0
  return counts.map { count in
    defer { start += count }
    return start..<(start + count)
  }
}
