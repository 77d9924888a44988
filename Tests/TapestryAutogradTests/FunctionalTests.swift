import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

struct FunctionalTests {
  let x = Tensor([0.5, -1.0, 2.0], .float64)

  /// f(x) = (x₀·x₁, x₁²·x₂)
  func f(_ x: Variable) -> Variable {
    let a = Variable(Tensor([1.0, 0, 0], .float64)), b = Variable(Tensor([0.0, 1, 0], .float64)),
      c = Variable(Tensor([0.0, 0, 1], .float64))
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
      let a = Variable(Tensor([1.0, 0, 0], .float64)), b = Variable(Tensor([0.0, 1, 0], .float64)),
        c = Variable(Tensor([0.0, 0, 1], .float64))
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
    #expect(
      j[0] == Tensor([3.0, 0, 0, -1] as [Double], shape: [2, 2])
        && j[1] == Tensor([1.0, 0, 0, 2] as [Double], shape: [2, 2]))
  }

  /// f = Σ a²·b + sin c with vectors u, v, w: H·(u, v, w) = (2b·u + 2a·v, 2a·u, −sin(c)·w), worked out by hand. d plays
  /// no part.
  @Test func productsOfSeveralInputs() {
    let a = Tensor([1.0, 2], .float64), b = Tensor([3.0, -1], .float64), c = Tensor([0.5], .float64),
      d = Tensor([7.0, 8], .float64)
    let u = Tensor([1.0, 10], .float64), v = Tensor([-2.0, 5], .float64), w = Tensor([4.0], .float64),
      n = Tensor([1.0, 1], .float64)
    func f(_ x: [Variable]) -> Variable { (x[0] * x[0] * x[1]).sum() + sin(x[2]).sum() }
    let two = hvp({ ($0[0] * $0[0] * $0[1]).sum() }, at: [a, b], vector: [u, v])
    #expect(two.map(\.doubles) == [[2, 0], [2, 40]])  // 6·1 + 2·−2, −2·10 + 4·5;  2·1, 4·10
    let h = hvp(f, at: [d, a, b, c].suffix(3) + [d], vector: [u, v, w, n])
    #expect(h.count == 4 && h[0].doubles == [2, 0] && h[1].doubles == [2, 40] && h[3].doubles == [0, 0])
    #expect(near(h[2].doubles, [-4 * 0.479425538604203]))  // sin 0.5
    // An input without influence first, so that vectors and derivatives must be paired by place.
    let shifted = hvp({ ($0[1] * $0[1] * $0[2]).sum() }, at: [d, a, b], vector: [n, u, v])
    #expect(shifted.map(\.doubles) == [[0, 0], [2, 0], [2, 40]])

    // g = a²·b: J·(u, v) = 2ab·u + a²·v, and Jᵀ·k = (2ab·k, a²·k)
    func g(_ x: [Variable]) -> Variable { x[1] * x[1] * x[2] }
    let forward = jvp(g, at: [d, a, b], tangent: [n, u, v])
    #expect(forward.value.doubles == [3, -4] && forward.tangent.doubles == [6 - 2, -40 + 20])
    let back = vjp(g, at: [d, a, b], cotangent: Tensor([1.0, 2], .float64))
    #expect(back.value.doubles == [3, -4] && back.gradients.map(\.doubles) == [[0, 0], [6, -8], [1, 8]])
    let blocks = hessian({ ($0[1] * $0[1] * $0[2]).sum() }, at: [d, a, b])
    #expect(
      blocks[0].map(\.doubles) == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]] && blocks[1][2].doubles == [2, 0, 0, 4])
  }

  @Test func mistakes() {
    let x = Tensor([1.0, 2], .float64)
    let mistakes: [(String, () -> Void)] = [
      ("hvp: the function must have a scalar result, got shape [2]", { _ = hvp({ $0 * $0 }, at: x, vector: x) }),
      ("hessian: the function must have a scalar result, got shape [2]", { _ = hessian({ $0 * $0 }, at: x) }),
      (
        #"hvp: the inputs are ["float64 [2]"], but the vector is ["float32 [2]"]"#,
        { _ = hvp({ ($0 * $0).sum() }, at: x, vector: x.cast(to: .float32)) }
      ),
      (#"jvp: the inputs are ["float64 [2]"], but the tangent is []"#, { _ = jvp({ $0[0] }, at: [x], tangent: []) }),
    ]
    for (message, body) in mistakes {
      #expect(mistake(body) == message)
    }
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
