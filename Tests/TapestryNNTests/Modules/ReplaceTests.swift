import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// The old layer, frozen, and what two thin matrices add (Hu et al. 2021, arXiv:2106.09685).
private final class LoRA: Layer {
  let base: Linear
  let down: Parameter, up: Parameter
  init(_ base: Linear) {
    self.base = base
    down = Parameter(withSeed(3) { .normal([base.inFeatures, 1]) })
    up = Parameter(.zeros([1, base.outFeatures]))
    base.freeze()
  }
  func forward(_ x: Variable) -> Variable { base(x) + matmul(matmul(x, down), up) }
}

private final class Block: Layer {
  var fc1: any Layer = Linear(4, 4)
  var named: [String: any Layer] = ["a": Linear(4, 4)]
  var maybe: (any Layer)? = ReLU()
  var pair: (any Layer, any Layer) = (Linear(4, 4), Linear(4, 4))
  let fixed: any Layer = Linear(4, 4)
  var strict = Linear(4, 4)
  func forward(_ x: Variable) -> Variable { strict(fixed(pair.1(pair.0(maybe!(named["a"]!(fc1(x))))))) }
}

private final class Model: Layer {
  let blocks = [Block(), Block()]
  let tail = Sequential(Linear(4, 4), Residual(Linear(4, 4)), Linear(4, 2))
  func forward(_ x: Variable) -> Variable { tail(blocks.reduce(x) { $1($0) }) }
}

/// A part of a model is replaced by its name, wherever a property can hold the new one.
struct ReplaceTests {
  static let x = Tensor.ones([3, 4])

  @Test func aPartIsMadeFromTheOldOne() {
    let model = Model(), before = model(Self.x).value
    let lora = model.replace("blocks.0.fc1") { LoRA($0) }
    #expect(model.blocks[0].fc1 === lora && model(Self.x).value == before)
    #expect(
      model.namedParameters().map(\.name).filter { $0.hasPrefix("blocks.0.fc1") } == [
        "blocks.0.fc1.base.weight", "blocks.0.fc1.base.bias", "blocks.0.fc1.down", "blocks.0.fc1.up",
      ])
    model(Self.x).sum().backward()
    #expect(lora.up.grad != nil && lora.base.weight.grad == nil)
  }

  @Test(arguments: [
    "blocks.1.named.a", "blocks.1.maybe", "blocks.1.pair.0", "tail.0", "tail.1.block", "blocks.1.strict",
  ])
  func everyPlaceThatCanHoldIt(_ path: String) {
    let model = Model(), new = Linear(4, 4)
    model.replace(path, with: new)
    #expect(model.namedModules().filter { $0.module === new }.map(\.name) == [path])
    #expect(model(Self.x).shape == [3, 2])
  }

  @Test func sharedPartsAreReplacedEverywhere() {
    let shared = Linear(4, 4), model = Sequential(shared, ReLU(), shared), new = Linear(4, 4)
    model.replace("2", with: new)
    #expect(model[0] === new && model[2] === new && model[1] is ReLU)
  }

  @Test func mistakesChangeNothing() {
    let model = Model(), names = model.namedParameters().map(\.name)
    func says(_ words: String, _ body: @escaping () -> Void) {
      let failure = #expect(throws: Failure.self) { try Failure.catching(body) }
      #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "accepted")")
      #expect(model.namedParameters().map(\.name) == names)
    }
    says("replace: there is no module 'head'; Model has 'blocks.0', 'blocks.0.fc1'") {
      model.replace("head", with: ReLU())
    }
    says("replace: '' is the model itself") { model.replace("", with: ReLU()) }
    says("replace: 'tail.1' is a Residual, not the Linear that the closure takes") {
      model.replace("tail.1") { LoRA($0) }
    }
    says("replace: 'blocks.0.fixed' is a constant, Block.fixed; declare it with var") {
      model.replace("blocks.0.fixed", with: ReLU())
    }
    says(
      "replace: 'blocks.0.strict' is declared Linear, Block.strict, which cannot hold a ReLU; declare it with var and any"
    ) {
      model.replace("blocks.0.strict", with: ReLU())
    }
    // What several places share, one of which cannot change.
    let shared = Linear(4, 4)
    model.replace("blocks.0.fc1", with: shared)
    model.replace("blocks.1.strict", with: shared)
    let before = model.namedParameters().map(\.name)
    let failure = #expect(throws: Failure.self) { try Failure.catching { model.replace("blocks.0.fc1", with: ReLU()) } }
    #expect(failure?.message.contains("Block.strict") == true && model.namedParameters().map(\.name) == before)
  }
}
