import CTapestry
import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

// What the laws share: drawing cases, running one forward and backward, comparing, and laying the same numbers out
// differently.

extension Law: CustomTestStringConvertible {
  /// The name of the op.
  public var testDescription: String { name }

  /// How many cases each law draws for each op; `LAW_CASES` in the environment raises it.
  static let caseCount = ProcessInfo.processInfo.environment["LAW_CASES"].flatMap(Int.init) ?? 6

  /// Case number `i`: the same in every run.
  func example(_ i: Int, large: Bool = false) -> LawCase {
    var seed: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var source = Draw(seed: seed &+ UInt64(i) &* 7919, large: large)
    return draw(&source)
  }

  /// The cases of one law, with what a failure must say to be found again.
  func examples(_ count: Int = caseCount) -> [(example: LawCase, comment: Comment)] {
    (0..<count).map { i in
      let example = example(i)
      return (example, "\(name), case \(i): \(example.label)")
    }
  }
}

extension Law {
  /// Ops without a form composed of other ops, for nothing simpler computes them: their values are compared with
  /// PyTorch's in the tests named.
  static let withoutFormula: Set<String> = [
    // Rows of the pointwise tables (PointwiseSamples.swift)
    "*", "+", "-", "-x", "/", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "celu",
    "clamp", "clamp(max:)",
    "clamp(min:)", "copysign", "cos", "cosh", "digamma", "elu", "erf", "erfc", "erfinv", "exp", "exp2", "expm1",
    "floor", "floorDivide", "fmod",
    "frac", "gelu", "gelu(approximate: .tanh)", "hardshrink", "hardsigmoid", "hardswish", "hypot", "leakyRelu",
    "lgamma", "log", "log10", "log1p",
    "log2", "logSigmoid", "logaddexp", "maximum", "minimum", "mish", "p - x", "p / x", "pow", "prelu", "reciprocal",
    "relu", "remainder", "round",
    "rsqrt", "selu", "sigmoid", "sign", "silu", "sin", "sinc", "sinh", "softplus", "softshrink", "softsign", "sqrt",
    "square", "tan", "tanh", "tanhshrink",
    "threshold", "trunc", "x * p", "x + p", "x / p", "xlogy",
    // Moving elements (ShapeTests.swift, IndexTests.swift, ShapeBehaviorTests.swift)
    "cast", "concatenate", "contiguous", "diagonal", "diagonalEmbedded", "embedding", "expanded", "flipped", "gather",
    "indexAdd", "indexSelect",
    "padded", "permuted", "reshaped", "scatterAdd", "slice", "split", "stack", "subscript", "subscriptGradient",
    "triangle", "where",
    // Sums and products themselves (ReductionSamples.swift, MatmulTests.swift), random numbers (NetworkTests.swift)
    "alphaDropout", "amax", "amin", "dropout", "matmul", "prod", "rrelu", "sum",
  ]
}

extension LawCase {
  /// The same function, of what an input's numbers far from 0 have more than their middle: `gradientCheck` takes steps
  /// in proportion to the numbers.
  var centred: (call: ([Variable]) -> Variable, inputs: [Tensor]) {
    let middles = inputs.map { x in
      let middle = x.count == 0 ? 0 : (x.doubles.reduce(0, +) / Double(x.count)).rounded()
      return abs(middle) > 100 ? middle : 0
    }
    if middles.allSatisfy({ $0 == 0 }) { return (call, inputs) }
    let call = call
    return ({ x in call(zip(x, middles).map { $0 + $1 }) }, zip(inputs, middles).map { $0 - $1 })
  }
}

/// Result and gradients of one call.
struct Outcome {
  var y: Tensor
  var dx: [Tensor?]

  /// Runs `call` on fresh leaves. `dy` weights the result (drawn when nil); random operations draw the same numbers
  /// each time.
  init(_ call: ([Variable]) -> Variable, _ inputs: [Tensor], dy: Tensor? = nil, createGraph: Bool = false) {
    let leaves = inputs.map { Variable($0, requiresGrad: true) }
    let result = withSeed(1) { call(leaves) }
    y = result.value
    dx = gradients(
      of: [result], withRespectTo: leaves, cotangents: [Variable(dy ?? cotangent(of: y))], createGraph: createGraph
    ).map { $0?.value }
  }

  /// The largest difference to another outcome, relative to the size of the numbers; infinity where shapes, types or
  /// missing gradients differ.
  func difference(to other: Outcome) -> Double {
    var worst = relativeDifference(y, other.y)
    for (a, b) in zip(dx, other.dx) { worst = max(worst, relativeDifference(a, b)) }
    return dx.count == other.dx.count ? worst : .infinity
  }

  /// Whether all bits agree.
  func isIdentical(to other: Outcome) -> Bool {
    func bits(_ x: Tensor?) -> [UInt64]? { x?.doubles.map(\.bitPattern) }
    return bits(y) == bits(other.y) && zip(dx, other.dx).allSatisfy { bits($0) == bits($1) }
  }
}

/// Weights for a result, from its shape alone.
func cotangent(of y: Tensor) -> Tensor {
  var draw = Draw(seed: UInt64(y.count) &+ 17)
  return draw.tensor(y.shape, -1, 1).cast(to: y.dtype)
}

/// max |a − b| / (1 + max |b|); NaN agrees with NaN, a missing gradient with zeros.
func relativeDifference(_ a: Tensor?, _ b: Tensor?) -> Double {
  guard let a, let b else { return (a ?? b).map { $0.doubles.allSatisfy { $0 == 0 } } ?? true ? 0 : .infinity }
  if a.shape != b.shape { return .infinity }
  let (x, y) = (a.doubles, b.doubles)
  let scale = 1 + y.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  return zip(x, y).reduce(0) { worst, pair in
    if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return worst }
    let error = abs(pair.0 - pair.1) / scale
    return error.isNaN ? .infinity : max(worst, error)
  }
}

extension Tensor {
  /// The same numbers in other layouts: axes in reversed order in memory, every second element of a larger block, and
  /// running backwards. What lies between the elements is NaN.
  var layouts: [(name: String, tensor: Tensor)] {
    let order = Array((0..<rank).reversed())
    let everySecond = Tensor(doubles.flatMap { [$0, .nan] }, shape: shape.inserting(2)).cast(to: dtype).selected(
      axis: -1, index: 0)
    return [
      ("transposed", permuted(order).copied().permuted(order)),
      ("every second element", everySecond),
      ("reversed", flipped(Array(0..<rank)).copied().flipped(Array(0..<rank))),
    ]
  }

  /// Along each axis: the first element repeated, as a view with stride 0, beside its copy.
  var repeated: [(name: String, view: Tensor, copy: Tensor)] {
    (0..<rank).filter { shape[$0] > 1 }.map { axis in
      let view = narrowed(axis: axis, start: 0, count: 1).expanded(to: shape)
      return ("repeated along axis \(axis)", view, view.copied())
    }
  }
}

extension Shape {
  fileprivate func inserting(_ size: Int) -> Shape { Shape(Array(self) + [size]) }
}
