import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

struct HookTests {
  @Test func seesTheCompleteGradient() {
    let x = leaf(1, 2)
    let h = x * 2
    var seen: [[Double]] = []
    x.onGradient { seen.append($0.value.doubles) }
    h.onGradient { seen.append($0.value.doubles) }
    (h * h + h).sum().backward()
    #expect(seen == [[5, 9], [10, 18]])  // 2h + 1, then twice that
    #expect(x.gradient == [10, 18])
  }

  @Test func replacesTheGradient() {
    let x = leaf(1), h = x * 3
    h.mapGradient { $0 * 10 }
    h.mapGradient { $0 + 1 }
    x.mapGradient { -$0 }
    h.sum().backward()
    #expect(x.gradient == [-33])  // −3·(10 + 1)
    #expect(gradients(of: [x * 1], withRespectTo: [x])[0]?.value.doubles == [-1])
  }

  @Test func removed() {
    let x = leaf(1)
    var calls = 0
    let first = x.onGradient { _ in calls += 1 }
    x.onGradient { _ in calls += 10 }
    x.sum().backward()
    first.remove()
    first.remove()
    x.sum().backward()
    #expect(calls == 21)
  }

  /// A hook that names its own Variable is let go with the graph, whether its operation kept something or not.
  @Test func aHookThatNamesItsVariableIsLetGo() {
    weak var seen: Variable?, doubled: Variable?
    var calls = 0
    do {
      let x = leaf(1, 2), h = exp(x), d = h * 2
      h.onGradient { dy in calls += dy.count + h.count }
      d.mapGradient { dy in dy * Double(d.count) }
      (seen, doubled) = (h, d)
      let loss = d.sum()
      loss.backward(retainGraph: true)
      loss.backward()
    }
    #expect(calls == 8 && seen == nil && doubled == nil)
  }

  /// Without its hooks a graph would give another gradient: a second pass is refused though -x and + keep nothing.
  @Test func hooksGoWithTheGraph() {
    let released =
      "backward ran through this graph before and released it; pass retainGraph: true to the first backward pass"
    let mistakes: [(String, () -> Void)] = [
      (
        "x * p: " + released,
        {
          let h = leaf(1) * -2
          h.mapGradient { $0 * 10 }
          h.sum().backward()
          h.sum().backward()
        }
      ),
      (
        """
        onGradient: backward released the graph that led to this Variable of shape [1], so no gradient will come; \
        pass retainGraph: true to it
        """,
        {
          let h = leaf(1) * -2
          h.onGradient { _ in }
          h.sum().backward()
          h.onGradient { _ in }
        }
      ),
    ]
    for (message, body) in mistakes {
      #expect(mistake(body) == message)
    }
    // A leaf's hooks stay, and so do those of a graph that is retained, or that was never run to its end.
    let x = leaf(1), h = x * -2
    var calls = 0
    x.onGradient { _ in calls += 1 }
    let hook = h.onGradient { _ in calls += 10 }
    h.sum().backward(retainGraph: true)
    _ = gradients(of: [h * 1], withRespectTo: [h])
    h.sum().backward()
    #expect(calls == 32 && x.gradient == [-4])
    hook.remove()
    hook.remove()
    #expect(mistake { h.sum().backward() }.contains(released))
    x.sum().backward()
    #expect(calls == 33)
  }

  /// Backward records nothing by itself, and hooks see that; with createGraph it does.
  @Test func whatHooksSee() {
    let x = leaf(2)
    var seen: [Bool] = []
    x.onGradient { seen += [isRecording, $0.requiresGrad] }
    (x * x).backward()
    _ = gradients(of: [x * x], withRespectTo: [x], createGraph: true)
    #expect(seen == [false, false, true, true] && isRecording)
  }

  /// Each output of an operation has its own hooks: d/dx of a·(10·2) + b·3 + c·7 with x = (a, b, c).
  @Test func severalOutputs() {
    let x = leaf(1, 2, 4)
    let parts = x.split([1, 1, 1])
    var seen: [[Double]] = []
    parts[0].mapGradient { $0 * 10 }
    parts[1].onGradient { seen.append($0.value.doubles) }
    parts[2].onGradient { seen.append($0.value.doubles) }
    (parts[0] * 2 + parts[1] * 3 + parts[2] * 7).sum().backward()
    #expect(x.gradient == [20, 3, 7] && seen.sorted { $0[0] < $1[0] } == [[3], [7]])
  }

  /// A pass inside another one, through a node whose second output has a gradient waiting: nothing of it is lost.
  @Test func backwardInsideAHookThroughAWaitingOutput() {
    let x = leaf(1, 2)
    let parts = x.split([1, 1])
    let h = parts[1] * 3
    var inside = false
    let hook = h.onGradient { _ in
      if inside { return }
      inside = true
      enableGrad { (parts[0] * 100 + parts[1] * 1000).sum() }.backward(retainGraph: true)
    }
    // parts[1]'s own gradient, 5, waits while the hook of h runs.
    (parts[1] * 5 + h).sum().backward()
    #expect(x.gradient == [100, 1000 + 5 + 3])
    hook.remove()
  }

  @Test func secondOrder() {
    // With createGraph a hook works on Variables that are recorded: d/dx (3x²)·x² → through the doubled gradient.
    let x = scalar(2)
    x.mapGradient { $0 * $0 }
    let dx = gradients(of: x * x, withRespectTo: [x], createGraph: true)[0]
    #expect(dx.item == 16)  // (2x)²
    let second = gradients(of: dx, withRespectTo: [x])[0]
    #expect(second.item == 16 * 16)  // (8x)², for the hook squares this gradient too
  }

  @Test func backwardInsideAHook() {
    // The inner pass runs through nodes and leaves that the outer one has gradients waiting at.
    let x = leaf(2), y = leaf(5), z = leaf(7)
    let h = x * y
    let side = (h * z + x).sum()
    var inside = false  // the inner pass comes here too
    let hook = h.onGradient { _ in
      if inside { return }
      inside = true
      side.backward(retainGraph: true)
    }
    (h * h + z * 3 + x * y).sum().backward()
    // outer: d/dx (x²y² + 3z + xy) = 2xy² + y = 105; inner: d/dx (xyz + x) = yz + 1 = 36
    #expect(x.gradient == [105 + 36])
    #expect(y.gradient == [2 * 4 * 5 + 2 + 14])
    #expect(z.gradient == [3 + 10])
    hook.remove()  // h holds the hook, and the hook holds h through side
  }

  @Test func backwardInsideALeafsHook() {
    let x = leaf(2), y = leaf(5), z = leaf(7)
    var inner = true
    let hooks = [x, y, z].map { v in
      v.onGradient { _ in
        if inner {
          inner = false
          enableGrad { x * y * z }.backward()  // a backward pass records nothing by itself
        }
      }
    }
    (x + y * 2 + z * 3).sum().backward()
    #expect(x.gradient == [36] && y.gradient == [16] && z.gradient == [13])
    for hook in hooks { hook.remove() }  // each leaf holds a hook that holds all leaves
  }
}
