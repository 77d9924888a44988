import TapestryAutograd
import TapestryOps
import TapestryTensors

// Functions that are composed of ops obey the laws like ops. Each has a law in Composed….swift; `CoverageTests`
// compares them with the sources.

/// Every law: of the ops, and of the functions that are composed of them.
let laws: [Law] = catalog + structureLaws + productLaws + reductionLaws + pointwiseLaws + lossLaws

extension Law.Misuse {
  /// A call that ends with a message, which must contain the words.
  static func trap(_ words: String..., call: @escaping @Sendable () -> Void) -> Law.Misuse {
    Law.Misuse(words) { () throws(ShapeError) in
      do throws(Failure) { try Failure.catching(call) } catch { throw ShapeError(error.message) }
    }
  }
}

extension Draw {
  /// The numbers 0 ..< count in any order.
  mutating func order(_ count: Int) -> [Int] {
    var y = Array(0..<count)
    for i in y.indices.reversed() { y.swapAt(i, int(0...i)) }
    return y
  }

  /// Numbers of which any two differ by more than 0.1: clear of ties.
  mutating func distinct(_ shape: Shape) -> Tensor {
    let n = shape.volume
    return Tensor(order(n).map { (Double($0) - Double(n) / 2) * 0.2 + real(-0.04, 0.04) }, shape: shape)
  }

  /// Numbers near multiples of `step`, moved by `offset`: their differences keep away from what lies between.
  mutating func cells(_ shape: Shape, step: Double, offset: Double = 0) -> Tensor {
    Tensor((0..<shape.volume).map { _ in Double(int(-4...4)) * step + offset + real(-0.1, 0.1) * step }, shape: shape)
  }

  /// Numbers from a few.
  mutating func choices(_ shape: Shape, _ numbers: [Double]) -> Tensor {
    Tensor((0..<shape.volume).map { _ in pick(numbers) }, shape: shape)
  }

  /// A shape and one of its axes by any of its two names.
  mutating func shapeAndAxis(rank: ClosedRange<Int> = 1...4, zero: Bool = true) -> (Shape, Int) {
    let shape = shape(rank: int(rank), zero: zero)
    return (shape, anyAxis(of: shape))
  }

  /// The mean of nothing is 0/0.
  mutating func reduction(_ shape: Shape) -> Reduction { shape.volume == 0 ? .sum : pick(Reduction.allCases) }
}

extension Reduction {
  /// All losses, their sum, or their mean: written out.
  func of(_ losses: Variable) -> Variable {
    switch self {
    case .none: losses
    case .sum: losses.sum()
    case .mean: losses.sum() / losses.count
    }
  }
}

/// y[i] = x[source(i)] for each index i of a shape, element by element; nil stands for `value`.
func rearranged(_ x: Variable, to shape: Shape, value: Double = 0, _ source: ([Int]) -> [Int]?) -> Variable {
  var positions: [Int] = [], missing: [Bool] = []
  for i in 0..<shape.volume {
    let from = source(shape.position(i))
    missing.append(from == nil)
    positions.append(from.map { zip($0, x.shape).reduce(0) { $0 * $1.1 + $1.0 } } ?? 0)
  }
  let all = Tensor(missing, shape: shape)
  if x.count == 0 { return Variable(.full(shape, value, x.dtype)) }
  return Variable(Tensor(value, x.dtype)).where(
    all, x.reshaped([x.count]).indexSelect(0, Tensor(positions)).reshaped(shape))
}

/// `axis` as 0 ..< rank.
func plain(_ axis: Int, _ rank: Int) -> Int { axis < 0 ? axis + rank : axis }
