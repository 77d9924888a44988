import TapestryAutograd
import TapestryOps
import TapestryTensors
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
