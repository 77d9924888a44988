import Tapestry

final class Classifier: Layer {
  let hidden = Linear(64, 128)
  let output = Linear(128, 10)
  let dropout = Dropout(0.2)

  func forward(_ x: Variable) -> Variable {
    output(dropout(relu(hidden(x))))
  }
}

Random.seed(0)
let digits = run { try Digits.load() }
let model = Classifier()
let optimizer = Adam(model.parameters(), learningRate: 1e-3)
for _ in 1...20 {
  for (images, labels) in digits.train.batches(of: 32, shuffled: true) {
    let loss = crossEntropy(model(images), labels)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
  }
}
model.eval()
print("test accuracy", accuracy(model(digits.test.inputs), digits.test.labels))
