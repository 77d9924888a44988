import CTapestry

/// The sizes of a tensor's axes: a small collection of at most eight integers, kept inline so that no shape allocates.
///
///     let s: Shape = [32, 128]
///     s[0], s.last, s.volume     // 32, 128, 4096
public struct Shape: Sendable, Equatable, Hashable, RandomAccessCollection, ExpressibleByArrayLiteral {
  package typealias Sizes = (Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64)
  package var sizes: Sizes
  package var rank: Int32

  /// The largest number of axes.
  public static let maximumRank = Int(TP_MAX_RANK)

  /// The shape of a scalar: no axes, one element.
  public init() {
    sizes = (0, 0, 0, 0, 0, 0, 0, 0)
    rank = 0
  }

  package init(_ descriptor: borrowing tp_tensor) {
    sizes = descriptor.size
    rank = descriptor.rank
  }

  /// The sizes of a sequence, at most eight. Traps for more, and for a negative one.
  public init(_ elements: some Sequence<Int>) {
    self.init()
    for size in elements { append(size) }
  }

  /// `let s: Shape = [32, 128]`
  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// 0
  public var startIndex: Int { 0 }
  /// The number of axes.
  public var endIndex: Int { Int(rank) }

  /// The size of an axis, 0 ..< count: negative axes are for operations. Traps where there is no such axis, and for a
  /// negative size.
  public subscript(axis: Int) -> Int {
    get {
      if axis < 0 || axis >= Int(rank) { fail("Shape: axis \(axis) does not exist in \(self)") }
      return withUnsafeBytes(of: sizes) { Int($0.load(fromByteOffset: axis &* 8, as: Int64.self)) }
    }
    set {
      if axis < 0 || axis >= Int(rank) { fail("Shape: axis \(axis) does not exist in \(self)") }
      if newValue < 0 { fail("Shape: a size cannot be negative, got \(newValue) for axis \(axis) of \(self)") }
      withUnsafeMutableBytes(of: &sizes) { $0.storeBytes(of: Int64(newValue), toByteOffset: axis &* 8, as: Int64.self) }
    }
  }

  /// One more axis at the end. Traps where there are eight already.
  public mutating func append(_ size: Int) {
    if rank == TP_MAX_RANK { fail("Shape: \(self) has 8 axes already, the most that a tensor can have") }
    if size < 0 { fail("Shape: a size cannot be negative, got \(size)") }
    rank += 1
    self[Int(rank) - 1] = size
  }

  /// One more axis before `axis`, 0 … count. Traps where there are eight already.
  public mutating func insert(_ size: Int, at axis: Int) {
    if axis < 0 || axis > count { fail("Shape: cannot insert a size at \(axis) of \(self), which has \(count) axes") }
    append(size)
    for i in stride(from: count - 1, to: axis, by: -1) { self[i] = self[i - 1] }
    self[axis] = size
  }

  /// Without this axis, 0 ..< count.
  public mutating func remove(at axis: Int) {
    if axis < 0 || axis >= count { fail("Shape: axis \(axis) does not exist in \(self)") }
    for i in axis..<count - 1 { self[i] = self[i + 1] }
    self[count - 1] = 0
    rank -= 1
  }

  /// The number of elements: the product of the sizes, 1 for a scalar.
  public var volume: Int {
    var n = 1, empty = false
    for size in self {
      // A size 0 excuses no other: strides are products too.
      let (product, overflow) = n.multipliedReportingOverflow(by: Swift.max(1, size))
      if overflow { fail("Shape: \(self) has more elements than fit into memory") }
      n = product
      if size == 0 { empty = true }
    }
    return empty ? 0 : n
  }

  /// Whether all sizes are equal.
  public static func == (a: Shape, b: Shape) -> Bool {
    if a.rank != b.rank { return false }
    return withUnsafeBytes(of: a.sizes) { a in
      withUnsafeBytes(of: b.sizes) { b2 in
        for i in 0..<Int(b.rank)
        where a.load(fromByteOffset: i &* 8, as: Int64.self) != b2.load(fromByteOffset: i &* 8, as: Int64.self) {
          return false
        }
        return true
      }
    }
  }

  /// The same beside an array: `x.shape == [2, 3]`.
  public static func == (a: Shape, b: [Int]) -> Bool { a.elementsEqual(b) }

  /// By all sizes.
  public func hash(into hasher: inout Hasher) {
    for size in self { hasher.combine(size) }
  }

  /// An axis as users name it (negative counts from the end) as 0 ..< rank, or nil when there is none.
  package func axis(_ named: Int, extra: Int = 0) -> Int? {
    let count = Int(rank) + extra
    let axis = named < 0 ? named + count : named
    return axis >= 0 && axis < count ? axis : nil
  }

  /// The same, trapping with a message that names the operation.
  package func resolve(_ named: Int, _ op: String, extra: Int = 0) -> Int {
    guard let axis = axis(named, extra: extra) else {
      fail("\(op): axis \(named) does not exist in \(self), which has \(count) axes")
    }
    return axis
  }

  /// The same for what works along or over axes (sums, softmax, cumsum, gather): there a scalar counts as a vector of
  /// its only element, as in PyTorch, and so 0 and −1 name its axis 0. Of such a shape ask `size(along:)`: a scalar has
  /// no size 0 to look up.
  package func axis(along named: Int) -> Int? { axis(named, extra: rank == 0 ? 1 : 0) }

  package func axis(along named: Int, _ op: String) throws(ShapeError) -> Int {
    guard let axis = axis(along: named) else {
      throw ShapeError("\(op): axis \(named) does not exist in \(self), which has \(count) axes")
    }
    return axis
  }

  package func resolve(along named: Int, _ op: String) -> Int { resolve(named, op, extra: rank == 0 ? 1 : 0) }

  /// The size of an axis that `axis(along:)` found: 1 for a scalar.
  package func size(along axis: Int) -> Int { rank == 0 ? 1 : self[axis] }

  /// This shape with another size on an axis that `axis(along:)` found. A scalar stays one: it has room for a size 1
  /// alone, which the caller checks.
  package func resized(along axis: Int, to size: Int) -> Shape {
    var shape = self
    if rank > 0 { shape[axis] = size }
    return shape
  }

  /// The shape that two tensors broadcast to; traps when they do not.
  @inline(__always)
  package static func broadcast(_ a: inout Tensor, _ b: inout Tensor, _ op: StaticString) -> Shape {
    var out = tp_tensor()
    if !tp_broadcast(&a.descriptor, &b.descriptor, &out) { fail(Kernel.broadcastMistake(a.shape, b.shape, "\(op)")) }
    return Shape(out)
  }

  /// The shape that two broadcast to, after NumPy's rule, or nil.
  package func broadcast(with other: Shape) -> Shape? {
    var a = tp_tensor(), b = tp_tensor(), out = tp_tensor()
    (a.size, a.rank) = (sizes, rank)
    (b.size, b.rank) = (other.sizes, other.rank)
    return tp_broadcast(&a, &b, &out) ? Shape(out) : nil
  }
}

extension Shape: CustomStringConvertible {
  /// `[32, 128]`
  public var description: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}
