import TapestryTensors

/// An array as a function of its index tuple: the oracle of views. Nothing here knows strides.
struct NaiveArray {
  var shape: [Int]
  var at: ([Int]) -> Int

  /// 0, 1, 2, … in row-major order.
  init(counting shape: [Int]) {
    self.shape = shape
    at = { index in zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 } }
  }

  init(_ shape: [Int], _ at: @escaping ([Int]) -> Int) {
    self.shape = shape
    self.at = at
  }

  /// All index tuples in row-major order.
  static func indices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { tuples, size in tuples.flatMap { tuple in (0..<size).map { tuple + [$0] } } }
  }

  var array: [Int] { NaiveArray.indices(shape).map(at) }

  /// An index of this shape with axis `axis` replaced by what `f` makes of it.
  func mapped(_ axis: Int, size: Int, _ f: @escaping (Int) -> Int) -> NaiveArray {
    var new = shape
    new[axis] = size
    return NaiveArray(new) { [at] index in
      var old = index
      old[axis] = f(index[axis])
      return at(old)
    }
  }
}

extension Draw {
  /// The sizes of a small array.
  mutating func sizes(rank: ClosedRange<Int> = 0...4, each sizes: ClosedRange<Int> = 0...4) -> [Int] {
    (0..<int(rank)).map { _ in int(sizes) }
  }
}
