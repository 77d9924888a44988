// Models: classes that hold layers. What they hold is found by reflection, so there is nothing to register.
//
//     swift run -c release 03-Layers

import Tapestry

/// A layer of your own: a class with parts and a `forward`. y = x + W₂·gelu(W₁·norm(x))
final class Block: Layer {
  let norm: LayerNorm
  let inner: Linear
  let outer: Linear
  let dropout = Dropout(0.1)

  init(_ size: Int) {
    norm = LayerNorm(size)
    inner = Linear(size, 4 * size)
    outer = Linear(4 * size, size)
  }

  func forward(_ x: Variable) -> Variable { x + dropout(outer(gelu(inner(norm(x))))) }
}

/// Parts may be layers, arrays and dictionaries of them, optionals, parameters (trained and saved) and buffers (saved).
final class Classifier: Layer {
  let input = Linear(64, 32)
  let blocks: [Block]
  let head = Sequential(LayerNorm(32), Linear(32, 10))
  let mean = Buffer(.zeros([64]))
  let temperature = Parameter(Tensor(1))

  init(depth: Int) { blocks = (0..<depth).map { _ in Block(32) } }

  func forward(_ x: Variable) -> Variable {
    var y = input(x - mean)
    for block in blocks { y = block(y) }
    return head(y) / temperature
  }
}

Random.seed(0)
let model = Classifier(depth: 2)
print(model)

// A model is called like a function. A batch of Tensors goes in as it is.
let batch = Tensor.uniform([5, 64])
print("\nlogits:", model(batch).shape)

// Names and layouts in the state are PyTorch's, so files go both ways: Linear's weight is (out, in) there.
print("\nthe state:")
for (name, tensor) in model.stateDict().prefix(6) { print("  \(name)  \(tensor.shape)") }
print("  … \(model.stateDict().count) tensors")

let twin = Classifier(depth: 2)
run { try twin.loadStateDict(model.stateDict()) }
do {
  try Classifier(depth: 1).loadStateDict(model.stateDict())
} catch {
  print("", "\(error)".split(separator: "\n").prefix(4).joined(separator: "\n"), "    …", separator: "\n")
}

// Dropout is active in training. eval() turns it off, train() on again.
model.eval()
twin.eval()
print("\nthe twin answers alike:", model(batch).value == twin(batch).value)

// The same kind of model without a class. The builder knows if, if/else and for.
let deep = true
let quick = Sequential {
  Linear(64, 32)
  if deep {
    for _ in 0..<2 { Residual(Sequential(LayerNorm(32), Linear(32, 32), GELU())) }
  }
  Linear(32, 10)
}
print("\n\(quick)")

// Looking inside, without changing the model: an observer sees every call below it.
print("\nshapes on the way:")
observe(model) { event in
  if event.moment == .ends { print("  \(event.description)  \(event.inputs[0].shape) → \(event.outputs[0].shape)") }
} during: {
  model(batch)
}

// Training some weights only: freeze by name.
model.freeze("input", "blocks")
print("\nstill trained:", model.namedParameters().filter { !$0.parameter.isFrozen }.map(\.name).joined(separator: ", "))

// For many threads: a Sendable copy that only computes, and shares the weights' memory.
let server = model.frozen()
let answers = await withTaskGroup(of: Tensor.self) { group in
  for _ in 0..<4 { group.addTask { server(batch) } }
  var answers: [Tensor] = []
  for await answer in group { answers.append(answer) }
  return answers
}
print("\nfour tasks, the same bits:", answers.allSatisfy { $0 == model(batch).value })
