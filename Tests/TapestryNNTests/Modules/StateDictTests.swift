import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private final class Recurrent: Module {
  let input = Parameter(.ones([2, 3]), key: "weight_ih_l0_reverse")
  let steps = Buffer(Tensor(7, .int64))
  let mask = Buffer(.ones([2, 2]), persistent: false)
}

private final class Language: Module {
  let embedding = Embedding(5, 3)
  let cell = Recurrent()
  let head: Head
  init() { head = Head(embedding.weight) }
}

private final class Head: Module {
  let weight: Parameter
  let bias = Parameter(.zeros([5]))
  init(_ weight: Parameter) { self.weight = weight }
}

struct StateDictTests {
  @Test func namesAndLayoutsArePyTorchs() {
    let model = Sequential(Linear(4, 3), ReLU(), LayerNorm(3))
    let state = model.stateDict()
    #expect(state.names == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(state["0.weight"]!.shape == [3, 4])
    let weight = (model[0] as! Linear).weight.value
    #expect(state["0.weight"]! == weight.transposed())
  }

  @Test func printing() {
    #expect("\(Sequential(Linear(4, 3), ReLU()).stateDict())" == "0.weight float32 [3, 4]\n0.bias float32 [3]")
  }

  @Test func keysBuffersAndTiedWeights() {
    let state = Language().stateDict()
    #expect(state.names == ["embedding.weight", "cell.weight_ih_l0_reverse", "head.bias", "cell.steps"])
    #expect(
      Language().stateDict(everyName: true).names == [
        "embedding.weight", "head.weight", "cell.weight_ih_l0_reverse", "head.bias", "cell.steps",
      ])
  }

  @Test func stateGoesRound() throws {
    let (a, b) = (Language(), Language())
    a.cell.steps.assign(Tensor(9, .int64))
    #expect(a.embedding.weight.value != b.embedding.weight.value)
    try b.loadStateDict(a.stateDict())
    #expect(a.embedding.weight.value == b.embedding.weight.value && b.head.weight === b.embedding.weight)
    #expect(b.cell.steps.value.item == 9)
    // What was loaded is a copy.
    b.embedding.weight.assign(.zeros([5, 3]))
    #expect(a.embedding.weight.value != b.embedding.weight.value)
  }

  @Test func aFileMayUseAnyNameOfATiedWeight() throws {
    let model = Language()
    var state = model.stateDict(everyName: true)
    try model.loadStateDict(state)
    state["embedding.weight"] = nil
    try model.loadStateDict(state)
    state["embedding.weight"] = .zeros([5, 3])
    let mismatch = #expect(throws: DataError.self) { try model.loadStateDict(state) }
    #expect(
      mismatch!.mismatch!.wrong == [
        "head.weight: differs from embedding.weight, but the model holds both in one tensor"
      ])
  }

  @Test func aNaNIsTheSameUnderEachName() throws {
    let model = Language()
    model.embedding.weight.assign(.full([5, 3], Float.nan))
    try Language().loadStateDict(model.stateDict(everyName: true))
  }

  @Test func strictLoadingListsEverythingAndChangesNothing() {
    let model = Sequential(Linear(4, 3), Linear(3, 2))
    let before = model.stateDict()
    var state = StateDict([
      "0.weight": .zeros([4, 3]), "0.bias": .ones([3]), "1.bias": Tensor([1, 2] as [Int32]), "2.gian": .ones([1]),
    ])
    let mismatch = #expect(throws: DataError.self) { try model.loadStateDict(state) }
    #expect(
      mismatch!.description == """
        the state does not fit Sequential:
          missing in the state:
            1.weight
          unknown to Sequential:
            2.gian
          wrong:
            0.weight: the model has [3, 4], the state [4, 3]
            1.bias: the model has float32, the state int32
        """)
    #expect(model.stateDict()["0.bias"]! == before["0.bias"]!)
    state["0.bias"] = Tensor([5, 6, 7] as [Double])
    let rest = try? model.loadStateDict(state, strict: false)
    #expect(rest == mismatch?.mismatch)
    #expect(model.stateDict()["0.bias"]! == Tensor([5, 6, 7] as [Float]))
  }

  @Test func freezingByName() {
    let model = Sequential(Linear(2, 2), Sequential(Linear(2, 2), Linear(2, 2)))
    model.freeze("1.0", "0.bias")
    #expect(model.namedParameters().filter(\.parameter.isFrozen).map(\.name) == ["0.bias", "1.0.weight", "1.0.bias"])
    model(.ones([1, 2])).sum().backward()
    #expect(
      model.namedParameters().filter { $0.parameter.grad != nil }.map(\.name) == ["0.weight", "1.1.weight", "1.1.bias"])
    model.unfreeze("1")
    #expect(model.namedParameters().filter(\.parameter.isFrozen).map(\.name) == ["0.bias"])
    model.freeze()
    #expect(model.parameters().allSatisfy(\.isFrozen) && model.parameters().allSatisfy { $0.grad == nil })
    #expect(!model(.ones([1, 2])).requiresGrad)
    // Frozen gradients are hidden and come back, unless somebody forgets them.
    model.unfreeze("0")
    #expect(model.namedParameters().filter { $0.parameter.grad != nil }.map(\.name) == ["0.weight"])
    model.freeze()
    model.zeroGrad()
    model.unfreeze()
    #expect(model.parameters().allSatisfy { $0.grad == nil && !$0.isFrozen })
  }

  @Test func anUnknownNameIsRefused() {
    let end = mistake { Sequential(Linear(2, 2)).freeze("encoder") }
    expectMessage(
      "freeze: no parameter is called 'encoder' or lies below it; this Sequential has 0.weight, 0.bias", end)
  }

  @Test func conversion() {
    let model = Sequential(Linear(2, 2), LayerNorm(2))
    model(.ones([1, 2])).sum().backward()
    let w = (model[0] as! Linear).weight
    #expect(model.to(.float64) === model)
    #expect(w.dtype == .float64 && w.grad!.dtype == .float64 && w.requiresGrad)
    model.zeroGrad()
    #expect(w.grad == nil)
    model(.ones([1, 2], .float64)).sum().backward()
    #expect(w.grad!.dtype == .float64)
    let language = Language().to(.float64)
    #expect(language.cell.steps.dtype == .int64 && language.cell.mask.dtype == .float64)
  }
}
