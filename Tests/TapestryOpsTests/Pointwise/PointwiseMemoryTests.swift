import CTapestry
import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Temporaries are overwritten in place, and nothing else is.
struct PointwiseMemoryTests {
  let x = Variable(Tensor([0.5, -1, 2] as [Double]), requiresGrad: true)
  let y = Variable(Tensor([3, 0.25, -0.5] as [Double]), requiresGrad: true)

  @Test func inputsKeepTheirValues() {
    _ = exp(x * y) + 1
    var z = x * y
    let held = z
    let after = tanh(z) + 1
    z += 5
    z *= y
    z -= 1.5
    z /= x
    #expect(x.value.doubles == [0.5, -1, 2] && y.value.doubles == [3, 0.25, -0.5])
    #expect(held.value.doubles == [1.5, -0.25, -1])
    #expect(after.shape == [3])
    expectNear(
      z.value, [(6.5 * 3 - 1.5) / 0.5, (4.75 * 0.25 - 1.5) / -1, (4 * -0.5 - 1.5) / 2], 1e-15, "((xy + 5)·y − 1.5)/x")
  }

  @Test func tensorsKeepTheirValues() {
    let t = Tensor([1, 2, 3] as [Double])
    _ = exp(Variable(t) * 2) + t
    let detached = (x * 2).detach()
    let shared = detached.value
    _ = exp(-detached)
    #expect(t.doubles == [1, 2, 3])
    #expect(shared.doubles == [1, -2, 4])
  }

  @Test func overwritingChangesNoGradient() {
    // d/dx Σ (exp(xy) + 1)·2·exp(xy) = y·e·(4e + 2), e = exp(xy); exp keeps its output, so the sum after it must not
    // write there.
    let e = exp(x * y)
    ((copy e + 1) * 2 * e).sum().backward()
    let expected: [Double] = [(0.5, 3), (-1, 0.25), (2, -0.5)].map { (x: Double, y: Double) in
      let e = Foundation.exp(x * y)
      return y * e * (4 * e + 2)
    }
    expectNear(x.grad, expected, 1e-14, "dx")

    // A chain of temporaries that all keep their outputs or inputs.
    let w = Variable(Tensor([0.3, 0.7] as [Double]))
    let report = gradientCheck(
      { relu(tanh(exp(sigmoid($0 * w) + 1) * 0.2) - 0.1) / (square($0) + 1) }, at: Tensor([0.4, -0.8] as [Double]))
    #expect(report.passed, "\(report)")
  }

  /// In a process of its own: the allocator's counters are process-wide.
  @Test func aChainOfTemporariesAllocatesOnce() async {
    await #expect(processExitsWith: .success) {
      func allocations(_ body: () -> Variable) -> Int64 {
        let before = tp_memory().allocations
        let y = body()
        return withExtendedLifetime(y) { tp_memory().allocations - before }
      }
      let a = Variable(Tensor([1, 2, 3, 4] as [Float])), b = Variable(Tensor([4, 3, 2, 1] as [Float]))
      let row = Variable(Tensor([1, 2, 3, 4] as [Float], shape: [1, 4]))
      let column = Variable(Tensor([1, 2] as [Float], shape: [2, 1]))
      let w = Variable(Tensor([1, 2, 3, 4] as [Float]), requiresGrad: true)
      let counts = [
        allocations { tanh(exp(a * b) + 1) * b },
        allocations { 2 / (1 - (a + b) / 3) },
        allocations { maximum(-(a * 0.5) - b, a) },
        allocations { (w + a) * b - 1 },  // recorded; + and − keep nothing, · keeps b
        allocations { (row + 1) * column },  // the result is larger than the temporary
        allocations { relu(w * a) },  // recorded; relu keeps its output, which it shares
        allocations { relu(w * a) + b },  // so the sum cannot be written there
      ]
      if counts != [1, 1, 1, 1, 2, 1, 2] {
        FileHandle.standardError.write(Data("\(counts)\n".utf8))
        exit(1)
      }
    }
  }
}
