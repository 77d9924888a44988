import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Looking for NaN ends the program at the first one and names the operation.
struct AnomalyTests {
  @Test func forward() {
    let result = mistake {
      detectAnomaly {
        let x = leaf(1, -1)
        _ = exp(log(x * 2) + 1)
      }
    }
    #expect(result.contains("log: the result of shape [2] has a NaN (found by detectAnomaly)"))
  }

  @Test func backward() {
    // √x at 0: dy/2y is ∞ there, and 0·∞ is NaN in the multiplication's backward.
    let result = mistake {
      detectAnomaly {
        let x = leaf(0, 4)
        (sqrt(x * 0) * 3 + 1).sum().backward()
      }
    }
    #expect(
      result.contains(
        "x * p: backward: the gradient for an input of shape [2] (from leaf) has a NaN (found by detectAnomaly)"),
      "\(result)")
  }

  @Test func backwardThatIsRecorded() {
    let result = mistake {
      detectAnomaly {
        let x = leaf(0, 4)
        _ = gradients(of: (sqrt(x * 0) * 3 + 1).sum(), withRespectTo: [x], createGraph: true)
      }
    }
    #expect(
      result.contains(
        "x * p: backward: the gradient for an input of shape [2] (from leaf) has a NaN (found by detectAnomaly)"),
      "\(result)")
  }

  @Test func theGradientToStartFrom() {
    let result = mistake {
      detectAnomaly { (leaf(1) * 2).backward(gradient: Tensor([Double.nan])) }
    }
    #expect(result.contains("backward: the gradient to start from, for x * p of shape [1], has a NaN"), "\(result)")
  }

  /// A backward pass hands the search back as it found it.
  @Test func afterABackwardPassTheSearchGoesOn() {
    let text = mistake {
      detectAnomaly {
        leaf(1).sum().backward()
        _ = log(leaf(-1))
      }
    }
    #expect(text == "log: the result of shape [1] has a NaN (found by detectAnomaly)")
  }

  @Test func nothingIsFoundWhereNothingIs() {
    let x = leaf(1, 2)
    detectAnomaly {
      (exp(x) * x + checkpoint(x) { tanh($0) }).sum().backward()
      _ = gradients(
        of: gradients(of: (x * x * x).sum(), withRespectTo: [x], createGraph: true)[0].sum(), withRespectTo: [x])
    }
    // Infinities are no NaN, and outside of the scope nobody looks.
    #expect(detectAnomaly { log(leaf(0)) }.item == -.infinity)
    #expect(log(leaf(-1)).item.isNaN)
    x.grad = nil
    (x * Double.nan).sum().backward()
    #expect(x.gradient.allSatisfy { $0.isNaN })
  }
}
