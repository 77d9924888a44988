import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// One pass: sums over paths, order, accumulation, what is retained. Expected values are derivatives worked out by
/// hand.
struct BackwardTests {
  @Test func chainRule() {
    let x = leaf(1, 2), y = leaf(3, -1)
    (x * y + x * x).sum().backward()
    #expect(x.gradient == [5, 3])  // y + 2x
    #expect(y.gradient == [1, 2])
  }

  /// A Variable prints as its numbers do; for the debugger also as what it is.
  @Test func printing() {
    let x = Variable(Tensor([1, 2.5] as [Float]), requiresGrad: true)
    #expect("\(x)" == "[1.  2.5]" && "\((x * x).sum())" == "7.25")
    #expect(String(reflecting: x) == "Variable float32 [2], requiresGrad\n[1.  2.5]")
    #expect(String(reflecting: Parameter(Tensor(3, .float64))) == "Parameter float64 [], requiresGrad\n3.")
    #expect(String(reflecting: x.detach()) == "Variable float32 [2]\n[1.  2.5]")
  }

  @Test func diamond() {
    // h = x²; z = h·3 + h·h: dz/dx = (3 + 2h)·2x. h's gradient must be complete before it flows on, or its node would
    // run twice.
    let x = leaf(2)
    let h = x * x
    var calls = 0
    h.onGradient { dy in
      calls += 1
      #expect(dy.value.doubles == [11])
    }
    (h * 3 + h * h).sum().backward()
    #expect(x.gradient == [44])
    #expect(calls == 1)
  }

  @Test func unevenDiamonds() {
    // A short path and a long one to the same node, deep in the graph and often: y_{n+1} = y_n + 2·(3·(y_n/6)) doubles.
    let x = leaf(1)
    var y = x * 1
    for _ in 0..<20 { y = y + (y / 6) * 3 * 2 }
    y.sum().backward()
    #expect(near(x.gradient, [1_048_576]))
  }

  @Test func wideFanIn() {
    let x = leaf(1)
    var terms = (0..<3000).map { x * Double($0) }
    while terms.count > 1 {
      terms = stride(from: 0, to: terms.count, by: 2).map {
        $0 + 1 < terms.count ? terms[$0] + terms[$0 + 1] : terms[$0]
      }
    }
    terms[0].sum().backward()
    #expect(x.gradient == [4_498_500])  // 0 + 1 + … + 2999
  }

  @Test func accumulates() {
    let x = leaf(1, 2)
    (x * 3).sum().backward()
    (x * x).sum().backward()
    #expect(x.gradient == [5, 7])
    x.grad = nil
    #expect(x.grad == nil)
    x.sum().backward()
    #expect(x.gradient == [1, 1])
  }

  @Test func broadcastGradient() {
    // sum's gradient is one number repeated; adding to it needs memory of its own.
    let x = leaf(1, 2, 3)
    x.sum().backward()
    #expect(x.gradient == [1, 1, 1])
    (x * Tensor([1.0, 2, 3], .float64)).sum().backward()
    #expect(x.gradient == [2, 3, 4])
    x.sum().backward()
    #expect(x.gradient == [3, 4, 5])
  }

  @Test func cotangent() {
    let x = leaf(1, 2)
    (x * x).backward(gradient: Tensor([10.0, 1], .float64))
    #expect(x.gradient == [20, 4])
  }

  @Test func retained() {
    let x = leaf(3)
    let y = (x * x).sum()
    y.backward(retainGraph: true)
    y.backward()
    #expect(x.gradient == [12])
  }

  @Test func operationsThatKeepNothingRunAgain() {
    let x = leaf(1, 2)
    let y = (-x + 3).reshaped(2, 1).sum()
    y.backward()
    y.backward()
    #expect(x.gradient == [-2, -2])
  }

  @Test func unbroadcast() {
    let x = Variable(Tensor.ones([2, 1, 3], .float64), requiresGrad: true),
      y = Variable(Tensor.full([4, 1], 2, .float64), requiresGrad: true)
    (x * y).sum().backward()
    #expect(x.grad == .full([2, 1, 3], 8, .float64))
    #expect(y.grad == .full([4, 1], 6, .float64))
  }

  @Test func scalarsAndEmptyTensors() {
    let x = scalar(3), empty = Variable(Tensor.zeros([0, 2], .float64), requiresGrad: true)
    (x * x).backward()
    #expect(x.grad == Tensor(6, .float64))
    (empty * 2).sum().backward()
    #expect(empty.grad == .zeros([0, 2], .float64))
  }

  @Test func constantsAndDetach() {
    let x = leaf(2)
    let constant = Variable(Tensor([5.0], .float64))
    #expect(!(constant * constant).requiresGrad)
    let y = x * x
    #expect(!y.detach().requiresGrad && y.detach().value == y.value)
    (y.detach() * x).sum().backward()
    #expect(x.gradient == [4])
    #expect(constant.grad == nil)
  }

  @Test func gradientsOfResultsOnTheWay() {
    let x = leaf(2)
    let h = x * x, y = h * x
    let found = gradients(of: [y], withRespectTo: [h, x, y])
    #expect(found.map { $0?.value.doubles } == [[2], [12], [1]])
    #expect(x.grad == nil)

    let unused = leaf(1)
    #expect(gradients(of: [x * 2], withRespectTo: [unused, x]).map { $0 == nil } == [true, false])
    #expect(gradients(of: (x * 2).sum(), withRespectTo: [unused])[0].value.doubles == [0])
  }

  @Test func nothingBeyondATargetIsRun() {
    // Backward stops at h: the graph below it was released and would refuse.
    let x = leaf(2)
    let h = x * x
    h.sum().backward()
    #expect(gradients(of: [exp(h)], withRespectTo: [h])[0]?.value == exp(h).value)
  }

  @Test func severalOutputs() {
    let x = leaf(1, 2), y = leaf(5)
    let found = gradients(
      of: [x * 3, y * y], withRespectTo: [x, y], cotangents: [Variable(Tensor([1.0, 10], .float64)), nil])
    #expect(found.map { $0?.value.doubles } == [[3, 30], [10]])
  }

  @Test func higherOrders() {
    // x⁵: 5x⁴, 20x³, 60x², 120x, 120
    let x = scalar(1.5)
    var y = x * x * x * x * x
    for expected in [25.3125, 67.5, 135, 180, 120] {
      y = gradients(of: y, withRespectTo: [x], createGraph: true)[0]
      #expect(abs(y.item - expected) < 1e-10)
    }
    #expect(gradients(of: y, withRespectTo: [x])[0].item == 0)
  }

  @Test func gradientPenalty() {
    // Σ (d/dx Σ sin(w·x))² by w: with c = cos(w·x), d/dw Σ (w·c)² = 2·w·c·(c − w·x·sin(w·x))
    let x = leaf(0.3, -0.7), w = leaf(1.2, 0.5)
    let dx = gradients(of: sin(w * x).sum(), withRespectTo: [x], createGraph: true)[0]
    (dx * dx).sum().backward()
    let c = cos(w * x), expected = 2 * w * c * (c - w * x * sin(w * x))
    #expect(near(w.gradient, expected.value.doubles))
  }

  @Test func graphOfTwoThreads() {
    // The second thread has made fewer nodes, so its own count would put its nodes before those that they use.
    let first = Box(
      onThread {
        let x = leaf(2)
        var h = x * 1
        for _ in 0..<100 { h = h * 1 }
        return (x: x, h: h * h)
      })
    let y = onThread { exp(first.content.h * 0.1) * first.content.h }
    let (x, h) = first.content
    var seen: [[Double]] = []
    h.onGradient { seen.append($0.value.doubles) }
    (y + x).sum().backward()
    // h = x² = 4, y = h·e^(h/10): dy/dh = (1 + h/10)·e^(h/10), complete when it reaches h
    let dh = 1.4 * 1.4918246976412703
    #expect(seen.count == 1 && near(seen[0], [dh]))
    #expect(near(x.gradient, [4 * dh + 1]))
  }

  @Test func parametersAssignedInBetween() {
    let w = Parameter(Tensor([2.0], .float64)), x = leaf(3)
    let y = (w * x * w).sum()
    w.assign(Tensor([100.0], .float64))
    y.backward()
    #expect(x.gradient == [4])
    #expect(w.grad?.doubles == [12])
    #expect(w.value.doubles == [100])
  }

  @Test func modes() {
    let x = leaf(1)
    #expect(isRecording)
    noGrad {
      #expect(!isRecording && !(x * 2).requiresGrad)
      enableGrad { #expect((x * 2).requiresGrad) }
      #expect(!isRecording)
    }
    struct Stop: Error {}
    #expect(throws: Stop.self) { try noGrad { throw Stop() } }
    #expect(isRecording)
    // Modes belong to a thread.
    #expect(noGrad { onThread { isRecording } })
    // A backward pass leaves them alone.
    noGrad {
      enableGrad { x * x }.backward()
      #expect(!isRecording)
    }
    #expect(x.gradient == [2])
  }
}
