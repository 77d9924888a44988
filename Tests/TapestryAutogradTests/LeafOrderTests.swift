import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// A leaf is complete as soon as the last operation that feeds it has run, not after the pass.
struct LeafOrderTests {
  private func leaf(_ numbers: [Double] = [0.5, -1]) -> Variable { Variable(Tensor(numbers), requiresGrad: true) }

  /// Names in the order in which gradients arrived, of leaves (hooks) and of results on the way.
  private final class Log {
    var names: [String] = []
    func watch(_ x: Variable, _ name: String) { x.onGradient { [self] _ in names.append(name) } }
  }

  @Test func weightsOfAChainComeNewestFirst() {
    let log = Log(), weights = (0..<4).map { _ in leaf() }
    var h = leaf() * 1
    for (i, w) in weights.enumerated() {
      log.watch(w, "w\(i)")
      h = tanh(h * w)
      log.watch(h, "h\(i)")
    }
    h.sum().backward()
    #expect(log.names == ["h3", "w3", "h2", "w2", "h1", "w1", "h0", "w0"])
  }

  /// Complete means grad too: when the hook of an older result runs, newer weights have theirs and older ones do not.
  @Test func gradientsAreThereWhileThePassGoesOn() {
    let first = leaf(), second = leaf()
    let h = exp(leaf() * first)
    var seen: [Bool] = []
    h.onGradient { _ in seen = [first.grad != nil, second.grad != nil] }
    (h * second).sum().backward()
    #expect(seen == [false, true])
    #expect(first.grad != nil)
  }

  @Test func aSharedLeafWaitsForItsOldestUse() {
    let log = Log(), shared = leaf(), other = leaf()
    log.watch(shared, "shared")
    log.watch(other, "other")
    var calls = 0
    shared.onGradient { dy in
      calls += 1
      #expect(dy.value.array(Double.self).allSatisfy { abs($0 - 3) < 1e-12 })
    }
    let a = shared * 1  // the oldest use
    let b = a + other
    log.watch(b, "b")
    (b + shared + shared).sum().backward()
    #expect(log.names == ["b", "other", "shared"] && calls == 1)
  }

  /// An oldest use that no gradient reaches holds nothing up for good.
  @Test func usesOutsideOfThePassDoNotCount() {
    let log = Log(), w = leaf(), v = leaf()
    log.watch(w, "w")
    log.watch(v, "v")
    let unused = w * 2  // older, and not below the result
    let h = exp(v * 1)
    log.watch(h, "h")
    (h * w).sum().backward()
    #expect(log.names == ["w", "h", "v"])
    _ = unused
  }

  /// What a checkpoint's closure uses is complete after its second run, with the uses outside.
  @Test func aCheckpointIsAUseOfWhatItsClosureUses() {
    let log = Log(), inside = Parameter(Tensor([0.5, -1] as [Double])), captured = leaf(), last = leaf()
    for (x, name) in [(inside as Variable, "inside"), (captured, "captured"), (last, "last")] { log.watch(x, name) }
    var calls = 0
    inside.onGradient { _ in calls += 1 }
    let x = leaf() * 1
    log.watch(x, "x")
    let h = checkpoint(x) { tanh($0 * inside) * exp(captured * 1) }
    log.watch(h, "h")
    (h * last * inside).sum().backward()
    #expect(
      log.names.prefix(2) == ["last", "h"] && Set(log.names.dropFirst(2)) == ["x", "inside", "captured"]
        && log.names.count == 5)
    #expect(calls == 1)
  }

  /// A pass inside a hook has an order of its own.
  @Test func passesInsideAPass() {
    let log = Log(), w = leaf(), v = leaf()
    let h = exp(w * v)
    h.onGradient { _ in enableGrad { (w * w).sum().backward() } }
    log.watch(w, "w")
    log.watch(v, "v")
    (h * w).sum().backward()
    // w's gradient of the inner pass, and that of the outer one, complete.
    #expect(log.names.filter { $0 == "w" }.count == 2 && log.names.filter { $0 == "v" }.count == 1)
    let (a, b) = (w.detach(), v.detach()), y = exp(a * b), expected = (a * 2 + y + a * b * y).value
    #expect(zip(w.grad!.array(Double.self), expected.array(Double.self)).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// Hooks on targets of `gradients(of:)` run too, and nothing is added to grad.
  @Test func targetsAreCompleteInOrder() {
    let log = Log(), first = leaf(), second = leaf()
    log.watch(first, "first")
    log.watch(second, "second")
    let h = exp(first * 1)
    log.watch(h, "h")
    _ = gradients(of: (h * second).sum(), withRespectTo: [first, second])
    #expect(log.names == ["second", "h", "first"] && first.grad == nil)
  }
}

/// The four files that the head of Variable.swift tells to read.
struct TapeLengthTests {
  @Test func theTapeStaysShort() throws {
    let room = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/TapestryAutograd")
      .standardized
    let files = try ["Variable", "Node", "Backward", "Gradients"].map {
      try String(contentsOf: room.appending(path: "\($0).swift"), encoding: .utf8)
    }
    #expect(files.map { $0.split(separator: "\n", omittingEmptySubsequences: false).count - 1 }.reduce(0, +) <= 400)
    let head = files[0].prefix(800)
    #expect(head.contains("The tape in four files"))
    #expect(["Variable.swift", "Node.swift", "Backward.swift", "Gradients.swift"].allSatisfy { files[0].contains($0) })
  }
}
