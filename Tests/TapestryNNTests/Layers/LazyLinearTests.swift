import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// A layer that learns its input's size from the first input is the eager one from there on.
struct LazyLinearTests {
  static let x = withSeed(2) { Tensor.normal([3, 5]) }

  @Test func theFirstCallMakesIt() {
    let lazy = LazyLinear(4), model = Sequential(lazy, ReLU())
    #expect(lazy.inFeatures == nil && lazy.details == "?, 4" && model.parameterCount == 0)
    let (y, eager) = (withSeed(7) { model(Self.x) }, withSeed(7) { Linear(5, 4) })
    #expect(lazy.weight.value == eager.weight.value && y.value == relu(eager(Self.x)).value)
    #expect(lazy.inFeatures == 5 && lazy.details == "5, 4" && model.parameterCount == 24)
    y.sum().backward()
    relu(eager(Self.x)).sum().backward()
    #expect(lazy.weight.grad == eager.weight.grad && lazy.bias?.grad == eager.bias?.grad)
  }

  @Test func itTakesTheModelsType() {
    let model = Sequential(LazyLinear(2)).to(.float64)
    #expect(model(Self.x.cast(to: .float64)).dtype == .float64)
    let frozen = Sequential(LazyLinear(2, bias: false))
    frozen.freeze()
    #expect(!frozen(Self.x).requiresGrad)
    frozen.unfreeze()
    #expect(frozen(Self.x).requiresGrad)
  }

  @Test func copiesAreLazyToo() {
    let lazy = Sequential(LazyLinear(2)), copy = lazy.copy()
    _ = lazy(Self.x)
    #expect(copy.parameters().allSatisfy(\.isUninitialized) && copy(Self.x[.all, ..<3]).shape == [3, 2])
  }

  @Test func aStateGivesItItsSizes() throws {
    let eager = Sequential(Linear(5, 4)), lazy = Sequential(LazyLinear(4))
    try lazy.loadStateDict(eager.stateDict())
    #expect(lazy(Self.x).value == eager(Self.x).value)
    #expect(throws: DataError.self) {
      try Sequential(LazyLinear(4)).loadStateDict(["0.weight": Tensor([1, 2]), "0.bias": Tensor([1.0])])
    }
  }

  @Test func beforeItIsRefused() {
    func says(_ words: String, _ body: @escaping () -> Void) {
      let failure = #expect(throws: Failure.self) { try Failure.catching(body) }
      #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "accepted")")
    }
    let remedy = "call the model once on a batch before"
    says("stateDict: '0.weight'") { _ = Sequential(LazyLinear(2)).stateDict() }
    says(remedy) { _ = Dry.run { LazyLinear(2)(Tensor.ones([2, 3])) } }
    says("materialize: the parameter has its shape, [2]") { Parameter(.ones([2])).materialize(.ones([3])) }
    says("got []") { _ = LazyLinear(2)(Tensor(1.0)) }
    says("LazyLinear: the size must be at least 1, got 0") { _ = LazyLinear(0) }
    says("cannot multiply [3, 4] by [5, 2]") {
      let lazy = LazyLinear(2)
      _ = lazy(Self.x)
      _ = lazy(Self.x[.all, ..<4])
    }
  }
}
