import Foundation
import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import Testing

@propertyWrapper private struct Noted<Value> {
  var wrappedValue: Value
  var count = 0
  init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
}

private class Child: Layer {
  let linear = Linear(3, 3)
  weak var parent: Parent?
  unowned var owner: AnyObject
  weak var anyParent: (any Module)?
  init(_ owner: AnyObject) { self.owner = owner }
  func forward(_ x: Variable) -> Variable { relu(linear(x)) }
}

private final class Grandchild: Child {
  var note = "a string that is longer than fifteen bytes"
  let pair = (1, layer: Linear(2, 2))
  var maybe: Linear? = Linear(1, 1)
  var nothing: Linear?
}

/// Every kind of field.
private final class Parent: Layer {
  let list: [any Layer] = [Linear(3, 3), ReLU()]
  let nested = [[Linear(1, 2)], [Linear(2, 1), Linear(1, 1)]]
  let table = ["b": Linear(1, 1), "a": Linear(1, 2)]
  let scale = Parameter(.ones([3]))
  let shift = Buffer(.zeros([3]))
  let constant = Variable(.ones([3]))
  let double: (Variable) -> Variable = { $0 * 2 }
  var words = ["x", "y"]
  var calls = 0
  @Noted var wrapped = Linear(3, 3)
  lazy var late = Linear(3, 3)
  let shared: Linear
  let alias: any Layer
  private(set) var child: Child!
  init() {
    shared = Linear(3, 3)
    alias = shared
    child = Grandchild(self)
    child.parent = self
    child.anyParent = self
    _ = late
  }
  func forward(_ x: Variable) -> Variable {
    calls += 1
    return child(late(wrapped(list[1](list[0](x))))) * scale + shift + constant + alias(x)
  }
}

private final class Generic<Inner: Layer>: Layer {
  let inner: Inner
  let wide: SIMD8<Double> = .init(repeating: 3)
  let choice: Choice = .named("a text that lies on the heap")
  init(_ inner: Inner) { self.inner = inner }
  func forward(_ x: Variable) -> Variable { inner(x) }
}

private enum Choice: Equatable {
  case none
  case named(String)
}

private final class Notes {
  var parameters: [Parameter] = []
}

/// Holds parameters in an object that is no module.
private final class Annotated: Module {
  let layer = Linear(2, 2)
  let notes = Notes()
  init() { notes.parameters = layer.parameters() }
}

private final class Slices: Layer {
  let rest: ArraySlice<Linear>
  let all: ContiguousArray<any Layer>
  init(_ layers: [Linear]) {
    rest = layers.dropFirst()
    all = ContiguousArray(layers)
  }
  func forward(_ x: Variable) -> Variable { all[0](rest[1](x)) }
}

private struct Back { weak var owner: Owner? }

private final class Owner: Module {
  let part: Part
  init() {
    part = Part()
    part.back = Back(owner: self)
  }
}

private final class Part: Layer {
  let layer = Linear(2, 2)
  weak var parent: Linear?
  weak var anyParent: (any Layer)?
  var back = Back()
  func forward(_ x: Variable) -> Variable { layer(x) }
}

struct CopyTests {
  /// The bits of a weak reference outlive its object, and belong to the original alone.
  @Test func aWeakReferenceToWhatIsGone() {
    let part = Part()
    do {
      let parent = Linear(1, 1)
      part.parent = parent
      part.anyParent = parent
    }
    for _ in 0..<3 {
      let copy = part.copy()
      #expect(copy.parent == nil && copy.anyParent == nil)
    }
    #expect(part.parent == nil)
    let next = Linear(1, 1)
    part.parent = next
    #expect(part.parent === next && part.copy().parent === next)
  }

  @Test func slicesAndContiguousArrays() {
    let model = Slices([Linear(2, 2), Linear(2, 2)]), copy = model.copy()
    #expect(copy.parameters().count == 4 && zip(copy.parameters(), model.parameters()).allSatisfy { $0 !== $1 })
    #expect(copy.rest.startIndex == 1 && copy.rest[1] === copy.all[1])
    #expect(copy(.ones([1, 2])).value == model(.ones([1, 2])).value)
  }

  @Test func weakReferencesInStructsAreNotFollowed() {
    let owner = Owner()
    #expect(owner.namedParameters().map(\.name) == ["part.layer.weight", "part.layer.bias"])
    #expect(owner.part.namedParameters().map(\.name) == ["layer.weight", "layer.bias"])
  }

  @Test func genericClassesAndOtherValues() {
    let model = Generic(Generic(Linear(2, 2))), copy = model.copy()
    #expect(copy.inner !== model.inner && copy.inner.inner !== model.inner.inner)
    #expect(
      copy.wide == model.wide && copy.choice == model.choice
        && copy.inner.choice == .named("a text that lies on the heap"))
    #expect(copy(.ones([1, 2])).value == model(.ones([1, 2])).value)
  }

  @Test func whatWouldBeSharedIsRefused() {
    let failure = #expect(throws: Failure.self) { try Failure.catching { _ = Annotated().copy() } }
    #expect(
      failure!.message.hasPrefix(
        "copy: Annotated.notes: cannot look for parameters inside Notes, which holds a Parameter"))
  }

  @Test func everyFieldIsCopied() {
    let model = Parent()
    model.freeze("scale")
    let x = Tensor.normal([4, 3])
    let copy = model.copy()
    #expect(copy !== model && copy.calls == 0 && copy.words == ["x", "y"])
    #expect(copy.namedParameters().map(\.name) == model.namedParameters().map(\.name))
    #expect(copy.namedParameters().count == 25)
    for (a, b) in zip(model.parameters(), copy.parameters()) {
      #expect(a !== b && a.value == b.value && a.isFrozen == b.isFrozen)
    }
    #expect(copy.scale.isFrozen)
    #expect(copy.alias === copy.shared && copy.shared !== model.shared)
    #expect(copy.child.parent === copy && copy.child.owner === copy && copy.child.anyParent === copy)
    #expect((copy.child as! Grandchild).note.hasPrefix("a string") && (copy.child as! Grandchild).nothing == nil)
    #expect((copy.child as! Grandchild).pair.layer !== (model.child as! Grandchild).pair.layer)
    #expect(copy.shift !== model.shift && copy.constant === model.constant)
    #expect(copy(x).value == model(x).value)
    #expect(copy.calls == 1 && model.calls == 1)
  }

  @Test func trainingOneLeavesTheOther() {
    let model = Linear(3, 2), copy = model.copy()
    let before = copy.weight.value
    model.weight.assign(.zeros([3, 2]))
    #expect(copy.weight.value == before)
    copy(.ones([1, 3])).sum().backward()
    #expect(copy.weight.grad != nil && model.weight.grad == nil)
  }

  @Test func copiesAreFreed() {
    weak var seen: Parent?
    weak var child: Child?
    do {
      let copy = Parent().copy()
      seen = copy
      child = copy.child
      #expect(seen != nil && child != nil)
    }
    #expect(seen == nil && child == nil)
  }

  @Test func frozenSharesMemoryAndGivesTheSameBitsOnManyThreads() {
    let model = Sequential(Linear(16, 32), ReLU(), Dropout(0.5), Linear(32, 4))
    model.eval()
    let inputs = (0..<8).map { _ in Tensor.normal([5, 16]) }
    let expected = inputs.map { model($0).value }
    let server = model.frozen()
    model.train()
    for parameter in model.parameters() { parameter.assign(.zeros(parameter.shape)) }
    let wrong = Locked(0)
    DispatchQueue.concurrentPerform(iterations: 64) { i in
      let answer = server(inputs[i % 8])
      if answer != expected[i % 8] { wrong.with { $0 += 1 } }
    }
    #expect(wrong.with { $0 } == 0)
    #expect(server.run { $0(inputs[0]).requiresGrad } == false)
  }

  /// Frozen while it trains: the copy evaluates, whatever the seed, and the model goes on training.
  @Test func frozenInTrainingItEvaluates() {
    let x = Tensor.normal([5, 16])
    let models: [any Layer] = [Dropout(0.5), Dropout1d(0.5), RReLU(), AlphaDropout(0.5), FeatureAlphaDropout(0.5)]
    for layer in models {
      let model = Sequential(Linear(16, 12), Reshape(3, 4), layer, Flatten(), Linear(12, 4))
      let server = model.frozen()
      #expect(model.modules().allSatisfy { ($0 as? any ModeDependent)?.training != false })
      let answers = (0..<3).map { seed in withSeed(seed) { server(x) } }
      let trained = withSeed(0) { model(x).value }
      model.eval()
      let expected = model(x).value
      #expect(answers == [expected, expected, expected] && trained != expected, "\(layer)")
      // Nothing is recorded, in the replica neither.
      #expect(server.run { model in enableGrad { model(x).requiresGrad } || isRecording } == false)
    }
  }

  /// As many replicas as calls at once, and each is used again.
  @Test func replicasAreUsedAgain() {
    let server = Parent().frozen()
    #expect(
      (0..<3).map { _ in
        server.run {
          $0.calls += 1; return $0.calls
        }
      } == [1, 2, 3])
    let nested = server.run { outer in server.run { inner in outer !== inner } }
    #expect(nested)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try server.run { _ in throw Stop() } }
  }

  @Test func aModuleThatKeepsNotesIsSafe() {
    let model = Parent()
    model.eval()
    let x = Tensor.ones([1, 3]), expected = model(x).value
    let server = model.frozen()
    let wrong = Locked(0)
    DispatchQueue.concurrentPerform(iterations: 100) { _ in if server(x) != expected { wrong.with { $0 += 1 } } }
    #expect(wrong.with { $0 } == 0)
    #expect(model.calls == 1)
  }

  @Test func eachLayerOfAStackIsItsOwn() {
    let block = Linear(2, 2)
    let stack = Sequential((0..<3).map { _ in block.copy() })
    #expect(stack.parameters().count == 6)
    #expect(Sequential([Linear](repeating: block, count: 3)).parameters().count == 2)
  }
}
