import Tapestry

/// A model that an actor owns. Tensors and frozen copies go in and out, the model stays.
actor Trainer {
  private let model: Classifier
  private let optimizer: Adam
  private(set) var steps = 0

  init(seed: Int) {
    model = withSeed(seed) { Classifier() }
    optimizer = Adam(model.parameters(), learningRate: 3e-3)
  }

  /// Takes over a model that the caller does not use afterwards.
  init(_ model: sending Classifier) {
    self.model = model
    optimizer = Adam(model.parameters(), learningRate: 3e-3)
  }

  func step(_ images: Tensor, _ labels: Tensor) -> Double {
    let loss = crossEntropy(model(images), labels)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    steps += 1
    return loss.item
  }

  func snapshot() -> Frozen<Classifier> { model.frozen() }
  func state() -> StateDict { model.stateDict() }
  func load(_ state: StateDict) throws { try model.loadStateDict(state) }
}

/// A model that a user interface shows: it lives on the main actor and learns elsewhere.
@MainActor
final class Screen {
  private let model = Classifier()
  private(set) var log: [String] = []
  private(set) var server: Frozen<Classifier>?

  func learn(from examples: Examples) async {
    log.append("training")
    let state = await Task.detached { () -> StateDict in
      let model = Classifier()
      _ = train(model, on: examples, epochs: 1, seed: 5)
      return model.stateDict()
    }.value
    do {
      try model.loadStateDict(state)
      server = model.frozen()
      log.append("trained: \(model.parameterCount) weights")
    } catch {
      log.append("\(error)")
    }
  }
}

/// A model in a struct, and one behind a generic parameter.
struct Pipeline<Model: Layer> {
  var model: Model
  var classes: [String]

  func label(of image: Tensor) -> String {
    let logits = noGrad { model(image.unsqueezed(0)) }
    return classes[logits.value.argmax().item(Int.self)]
  }
}

/// Asks a frozen model from several tasks at once; by task. Generic: any Layer may serve, and any may be sent to
/// another task.
func serve<Model: Layer>(_ server: Frozen<Model>, _ questions: [Tensor], tasks: Int) async -> [Int: [Tensor]] {
  await withTaskGroup(of: (Int, [Tensor]).self) { group in
    for task in 0..<tasks { group.addTask { (task, questions.map { server($0) }) } }
    var answers: [Int: [Tensor]] = [:]
    for await (task, tensors) in group { answers[task] = tensors }
    return answers
  }
}

func evaluated<Model: Layer>(_ model: sending Model, _ x: Tensor) async -> Tensor {
  model.eval()
  return await Task.detached { model(x).value }.value
}

/// Scoped functions with synchronous closures, called where there is an `await` nearby.
func scopes(_ examples: Examples) async -> [Shape] {
  await Task.yield()
  let model = withSeed(1) { Classifier() }
  let x = examples.inputs[0..<4]
  let y = noGrad { model(x) }
  let z = withThreads(1) { withBackend("reference") { model(x) } }
  var shapes = [y.shape, z.shape]
  observe(model) { event in
    if event.moment == .ends && event.path == "embed" { shapes.append(event.outputs[0].shape) }
  } during: {
    model(x)
  }
  await Task.yield()
  let w = enableGrad { checkpoint(x) { model($0) } }
  w.sum().backward()
  shapes.append(model.embed.weight.grad!.shape)
  return shapes
}
