import Tapestry

/// A model of a user's own: modules inside modules, a mode, a table, and a note in a property, which only separate
/// replicas make safe on several threads.
final class Classifier: Layer {
  let embed = Linear(64, 32)
  let blocks = (0..<2).map { _ in Block(32) }
  let head = Sequential {
    LayerNorm(32)
    Linear(32, 10)
  }
  let scale = Buffer(Tensor([2] as [Float]))
  private(set) var calls = 0

  func forward(_ x: Variable) -> Variable {
    calls += 1
    var y = relu(embed(x * scale))
    for block in blocks { y = block(y) }
    return head(y)
  }
}

final class Block: Layer {
  let norm: LayerNorm
  let linear: Linear
  let dropout = Dropout(0.1)

  init(_ size: Int) {
    norm = LayerNorm(size)
    linear = Linear(size, size)
  }

  func forward(_ x: Variable) -> Variable { x + dropout(gelu(linear(norm(x)))) }
}

/// Trains for some epochs and returns the loss of the last batch. Generic: any Layer that gives logits will do.
func train<Model: Layer>(_ model: Model, on examples: Examples, epochs: Int, seed: Int) -> Double {
  let optimizer = Adam(model.parameters(), learningRate: 3e-3)
  var last = 0.0
  model.train()
  withSeed(seed) {
    for _ in 1...epochs {
      for (images, labels) in examples.batches(of: 32, shuffled: true) {
        let loss = crossEntropy(model(images), labels)
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
        last = loss.item
      }
    }
  }
  return last
}

/// A trained model, as something that may cross tasks. It is built, trained and forgotten here.
func trained(on examples: Examples, epochs: Int, seed: Int) -> Frozen<Classifier> {
  let model = withSeed(seed) { Classifier() }
  _ = train(model, on: examples, epochs: epochs, seed: seed)
  return model.frozen()
}
