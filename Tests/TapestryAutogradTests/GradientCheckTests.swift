import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// The checker itself: planted errors of each kind are caught, right derivatives pass.
struct GradientCheckTests {
  let a = Tensor([0.5, -1.2, 2.0, 0.3, 1.1, -0.4] as [Double], shape: [2, 3])
  let b = Tensor([1.5, 0.7, -0.9] as [Double], shape: [3])

  /// a·b with b broadcast, and whatever derivative is planted.
  func product(_ backward: @escaping ([Variable], Variable, Variable) -> [Variable?]) -> ([Variable]) -> Variable {
    { customOp("product", $0, forward: { $0[0] * $0[1] }, backward: backward) }
  }

  @Test func rightDerivativesPass() {
    let report = gradientCheck(product { x, _, dy in [dy * x[1], dy * x[0]] }, at: [a, b], orders: 3)
    #expect(report.passed, "\(report)")
    #expect(throws: Never.self) { try report.verify() }
    #expect(gradientCheck({ exp($0 * $0).sum() }, at: b).passed)
  }

  @Test func wrongFactor() {
    let report = gradientCheck(product { x, _, dy in [dy * x[1], dy * x[0] * 1.0000001] }, at: [a, b])
    #expect(!report.passed)
    #expect(report.description.contains("order 1, input 1, element"), "\(report)")
    #expect(throws: GradientMismatch.self) { try report.verify() }
  }

  @Test func oneWrongElement() {
    // The derivative by a[1, 0] alone is off.
    let off = Variable(Tensor([0, 0, 0, 1e-6, 0, 0] as [Double], shape: [2, 3]))
    let report = gradientCheck(product { x, _, dy in [dy * x[1] + off, dy * x[0]] }, at: [a, b])
    #expect(report.description.contains("order 1, input 0, element [1, 0]"), "\(report)")
  }

  @Test func swappedInputs() {
    #expect(!gradientCheck(product { x, _, dy in [dy * x[0], dy * x[1]] }, at: [a, a * 2]).passed)
  }

  @Test func missingUnbroadcast() {
    // b's gradient from the first row alone instead of the sum over rows.
    let report = gradientCheck(
      product { x, _, dy in [dy * x[1], (dy * x[0]).reshaped(6) * Variable(Tensor([1.0, 1, 1, 0, 0, 0], .float64))] },
      at: [a.reshaped(6), b.expanded(to: [2, 3]).reshaped(6)])
    #expect(!report.passed)
    let mean = gradientCheck(product { x, _, dy in [dy * x[1], sumTo(dy * x[0], [3]) / 2] }, at: [a, b])
    #expect(!mean.passed)
  }

  @Test func missingGradient() {
    #expect(!gradientCheck(product { x, _, dy in [dy * x[1], nil] }, at: [a, b]).passed)
  }

  @Test func wrongSecondDerivative() {
    // dx = 2·x·dy is right, but x is cut off: to the second derivative it is a constant.
    let report = gradientCheck(
      { customOp("square", $0, forward: { $0[0] * $0[0] }) { x, _, dy in [2 * dy * x[0].detach()] } }, at: [a])
    #expect(!report.passed)
    #expect(report.description.contains("order 2"), "\(report)")
    #expect(
      gradientCheck(
        { customOp("square", $0, forward: { $0[0] * $0[0] }) { x, _, dy in [2 * dy * x[0].detach()] } }, at: [a],
        orders: 1
      ).passed)
  }

  @Test func gradientCutOffFromItsCotangent() {
    let report = gradientCheck(
      { customOp("double", $0, forward: { $0[0] * 2 }) { _, _, dy in [dy.detach() * 2] } }, at: [a])
    #expect(report.description.contains("order 2"), "\(report)")
  }

  @Test func stateCaptured() {
    // The derivative remembers the last forward instead of its own input.
    final class Last { var x = Tensor(0, .float64) }
    let last = Last()
    let report = gradientCheck(
      { x in
        last.x = x[0].value
        return customOp("square", x, forward: { $0[0] * $0[0] }) { _, _, dy in [2 * dy * last.x] }
      }, at: [a], orders: 1)
    #expect(!report.passed)
  }

  @Test func differentEachTime() {
    final class Counter { var n = 0.0 }
    let counter = Counter()
    let report = gradientCheck(
      {
        counter.n += 1
        return $0[0] * counter.n
      }, at: [a])
    #expect(report.description.contains("differs between two evaluations"), "\(report)")
  }

  @Test func nan() {
    #expect(!gradientCheck(product { x, _, dy in [dy * Double.nan, dy * x[0]] }, at: [a, b]).passed)
    #expect(gradientCheck({ log($0) }, at: Tensor([-1.0], .float64)).description.contains("NaN"))
  }

  /// Backward gives one derivative when it is recorded and another when it is not, as a wrong fused path would.
  @Test func differentWithAGraph() {
    let report = gradientCheck(
      {
        customOp("square", $0, forward: { $0[0] * $0[0] }) { x, _, dy in
          [isRecording ? 2 * x[0] * dy : 2 * x[0] * dy * 1.001]
        }
      }, at: [a])
    #expect(!report.passed && report.description.contains("with createGraph"), "\(report)")
  }

  /// f = x + s·max(x, 0)^2.9 at 0: its derivative is 1, and the differences 1 + s·h^1.9/2 come near it too slowly to
  /// tell. What they give is no confirmation, however near it lies by luck.
  @Test func differencesThatDoNotConverge() {
    for scale in [400, 600, 1000, 1e5] {
      let report = gradientCheck(
        {
          customOp("power", $0, forward: { x in (Variable(x[0]) + scale * pow(relu(Variable(x[0])), 2.9)).value }) {
            _, _, dy in [dy]
          }
        },
        at: [Tensor([0.0], .float64)],
        orders: 1)
      #expect(!report.passed, "\(scale): \(report)")
    }
    // Nothing to be learnt at all, for the domain ends at the very place: an input that is fine does not hide it,
    // whichever comes first.
    func edge(_ x: Variable) -> Variable {
      customOp("edge", [x], forward: { sqrt(Variable($0[0])).value }) { _, _, dy in [dy] }
    }
    for report in [
      gradientCheck({ edge($0[0]) + $0[1] * $0[1] }, at: [Tensor([0.0]), Tensor([3.0])], orders: 1),
      gradientCheck({ edge($0[1]) + $0[0] * $0[0] }, at: [Tensor([3.0]), Tensor([0.0])], orders: 1),
    ] {
      #expect(!report.passed && report.worst == .infinity, "\(report)")
    }
  }

  @Test func mistakesAndTheirPlaces() {
    #expect((try? Failure.catching { _ = gradientCheck({ $0 }, at: Tensor([1.0], .float64), orders: 0) }) == nil)
    // Not the result's, a derivative's type: an integer result has none.
    #expect(
      gradientCheck({ _ in Variable(Tensor([1, 2])) }, at: Tensor([1.0], .float64)).description.contains(
        "which has no derivative"))
    // The third order alone is wrong: d³/dx³ of x³.
    func cube(_ x: Variable) -> Variable {
      customOp("cube", [x], forward: { $0[0] * $0[0] * $0[0] }) { x, _, dy in
        [
          customOp("slope", [x[0], dy], forward: { $0[0] * $0[0] * $0[1] * 3 }) { x, _, u in
            [6 * x[0].detach() * x[1] * u, 3 * x[0] * x[0] * u]
          }
        ]
      }
    }
    #expect(gradientCheck(cube, at: Tensor([0.7], .float64), orders: 2).passed)
    #expect(gradientCheck(cube, at: Tensor([0.7], .float64), orders: 3).description.contains("order 3"))
    // Large and small inputs: a direction as large as the input itself.
    #expect(gradientCheck({ $0 * $0 * $0 }, at: Tensor([1e6, 1e-6, -3e4]), orders: 2).passed)
  }

  @Test func kink() {
    // |x| at 0 has no derivative, and no guess is taken for one: differences say 0, as the rule does, but one-sided
    // functions are found out.
    let report = gradientCheck({ relu($0) }, at: Tensor([0.0], .float64), orders: 1)
    #expect(!report.passed)
  }

  @Test func randomOperationsDrawTheSame() {
    let report = gradientCheck({ $0 * Tensor.uniform($0.shape, .float64) }, at: a)
    #expect(report.passed, "\(report)")
  }

  @Test func integersArePassedOn() {
    let report = gradientCheck({ $0[0].where($0[1].value, $0[0] * 3) }, at: [b, Tensor([true, false, true])])
    #expect(report.passed, "\(report)")
  }
}
