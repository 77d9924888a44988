import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Freezing, thawing and conversion of parameters around graphs and hooks. Values: d/dq Σ q² = 2q; that a gradient of
/// before a thaw arrives, that one which comes while frozen is dropped although hooks run, and that one of before a
/// conversion arrives was tried with PyTorch 2.15.
struct ParameterTests {
  let q = Parameter(Tensor([2.0, 3], .float64))

  @Test func frozenAndThawedInBetween() {
    var calls = 0
    q.onGradient { _ in calls += 1 }
    let loss = (q * q).sum()
    q.isFrozen = true
    #expect(!(q * q).requiresGrad && !q.requiresGrad)
    q.isFrozen = false
    loss.backward()
    #expect(q.gradient == [4, 6] && calls == 1)
    #expect(gradients(of: [(q * q).sum()], withRespectTo: [q])[0]?.value.doubles == [4, 6] && calls == 2)
  }

  /// As a GAN does: the generator's loss flows through the frozen discriminator, before and after which that one is
  /// trained.
  @Test func twoNetworksInTurns() {
    let g = Parameter(Tensor([5.0, 7], .float64))
    let own = (q * q).sum()
    q.isFrozen = true
    let through = (q * g).sum()
    q.isFrozen = false
    own.backward()
    q.isFrozen = true
    through.backward()
    q.isFrozen = false
    #expect(q.gradient == [4, 6] && g.gradient == [2, 3])
  }

  @Test func aGradientThatComesWhileFrozenIsDropped() {
    var calls = 0
    q.onGradient { _ in calls += 1 }
    let loss = (q * q).sum()
    q.isFrozen = true
    loss.backward()
    #expect(calls == 1 && q.grad == nil)
    q.isFrozen = false
    #expect(q.grad == nil)
  }

  @Test func aFrozenGradientIsHiddenAndNotLost() {
    (q * q).sum().backward()
    q.isFrozen = true
    q.isFrozen = true
    #expect(q.grad == nil && q.isFrozen)
    q.isFrozen = false
    #expect(q.gradient == [4, 6])
    q.isFrozen = true
    q.grad = nil
    q.isFrozen = false
    #expect(q.grad == nil)
    q.isFrozen = true
    #expect(mistake { q.grad = Tensor([1.0, 1], .float64) } == "grad: only a leaf that requires a gradient has one")
  }

  @Test func conversionKeepsHooksGraphsAndGradients() {
    let p = Parameter(Tensor([2, 3] as [Float]))
    var seen: [DType] = []
    p.onGradient { seen.append($0.dtype) }
    let before = (p * p).sum()
    (p * 3).sum().backward()
    p.convert(to: .float64)
    #expect(p.dtype == .float64 && p.grad?.dtype == .float64 && p.gradient == [3, 3])
    before.backward()
    (p * p).sum().backward()
    #expect(p.grad?.dtype == .float64 && p.gradient == [11, 15])
    #expect(seen == [.float32, .float32, .float64])
    // Frozen, its hidden gradient goes along.
    p.isFrozen = true
    p.convert(to: .float32)
    p.isFrozen = false
    #expect(p.grad == Tensor([11, 15] as [Float]) && p.requiresGrad)
  }

  @Test func copiesAreTheirOwn() {
    q.onGradient { _ in Issue.record("a copy has no hooks") }
    let copy = q.copy(frozen: false), frozen = q.copy(frozen: true)
    (copy * copy).sum().backward()
    #expect(copy.gradient == [4, 6] && q.grad == nil && frozen.isFrozen && !q.isFrozen)
    q.isFrozen = true
    #expect(q.copy(frozen: false).isFrozen)
  }

  /// A graph may outlive its parameter.
  @Test func theParameterGoesFirst() {
    weak var seen: Parameter?
    let x = leaf(1, 2)
    let loss: Variable = {
      let p = Parameter(Tensor([3.0, 4], .float64))
      seen = p
      return checkpoint(x * p) { $0 * 2 }.sum()
    }()
    #expect(seen == nil)
    loss.backward()
    #expect(x.gradient == [6, 8])
  }

  @Test func whatCannotBeAssigned() {
    let mistakes: [(String, () -> Void)] = [
      ("Parameter: cannot assign float64 [3] to float64 [2]", { q.assign(Tensor([1.0, 2, 3], .float64)) }),
      ("Parameter: cannot assign float32 [2] to float64 [2]", { q.assign(Tensor([1, 2] as [Float])) }),
      ("Buffer: cannot assign float64 [1, 2] to float64 [2]", { Buffer(q.value).assign(q.value.reshaped(1, 2)) }),
      ("grad: cannot assign float32 [2] as the gradient of float64 [2]", { q.grad = .ones([2]) }),
      ("grad: cannot assign float64 [1] as the gradient of float64 [2]", { q.grad = Tensor([1.0], .float64) }),
      (
        "Parameter: only a matrix has a transposed layout, got shape [2]",
        { _ = Parameter(q.value, fileLayout: .transposed) }
      ),
    ]
    for (message, body) in mistakes {
      #expect(mistake(body) == message)
    }
  }
}
