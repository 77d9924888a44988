// swift-format-ignore-file
import Tapestry

func trainedHereAndThere(_ x: Tensor) async -> Tensor {
  let model = Sequential(Linear(2, 3))
  let task = Task.detached { model(x).value }  // error: risks causing data races
  model.train()
  return await task.value
}

func shared(_ model: Sequential, _ x: Tensor) async {
  Task.detached { print(model(x)) }  // error: passing closure as a 'sending' parameter risks causing data races
}

func givenAway(_ x: Tensor) async -> Tensor {
  let model = Sequential(Linear(2, 3))
  return await Task.detached { model(x).value }.value
}
