import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// A million nodes (and in the variants fewer, but far too many for recursion) on a stack of 512 KiB: neither backward
/// nor freeing recurses, what is kept included.
struct LongGraphTests {
  static let length = 1_000_000

  /// Both inputs are kept: each node holds the Variable before it.
  @Test func multiplications() {
    let gradients = onThread {
      let x = scalar(2), one = scalar(1)
      var y = x * 1
      for _ in 0..<Self.length { y = y * one }
      y.backward()
      return x.gradient + one.gradient
    }
    #expect(gradients == [1, 2 * Double(Self.length)])
  }

  /// The output is kept, as a tensor.
  @Test func exponentials() {
    let (y, dx) = onThread {
      let x = scalar(0.5)
      var y = x * 1
      for _ in 0..<Self.length / 10 { y = exp(-y) }
      y.backward()
      return (y.item, x.gradient)
    }
    #expect(abs(y - 0.567143290409783873) < 1e-12)  // Lambert's W(1), where e⁻ʸ = y
    #expect(near(dx, [0], 1e-300))  // 0.567 to that power
  }

  /// Freed whole, without a backward pass.
  @Test func freed() {
    let freed = onThread {
      weak var start: Variable?
      do {
        let one = scalar(1)
        var y = one * 1
        start = y
        for _ in 0..<Self.length / 10 { y = y * one }
        if y.item != 1 || start == nil { return false }
      }
      return start == nil
    }
    #expect(freed)
  }

  /// A gradient of a gradient: the graph of the backward pass hangs on the first one.
  @Test func secondOrder() {
    let second = onThread {
      let x = scalar(1), one = scalar(1)
      var y = x * x
      for _ in 0..<Self.length / 50 { y = y * one }
      let dx = gradients(of: y, withRespectTo: [x], createGraph: true)[0]
      return gradients(of: dx, withRespectTo: [x])[0].item
    }
    #expect(second == 2)
  }
}
