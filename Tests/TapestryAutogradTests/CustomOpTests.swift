import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
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

  @Test func ofOneInput() {
    func cube(_ x: Variable) -> Variable {
      customOp("cube", x) { x in
        x * x * x
      } backward: { x, _, dy in
        3 * x * x * dy
      }
    }
    func exponential(_ x: Variable) -> Variable {
      customOp("e", x) {
        exp(Variable($0)).value
      } backward: { _, y, dy in
        y * dy
      }
    }
    let x = Tensor([0.5, -1.5, 2], .float64)
    #expect(
      cube(Variable(x)).value == x * x * x && gradientCheck(cube, at: x, orders: 3).passed
        && gradientCheck(exponential, at: x).passed)
    #expect(
      !gradientCheck(
        {
          customOp("cube", $0) { x in
            x * x * x
          } backward: { x, _, dy in
            2 * x * x * dy
          }
        }, at: x
      ).passed)
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

  /// (sin x, cos x): two results of one op, of which the derivatives need the results alone.
  func sincos(_ x: Variable) -> [Variable] {
    customOp("sincos", [x], shapes: { [$0[0], $0[0]] }, keepsInputs: []) { x in
      [sin(Variable(x[0])).value, cos(Variable(x[0])).value]
    } backward: { kept in
      [kept.gradient(0) * kept.result(1) - kept.gradient(1) * kept.result(0)]
    }
  }

  @Test func severalResults() {
    let x = leaf(0.3, -2), y = sincos(x)
    #expect(y.count == 2 && graph(of: y[0] + y[1]).operations.map(\.name) == ["leaf", "sincos", "add"])
    let report = gradientCheck({ v in sincos(v[0])[0] * sincos(v[0])[1] + sincos(v[0])[1] }, at: [x.value], orders: 3)
    #expect(report.passed, "\(report)")
    // One of them alone: the other's gradient is nil, and zeros where it is asked for.
    y[1].sum().backward()
    #expect(zip(x.gradient, [0.3, -2]).allSatisfy { abs($0 + Foundation.sin($1)) < 1e-15 })
  }

  @Test func resultsWithoutADerivative() {
    let x = leaf(3, 1, 2)
    let y = customOp("largest", [x], keepsInputs: [], keepsResults: false, differentiated: 1) { x in
      [x[0].max(), x[0].argmax()]
    } backward: { kept in
      [kept.gradient(0) * Tensor([1, 0, 0] as [Double])]
    }
    #expect(y[0].requiresGrad && !y[1].requiresGrad && y[1].value.item == 0)
    y[0].backward()
    #expect(x.gradient == [1, 0, 0])
  }

  @Test func onlyWhatItSaysIsKept() {
    weak var held: Variable?
    let y: [Variable] = {
      let h = leaf(2) * 3
      held = h
      return sincos(h)
    }()
    #expect(held == nil)
    y[0].sum().backward()
  }

  static let mistakes: [Mistake] = [
    Mistake("mine: two inputs of one size") {
      _ = customOp("mine", [leaf(1)], shapes: { _ in throw ShapeError("two inputs of one size") }, forward: { $0 }) {
        _ in [nil]
      }
    },
    Mistake("mine: forward gave [[1]], but the shape rule says [[2]]") {
      _ = customOp("mine", [leaf(1)], shapes: { _ in [[2]] }, forward: { $0 }) { _ in [nil] }
    },
    Mistake("mine: forward gave no result") { _ = customOp("mine", [leaf(1)], forward: { _ in [] }) { _ in [nil] } },
    Mistake("mine: an operation needs an input") { _ = customOp("mine", [], forward: { $0 }) { _ in [] } },
    Mistake("mine: differentiated must be 1 … 1, got 2") {
      _ = customOp("mine", [leaf(1)], differentiated: 2, forward: { $0 }) { _ in [nil] }
    },
    Mistake("mine: backward reads input 0, which is not among those that it keeps") {
      customOp("mine", [leaf(1)], keepsInputs: [], forward: { $0 }) { [$0.input(0)] }[0].backward()
    },
    Mistake("mine: backward reads result 0, but keepsResults is false") {
      customOp("mine", [leaf(1)], keepsResults: false, forward: { $0 }) { [$0.result(0)] }[0].backward()
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
