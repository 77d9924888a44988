import TapestryAutograd
import TapestryOps
import TapestryOptim
import TapestryTensors
import Testing

/// The gradient of a table, kept as the rows that a batch read, is the same as the whole one, wherever somebody looks.
struct RowGradientTests {
  private let indices = Tensor([[4, 1, 4], [0, 4, 1]])

  private func table(_ dtype: DType = .float32) -> Parameter {
    Parameter(.normal([7, 3], dtype, using: Generator(seed: 1)))
  }

  /// Σ w·table[indices], w differing from place to place.
  private func loss(_ table: Variable, _ indices: Tensor, padding: Int? = nil, scale: Bool = false) -> Variable {
    let w = Tensor.normal(Shape(Array(indices.shape) + [3]), table.dtype, using: Generator(seed: 2))
    return (embedding(indices, table, paddingIdx: padding, scaleGradByFreq: scale) * Variable(w)).sum()
  }

  private func leaf(_ p: Parameter) -> Leaf { p.node as! Leaf }

  /// What the recorded backward, which knows no rows, gives.
  private func whole(_ body: (Variable) -> Variable, _ table: Parameter) -> Tensor {
    let x = Variable(table.value, requiresGrad: true)
    return gradients(of: body(x), withRespectTo: [x], createGraph: true)[0].value
  }

  @Test func readingGivesTheWhole() {
    for (padding, scale) in [(nil, false), (4, false), (nil, true), (1, true)] as [(Int?, Bool)] {
      let p = table()
      loss(p, indices, padding: padding, scale: scale).backward()
      #expect(leaf(p).rows != nil)
      #expect(
        p.grad!.hasBits(of: whole({ loss($0, indices, padding: padding, scale: scale) }, p)) && leaf(p).rows == nil)
    }
  }

  @Test func gradientsAddUpInWhateverForm() {
    let more = Tensor([6, 4, 0, 0]), body = { (x: Variable) in loss(x, indices) + loss(x, more) + (x * x).sum() }
    let p = table(.float64), expected = whole(body, p)
    func near(_ x: Tensor?) -> Bool { x!.allClose(expected, rtol: 1e-13, atol: 1e-13) }
    body(p).backward()
    #expect(near(p.grad), "more rows than the table has, and a whole")
    p.grad = nil
    let few = { (x: Variable) in loss(x, Tensor([5, 1])) + (x * x).sum() }
    few(p).backward()
    #expect(p.grad!.allClose(whole(few, p), rtol: 1e-13, atol: 1e-13), "the whole arrives last, at rows")
    p.grad = nil
    loss(p, indices).backward()
    loss(p, more).backward()
    #expect(leaf(p).rows == nil, "ten rows are more than the table has: the whole is smaller")
    (p * p).sum().backward()
    #expect(near(p.grad))
    p.grad = nil
    (p * p).sum().backward()
    loss(p, indices).backward()
    loss(p, more).backward()
    #expect(near(p.grad), "rows arrive at a whole")
    p.grad = nil
    loss(p, Tensor([1])).backward()
    loss(p, Tensor([3, 1])).backward()
    #expect(
      leaf(p).rows != nil
        && p.grad!.allClose(whole({ loss($0, Tensor([1])) + loss($0, Tensor([3, 1])) }, p), rtol: 1e-13, atol: 1e-13))
  }

  /// Hooks, gradients asked for, a table that is no leaf, frozen and converted ones.
  @Test func whoeverLooksSeesTheWhole() {
    let p = table(), expected = whole({ loss($0, indices) }, p)
    var seen: Tensor?
    let hook = p.onGradient { seen = $0.value }
    loss(p, indices).backward()
    #expect(seen!.hasBits(of: expected) && p.grad!.hasBits(of: expected))
    hook.remove()
    p.grad = nil
    #expect(gradients(of: loss(p, indices), withRespectTo: [p])[0].value.hasBits(of: expected) && p.grad == nil)
    loss(p * 2, indices).backward()
    #expect(p.grad!.allClose(expected * 2))
    p.grad = nil
    let graph = loss(p, indices)
    p.isFrozen = true
    graph.backward()
    p.isFrozen = false
    #expect(p.grad == nil)
    loss(p, indices).backward()
    p.convert(to: .float64)
    #expect(leaf(p).rows != nil && p.grad!.dtype == .float64 && p.grad!.allClose(expected.cast(to: .float64)))
    detectAnomaly { loss(table(), indices).backward() }
  }

  /// A step over rows is the step over the whole, bit for bit, and later ones too.
  @Test func optimizersStepTheRowsAlone() throws {
    typealias Make = (Parameter) -> FusedOptimizer
    let makers: [(name: String, stepsRows: Bool, make: Make)] = [
      ("SGD", true, { SGD([$0], learningRate: 0.1) }),
      ("SGD, maximize", false, { SGD([$0], learningRate: 0.1, maximize: true) }),
      ("Adagrad", true, { Adagrad([$0], learningRate: 0.1, lrDecay: 0.3, initialAccumulatorValue: 0.2) }),
      ("SGD, momentum", false, { SGD([$0], learningRate: 0.1, momentum: 0.9) }),
      ("SGD, decay", false, { SGD([$0], learningRate: 0.1, weightDecay: 0.1) }),
      ("Adagrad, decay", false, { Adagrad([$0], weightDecay: 0.1) }),
      ("Adagrad, no ε", false, { Adagrad([$0], eps: 0) }),
      ("Adagrad, maximize", false, { Adagrad([$0], maximize: true) }), ("Adam", false, { Adam([$0]) }),
      ("RMSprop", false, { RMSprop([$0]) }),
    ]
    for dtype in [DType.float32, .float64] {
      for (name, stepsRows, make) in makers {
        let (p, q) = (table(dtype), table(dtype)), (ours, wholes) = (make(p), make(q))
        for step in 0..<3 {
          let here = step == 1 ? Tensor([2, 2, 6]) : indices
          ours.zeroGrad()
          wholes.zeroGrad()
          loss(p, here).backward()
          loss(q, here).backward()
          q.grad = q.grad  // asked for
          #expect(leaf(p).rows != nil && leaf(q).rows == nil)
          ours.step()
          wholes.step()
          #expect((leaf(p).rows != nil) == stepsRows, "\(name)")
          #expect(p.value.hasBits(of: q.value), "\(name), step \(step)")
        }
        let state = ours.stateDict(), other = wholes.stateDict()
        #expect(state.names == other.names && state.names.allSatisfy { state[$0]!.hasBits(of: other[$0]!) }, "\(name)")
      }
    }
  }

  /// The memory of a step is that of the rows, not of the table; another holder of the table keeps what it had. (In a
  /// process of its own: memory is counted for all threads.)
  @Test func aStepNeedsRoomForItsRowsAlone() async {
    await #expect(processExitsWith: .success) {
      let p = Parameter(.zeros([100_000, 16])), optimizer = SGD([p], learningRate: 1), held = p.value
      func step() {
        optimizer.zeroGrad()
        embedding(Tensor([5, 99_999, 5]), p).sum().backward()
        optimizer.step()
      }
      step()
      precondition(
        held[5].sum().item == 0 && p.value[5].sum().item == -32 && p.value[99_999].sum().item == -16
          && p.value[6].sum().item == 0)
      let before = Memory.live
      Memory.resetPeak()
      step()
      precondition(Memory.peak - before < 100_000)  // the table takes 6.4 MB
    }
  }

  /// Rows that come after others were summed up are summed up again: Adagrad would notice a row that is stepped twice.
  @Test func rowsAfterClipping() {
    let (p, q) = (table(), table()), (ours, wholes) = (Adagrad([p]), Adagrad([q]))
    for x in [p, q] {
      loss(x, Tensor([2, 4])).backward()
      clipGradNorm([x], maxNorm: 100)
      loss(x, Tensor([4, 3])).backward()
    }
    q.grad = q.grad
    #expect(leaf(p).rows != nil)
    ours.step()
    wholes.step()
    #expect(p.value.hasBits(of: q.value))
  }

  @Test func clippingCountsTheRowsOnce() {
    for dtype in [DType.float32, .float64] {
      let (p, q) = (table(dtype), table(dtype))
      loss(p, indices).backward()
      loss(q, indices).backward()
      q.grad = q.grad
      let (a, b) = (clipGradNorm([p], maxNorm: 0.5), clipGradNorm([q], maxNorm: 0.5))
      #expect(abs(a - b) <= 1e-14 * b && leaf(p).rows != nil)
      clipGradValue([p], clipValue: 0.1)
      clipGradValue([q], clipValue: 0.1)
      #expect(leaf(p).rows != nil && p.grad!.allClose(q.grad!, rtol: 1e-6, atol: 1e-8))
    }
  }
}
