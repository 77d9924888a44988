import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private final class Block: Layer {
  let first = Linear(3, 4)
  let second: Linear? = Linear(4, 3, bias: false)
  let missing: Linear? = nil
  let list = [ReLU(), Dropout(0.5)] as [any Layer]
  let inProjWeight = Parameter(.ones([2]))
  let table = Buffer(.ones([5]))
  let heads = ["b": Linear(1, 1), "a": Linear(1, 2)]
  lazy var late = Tanh()
  init() { _ = late }
  func forward(_ x: Variable) -> Variable { second!(list[1](list[0](first(x)))) }
}

private class Base: Module {
  let low = Parameter(.ones([1]))
}

private final class Derived: Base {
  let high = Parameter(.ones([2]))
}

private final class Tied: Module {
  let a: Linear
  let b: Linear
  weak var parent: Tied?
  init() {
    a = Linear(2, 2)
    b = a
    parent = self
  }
}

private struct Hidden { let layer = Linear(1, 1) }

private final class Blind: Module { let hidden = Hidden() }

private enum Choice { case layer(Linear) }

private final class BlindEnum: Module { let choice = Choice.layer(Linear(1, 1)) }

private final class Holder { let layer = Linear(1, 1) }

private final class BlindClass: Module { let holder = Holder() }

private final class Unread: Module { lazy var late = Linear(1, 1) }

/// Keeps what is found elsewhere, and points back.
private final class Trainer: Module {
  let model = Linear(2, 2)
  let notes: Notes
  let table = [Float](repeating: 1, count: 1_000_000)
  init() {
    notes = Notes()
    notes.parameters = model.parameters()
    notes.trainer = self
  }
}

private final class Notes {
  var parameters: [Parameter] = []
  unowned var trainer: Trainer!
}

@propertyWrapper private struct Checked<Value> { var wrappedValue: Value }

private final class Wrapped: Module {
  @Checked var innerLayer = Linear(1, 1)
  let pair = (left: Linear(1, 2), Linear(1, 3))
  let grid = [[Linear(1, 1)], [], [Linear(1, 1), Linear(1, 1)]]
  weak var teacher: Linear?
  unowned let owner: Linear
  init(_ other: Linear) {
    teacher = other
    owner = other
  }
}

private final class Changing: Module {
  let mask = Tensor.ones([3, 3])
  let table: [Float] = [1, 2, 3]
  let constant = Variable(.ones([2]))
  var layer = Linear(2, 2)
  var extra: [Linear] = []
}

private final class Doubled: Module {
  let a = Parameter(.ones([2]), key: "weight")
  let b = Parameter(.zeros([2]), key: "weight")
}

private final class Spelled: Module {
  let fcOne = Linear(1, 1)
  let fc_one = Linear(1, 1)
}

private struct Two {
  let first = Linear(1, 1)
  let second = Linear(1, 1)
  let count = 2
}

private final class Pairs: Module { let _layers = Two() }

private final class Remembering: Layer {
  let layer = Linear(2, 2)
  var last: Variable?
  func forward(_ x: Variable) -> Variable {
    last = layer(x)
    return last!
  }
}

private final class Cyclic: Module {
  let layer = Linear(1, 1)
  var next: Cyclic?
}

private final class Loose: Module { let weight = Variable(.ones([1]), requiresGrad: true) }

private final class Numbered: Module { let layers = [1: Linear(1, 1)] }

private final class Norm: Module {
  let gamma = Parameter(.ones([3]))
}

private final class Tree: Module {
  let encoder = Sequential(Linear(2, 3), Dropout(0.25))
  let decoders: [Linear]
  let norm = Norm()
  init() { decoders = [Linear](repeating: Linear(3, 2), count: 2) }
}

struct ModuleTests {
  @Test func parameterCountsOfTheSeeds() {
    #expect(Linear(784, 256).parameterCount == 200_960)
    #expect(Sequential(Linear(784, 256), ReLU(), Linear(256, 10)).parameterCount == 203_530)
    let network = Sequential(
      Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 128), ReLU(), Dropout(0.3), Linear(128, 10))
    #expect(network.parameterCount == 235_146)
    #expect(Linear(512, 256).parameterCount == 131_328)
    #expect(LayerNorm(512).parameterCount == 1_024)
    #expect(Embedding(5000, 512).parameterCount == 2_560_000)
  }

  @Test func namesAreThePropertiesInSnakeCase() {
    #expect(
      Block().namedParameters().map(\.name) == [
        "first.weight", "first.bias", "second.weight", "in_proj_weight", "heads.a.weight", "heads.a.bias",
        "heads.b.weight", "heads.b.bias",
      ])
    #expect(Block().namedBuffers().map(\.name) == ["table"])
    #expect(
      Sequential(Linear(1, 1), ReLU(), Linear(1, 1)).namedParameters().map(\.name) == [
        "0.weight", "0.bias", "2.weight", "2.bias",
      ])
    #expect(Derived().namedParameters().map(\.name) == ["low", "high"])
  }

  @Test func anObjectIsVisitedOnce() {
    #expect(Tied().namedParameters().map(\.name) == ["a.weight", "a.bias"])
  }

  @Test func modesReachEveryLayer() {
    let block = Block()
    let dropout = block.list[1] as! Dropout
    block.eval()
    #expect(!dropout.training)
    block.train()
    #expect(dropout.training)
  }

  @Test func whatCannotBeWalkedIsRefused() {
    let hidden = mistake { _ = Blind().parameters() }
    expectMessage(
      """
      Blind.hidden: cannot look for parameters inside Hidden, which holds a module; make it a class that conforms to \
      Module
      """,
      hidden)
    let choice = mistake { _ = BlindEnum().parameters() }
    expectMessage("BlindEnum.choice: cannot look for parameters inside Choice, which holds a module", choice)
    let plain = mistake { BlindClass().train() }
    expectMessage("BlindClass.holder: cannot look for parameters inside Holder, which holds a module", plain)
    let loose = mistake { _ = Loose().parameters() }
    expectMessage("Loose.weight: a Variable that requires a gradient must be a Parameter", loose)
    let numbered = mistake { _ = Numbered().parameters() }
    expectMessage(
      """
      Numbered.layers: cannot make names of the keys of Dictionary<Int, Linear>, which holds a module; use [String: …]
      """,
      numbered)
    let unread = mistake { _ = Unread().parameters() }
    expectMessage("Unread.late: a lazy property has no layers before its first use", unread)
  }

  @Test func whatIsFoundElsewhereMayBeHeldAnywhere() {
    #expect(Trainer().namedParameters().map(\.name) == ["model.weight", "model.bias"])
  }

  @Test func wrappersTuplesAndNestedArrays() {
    let other = Linear(1, 1)
    #expect(
      Wrapped(other).namedModules().map(\.name) == [
        "", "inner_layer", "pair.left", "pair.1", "grid.0.0", "grid.2.0", "grid.2.1",
      ])
  }

  @Test func indicesAreInNumberOrder() {
    let inner = Linear(2, 3), sequence = Sequential(inner, ReLU(), inner)
    #expect(
      sequence.modules().map { ObjectIdentifier($0) } == [
        ObjectIdentifier(sequence), ObjectIdentifier(inner), ObjectIdentifier(sequence[1]),
      ])
    let names = Sequential((0..<12).map { _ in LayerNorm(1) }).namedModules().dropFirst().map(\.name)
    #expect(names == (0..<12).map(String.init))
  }

  /// PEERS.md 12: constants are no weights, and nothing is remembered from one walk to the next.
  @Test func constantsAreNoWeightsAndChangesAreSeen() {
    let model = Changing()
    #expect(model.namedParameters().map(\.name) == ["layer.weight", "layer.bias"])
    #expect(model.stateDict().names == ["layer.weight", "layer.bias"])
    model.layer = Linear(5, 5, bias: false)
    model.extra.append(Linear(1, 1, bias: false))
    #expect(model.namedParameters().map(\.name) == ["layer.weight", "extra.0.weight"])
    #expect(model.parameters()[0].shape == [5, 5])
  }

  /// PEERS.md 14: a new model trains.
  @Test func trainingIsTheDefault() {
    #expect(Dropout().training)
    #expect(Sequential(Dropout(1))(.ones([2])).value == .zeros([2]))
  }

  @Test func oneNameForTwoTensorsIsRefused() {
    let keys = mistake { _ = Doubled().stateDict() }
    expectMessage(
      """
      Doubled: two tensors are called 'weight', and a state could hold one of them only; rename a property, or give \
      one a key
      """,
      keys)
    let spelling = mistake { _ = Spelled().parameters() }
    expectMessage("Spelled: two tensors are called 'fc_one.bias'", spelling)
  }

  @Test func aWrapperOfTwoLayersNamesBoth() {
    #expect(Pairs().namedModules().map(\.name) == ["", "layers.first", "layers.second"])
  }

  @Test func resultsMayBeKept() {
    let model = Remembering()
    _ = model(Variable(.ones([1, 2])))
    #expect(model.last!.requiresGrad)
    model.eval()
    #expect(model.stateDict().count == 2)
  }

  @Test func cyclesEnd() {
    let (a, b) = (Cyclic(), Cyclic())
    a.next = b
    b.next = a
    #expect(a.namedParameters().map(\.name) == ["layer.weight", "layer.bias", "next.layer.weight", "next.layer.bias"])
    b.next = nil
  }

  @Test func childrenAreTheDirectOnes() {
    #expect(Block().children.map(\.name) == ["first", "second", "list.0", "list.1", "heads.a", "heads.b", "late"])
    #expect(Sequential(ReLU(), Sequential(ReLU())).children.map(\.name) == ["0", "1"])
  }

  @Test func aModelPrintsAsATree() {
    #expect(
      Tree().description == """
        Tree                                             20
        ├─ encoder: Sequential                            9
        │  ├─ 0: Linear(2, 3)                             9
        │  └─ 1: Dropout(p: 0.25)
        ├─ decoders.0: Linear(3, 2)                       8
        ├─ decoders.1: Linear(3, 2)  the same as decoders.0
        └─ norm: Norm                                     3
        """)
  }

  @Test func linearStartsAsTheSeedsSay() {
    // σ 0.032 for 1000 → 10 and 0.316 for 10 → 1000; the standard error of σ from 10,000 draws is 0.7 %.
    for (inputs, outputs, sigma) in [(1000, 10, 0.0316228), (10, 1000, 0.316228)] {
      let layer = Linear(inputs, outputs)
      let w = layer.weight.value.array(Float.self).map(Double.init)
      let mean = w.reduce(0, +) / Double(w.count)
      let deviation = (w.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(w.count)).squareRoot()
      #expect(abs(deviation / sigma - 1) < 0.04)
      #expect(layer.bias!.value.array(Float.self).allSatisfy { $0 == 0 })
    }
  }

  @Test func dropoutIsOffInEvaluation() {
    let x = Tensor.ones([1000])
    let dropout = Dropout(0.25)
    let y = dropout(x).value.array(Float.self)
    #expect(y.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    #expect(y.contains(0))
    dropout.eval()
    #expect(dropout(x).value == x)
  }
}
