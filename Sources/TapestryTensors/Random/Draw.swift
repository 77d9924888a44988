/// A small random source for drawing the cases of laws and tests: SplitMix64, seeded, so that a failing case can be drawn
/// again. (It is no part of the tests, because an op's domain is written in it beside the op.)
package struct Draw: RandomNumberGenerator {
  private var state: UInt64

  /// Whether sizes are drawn large enough that several threads share the work.
  private let large: Bool

  package init(seed: UInt64, large: Bool = false) {
    state = seed
    self.large = large
  }

  package mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  package mutating func next() -> UInt64 { bits() }

  /// An integer in `range`, ends included.
  package mutating func int(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(bits() % UInt64(range.count)) }
  package mutating func bool() -> Bool { bits() & 1 == 1 }
  package mutating func pick<T>(_ choices: [T]) -> T { choices[int(0...choices.count - 1)] }

  /// A number in low ..< high.
  package mutating func real(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * Double(bits() >> 11) * 0x1p-53
  }

  /// A size worth trying: 1, small primes, the edges of SIMD vectors; seldom 0. Large ones go up to 8 × `most`.
  package mutating func size(zero: Bool = true, most: Int = 17) -> Int {
    if large { return int(max(1, most)...8 * max(1, most)) }
    let choices = [1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 31, 33].filter { $0 <= most }
    if zero && int(0...19) == 0 { return 0 }
    return pick(choices)
  }

  /// A size on either side of the vector widths of every tier, and of the blocks of lanes that kernels take at once.
  package mutating func longSize() -> Int { pick([15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 66, 97, 127, 129]) }

  /// What lies in the middle of an input's numbers: mostly 0, sometimes far from it, where what does not subtract the
  /// middle first overflows or rounds.
  package mutating func level() -> Double { pick([0, 0, 0, -1000, 1000]) }

  /// A shape of `rank` axes (drawn from 0 … 4 if nil) with at most about 200 elements, so that numerical derivatives
  /// stay quick; in one of four a single axis, any of them, is long. Large ones have some 40,000.
  package mutating func shape(rank: Int? = nil, zero: Bool = true) -> Shape {
    var shape = Shape(), room = large ? 40_000 : 200
    let rank = rank ?? int((large ? 1 : 0)...4)
    if !large && rank > 0 && int(0...3) == 0 {
      let long = int(0...rank - 1)
      for axis in 0..<rank {
        let size = axis == long ? longSize() : int(1...max(1, min(3, room / 70)))
        shape.append(size)
        if axis != long { room /= size }
      }
      return shape
    }
    for axis in 0..<rank {
      let last = large && axis == rank - 1  // it takes the room that is left
      let size =
        last ? max(1, room) : large ? min(size(most: 4), max(1, room)) : size(zero: zero, most: max(1, min(17, room)))
      shape.append(size)
      room /= max(size, 1)
    }
    return shape
  }

  /// Two shapes that broadcast together.
  package mutating func broadcastPair() -> (Shape, Shape) {
    let full = shape()
    func thinned(_ draw: inout Draw) -> Shape {
      let sizes = full.map { draw.int(0...2) == 0 ? 1 : $0 }
      return Shape(sizes.dropFirst(draw.int(0...2) == 0 && !sizes.isEmpty ? draw.int(0...sizes.count) : 0))
    }
    let a = bool() ? full : thinned(&self)
    return (a, thinned(&self))
  }

  /// float64 numbers in low ..< high, at least `margin` away from each of `kinks`.
  package mutating func tensor(
    _ shape: Shape, _ low: Double = -2, _ high: Double = 2, awayFrom kinks: [Double] = [], margin: Double = 0.05
  ) -> Tensor {
    let numbers = (0..<shape.volume).map { _ in
      var x = real(low, high)
      while kinks.contains(where: { abs($0 - x) < margin }) { x = real(low, high) }
      return x
    }
    return Tensor(numbers, shape: shape)
  }

  /// int64 numbers in 0 ..< bound.
  package mutating func indices(_ shape: Shape, below bound: Int) -> Tensor {
    Tensor((0..<shape.volume).map { _ in int(0...bound - 1) }, shape: shape)
  }
}
