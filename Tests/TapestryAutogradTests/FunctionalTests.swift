import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

struct FunctionalTests {
  let x = Tensor([0.5, -1.0, 2.0], .float64)

  /// f(x) = (x₀·x₁, x₁²·x₂)
  func f(_ x: Variable) -> Variable {
    let a = Variable(Tensor([1.0, 0, 0], .float64)), b = Variable(Tensor([0.0, 1, 0], .float64)), c = Variable(Tensor([0.0, 0, 1], .float64))
    let x0 = (x * a).sum(), x1 = (x * b).sum(), x2 = (x * c).sum()
    return x0 * x1 * Tensor([1.0, 0], .float64) + x1 * x1 * x2 * Tensor([0.0, 1], .float64)
  }

  @Test func jacobianOfAVectorFunction() {
    // (x₁, x₀, 0), (0, 2·x₁·x₂, x₁²)
    #expect(jacobian(f, at: x) == Tensor([-1.0, 0.5, 0, 0, -4, 1] as [Double], shape: [2, 3]))
  }

  @Test func products() {
    let v = Tensor([1.0, 2, 3], .float64), u = Tensor([2.0, -1], .float64)
    let forward = jvp(f, at: x, tangent: v)
    #expect(forward.value.doubles == [-0.5, 2])
    #expect(forward.tangent.doubles == [0, -5])  // −1 + 2·0.5, −4·2 + 3
    #expect(vjp(f, at: x, cotangent: u).gradient.doubles == [-2, 5, -1])
    // A function that ignores its input, and one that is linear in it.
    #expect(jvp({ _ in Variable(Tensor([1.0], .float64)) }, at: x, tangent: v).tangent.doubles == [0])
    #expect(jvp({ $0 * 2 }, at: x, tangent: v).tangent.doubles == [2, 4, 6])
  }

  @Test func hessians() {
    // g = Σ xᵢ³ + x₀·x₁·x₂
    func g(_ x: Variable) -> Variable {
      let a = Variable(Tensor([1.0, 0, 0], .float64)), b = Variable(Tensor([0.0, 1, 0], .float64)), c = Variable(Tensor([0.0, 0, 1], .float64))
      return (x * x * x).sum() + (x * a).sum() * (x * b).sum() * (x * c).sum()
    }
    let h = hessian(g, at: x)
    #expect(h == Tensor([3.0, 2, -1, 2, -6, 0.5, -1, 0.5, 12] as [Double], shape: [3, 3]))
    let v = Tensor([1.0, -2, 0.5], .float64)
    #expect(near(hvp(g, at: x, vector: v).doubles, [-1.5, 14.25, 4] as [Double]))
  }

  @Test func severalInputs() {
    // f = Σ a²·b: ∂²/∂a² = 2b on the diagonal, ∂²/∂a∂b = 2a, ∂²/∂b² = 0
    let a = Tensor([1.0, 2], .float64), b = Tensor([3.0, -1], .float64)
    let h = hessian({ ($0[0] * $0[0] * $0[1]).sum() }, at: [a, b])
    #expect(h[0][0] == Tensor([6.0, 0, 0, -2] as [Double], shape: [2, 2]))
    #expect(h[0][1] == Tensor([2.0, 0, 0, 4] as [Double], shape: [2, 2]) && h[1][0] == h[0][1])
    #expect(h[1][1] == .zeros([2, 2], .float64))
    let j = jacobian({ $0[0] * $0[1] }, at: [a, b])
    #expect(j[0] == Tensor([3.0, 0, 0, -1] as [Double], shape: [2, 2]) && j[1] == Tensor([1.0, 0, 0, 2] as [Double], shape: [2, 2]))
  }

  @Test func shapesOfMatricesAndScalars() {
    let m = Tensor.ones([2, 3], .float64)
    #expect(jacobian({ matmul($0, Variable(Tensor.ones([3, 4], .float64))) }, at: m).shape == [2, 4, 2, 3])
    #expect(hessian({ ($0 * $0).sum() }, at: m).shape == [2, 3, 2, 3])
    #expect(hessian({ $0 * $0 * $0 }, at: Tensor(2, .float64)) == Tensor(12, .float64))
  }

  @Test func insideNoGradAndWithoutTouchingGrad() {
    let w = leaf(2)
    noGrad { #expect(jacobian({ $0 * w }, at: Tensor([3.0], .float64)).doubles == [2]) }
    #expect(w.grad == nil)
  }
}
