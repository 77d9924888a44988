import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Looking for NaN ends the program at the first one and names the operation.
struct AnomalyTests {
  @Test func forward() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      detectAnomaly {
        let x = leaf(1, -1)
        _ = exp(log(x * 2) + 1)
      }
    }
    #expect(words(result).contains("log: the result of shape [2] has a NaN (found by detectAnomaly)"))
  }

  @Test func backward() async {
    // √x at 0: dy/2y is ∞ there, and 0·∞ is NaN in the multiplication's backward.
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      detectAnomaly {
        let x = leaf(0, 4)
        (sqrt(x * 0) * 3 + 1).sum().backward()
      }
    }
    #expect(
      words(result).contains("x * p: backward: the gradient for an input of shape [2] (from leaf) has a NaN (found by detectAnomaly)"), "\(words(result))")
  }

  @Test func backwardThatIsRecorded() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      detectAnomaly {
        let x = leaf(0, 4)
        _ = gradients(of: (sqrt(x * 0) * 3 + 1).sum(), withRespectTo: [x], createGraph: true)
      }
    }
    #expect(
      words(result).contains("x * p: backward: the gradient for an input of shape [2] (from leaf) has a NaN (found by detectAnomaly)"), "\(words(result))")
  }

  @Test func theGradientToStartFrom() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      detectAnomaly { (leaf(1) * 2).backward(gradient: Tensor([Double.nan])) }
    }
    #expect(words(result).contains("backward: the gradient to start from, for x * p of shape [1], has a NaN"), "\(words(result))")
  }

  @Test func nothingIsFoundWhereNothingIs() {
    let x = leaf(1, 2)
    detectAnomaly {
      (exp(x) * x + checkpoint { tanh(x) }).sum().backward()
      _ = gradients(of: gradients(of: (x * x * x).sum(), withRespectTo: [x], createGraph: true)[0].sum(), withRespectTo: [x])
    }
    // Infinities are no NaN, and outside of the scope nobody looks.
    #expect(detectAnomaly { log(leaf(0)) }.item == -.infinity)
    #expect(log(leaf(-1)).item.isNaN)
    x.grad = nil
    (x * Double.nan).sum().backward()
    #expect(x.gradient.allSatisfy { $0.isNaN })
  }
}
