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

  @Test func targetThatWouldBroadcast() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = mseLoss(Variable(.zeros([4, 1])), Tensor.zeros([4]))
    }
    expectMessage("mseLoss: the input has shape [4, 1], the target [4]", end)
  }
}
