import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

struct CustomOpTests {
  /// y = x³,  dx = 3·x²·dy
  func cube(_ x: Variable) -> Variable {
    customOp("cube", [x]) { x in
      x[0] * x[0] * x[0]
    } backward: { x, y, dy in
      [3 * x[0] * x[0] * dy]
    }
  }

  @Test func derivatives() {
    let x = leaf(2, -1)
    let y = cube(x)
    #expect(y.value.doubles == [8, -1])
    y.sum().backward()
    #expect(x.gradient == [12, 3])
    #expect(gradientCheck(cube, at: x.value, orders: 3).passed)
  }

  @Test func fromItsResult() {
    // y = eˣ, dx = y·dy: the result handed to backward is attached to the operation, so second derivatives see it.
    func exponential(_ x: Variable) -> Variable {
      customOp("exponential", [x], forward: { exp(Variable($0[0])).value }) { _, y, dy in [y * dy] }
    }
    let report = gradientCheck(exponential, at: Tensor([0.3, -0.8], .float64), orders: 3)
    #expect(report.passed, "\(report)")
  }

  @Test func broadcastInputs() {
    let a = Variable(Tensor.ones([2, 3], .float64), requiresGrad: true), b = leaf(1, 2, 3)
    customOp("scale", [a, b], forward: { $0[0] * $0[1] }) { x, _, dy in [dy * x[1], dy * x[0]] }.sum().backward()
    #expect(b.gradient == [2, 2, 2])
    #expect(a.gradient == [1, 2, 3, 1, 2, 3])
  }

  @Test func constantsAreNotRecorded() {
    #expect(!cube(Variable(Tensor([1.0], .float64))).requiresGrad)
    #expect(!noGrad { cube(leaf(1)) }.requiresGrad)
  }

  @Test func nothingIsHeldAfterBackward() {
    weak var held: Variable?
    let y: Variable = {
      let h = leaf(2) * 3
      held = h
      return cube(h)
    }()
    #expect(held != nil)
    y.sum().backward()
    #expect(held == nil)
  }
}
