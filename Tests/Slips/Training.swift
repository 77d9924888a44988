// swift-format-ignore-file
import Tapestry

func optimizers(_ model: Sequential) {
  _ = Adam(model, learningRate: 0.1)  // error: cannot convert value of type 'Sequential' to expected argument type '[any ParameterSource]'
  _ = Adam(model.parameters, learningRate: 0.1)  // error: function produces expected type '[Parameter]'; did you mean to call it with '()'?
  _ = Adam(model.parameters(), lr: 0.1)  // error: extra argument 'lr' in call
  Adam(model.parameters()).zero_grad()  // error: 'zero_grad' is unavailable: write zeroGrad()
}

func steps(_ model: Sequential, _ x: Variable, _ labels: Tensor) {
  let loss = crossEntropy(model(x), labels)
  loss.backward  // error: function is unused
  loss.backwards()  // error: value of type 'Variable' has no member 'backwards'
  model.eval  // error: function is unused
  model.to("cuda")  // error: cannot convert value of type 'String' to expected argument type 'DType'
  loss.value.backward()  // error: is unavailable: a Tensor has no history: what is to be differentiated begins with Variable(t, requiresGrad: true)
}

func running(_ model: Sequential, _ x: Variable) {
  var total: Float = 0
  total += model(x).sum().item  // error: cannot convert value of type 'Double' to expected argument type 'Float'
  let losses: [Double] = [model(x).sum()]  // error: cannot convert value of type 'Variable' to expected element type 'Double'
  print(total, losses)
}

func unhandled(_ model: Sequential, _ state: StateDict) {
  let digits = Digits.load()  // error: call can throw, but it is not marked with 'try'
  model.loadStateDict(state)  // error: call can throw
  print(digits)
}

func data(_ examples: Examples) {
  for (x, y) in examples.batches(32) { print(x, y) }  // error: missing argument label 'of:' in call
  for (x, y) in examples.batches(of: 32, shuffle: true) { print(x, y) }  // error: incorrect argument label in call
  for batch in examples.batches(of: 32) { print(batch.images) }  // error: has no member 'images'
}
