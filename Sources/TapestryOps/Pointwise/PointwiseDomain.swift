import TapestryAutograd
import TapestryTensors

/// Where the laws draw an argument of a pointwise function from: an interval, at a distance from the kinks in it, where
/// no derivative is.
package struct Interval: Sendable {
  let low: Double, high: Double
  let kinks: [Double]
  let margin: Double

  init(_ range: ClosedRange<Double>, kinks: [Double] = [], margin: Double = 0.05) {
    low = range.lowerBound
    high = range.upperBound
    self.kinks = kinks
    self.margin = margin
  }

  /// Two intervals whose numbers are never nearer than 0.05 to each other: for functions with a kink where a = b.
  static let evenCells = Interval(
    -2...2, kinks: [-1.625, -1.125, -0.625, -0.125, 0.375, 0.875, 1.375, 1.875], margin: 0.15)
  static let oddCells = Interval(
    -2...2, kinks: [-1.875, -1.375, -0.875, -0.375, 0.125, 0.625, 1.125, 1.625], margin: 0.15)

  func tensor(_ shape: Shape, _ draw: inout Draw, awayFrom more: [Double] = []) -> Tensor {
    draw.tensor(shape, low, high, awayFrom: kinks + more, margin: margin)
  }
}

/// The domain of a `UnaryRule`: the interval of x, and the parameters p and q to try.
package struct UnaryDomain: Sendable {
  let x: Interval
  let parameters: [(p: Double, q: Double)]

  /// Whether p and q are kinks too (clamping).
  let kinksAtParameters: Bool

  /// Piecewise linear or constant: the second derivative is zero.
  let isLinear: Bool

  init(
    _ range: ClosedRange<Double>, kinks: [Double] = [], parameters: [(p: Double, q: Double)] = [(0, 0)],
    kinksAtParameters: Bool = false,
    isLinear: Bool = false
  ) {
    x = Interval(range, kinks: kinks)
    self.parameters = parameters
    self.kinksAtParameters = kinksAtParameters
    self.isLinear = isLinear
  }
}

/// The domain of a `BinaryRule`.
package struct BinaryDomain: Sendable {
  let a: Interval, b: Interval
  let isLinear: Bool

  init(_ a: Interval, _ b: Interval, isLinear: Bool = false) {
    self.a = a
    self.b = b
    self.isLinear = isLinear
  }

  init(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>, isLinear: Bool = false) {
    self.init(Interval(a), Interval(b), isLinear: isLinear)
  }
}

extension UnaryRule {
  /// Drawn from the domain. The misuse is what every such function refuses: a type that it is not defined on.
  package var law: Law {
    let text = "\(name)"
    var misuse = [
      Law.Misuse(text, "bool", "[2, 3]", "cast(to:") { [self] () throws(ShapeError) in
        try check([2, 3], .bool, domain.parameters[0].p, 0)
      }
    ]
    if needsFloat {
      misuse.append(
        Law.Misuse(text, "int64", "[2, 3]", "cast(to: .float32)") { [self] () throws(ShapeError) in
          try check([2, 3], .int64, 0, 0)
        })
    }
    return Law(text, misuse: misuse) { [self] draw in
      let (p, q) = draw.pick(domain.parameters), shape = draw.shape()
      let x = domain.x.tensor(shape, &draw, awayFrom: domain.kinksAtParameters ? [p, q] : [])
      let label = domain.parameters.count > 1 ? "\(shape), p = \(p), q = \(q)" : "\(shape)"
      return LawCase([x], label: label, isLinear: domain.isLinear) { [self] in self($0[0], p, q) }
    }
  }
}

extension BinaryRule {
  /// Drawn from the domain. The misuse is what every such function refuses: shapes that do not broadcast, and two
  /// types.
  package var law: Law {
    let text = "\(name)"
    return Law(
      text,
      misuse: [
        Law.Misuse(text, "cannot broadcast [2, 3] with [2]", "3 and 2 of axis -1") { [self] () throws(ShapeError) in
          _ = try shape(of: Specs([[2, 3], [2]], [.float32, .float32]))
        },
        Law.Misuse(text, "float32", "float64", "cast(to:") { [self] () throws(ShapeError) in
          _ = try shape(of: Specs([[2], [2]], [.float32, .float64]))
        },
      ]
    ) { [self] draw in
      let (a, b) = draw.broadcastPair()
      let inputs = [domain.a.tensor(a, &draw), domain.b.tensor(b, &draw)]
      return LawCase(inputs, label: "\(a), \(b)", isLinear: domain.isLinear) { [self] in self($0[0], $0[1]) }
    }
  }
}
