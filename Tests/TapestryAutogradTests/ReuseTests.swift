import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Temporaries are overwritten in place. Nothing that anybody can still see ever changes.
struct ReuseTests {
  let x = leaf(1, 2), y = leaf(3, 4)

  @Test func aVariableThatIsHeld() {
    let t = x * y
    let u = -exp(t + 1) * 2
    #expect(t.value.doubles == [3, 8])
    #expect(u.value.doubles != t.value.doubles)
    func product() -> Variable { x * y }
    let held = [product()]
    _ = held[0] + 1
    _ = { -held[0] }()
    #expect(held[0].value.doubles == [3, 8])
  }

  @Test func aTensorThatIsHeld() {
    var t: Variable? = x * y
    let value = t!.value, transposed = t!.value.reshaped(2, 1).transposed()
    _ = consume(&t) + 1
    #expect(value.doubles == [3, 8] && transposed.doubles == [3, 8])
  }

  @Test func aDetachedVariable() {
    var t: Variable? = x * y
    let d = t!.detach()
    _ = consume(&t) * 100
    #expect(d.value.doubles == [3, 8])
    _ = consume(d) + 1
    #expect(d.value.doubles == [3, 8])
  }

  @Test func aViewOfIt() {
    var t: Variable? = x * y
    let view = t!.reshaped(2, 1)
    _ = consume(&t) * 100
    #expect(view.value.doubles == [3, 8])
    var wide: Variable? = expand(view, [2, 3])
    _ = consume(&wide) + 1
    #expect(view.value.doubles == [3, 8])
  }

  @Test func whatANodeKept() {
    // exp keeps its output, * keeps its inputs; each is then used up by the next operation.
    let z = exp(x * 1) * (y * 1) * 2 + 1
    z.sum().backward()
    #expect(near(x.gradient, exp(x * 1).value.doubles.enumerated().map { $1 * [6, 8][$0] }))
    #expect(near(y.gradient, (exp(x) * 2).value.doubles))
  }

  @Test func theGradientThatWasPassed() {
    let start = Tensor([10.0, 20], .float64)
    let h = x * 1
    (h + h).backward(gradient: start, retainGraph: true)
    (h + 1).backward(gradient: start)
    #expect(start.doubles == [10, 20])
    #expect(x.gradient == [30, 60])
    let cotangent = Variable(start)
    _ = gradients(of: [-(x * 1) + x], withRespectTo: [x], cotangents: [cotangent])
    #expect(cotangent.value.doubles == [10, 20])
  }

  @Test func gradientsOfTwoLeavesThatShareMemory() {
    // + hands the same gradient to both; adding to one must not change the other, nor a copy that the user took.
    (x + y).sum().backward()
    let before = x.grad!
    (x * 5).sum().backward()
    #expect(before.doubles == [1, 1] && y.gradient == [1, 1] && x.gradient == [6, 6])
    x.grad! *= 2
    #expect(before.doubles == [1, 1] && y.gradient == [1, 1] && x.gradient == [12, 12])
  }

  @Test func gradientsThatHooksHold() {
    let h = x * 3
    var held: [Variable] = []
    h.onGradient { held.append($0) }
    x.onGradient { held.append($0) }
    (h * y).sum().backward(retainGraph: true)
    #expect(held.map(\.value.doubles) == [[3, 4], [9, 12]])
    (h * y).sum().backward()
    #expect(held.map(\.value.doubles) == [[3, 4], [9, 12], [3, 4], [9, 12]])
    #expect(x.gradient == [18, 24])
  }

  @Test func gradientsThatAreReturned() {
    // With createGraph the gradient of h is part of later results.
    let h = x * 1
    let found = gradients(of: [(h * h * y + h).sum()], withRespectTo: [h, x], createGraph: true)
    let values = found.map { $0?.value.doubles }
    _ = found[0]! * 7 + found[1]! * 3
    #expect(found.map { $0?.value.doubles } == values && values == [[7, 17], [7, 17]])
  }

  @Test func aLeafsValue() {
    let value = Tensor([1.0, 2], .float64)
    let v = Variable(value, requiresGrad: true)
    _ = Variable(value) + 1
    _ = -v
    #expect(value.doubles == [1, 2] && v.value.doubles == [1, 2])
  }

  /// Takes a Variable out of its place, so that the caller holds it no longer.
  private func consume(_ v: inout Variable?) -> Variable { v.take()! }
  private func consume(_ v: Variable) -> Variable { v }
}
