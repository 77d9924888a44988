// options: -default-isolation MainActor -warnings-as-errors
// swift-format-ignore-file
// Xcode puts all code of a new app on the main actor. Models are free of it, so they train and serve anywhere. No slip.

import Tapestry

final class Classifier: Layer {
  let hidden = Linear(64, 32)
  let dropout = Dropout(0.1)
  var calls = 0

  func forward(_ x: Variable) -> Variable {
    calls += 1
    return dropout(relu(hidden(x)))
  }
}

final class Screen {
  let model = Classifier()
  var server: Frozen<Classifier>?

  func learn(_ examples: Examples) async throws {
    let state = await Task.detached { trained(examples).stateDict() }.value
    try model.loadStateDict(state)
    server = model.frozen()
  }
}

nonisolated func trained(_ examples: Examples) -> Classifier {
  let model = Classifier()
  let optimizer = SGD(model.parameters(), learningRate: 0.1)
  for (images, labels) in examples.batches(of: 32) {
    crossEntropy(model(images), labels).backward()
    optimizer.step()
    optimizer.zeroGrad()
  }
  return model
}

func served<Model: Layer>(_ server: Frozen<Model>, _ batches: [Tensor]) async -> [Tensor] {
  await withTaskGroup(of: Tensor.self) { group in
    for batch in batches { group.addTask { server(batch) } }
    var answers: [Tensor] = []
    for await answer in group { answers.append(answer) }
    return answers
  }
}
