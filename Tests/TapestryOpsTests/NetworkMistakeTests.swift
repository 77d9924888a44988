import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Mistakes that only the numbers show (the laws try those that shapes show), and those of functions made of several
/// ops.
struct NetworkMistakeTests {
  static let mistakes: [Mistake] = [
    Mistake("crossEntropy: label -1 at position 4 of [2, 3] is no class: there are 2, 0 ..< 2") {
      _ = crossEntropy(Variable(.zeros([2, 2, 3])), Tensor([[0, 1, -100], [1, -1, 5]]))
    },
    Mistake("crossEntropy: label -100 at position 1 of [2] is no class: there are 3, 0 ..< 3") {
      _ = crossEntropy(Variable(.zeros([2, 3])), Tensor([0, -100]), ignoreIndex: nil)
    },
    Mistake("crossEntropy: probabilities must have the shape of the logits [2, 3], got [2, 1]") {
      _ = crossEntropy(Variable(.zeros([2, 3])), Tensor.ones([2, 1]))
    },
    Mistake("embedding: index 4 at position 2 of [2, 2] lies outside axis 0 of [4, 3], 0 ..< 4") {
      _ = embedding(Tensor([[0, 1], [4, 9]]), Variable(.zeros([4, 3])))
    },
    Mistake("dropout: the probability p must lie in 0 … 1, got -0.1 for [2]") {
      _ = dropout(Variable(.zeros([2])), p: -0.1, training: false)
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  @Test func aMergedOpSaysItsOwnName() {
    #expect(
      Mistake("logSoftmax: axis -3 does not exist in [2, 3], which has 2 axes") {
        _ = logSoftmax(Variable(.zeros([2, 3])), axis: -3)
      }.problem == nil)
    let x = Variable(.zeros([2, 3]), requiresGrad: true)
    #expect(logSoftmax(x).node?.name == "logSoftmax" && softmax(x).node?.name == "softmax")
  }

  static let mistakes2: [Mistake] = [
    Mistake("prelu: the weight must have 1 number or one for each channel (axis 1) of [4, 3], got [4]") {
      _ = prelu(Variable(.zeros([4, 3])), Variable(.ones([4])))
    },
    Mistake("glu: axis -1 of [4, 3] must have an even size to be halved, got 3") { _ = glu(Variable(.zeros([4, 3]))) },
    Mistake("hardtanh: min must not be greater than max, got 1.0 and -1.0") {
      _ = hardtanh(Variable(.zeros([4])), min: 1, max: -1)
    },
    Mistake("softshrink: lambda must be at least 0, got -1.0") { _ = softshrink(Variable(.zeros([4])), lambda: -1) },
    Mistake("mseLoss: the input has shape [4, 1], the target [4]") {
      _ = mseLoss(Variable(.zeros([4, 1])), Tensor.zeros([4]))
    },
  ]

  @Test(arguments: mistakes2) func areRefused2(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
