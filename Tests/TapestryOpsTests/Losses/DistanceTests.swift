import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Values are compared with PyTorch's in ConformanceTests (nn.CosineSimilarity, nn.PairwiseDistance).
struct DistanceTests {
  @Test func cosineOfKnownAngles() {
    let a = Tensor([[1.0, 0], [1, 1], [0, 0]], .float64), b = Tensor([[0.0, 2], [3, 3], [1, 0]], .float64)
    let cosines = cosineSimilarity(a, b).value.array(Double.self)
    #expect(cosines[0] == 0 && abs(cosines[1] - 1) < 1e-15 && cosines[2] == 0)
  }

  /// A zero vector has a finite gradient: ε stands for its length.
  @Test func zeroVectorsHaveFiniteGradients() {
    let a = Variable(Tensor([0.0, 0], .float64), requiresGrad: true)
    cosineSimilarity(a, Tensor([3.0, 4], .float64), axis: 0, eps: 0.5).backward()
    let gradient = a.grad!.array(Double.self)  // b/(ε·‖b‖)
    #expect(abs(gradient[0] - 1.2) < 1e-14 && abs(gradient[1] - 1.6) < 1e-14)
  }

  @Test func gradients() {
    let inputs = [Tensor([[0.3, -1, 2], [1, 0.5, -0.2]], .float64), Tensor([[1.4, 0.1, -0.9]], .float64)]
    #expect(gradientCheck({ cosineSimilarity($0[0], $0[1]) }, at: inputs).passed)
    #expect(gradientCheck({ pairwiseDistance($0[0], $0[1], p: 3) }, at: inputs).passed)
  }

  static let mistakes: [Mistake] = [
    Mistake("cosineSimilarity: axis 1 does not exist in [3], which has 1 axes") {
      _ = cosineSimilarity(Tensor.ones([3]), Tensor.ones([3]))
    },
    Mistake("pairwiseDistance: the shapes [2, 3] and [2, 4] do not broadcast") {
      _ = pairwiseDistance(Tensor.ones([2, 3]), Tensor.ones([2, 4]))
    },
    Mistake("pairwiseDistance: cannot compare float32 [2, 3] with float64 [2, 3]; convert one with cast(to:)") {
      _ = pairwiseDistance(Tensor.ones([2, 3]), Tensor.ones([2, 3], .float64))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
