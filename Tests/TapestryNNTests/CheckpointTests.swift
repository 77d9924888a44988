import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import Testing

/// Its own mode and its own generator, and a call of its own.
private final class Noisy: Module, ModeDependent {
  var training = true
  let generator = Generator(seed: 4)
  let linear = Linear(6, 6)
  func callAsFunction(_ x: Variable) -> Variable {
    running(self, x) { withGenerator(generator) { linear(dropout(x, 0.5, training: training)) } }
  }
}

/// Checkpoints inside its forward, where only it knows the mode.
private final class Outer: Layer, ModeDependent {
  var training = true
  let linear = Linear(6, 6)
  func forward(_ x: Variable) -> Variable { checkpoint(x) { [self] x in linear(dropout(x, 0.5, training: training)) } }
}

/// A checkpoint's second run finds layers as the first one did.
struct CheckpointTests {
  let x = Tensor.uniform([5, 6])

  /// The gradients of a model's parameters by its sum of squares, `between` done before backward.
  private func gradients(_ model: any Module, _ call: () -> Variable, between: () -> Void) -> [Tensor] {
    model.train()
    let loss = withSeed(9) { (call() * call()).sum() }
    between()
    loss.backward()
    let found = model.parameters().map { $0.grad! }
    model.zeroGrad()
    return found
  }

  @Test func modesAreThoseOfForward() {
    let model = Sequential(Linear(6, 6), Dropout(0.5), Residual(Sequential(Linear(6, 6), AlphaDropout(0.3))))
    let input = Variable(x)
    let plain = gradients(model, { model(input) }, between: {})
    let dropouts = model.modules().compactMap { $0 as? any ModeDependent }
    #expect(dropouts.count == 2)
    let whole = gradients(model, { checkpoint(x) { model($0) } }, between: { model.eval() })
    #expect(dropouts.allSatisfy { !$0.training })
    let each = gradients(
      model, { model.layers.reduce(input) { x, layer in checkpoint(x) { layer($0) } } }, between: { model.eval() })
    #expect(whole == plain && each == plain)
    model.eval()
    let evaluated = checkpoint(x) { model($0) }
    model.train()
    evaluated.sum().backward()
    #expect(dropouts.allSatisfy { $0.training })
    let found = model.parameters().map { $0.grad! }
    model.zeroGrad()
    model.eval()
    model(input).sum().backward()
    #expect(found == model.parameters().map { $0.grad! })
  }

  @Test func modulesWithTheirOwnCallAndGenerator() {
    let model = Noisy(), start = model.generator.state
    let plain = gradients(model, { model(Variable(x)) }, between: {})
    let after = model.generator.state
    model.generator.state = start
    let checkpointed = gradients(model, { checkpoint(x) { model($0) } }, between: { model.eval() })
    #expect(checkpointed == plain && model.generator.state == after && !model.training)
  }

  @Test func theModuleThatCheckpoints() {
    let model = Outer()
    let checkpointed = gradients(model, { model(Variable(x)) }, between: { model.eval() })
    #expect(!model.training)
    let plain = gradients(model, { model.linear(dropout(Variable(x), 0.5, training: true)) }, between: {})
    #expect(checkpointed == plain)
  }

  @Test func blocksInALoopAgainstNoCheckpoint() {
    let blocks = (0..<4).map { _ in Residual(Sequential(LayerNorm(6), Linear(6, 6), GELU(), Dropout(0.2))) }
    let model = Sequential(blocks)
    let plain = gradients(model, { blocks.reduce(Variable(x)) { $1($0) } }, between: {})
    let checkpointed = gradients(
      model,
      {
        var x = Variable(x)
        for block in blocks { x = checkpoint(x) { block($0) } }
        return x
      }, between: {})
    #expect(checkpointed == plain && plain.count == 16)
  }

  /// Rows that `maxNorm` shortens are shortened by the first run.
  @Test func anEmbeddingThatShortens() {
    let table = Tensor([[3, 4], [0.1, 0]] as [[Float]])
    let plain = Embedding.fromPretrained(table, freeze: false, maxNorm: 1),
      checkpointed = Embedding.fromPretrained(table, freeze: false, maxNorm: 1)
    let rows = Tensor([0, 1, 0])
    (plain(rows) * plain(rows)).sum().backward()
    let y = checkpoint(rows) { checkpointed($0) * checkpointed($0) }
    y.sum().backward()
    #expect(checkpointed.weight.grad == plain.weight.grad && checkpointed.weight.value == plain.weight.value)
  }
}
