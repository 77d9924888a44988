import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Mistakes that only the numbers show (the laws try those that shapes show), and those of functions made of several ops. Each test is a process of its own.
struct NetworkMistakeTests {
  private func expectMessage(_ message: String, _ end: ExitTest.Result?) {
    let output = String(decoding: end?.standardErrorContent ?? [], as: UTF8.self)
    #expect(output.contains(message), "\(output)")
  }

  @Test func labelOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = crossEntropy(Variable(.zeros([2, 2, 3])), Tensor([[0, 1, -100], [1, -1, 5]]))
    }
    expectMessage("crossEntropy: label -1 at position 4 of [2, 3] is no class: there are 2, 0 ..< 2", end)
  }

  @Test func labelIgnoredByDefault() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = crossEntropy(Variable(.zeros([2, 3])), Tensor([0, -100]), ignoreIndex: nil)
    }
    expectMessage("crossEntropy: label -100 at position 1 of [2] is no class: there are 3, 0 ..< 3", end)
  }

  @Test func probabilitiesOfAnotherShape() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = crossEntropy(Variable(.zeros([2, 3])), Tensor.ones([2, 1]))
    }
    expectMessage("crossEntropy: probabilities must have the shape of the logits [2, 3], got [2, 1]", end)
  }

  @Test func indexOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = embedding(Tensor([[0, 1], [4, 9]]), Variable(.zeros([4, 3])))
    }
    expectMessage("embedding: index 4 at position 2 of [2, 2] lies outside axis 0 of [4, 3], 0 ..< 4", end)
  }

  @Test func probabilityOutsideInEvaluation() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = dropout(Variable(.zeros([2])), p: -0.1, training: false)
    }
    expectMessage("dropout: the probability p must lie in 0 … 1, got -0.1 for [2]", end)
  }

  @Test func aMergedOpSaysItsOwnName() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = logSoftmax(Variable(.zeros([2, 3])), axis: -3) }
    expectMessage("logSoftmax: axis -3 does not exist in [2, 3], which has 2 axes", end)
    let x = Variable(.zeros([2, 3]), requiresGrad: true)
    #expect(logSoftmax(x).node?.name == "logSoftmax" && softmax(x).node?.name == "softmax")
  }

  @Test func activationsRefuseWhatTheyCannotDo() async {
    let weight = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = prelu(Variable(.zeros([4, 3])), Variable(.ones([4])))
    }
    expectMessage("prelu: the weight must have 1 number or one for each channel (axis 1) of [4, 3], got [4]", weight)
    let half = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = glu(Variable(.zeros([4, 3]))) }
    expectMessage("glu: axis -1 of [4, 3] must have an even size to be halved, got 3", half)
    let bounds = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = hardtanh(Variable(.zeros([4])), min: 1, max: -1) }
    expectMessage("hardtanh: min must not be greater than max, got 1.0 and -1.0", bounds)
    let lambda = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) { _ = softshrink(Variable(.zeros([4])), lambda: -1) }
    expectMessage("softshrink: lambda must be at least 0, got -1.0", lambda)
  }

  @Test func targetThatWouldBroadcast() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = mseLoss(Variable(.zeros([4, 1])), Tensor.zeros([4]))
    }
    expectMessage("mseLoss: the input has shape [4, 1], the target [4]", end)
  }
}
