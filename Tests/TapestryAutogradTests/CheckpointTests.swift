import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

struct CheckpointTests {
  let w = leaf(0.5, -0.3, 0.8), x = leaf(1, 2, 3)

  func block(_ x: Variable) -> Variable { tanh(x * w) + x }

  @Test func sameGradients() {
    block(block(x) * 2).sum().backward()
    let expected = [w.gradient, x.gradient]
    (w.grad, x.grad) = (nil, nil)
    let h = checkpoint { block(x) }
    checkpoint { block(h * 2) }.sum().backward()
    #expect(near(w.gradient, expected[0]) && near(x.gradient, expected[1]))
  }

  @Test func runsOnceForwardAndOnceBackward() {
    var runs = 0
    let y = checkpoint {
      runs += 1
      return block(x)
    }
    #expect(runs == 1)
    y.sum().backward()
    #expect(runs == 2)
  }

  @Test func nested() {
    block(block(block(x))).sum().backward()
    let expected = [w.gradient, x.gradient]
    (w.grad, x.grad) = (nil, nil)
    checkpoint {
      let h = block(x)
      return checkpoint { block(checkpoint { block(h) }) }
    }.sum().backward()
    #expect(near(w.gradient, expected[0]) && near(x.gradient, expected[1]))
  }

  @Test func severalResults() {
    let y = checkpoint { [x * w, x + 1, Variable(Tensor([9.0], .float64))] }
    #expect(y.map(\.requiresGrad) == [true, true, false])
    (y[1] * y[1]).sum().backward()
    #expect(x.gradient == [4, 6, 8])
    #expect(w.grad == nil || w.gradient == [0, 0, 0])
    checkpoint { [x * w, x + 1] }[0].sum().backward()
    #expect(near(w.gradient, [1, 2, 3]))
  }

  @Test func randomNumbersAreDrawnAgain() {
    withSeed(3) {
      var drawn: [Tensor] = []
      let y = checkpoint {
        let mask = Tensor.uniform(x.shape, .float64)
        drawn.append(mask)
        return x * mask
      }
      let after = Tensor.uniform([3], .float64)
      y.sum().backward()
      #expect(drawn.count == 2 && drawn[0] == drawn[1])
      #expect(x.grad == drawn[0])
      // The backward pass took nothing from the generator.
      let next = Tensor.uniform([3], .float64)
      let expected = withSeed(3) { (0..<3).map { _ in Tensor.uniform([3], .float64) } }
      #expect([drawn[0], after, next] == expected)
    }
  }

  @Test func targetsThatOnlyTheClosureKnows() {
    let h = x * 2
    let y = checkpoint { h * w }
    let found = gradients(of: [y.sum()], withRespectTo: [w, h, x])
    #expect(found.map { $0?.value.doubles } == [[2, 4, 6], w.value.doubles, (w.value * 2).doubles])
  }

  @Test func secondDerivatives() {
    let report = gradientCheck({ x in checkpoint { exp(x[0] * x[1]) } * x[0] }, at: [x.value, w.value])
    #expect(report.passed, "\(report)")
  }

  @Test func resultsOfAnotherThread() {
    // x's node is newer than anything of the thread that checkpoints.
    let h = Box(
      onThread {
        var h = leaf(1) * 1
        for _ in 0..<50 { h = h * 1 }
        return h
      })
    let gradient = onThread { gradients(of: [checkpoint { h.content * 3 } * h.content], withRespectTo: [h.content])[0]?.value.doubles }
    #expect(gradient == [6])
  }

  @Test func withoutRecordingNothingIsKept() {
    #expect(!noGrad { checkpoint { block(x) } }.requiresGrad)
    #expect(!checkpoint { Variable(Tensor([1.0], .float64)) * 2 }.requiresGrad)
  }
}
