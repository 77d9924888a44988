// A training loop with everything that one has: groups of parameters, a schedule, clipping, progress, validation,
// saving the best state.
//
//     swift run -c release 04-Training

import Foundation
import Tapestry

Random.seed(0)
let digits = run { try Digits.load() }
// 1,200 images to learn from and 237 to choose by. The test images are looked at once, at the end.
let training = Examples(digits.train.inputs[..<1200], digits.train.labels[..<1200])
let validation = Examples(digits.train.inputs[1200...], digits.train.labels[1200...])
let model = Sequential {
  Linear(64, 128)
  for _ in 0..<2 { Residual(Sequential(LayerNorm(128), Linear(128, 128), GELU(), Dropout(0.1))) }
  LayerNorm(128)
  Linear(128, 10)
}

// Weight decay is for matrices; biases and norms do without it. What a group does not say comes from the optimizer.
let weights = model.parameters().filter { $0.rank >= 2 }
let others = model.parameters().filter { $0.rank < 2 }
let optimizer = AdamW(
  [ParameterGroup(weights), ParameterGroup(others, weightDecay: 0)], learningRate: 2e-3, weightDecay: 0.05)

// The learning rate rises for two epochs and falls along a cosine, counted in batches.
let epochs = 12
let batches = training.batches(of: 32, shuffled: true)
let warmUp = 2 * batches.count, total = epochs * batches.count
let schedule = SequentialLR(
  optimizer,
  schedulers: [
    LinearLR(optimizer, startFactor: 0.1, totalIters: warmUp),
    CosineAnnealingLR(optimizer, tMax: total - warmUp, etaMin: 1e-5),
  ], milestones: [warmUp])

/// The share of right answers, with dropout off.
func evaluate(_ examples: Examples) -> Double {
  model.eval()
  defer { model.train() }
  return noGrad { accuracy(model(examples.inputs), examples.labels) }
}

print("\(model.parameterCount) weights, \(total) steps of \(batches.count) batches an epoch\n")
print("epoch   loss    norm   rate     accuracy")
var best = (accuracy: 0.0, epoch: 0, state: model.stateDict())
for epoch in 1...epochs {
  var loss = RunningMean(), norm = RunningMean()
  // In a terminal the bar is redrawn as the batches go by; piped, it is quiet.
  let bar = progress(batches, "epoch \(epoch)")
  for (images, labels) in bar {
    let batchLoss = crossEntropy(model(images), labels, labelSmoothing: 0.05)
    optimizer.zeroGrad()
    batchLoss.backward()
    norm.add(clipGradNorm(model.parameters(), maxNorm: 1))
    optimizer.step()
    schedule.step()
    loss.add(batchLoss.item, count: labels.count)
    bar.show(["loss": loss.value])
  }
  let score = evaluate(validation)
  if score > best.accuracy { best = (score, epoch, model.stateDict()) }
  print(
    String(format: "%5d  %.4f  %5.2f   %.1e  %.3f", epoch, loss.value, norm.value, schedule.lastLearningRates[0], score)
  )
}

// The best state, to a file that PyTorch reads too, and back.
let file = FileManager.default.temporaryDirectory.appendingPathComponent(
  "digits-\(ProcessInfo.processInfo.processIdentifier).safetensors"
).path
run { try model.loadStateDict(best.state) }
run { try model.save(to: file) }
defer { try? FileManager.default.removeItem(atPath: file) }

let again = Sequential(model[0], Linear(128, 10))
do {
  try again.load(from: file)
} catch {
  print(
    "\na model that does not fit says so:", "\(error)".split(separator: "\n").prefix(4).joined(separator: "\n"),
    "    …", separator: "\n")
}
run { try model.load(from: file) }
print(String(format: "\nbest epoch %d, test accuracy %.3f", best.epoch, evaluate(digits.test)))
