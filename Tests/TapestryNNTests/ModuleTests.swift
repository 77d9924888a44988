import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
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

private final class Loose: Module { let weight = Variable(.ones([1]), requiresGrad: true) }

private final class Numbered: Module { let layers = [1: Linear(1, 1)] }

struct ModuleTests {
  @Test func parameterCountsOfTheSeeds() {
    #expect(Linear(784, 256).parameterCount == 200_960)
    #expect(Sequential(Linear(784, 256), ReLU(), Linear(256, 10)).parameterCount == 203_530)
    let network = Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 128), ReLU(), Dropout(0.3), Linear(128, 10))
    #expect(network.parameterCount == 235_146)
    #expect(Linear(512, 256).parameterCount == 131_328)
    #expect(LayerNorm(512).parameterCount == 1_024)
    #expect(Embedding(5000, 512).parameterCount == 2_560_000)
  }

  @Test func namesAreThePropertiesInSnakeCase() {
    #expect(
      Block().namedParameters().map(\.name) == [
        "first.weight", "first.bias", "second.weight", "in_proj_weight", "heads.a.weight", "heads.a.bias", "heads.b.weight", "heads.b.bias",
      ])
    #expect(Block().namedBuffers().map(\.name) == ["table"])
    #expect(Sequential(Linear(1, 1), ReLU(), Linear(1, 1)).namedParameters().map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
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

  @Test func whatCannotBeWalkedIsRefused() async {
    let hidden = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Blind().parameters() }
    #expect(String(decoding: hidden!.standardErrorContent, as: UTF8.self).contains("Blind.hidden: cannot look for parameters inside Hidden"))
    let loose = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Loose().parameters() }
    #expect(String(decoding: loose!.standardErrorContent, as: UTF8.self).contains("must be a Parameter"))
    let numbered = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Numbered().parameters() }
    #expect(String(decoding: numbered!.standardErrorContent, as: UTF8.self).contains("under a key that is no String"))
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
