import Foundation
import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private final class Merge: PairLayer {
  let project = Linear(4, 3)
  func forward(_ a: Variable, _ b: Variable) -> Variable { project(concatenate([a, b], axis: -1)) }
}

private final class Blend: TripleLayer {
  let scale = Parameter(.ones([2]))
  func forward(_ a: Variable, _ b: Variable, _ c: Variable) -> Variable { scale * a * b + c }
}

private final class Counter: RecurrentLayer {
  let step = Linear(2, 2)
  func forward(_ x: Variable, _ state: Variable?) -> (output: Variable, state: Variable) {
    let h = tanh(step(x) + (state ?? Variable(.zeros(x.shape))))
    return (h, h)
  }
}

private final class Look: AttentionLayer {
  let query = Linear(2, 2)
  func forward(_ query: Variable, _ key: Variable, _ value: Variable, mask: Tensor?) -> Variable {
    var scores = matmul(self.query(query), key.transposed())
    if let mask { scores = scores.maskedFill(mask, -.infinity) }
    return matmul(softmax(scores, axis: -1), value)
  }
}

private final class All: Layer {
  let merge = Merge(), blend = Blend(), counter = Counter(), look = Look()
  func forward(_ x: Variable) -> Variable {
    let (y, state) = counter(x)
    let (z, _) = counter(y, state)
    return merge(blend(x, y, z), look(x.unsqueezed(0), z.unsqueezed(0), y.unsqueezed(0)).squeezed(0))
  }
}

/// Each shape of a call is a protocol that supplies the call: nobody can forget path and observers.
struct CallShapeTests {
  static let x = Tensor([[0.5, -1], [2, 0.25], [1, 1]])

  @Test func observersSeeEveryCall() {
    let model = All()
    var seen: [String] = [], counts: [Int] = []
    observe(model) { event in
      if event.moment == .begins { (seen, counts) = (seen + [event.path], counts + [event.inputs.count]) }
    } during: {
      _ = model(Self.x)
    }
    #expect(
      seen == [
        "", "counter", "counter.step", "counter", "counter.step", "blend", "look", "look.query", "merge",
        "merge.project",
      ])
    #expect(counts == [1, 1, 1, 1, 1, 3, 3, 1, 2, 1])
  }

  @Test func messagesNameThePath() {
    final class Wrong: Layer {
      let merge = Merge(), counter = Counter()
      let pair: Bool
      init(pair: Bool) { self.pair = pair }
      func forward(_ x: Variable) -> Variable { pair ? merge(x, x[.all, ..<1]) : counter(x[.all, ..<1]).output }
    }
    for (pair, words) in [
      (true, "merge.project (Linear): linear: cannot multiply [3, 3] by [4, 3]"),
      (false, "counter.step (Linear): linear: cannot multiply [3, 1] by [2, 2]"),
    ] {
      let failure = #expect(throws: Failure.self) { try Failure.catching { _ = Wrong(pair: pair)(Self.x) } }
      #expect(failure?.message.hasPrefix(words) == true, "\(failure?.message ?? "")")
    }
  }

  @Test func tensorsAreConstantsAndFrozenModelsAnswer() {
    let merge = Merge(), look = Look()
    let v = Variable(Self.x, requiresGrad: true)
    #expect(merge(Self.x, v).value == merge(v, Self.x).value && merge(Self.x, Self.x).requiresGrad)
    #expect(merge.frozen()(Self.x, Self.x) == merge(Self.x, Self.x).value)
    let mask = Tensor([[false, true, true], [false, false, true], [false, false, false]])
    let y = look(Self.x, Self.x, Self.x, mask: mask)
    #expect(y.value[0] == Self.x[0], "the first sees itself alone")
    #expect(look.frozen()(Self.x, Self.x, Self.x, mask: mask) == y.value)
  }

  /// Public calls of modules stand in the protocols alone.
  @Test func noModuleWritesItsOwnCall() throws {
    let room = URL(filePath: #filePath).appending(path: "../../../../Sources/TapestryNN").standardized
    let files = try FileManager.default.subpathsOfDirectory(atPath: room.path).filter { $0.hasSuffix(".swift") }
    let calls = try files.filter {
      try String(contentsOf: room.appending(path: $0), encoding: .utf8).contains("  public func callAsFunction")
    }
    #expect(
      Set(calls) == [
        "Modules/CallShapes.swift", "Modules/Module.swift", "Modules/Frozen.swift", "Losses/Losses.swift",
        "Initializers/Initializer.swift",  // no module
      ])
  }
}
