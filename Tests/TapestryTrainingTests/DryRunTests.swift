import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TapestryTraining
import Testing

private final class Pair: Module {
  let left = Linear(2, 4)
  let right = Embedding(7, 4)
  func callAsFunction(_ x: Variable, _ tokens: Variable) -> (Variable, Variable) {
    running(self, x, tokens) {
      let y = left(x), z = right(tokens)
      return (y + z, concatenate([y, z], axis: -1))
    }
  }
}

private final class Outer: Layer {
  let blocks = [Pair(), Pair()]
  let head = Linear(5, 1)
  func forward(_ x: Variable) -> Variable { head(blocks[1](x, Variable(.zeros([3], .int64))).0) }
}

struct DryRunTests {
  @Test func shapes() throws {
    #expect(try dryRun(seedsNetwork(), [32, 784]) == [32, 10])
    #expect(try dryRun(Sequential(Flatten(), Linear(6, 2)), [5, 2, 3], .float32) == [5, 2])
    #expect(try dryRun(Embedding(10, 4), [2, 3], .int64) == [2, 3, 4])
    #expect(
      try dryRun(Sequential(Residual(Sequential(LayerNorm(8), Linear(8, 8), GELU())), Reshape(2, 4)), [3, 8]) == [
        3, 2, 4,
      ])
    #expect(try dryRun(Linear(4, 4).to(.float64), [3, 4], .float64) == [3, 4])
  }

  @Test func severalInputsAndResults() throws {
    let shapes = try dryRun(Pair()) { model in
      let (a, b) = model(Variable(.zeros([6, 2])), Variable(.zeros([6], .int64)))
      return [a, b]
    }
    #expect(shapes == [[6, 4], [6, 8]])
  }

  @Test func theFirstMistakeIsThrown() {
    let seeds = #expect(throws: ShapeError.self) {
      try dryRun(Sequential(Linear(784, 128), Linear(256, 10)), [32, 784])
    }
    #expect(
      seeds?.description.hasPrefix(
        "1 (Linear): linear: cannot multiply [32, 128] by [256, 10]: inner sizes 128 and 256 differ") == true)
    let nested = #expect(throws: ShapeError.self) { try dryRun(Outer(), [3, 2]) }
    #expect(
      nested?.description.hasPrefix(
        "head (Linear): linear: cannot multiply [3, 4] by [5, 1]: inner sizes 4 and 5 differ") == true)
    let inside = #expect(throws: ShapeError.self) { try dryRun(Outer(), [3, 3]) }
    #expect(inside?.description.hasPrefix("blocks.1.left (Linear): linear: cannot multiply [3, 3] by [2, 4]") == true)
    let type = #expect(throws: ShapeError.self) { try dryRun(Linear(4, 4), [3, 4], .float64) }
    #expect(type?.description.hasPrefix("Linear: linear: cannot combine float64 [3, 4] with float32 [4, 4]") == true)
  }

  @Test func afterAMistakeTheThreadIsAsBefore() throws {
    let model = Sequential(Linear(3, 2), Linear(3, 1))
    #expect(throws: ShapeError.self) { try dryRun(model, [1, 3]) }
    #expect(!Dry.isOn && isRecording)
    #expect(model[0](.ones([1, 3])).value != Tensor.zeros([1, 2]))
  }

  /// What was abandoned in the midst of a dry run holds no share of the weights: they can still be changed where they
  /// lie, as an optimizer does.
  @Test func afterAMistakeTheWeightsAreSharedByNobody() {
    let model = Sequential(Linear(3, 2), LayerNorm(2), Linear(3, 1))
    #expect(throws: ShapeError.self) { try dryRun(model, [1, 3]) }
    for (name, parameter) in model.namedParameters() {
      let place = parameter.value.blockAddress
      parameter.value.makeUnique()
      #expect(parameter.value.blockAddress == place, "\(name)")
    }
  }

  @Test func sizeDoesNotMatter() throws {
    // 256 GB in, as much in between and out, and eight million million multiplications, which nobody computes while a
    // test runs.
    let model = Sequential(Linear(64, 64), ReLU(), Dropout(), Linear(64, 64))
    #expect(try dryRun(model, [1_000_000_000, 64]) == [1_000_000_000, 64])
    #expect(model.summary(input: [1_000_000_000, 64]).multiplyAdds == 2 * 1_000_000_000 * 64 * 64)
    let lookup = Embedding(10, 64)
    #expect(try dryRun(lookup, [1_000_000_000], .int64) == [1_000_000_000, 64])
  }

  @Test func whatNoAddressCanNameIsThrown() throws {
    // 2⁴⁷ bytes: the input itself; a result by an operation of one input, of two, and a matrix product.
    let input = #expect(throws: ShapeError.self) { try dryRun(ReLU(), [1 << 45]) }
    #expect(
      input?.description
        == "dry run: a tensor of 140737488355328 bytes is larger than what addresses are left for; give smaller shapes")
    let sum = #expect(throws: ShapeError.self) { try dryRun(Lambda { x in x + x.transposed() }, [1 << 23, 1]) }
    #expect(sum?.description.hasPrefix("Lambda: dry run: a tensor of 281474976710656 bytes is larger") == true)
    let product = #expect(throws: ShapeError.self) {
      try dryRun(Lambda { x in matmul(x, x.transposed()) }, [1 << 24, 1])
    }
    #expect(product?.description.hasPrefix("Lambda: dry run: a tensor of 1125899906842624 bytes is larger") == true)
    #expect(!Dry.isOn)
    #expect(try dryRun(ReLU(), [1 << 20]) == [1 << 20])
  }

  @Test func theModelStaysAsItIs() throws {
    let model = Counter()
    model.weight.grad = Tensor([1, 2] as [Float])
    try withSeed(7) { () throws in
      let state = Random.generator.state
      #expect(try dryRun(model, [4, 2]) == [4, 2])
      let rows = model.summary(input: [4, 2]).rows
      #expect(rows.count == 1 && rows[0].calls == 1)
      #expect(Random.generator.state == state)
    }
    #expect(
      model.mean.value == .zeros([2]) && model.weight.value == .ones([2]) && model.calls == 0 && model.last == nil
        && model.training)
    #expect(model.weight.grad == Tensor([1, 2] as [Float]))
    _ = model(.ones([4, 2]))
    #expect(model.calls == 1 && model.mean.value == .full([2], 0.1))
  }

  @Test func constantsKeepTheirValues() throws {
    // A size that a small constant decides is right.
    let model = Lambda { x in x.reshaped([Int(Tensor(3).item), -1]) }
    #expect(try dryRun(model, [4, 6]) == [3, 8])
    #expect(try dryRun(Lambda { x in x * Variable(.arange(0, 6, .float32)) }, [4, 6]) == [4, 6])
  }

  @Test func backwardIsNotRecorded() {
    let error = #expect(throws: ShapeError.self) {
      try dryRun(Linear(2, 1)) { model in
        model(.zeros([3, 2])).sum().backward()
        return []
      }
    }
    #expect(error?.description.contains("needs no gradient") == true)
  }
}
