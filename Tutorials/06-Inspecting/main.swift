// Finding out what a model does, and what is wrong with it.
//
//     swift run -c release 06-Inspecting

import Tapestry

Random.seed(0)
let digits = run { try Digits.load() }
let (images, labels) = (digits.train.inputs[0..<32], digits.train.labels[0..<32])

let model = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))
let optimizer = Adam(model.parameters(), learningRate: 1e-3)

// Computed from shapes alone: no weight is read, and a batch of a billion costs nothing.
print(model.summary(input: [32, 64]))

// The shapes a model would give, or the first that does not fit, as an error to catch.
run { print("\n\(try dryRun(model, [32, 64]))") }
do {
  try dryRun(Sequential(Linear(784, 128), Linear(256, 10)), [32, 784])
} catch {
  print(error)
}

// After backward: does every weight get a gradient, and how far does a step move it?
crossEntropy(model(images), labels).backward()
print("\n\(gradientReport(model) { optimizer.step() })")

// What is alive in memory, by the module that made it.
withMemoryTracking {
  let loss = crossEntropy(model(images), labels)
  print("\n\(memoryReport(model))")
  loss.backward()
}

/// A layer with a mistake: the logarithm of numbers that may be negative.
final class Scale: Layer {
  let inner = Linear(64, 64)
  func forward(_ x: Variable) -> Variable { log(inner(x)) }
}

// The first operation whose result is no number, with the module that ran it. (Without `catching` the message would end
// the program.)
let broken = Sequential(Scale(), Linear(64, 10))
do {
  try dryRun(broken, [32, 64])  // the shapes are right
  try Failure.catching { detectAnomaly { broken(images) } }
} catch {
  print("\n\(error)")
}
