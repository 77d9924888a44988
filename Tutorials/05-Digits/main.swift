// Reads handwritten digits: a network of 64 – 128 – 10 neurons, trained on 1,437 real images, tested on 360 others.
//
//     swift run -c release 05-Digits            (--seed 3 for other random numbers)

import Foundation
import Tapestry

final class Classifier: Layer {
  let hidden = Linear(64, 128)
  let output = Linear(128, 10)
  let dropout = Dropout(0.2)

  func forward(_ x: Variable) -> Variable {
    output(dropout(relu(hidden(x))))
  }
}

let arguments = CommandLine.arguments
let seed = arguments.firstIndex(of: "--seed").flatMap { Int(arguments.dropFirst($0 + 1).first ?? "") } ?? 0
Random.seed(seed)

let digits = run { try Digits.load() }
let model = Classifier()
let optimizer = Adam(model.parameters(), learningRate: 1e-3)
let epochs = 40

print(
  """
  \(digits.train.count) images to learn from, \(digits.test.count) to be tested on, \(model.parameterCount) \
  parameters, seed \(seed)\n
  """)

let clock = ContinuousClock()
let start = clock.now
var progress = Progress("training", total: epochs, unit: "epochs")
for _ in 1...epochs {
  var lossSum = 0.0, correct = 0.0
  for (images, labels) in digits.train.batches(of: 32, shuffled: true) {
    let logits = model(images)
    let loss = crossEntropy(logits, labels)
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    lossSum += loss.item * Double(labels.count)
    correct += accuracy(logits, labels) * Double(labels.count)
  }
  progress.advance([("loss", lossSum / Double(digits.train.count)), ("accuracy", correct / Double(digits.train.count))])
}
progress.finish()
let seconds = (clock.now - start) / .seconds(1)

model.eval()
let logits = noGrad { model(digits.test.inputs) }
let predictions = logits.value.argmax(-1)
var confusion = ConfusionMatrix(classes: 10)
confusion.add(predictions: predictions, labels: digits.test.labels)
print("\n\(confusion)\n")

// A few images as text, mistakes first.
let truth = digits.test.labels.array(Int.self), predicted = predictions.array(Int.self)
let wrong = truth.indices.filter { truth[$0] != predicted[$0] },
  right = truth.indices.filter { truth[$0] == predicted[$0] }
let shown = Array((wrong.prefix(2) + right).prefix(5))
let shades = Array(" .:-=+*#%@")
for row in 0..<8 {
  let lines = shown.map { image in
    digits.test.inputs[image].array(Float.self)[row * 8..<row * 8 + 8].map { pixel in
      String(repeating: shades[min(9, Int(pixel * 10))], count: 2)
    }.joined()
  }
  print(lines.joined(separator: "   "))
}
print(
  shown.map {
    "\(predicted[$0]), is \(truth[$0])\(truth[$0] == predicted[$0] ? "" : "  ✗")".padding(
      toLength: 19, withPad: " ", startingAt: 0)
  }.joined())

print(String(format: "\ntrained in %.2f s", seconds))
print(String(format: "test accuracy %.3f", confusion.accuracy))
