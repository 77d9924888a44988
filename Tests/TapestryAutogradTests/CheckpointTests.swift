import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

struct CheckpointTests {
  let w = leaf(0.5, -0.3, 0.8), x = leaf(1, 2, 3)

  func block(_ x: Variable) -> Variable { tanh(x * w) + x }

  @Test func sameGradients() {
    block(block(x) * 2).sum().backward()
    let expected = [w.gradient, x.gradient]
    (w.grad, x.grad) = (nil, nil)
    let h = checkpoint(x) { block($0) }
    checkpoint(h) { h in block(h * 2) }.sum().backward()
    #expect(near(w.gradient, expected[0]) && near(x.gradient, expected[1]))
  }

  /// The variable that a loop assigns is an input: each block's second run sees the value of its first, and nothing
  /// points in a circle.
  @Test func aVariableThatIsAssignedInALoop() {
    let weights = [
      Parameter(Tensor([0.5, -0.3, 0.8], .float64)), Parameter(Tensor([-1.0, 0.2, 0.4], .float64)),
      Parameter(Tensor([0.1, 0.6, -0.7], .float64)),
    ]
    func run(_ runBackward: Bool, _ call: (Variable, @escaping (Variable) -> Variable) -> Variable) -> [[Double]] {
      weak var last: Variable?
      weak var node: Node?
      do {
        var x = x * 1
        for w in weights { x = call(x) { tanh($0 * w) * 2 + $0 } }
        let loss = (x * x).sum()
        x = loss * 5  // assigned once more before backward
        if runBackward { loss.backward() }
        (last, node) = (x, x.node)
      }
      #expect(last == nil && node == nil)
      let found = weights.map(\.gradient) + [self.x.gradient]
      for w in weights { w.grad = nil }
      self.x.grad = nil
      return found
    }
    let plain = run(true) { x, body in body(x) }, checkpointed = run(true) { x, body in checkpoint(x, body) }
    #expect(
      plain.count == 4 && plain.allSatisfy { $0.count == 3 } && zip(plain, checkpointed).allSatisfy { near($0, $1) })
    #expect(run(false) { x, body in checkpoint(x, body) } == [[], [], [], []])
  }

  /// Whatever a closure captures and somebody assigns in between: no wrong gradient, but a message.
  @Test func whatIsAssignedInBetweenIsFoundOut() {
    let message =
      "checkpoint: the closure gave other numbers in the backward pass than before, so the gradients would be wrong"
    func expectMessage(_ line: Int = #line, _ body: @escaping () -> Void) {
      let text = mistake(body)
      #expect(text.hasPrefix(message), "\(text), line \(line)")
    }
    expectMessage {
      var h = x * 2
      let y = checkpoint(x) { $0 * h }
      h = x * 3
      y.sum().backward()
    }
    expectMessage {
      var h = x
      for _ in 0..<2 { h = checkpoint(x) { _ in block(h) } }
      h.sum().backward()
    }
    expectMessage {
      let mask = Buffer(Tensor([1.0, 0, 1], .float64))
      let y = checkpoint(x) { $0 * mask }
      mask.assign(Tensor([1.0, 1, 1], .float64))
      y.sum().backward()
    }
    expectMessage {
      let y = checkpoint(x) { $0 * Double.random(in: 1...2) }  // not one of the library's generators
      y.sum().backward()
    }
  }

  @Test func runsOnceForwardAndOnceBackward() {
    var runs = 0
    let y = checkpoint(x) { x in
      runs += 1
      return block(x)
    }
    #expect(runs == 1)
    y.sum().backward()
    #expect(runs == 2)
  }

  @Test func retainedItRunsAgain() {
    let y = checkpoint(x, w) { x, w in exp(x * w) }.sum()
    y.backward(retainGraph: true)
    let once = [x.gradient, w.gradient]
    y.backward()
    #expect(near(x.gradient, once[0].map { $0 * 2 }) && near(w.gradient, once[1].map { $0 * 2 }))
    #expect(mistake { y.backward() }.contains("backward ran through this graph before and released it"))
  }

  @Test func nested() {
    block(block(block(x))).sum().backward()
    let expected = [w.gradient, x.gradient]
    (w.grad, x.grad) = (nil, nil)
    checkpoint(x) { x in
      let h = block(x)
      return checkpoint(h) { h in block(checkpoint(h) { block($0) }) }
    }.sum().backward()
    #expect(near(w.gradient, expected[0]) && near(x.gradient, expected[1]))
  }

  @Test func severalResults() {
    let y = checkpoint(x) { x in [x * w, x + 1, Variable(Tensor([9.0], .float64))] }
    #expect(y.map(\.requiresGrad) == [true, true, false])
    var seen: [[Double]] = []
    y[1].onGradient { seen.append($0.value.doubles) }
    (y[1] * y[1]).sum().backward()
    #expect(x.gradient == [4, 6, 8] && seen == [[4, 6, 8]])
    #expect(w.grad == nil || w.gradient == [0, 0, 0])
    checkpoint(x) { x in [x * w, x + 1] }[0].sum().backward()
    #expect(near(w.gradient, [1, 2, 3]))
  }

  /// d/da Σ (a·b + c) = b, d/db = a, d/dc = 1; a Tensor is a constant, a Parameter is an input like any other.
  @Test func severalInputs() {
    let p = Parameter(Tensor([2.0, 3, 4], .float64)), t = Tensor([10.0, 20, 30], .float64)
    checkpoint(x, p) { $0 * $1 }.sum().backward()
    #expect(x.gradient == [2, 3, 4] && p.gradient == [1, 2, 3])
    checkpoint(x, t, p) { x, t, p in x * t + p }.sum().backward()
    #expect(x.gradient == [12, 23, 34] && p.gradient == [2, 3, 4])
    checkpoint([x, p, w]) { x in x[0] * x[1] + x[2] }.sum().backward()
    #expect(x.gradient == [14, 26, 38] && p.gradient == [3, 5, 7] && w.gradient == [1, 1, 1])
    let y = checkpoint(x, p) { [$0 + $1, $0 - $1] }
    (y[0] + y[1] * 2).sum().backward()
    #expect(x.gradient == [17, 29, 41] && p.gradient == [2, 4, 6])
    let z =
      checkpoint([x, p]) { [$0[0], $0[1] * 2] } + checkpoint(x, t, p) { [$0 * $1, $2] } + checkpoint(t) { t in [t * p] }
    #expect(z.map(\.value.doubles) == [[1, 2, 3], [4, 6, 8], [10, 40, 90], [2, 3, 4], [20, 60, 120]])
    #expect(!checkpoint(t) { $0 * 2 }.requiresGrad)
  }

  /// As without a checkpoint: the derivative is taken where forward was, and what was frozen then gets nothing.
  @Test func parametersAreFoundAsTheyWere() {
    let p = Parameter(Tensor([2.0, 3, 4], .float64)), q = Parameter(Tensor([5.0, 6, 7], .float64)),
      r = Parameter(Tensor([1.0, 1, 1], .float64))
    q.isFrozen = true
    let y = checkpoint(x) { x in x * p * q * r }
    p.assign(Tensor([100.0, 100, 100], .float64))
    q.isFrozen = false
    r.isFrozen = true
    y.sum().backward()
    #expect(x.gradient == [10, 18, 28])
    #expect(p.gradient == [5, 12, 21] && p.value.doubles == [100, 100, 100])
    #expect(q.grad == nil && !q.isFrozen && q.requiresGrad)
    #expect(r.isFrozen && !r.requiresGrad)
    r.isFrozen = false
    #expect(r.grad == nil)
  }

  @Test func randomNumbersAreDrawnAgain() {
    withSeed(3) {
      var drawn: [Tensor] = []
      let y = checkpoint(x) { x in
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

  /// Generators of one's own: named ones, their streams and parts, the current one by its name, and one that is set
  /// back.
  @Test func generatorsOfOnesOwnDrawAgain() {
    let own = Generator(seed: 5), second = Generator(seed: 6), reset = Generator(seed: 7)
    _ = withGenerator(own) { Tensor.uniform([7]) }
    var drawn: [[Tensor]] = []
    func draw(_ x: Variable) -> Variable {
      func uniform(_ generator: Generator) -> Tensor { withGenerator(generator) { .uniform([3], .float64) } }
      var masks = [uniform(own), Tensor.uniform([3], .float64), uniform(second), uniform(own)]
      masks.append(uniform(own.stream(2)))
      masks.append(uniform(own.split(into: 2)[1]))
      masks.append(uniform(Random.generator))
      reset.state = Generator.State(key: 70)
      masks.append(uniform(reset))
      masks.append(uniform(Generator(seed: 8)))
      drawn.append(masks)
      return masks.reduce(x) { $0 * ($1 + 0.5) }
    }
    let y = withSeed(1) { checkpoint(x) { x in checkpoint(draw(x)) { draw($0) } } }
    let states = [own.state, second.state, reset.state]
    _ = withGenerator(own) { Tensor.uniform([5]) }
    second.state = Generator.State(key: 99)
    let between = [own.state, second.state, reset.state]
    withSeed(2) { y.sum().backward() }
    // The inner one runs in the outer one's first run, again in its second, and once more in its own.
    #expect(
      drawn.count == 5 && drawn[2] == drawn[0] && drawn[3] == drawn[1] && drawn[4] == drawn[1] && drawn[0] != drawn[1])
    #expect([own.state, second.state, reset.state] == between && states != between)
    let factors = drawn[0] + drawn[1]
    #expect(near(x.gradient, factors.reduce(Tensor([1.0, 1, 1], .float64)) { $0 * ($1 + 0.5) }.doubles))
  }

  @Test func targetsThatOnlyTheClosureKnows() {
    let h = x * 2
    let y = checkpoint(x) { _ in h * w }
    let found = gradients(of: [y.sum()], withRespectTo: [w, h, x])
    #expect(found.map { $0?.value.doubles } == [[2, 4, 6], w.value.doubles, (w.value * 2).doubles])
  }

  @Test func secondDerivatives() {
    let report = gradientCheck({ x in checkpoint(x[0], x[1]) { exp($0 * $1) } * x[0] }, at: [x.value, w.value])
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
    let captured = onThread {
      gradients(of: [checkpoint(Tensor([3.0], .float64)) { h.content * $0 } * h.content], withRespectTo: [h.content])[
        0]?.value.doubles
    }
    #expect(captured == [6])
    let input = onThread {
      gradients(of: [checkpoint(h.content) { $0 * 3 } * h.content], withRespectTo: [h.content])[0]?.value.doubles
    }
    #expect(input == [6])
  }

  /// Backward on a thread that has made fewer nodes than forward's: what came before the checkpoint is not taken for a
  /// part of its second run.
  @Test func backwardOnAnotherThread() {
    let p = Parameter(Tensor([2.0], .float64)), q = Parameter(Tensor([7.0], .float64)),
      r = Parameter(Tensor([1.0], .float64))
    q.isFrozen = true
    var h = leaf(1) * 1
    for i in 0..<50 { h = i == 25 ? h * r : h * 1 }  // r's node is newer than anything of the other thread
    let loss = Box(checkpoint(h) { $0 * p * q * h }.sum())
    q.isFrozen = false
    onThread { loss.content.backward() }
    #expect(p.gradient == [7] && q.grad == nil && r.gradient == [28])  // d/dr 14·r²
  }

  @Test func withoutRecordingNothingIsKept() {
    #expect(!noGrad { checkpoint(x) { block($0) } }.requiresGrad)
    #expect(!checkpoint(Variable(Tensor([1.0], .float64))) { $0 * 2 }.requiresGrad)
  }
}
