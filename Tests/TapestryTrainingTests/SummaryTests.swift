import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TapestryTraining
import Testing

private final class Block: Layer {
  let norm = LayerNorm(8)
  let first = Linear(8, 32)
  let second = Linear(32, 8)
  let scale = Parameter(.ones([8]))
  let unused = Linear(8, 8, bias: false)
  func forward(_ x: Variable) -> Variable { x + second(relu(first(norm(x)))) * scale }
}

private final class Tied: Layer {
  let embedding = Embedding(11, 4)
  let output: Output
  init() { output = Output(embedding.weight) }
  func forward(_ tokens: Variable) -> Variable { output(embedding(tokens)) }
}

private final class Output: Layer {
  let weight: Parameter
  init(_ weight: Parameter) { self.weight = weight }
  func forward(_ x: Variable) -> Variable { matmul(x, weight.transposed()) }
}

struct SummaryTests {
  @Test func theSeedsFigures() {
    let linears = Sequential(Linear(784, 256), Linear(256, 128), Linear(128, 10)).summary(input: [32, 784])
    #expect(linears.multiplyAdds == 7_512_064)
    #expect(linears.rows.map(\.multiplyAdds) == [0, 6_422_528, 1_048_576, 40_960])
    #expect(linears.activationMemory == 150_784 && linears.inputMemory == 100_352)
    #expect(linears.parameters == 235_146 && formatBytes(linears.parameterMemory) == "918.5 KiB")

    let whole = seedsNetwork().summary(input: [32, 784])
    #expect(whole.multiplyAdds == 7_512_064 && whole.parameters == 235_146)
    #expect(whole.activationMemory == 249_088 && formatBytes(whole.activationMemory) == "243.2 KiB")
    #expect(whole.rows.map(\.parameters) == [0, 200_960, 0, 0, 32_896, 0, 0, 1_290])
    #expect(
      whole.rows.map(\.outputs) == [
        [[32, 10]], [[32, 256]], [[32, 256]], [[32, 256]], [[32, 128]], [[32, 128]], [[32, 128]], [[32, 10]],
      ])

    let two = Sequential(Linear(784, 256), ReLU(), Linear(256, 10)).summary(input: [1, 784])
    #expect(
      two.parameters == 203_530 && two.parameterMemory == 814_120
        && formatBytes(two.parameterMemory, .decimal) == "814.1 kB")
  }

  /// Seed 001: parameters m(n + 1), 2d, 0, Vd, and complexities mn a row for Linear alone.
  @Test func theSeedsTableOfLayers() {
    func row(_ layer: any Layer, _ input: Shape, _ dtype: DType = .float32) -> Summary {
      layer.summary(input: input, dtype: dtype)
    }
    let linear = row(Linear(512, 256), [1, 512])
    #expect(linear.parameters == 131_328 && linear.multiplyAdds == 512 * 256)
    #expect(row(Linear(784, 512), [1, 784]).parameters == 401_920)
    let norm = row(LayerNorm(512), [2, 512])
    #expect(norm.parameters == 1024 && norm.multiplyAdds == 0 && norm.rows[0].outputs == [[2, 512]])
    let dropout = row(Dropout(), [2, 512])
    #expect(dropout.parameters == 0 && dropout.multiplyAdds == 0)
    let embedding = row(Embedding(5000, 512), [2, 7], .int64)
    #expect(
      embedding.parameters == 5000 * 512 && embedding.multiplyAdds == 0 && embedding.rows[0].outputs == [[2, 7, 512]])
  }

  @Test func rowsAddUpWhateverTheNesting() {
    let model = Sequential(Block(), Sequential(ReLU(), Block()))
    let summary = model.summary(input: [5, 8])
    #expect(
      summary.rows.map(\.path) == [
        "", "0", "0.norm", "0.first", "0.second", "1", "1.0", "1.1", "1.1.norm", "1.1.first", "1.1.second", "0.unused",
        "1.1.unused",
      ])
    #expect(summary.parameters == model.parameterCount)
    #expect(summary.multiplyAdds == 2 * 2 * 5 * 8 * 32)
    let block = summary.rows[1]
    #expect(block.isContainer && block.parameters == 8 && block.multiplyAdds == 0 && block.outputs == [[5, 8]])
    // Its sum is a tensor of its own; the product of second's result with the scale overwrites nothing of it.
    #expect(block.activationMemory == 5 * 8 * 4)
    // A Sequential returns what its last layer returned.
    #expect(summary.rows[5].activationMemory == 0 && summary.rows[0].activationMemory == 0)
    #expect(
      summary.rows[11].notes == ["never called"] && summary.rows[11].outputs.isEmpty
        && summary.rows[11].parameters == 64)
  }

  @Test func memoryIsInBytes() {
    let model = Sequential(Linear(3, 2), ReLU()).to(.float64), summary = model.summary(input: [5, 3], dtype: .float64)
    #expect(
      summary.parameterMemory == 8 * 8 && summary.inputMemory == 15 * 8
        && summary.activationMemory == (15 + 10 + 10) * 8)
  }

  @Test func viewsAndIdentitiesTakeNoMemory() {
    let model = Sequential(Flatten(), Identity(), Dropout())
    model.eval()
    #expect(model.summary(input: [4, 2, 3]).activationMemory == 4 * 6 * 4)
    model.train()
    #expect(model.summary(input: [4, 2, 3]).activationMemory == 2 * 4 * 6 * 4)
  }

  @Test func tiedLayersAreCalledSo() {
    let layer = Linear(4, 4)
    let model = Sequential([any Layer](repeating: layer, count: 3))
    let row = model.summary(input: [2, 4]).rows[1]
    #expect(row.path == "0" && row.calls == 3 && row.parameters == 20 && row.multiplyAdds == 3 * 2 * 4 * 4)
    #expect(row.activationMemory == 3 * 2 * 4 * 4)
    #expect(row.notes == ["the same layer as 1, 2", "3 calls"])
    #expect(
      Sequential([any Layer](repeating: layer, count: 6)).summary(input: [2, 4]).rows[1].notes[0]
        == "the same layer as 1, 2, 3 and 2 more")
  }

  @Test func tiedAndFrozenWeightsAreMarked() {
    let model = Tied()
    let tied = model.summary(input: [2, 3], dtype: .int64)
    #expect(tied.parameters == 44 && tied.multiplyAdds == 2 * 3 * 4 * 11)
    #expect(tied.rows.map(\.notes) == [[], [], ["weight tied to embedding.weight"]])
    let block = Block()
    block.freeze("first", "second.bias")
    let frozen = block.summary(input: [2, 8])
    #expect(frozen.rows.map(\.notes) == [[], [], ["frozen"], ["8 frozen"], ["never called"]])
    #expect(frozen.frozenParameters == 8 * 32 + 32 + 8)
    #expect(frozen.description.contains("296 of the 640 parameters are frozen"))
  }

  @Test func theTable() {
    let model = Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 10))
    model.freeze("0")
    #expect(
      model.summary(input: [32, 784]).description == """
        layer  type              output     parameters     memory  activations  multiply-adds
        ─────────────────────────────────────────────────────────────────────────────────────────────
        input  float32           [32, 784]           –          –     98.0 KiB              –
        0      Linear(784, 256)  [32, 256]     200,960  785.0 KiB     32.0 KiB      6,422,528  frozen
        1      ReLU              [32, 256]           –          –     32.0 KiB              –
        2      Dropout(p: 0.5)   [32, 256]           –          –     32.0 KiB              –
        3      Linear(256, 10)   [32, 10]        2,570   10.0 KiB      1.2 KiB         81,920
        ─────────────────────────────────────────────────────────────────────────────────────────────
        total  Sequential                      203,530  795.0 KiB    195.2 KiB      6,504,448
        200,960 of the 203,530 parameters are frozen
        """)
  }

  @Test func bytes() {
    #expect(
      [0, 1023, 1024, 1536, 1_048_524, 1_048_576].map { formatBytes($0) } == [
        "0 B", "1023 B", "1.0 KiB", "1.5 KiB", "1023.9 KiB", "1.0 MiB",
      ])
    #expect(
      [999, 1000, 999_949, 999_950, 2_000_000_000].map { formatBytes($0, .decimal) } == [
        "999 B", "1.0 kB", "999.9 kB", "1.0 MB", "2.0 GB",
      ])
    #expect(formatBytes(-2048) == "-2.0 KiB")
  }
}
