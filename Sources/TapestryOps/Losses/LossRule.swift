import CTapestry
import TapestryAutograd
import TapestryTensors

/// A loss ℓ(x, t) of an input and a target of one shape, element by element, then weighted and reduced. One row of a
/// table (LossesElementwise.swift) is all there is to say about such a loss; the tape gets one node.
///
/// For y = mean(w·ℓ) over n elements:    dx = w·∂ℓ/∂x·dy/n,  dt = w·∂ℓ/∂t·dy/n
/// (without 1/n for the sum and for `.none`)
package final class LossRule: Sendable {
  /// ℓ, ∂ℓ/∂x or ∂ℓ/∂t of each element.
  typealias Formula = @Sendable (_ x: Variable, _ t: Variable, _ c: LossConstants) -> Variable

  package let name: String
  let value: Formula, dx: Formula, dt: Formula

  /// What the laws draw x and t from, and the constants to try.
  let domain: BinaryDomain
  let constants: [Double]

  init(
    _ name: String, domain: BinaryDomain, constants: [Double] = [0], value: @escaping Formula, dx: @escaping Formula,
    dt: @escaping Formula
  ) {
    self.name = name
    self.domain = domain
    self.constants = constants
    self.value = value
    self.dx = dx
    self.dt = dt
  }

  /// The result's shape, or why the inputs do not fit.
  func shape(of x: Specs, _ c: LossConstants, _ reduction: Reduction) throws(ShapeError) -> Shape {
    try x.sameType(name)
    try x.sameShape(name)
    for (factor, what) in [(c.weight, "weight"), (c.positiveWeight, "posWeight")] {
      guard let factor else { continue }
      if factor.shape.broadcast(with: x[0]) != x[0] {
        throw ShapeError("\(name): the \(what) \(factor.shape) does not broadcast to the input \(x[0])")
      }
      if factor.dtype != x.dtype(0) {
        throw ShapeError(
          "\(name): the \(what) must be \(x.dtype(0)) like the input, got \(factor.dtype); convert it with cast(to:)")
      }
    }
    return reduction == .none ? x[0] : []
  }

  func callAsFunction(_ x: Variable, _ t: Variable, _ c: LossConstants, _ reduction: Reduction) -> Variable {
    _ = failing { () throws(ShapeError) in try shape(of: Specs(Inputs(x, t)), c, reduction) }
    let y = noGrad { reduction.reduce(c.weighted(value(x, t, c))) }.value
    if Gate.isWatched { Gate.show(y, name) }
    let recorded = isRecording && (x.requiresGrad || t.requiresGrad)
    return Variable(result: y, node: recorded ? LossNode(self, x, t, c, reduction, shape: y.shape) : nil)
  }
}

/// What a loss depends on besides input and target: a number of its own, a factor for each loss, and one for each
/// positive target.
struct LossConstants {
  var p = 0.0
  var weight: Tensor?
  var positiveWeight: Tensor?

  func weighted(_ losses: Variable) -> Variable { weight.map { losses * $0 } ?? losses }
}

extension Reduction {
  /// All losses, their sum, or their mean.
  func reduce(_ losses: Variable) -> Variable {
    switch self {
    case .none: losses
    case .sum: losses.sum()
    case .mean: losses.mean()
    }
  }
}

extension Specs {
  /// Throws unless input and target, the first two, have one shape.
  func sameShape(_ op: String) throws(ShapeError) {
    if self[0] == self[1] { return }
    throw ShapeError(
      """
      \(op): the input has shape \(self[0]), the target \(self[1]); they must be equal, for broadcasting would \
      compare elements with strangers: reshape one
      """)
  }
}

final class LossNode: Node {
  unowned(unsafe) let rule: LossRule  // lives as long as the program
  @exclusivity(unchecked) private final var kept: (x: Variable, t: Variable, c: LossConstants)?
  private let reduction: Reduction

  init(_ rule: LossRule, _ x: Variable, _ t: Variable, _ c: LossConstants, _ reduction: Reduction, shape: Shape) {
    self.rule = rule
    self.reduction = reduction
    kept = (x.kept(), t.kept(), c)
    super.init(shape: shape, Edge(x), Edge(t))
  }

  override var name: String { rule.name }
  override var isReleased: Bool { kept == nil }
  override func release() { kept = nil }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    let (x, t, c) = kept!
    let scale = c.weighted(reduction == .mean ? dy / x.count : dy)
    if sink.wants(first) { sink.give(first, rule.dx(x, t, c) * scale) }
    if sink.wants(second) { sink.give(second, rule.dt(x, t, c) * scale) }
  }
}

extension LossRule {
  /// Drawn from the domain; the derivatives must be those of the formula too. The misuse is what every such loss
  /// refuses.
  package var law: Law {
    Law(
      name,
      misuse: [
        Law.Misuse("[2, 3]", "[3]", "must be equal", "reshape") { [self] () throws(ShapeError) in
          _ = try shape(of: Specs([[2, 3], [3]], [.float32, .float32]), LossConstants(), .mean)
        },
        Law.Misuse("float32 [2]", "int64 [2]", "cast(to:") { [self] () throws(ShapeError) in
          _ = try shape(of: Specs([[2], [2]], [.float32, .int64]), LossConstants(), .mean)
        },
        Law.Misuse("weight [2]", "[2, 3]") { [self] () throws(ShapeError) in
          _ = try shape(of: Specs([[2, 3], [2, 3]], [.float32, .float32]), LossConstants(weight: .ones([2])), .mean)
        },
      ]
    ) { [self] draw in
      let shape = draw.shape(), p = draw.pick(constants)
      // The mean of nothing is 0/0.
      let reduction = shape.volume == 0 ? Reduction.sum : draw.pick(Reduction.allCases)
      let factors = Shape(shape.map { draw.bool() ? $0 : 1 })
      let weight = draw.bool() ? draw.tensor(factors, 0.5, 2) : nil,
        positive = draw.bool() ? draw.tensor(factors, 0.5, 2) : nil
      func settings(_ dtype: DType) -> LossConstants {
        LossConstants(p: p, weight: weight?.cast(to: dtype), positiveWeight: positive?.cast(to: dtype))
      }
      return LawCase(
        [domain.a.tensor(shape, &draw), domain.b.tensor(shape, &draw)],
        label: "\(shape), \(reduction), p = \(p), weight \(weight != nil)",
        isLinear: domain.isLinear,
        composed: { [self] v in
          let c = settings(v[0].dtype)
          return reduction.reduce(c.weighted(value(v[0], v[1], c)))
        },
        call: { [self] v in self(v[0], v[1], settings(v[0].dtype), reduction) })
    }
  }
}
