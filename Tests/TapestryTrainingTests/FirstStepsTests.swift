import Foundation
import TapestryAutograd
import TapestryData
import TapestryNN
import TapestryOps
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct FirstStepsTests {
  private func classifier() -> Sequential { Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10)) }
  private func batch() throws -> (images: Tensor, labels: Tensor) {
    let digits = try Digits.load()
    return (digits.train.inputs[0..<32], digits.train.labels[0..<32])
  }

  // The first loss

  @Test(arguments: 0..<5) func aFreshClassifierPasses(_ seed: Int) throws {
    let (images, labels) = try batch()
    let check = withSeed(seed) { firstLossCheck(classifier()(images), labels) }
    #expect(check.passed && check.classes == 10 && check.expected == log(10), "\(check)")
    #expect("\(check)".hasSuffix("ln 10 = 2.3026: as of a model that knows nothing yet"))
  }

  /// ln C of equal logits, exactly; a last layer that starts at 0 is none the worse.
  @Test func equalLogits() {
    let check = firstLossCheck(Tensor.zeros([8, 4]), Tensor([0, 1, 2, 3, 0, 1, 2, 3]))
    #expect(abs(check.loss - log(4)) < 1e-12 && check.passed)
    #expect("\(check)" == "first loss 1.3863, ln 4 = 1.3863: as of a model that knows nothing yet")
  }

  /// Each mistake of a model, and the words that name it.
  @Test func whatIsOddIsNamed() throws {
    let (images, labels) = try batch()
    let mistakes: [(String, (Variable) -> Variable)] = [
      ("the model is sure of wrong answers: its logits have a standard deviation of", { $0 * 20 }),
      ("the logits are probabilities: leave softmax out", { softmax($0, axis: 1) }),
      ("the logits are logarithms of probabilities: leave logSoftmax out", { logSoftmax($0, axis: 1) }),
      ("no logit is negative, and many are 0: leave out the ReLU", { relu($0) }),
      ("all logits lie between 0 and 1: leave out the sigmoid", { sigmoid($0) }),
      ("every row has the same logits: the input does not reach the output", { $0[0..<1] + $0 * 0 }),
      ("the loss is nan: detectAnomaly", { log($0) }),
      ("the model knows too much", { $0 + 10 * Variable(Tensor.oneHot(labels, classes: 10, .float32)) }),
    ]
    let logits = withSeed(0) { classifier()(images) }
    #expect(firstLossCheck(logits, labels).passed)
    for (words, mistake) in mistakes {
      let check = firstLossCheck(mistake(logits), labels)
      #expect(check.remarks.contains { $0.hasPrefix(words) }, "\(words): \(check)")
      #expect("\(check)".contains(": something is odd\n  - ") && !check.passed)
    }
  }

  private static let mistakes: [Mistake] = [
    Mistake("firstLossCheck: needs logits (count, classes) of at least one row and two classes, got [4]") {
      _ = firstLossCheck(Tensor.zeros([4]), Tensor([0]))
    },
    Mistake("firstLossCheck: needs logits (count, classes) of at least one row and two classes, got [0, 4]") {
      _ = firstLossCheck(Tensor.zeros([0, 4]), Tensor([Int]()))
    },
    Mistake("firstLossCheck: needs logits (count, classes) of at least one row and two classes, got [4, 1]") {
      _ = firstLossCheck(Tensor.zeros([4, 1]), Tensor([0, 0, 0, 0]))
    },
    Mistake("crossEntropy:") { _ = firstLossCheck(Tensor.zeros([2, 3]), Tensor([0, 3])) },
    Mistake("overfitCheck: needs at least 1 step, got 0") {
      _ = overfitCheck(Linear(1, 1), .zeros([1, 1]), .zeros([1, 1]), steps: 0)
    },
    Mistake("overfitCheck: the model has no parameter to train; unfreeze() some") {
      let model = Linear(1, 1)
      model.freeze()
      _ = overfitCheck(model, .zeros([1, 1]), .zeros([1, 1]))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  // One batch by heart

  @Test func aSoundModelOverfits() throws {
    let (images, labels) = try batch()
    try withSeed(0) {
      let model = classifier(), before = model.stateDict(), state = Random.generator.state
      let check = overfitCheck(model, images, labels)
      #expect(check.passed && check.losses.last! <= check.losses[0] / 100 && check.losses.count < 500, "\(check)")
      #expect(check.losses.dropLast().allSatisfy { $0 > check.target })  // it ends as soon as it may
      #expect("\(check)".hasPrefix("overfits one batch: loss "))
      // Dropout was off in the copy; the model is what it was, and so are the random numbers to come.
      #expect((model[2] as! Dropout).training && Random.generator.state == state)
      for (name, tensor) in before { #expect(model.stateDict()[name] == tensor) }
      #expect(model.parameters().allSatisfy { $0.grad == nil })
      #expect(overfitCheck(model, images, labels).losses == check.losses)
      // Floating labels are targets.
      let regression = overfitCheck(Sequential(Linear(64, 64), ReLU(), Linear(64, 1)), images, images[.all, 20..<21])
      #expect(regression.passed, "\(regression)")
      try #require(!check.withoutGradient!.zero.contains("0.weight"))
    }
  }

  final class Forgetful: Layer {
    let hidden = Linear(64, 32), unused = Linear(32, 32), output = Linear(32, 10)
    func forward(_ x: Variable) -> Variable { output(relu(hidden(x)).detach()) }
  }

  /// Why it cannot, in each case in words that belong to it.
  @Test func brokenModelsDoNot() throws {
    let (images, labels) = try batch()
    func verdict(_ loss: @escaping (Sequential) -> Variable, steps: Int = 60, _ rate: Double = 3e-3) -> String {
      withSeed(1) {
        let check = overfitCheck(classifier(), steps: steps, learningRate: rate, loss: loss)
        #expect(!check.passed && check.losses.count <= steps + 1)
        return "\(check)"
      }
    }
    #expect(
      verdict { crossEntropy(softmax($0(images), axis: 1), labels) }.contains(
        "\nIt fell, but not to a hundredth: more steps"))
    // Two labels for one image.
    let twins = concatenate([images[0..<1], images[0..<1]], axis: 0)
    #expect(verdict { crossEntropy($0(twins), Tensor([0, 1])) }.contains("equal inputs with different labels"))
    #expect(verdict { 0 * $0(images).sum() + 1 }.contains("\nIt does not change at all: no gradient reaches"))
    for sign in [0.0, 5] {
      #expect(
        verdict { sign - crossEntropy($0(images), labels) }.contains("\nIt is no loss that begins above 0 and ends"))
    }
    #expect(verdict({ crossEntropy($0(images), labels) }, steps: 2, 10).contains("\nIt rose: lower the learning rate."))
    #expect(verdict({ 3 + log(crossEntropy($0(images), labels) - 2) }, 0.1).contains("\nIt is nan after "))

    let forgetful = withSeed(1) { overfitCheck(Forgetful(), images, labels, steps: 5) }
    #expect(
      forgetful.withoutGradient.map(Array.init) == ["hidden.weight", "hidden.bias", "unused.weight", "unused.bias"])
    #expect("\(forgetful)".contains("\n4 of 6 parameters have no gradient:\n  hidden (all 2)\n  unused (all 2)\n"))
  }
}
