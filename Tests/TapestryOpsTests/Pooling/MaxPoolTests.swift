import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// What PyTorch 2.15 gives beyond the conformance cases: ties, NaN, −∞, padding that holds nothing.
struct MaxPoolTests {
  private let x = Variable(
    Tensor([[[1, 3, 3, 2, .nan], [3, 0, -1, 5, 1], [-.infinity, -.infinity, 7, 7, 2]]] as [[[Double]]]),
    requiresGrad: true)

  @Test func theFirstOfEqualsAndNaN() {
    let (y, index) = maxPool2dWithIndices(x, kernelSize: 2, stride: 1)
    #expect(index.array(Int.self) == [1, 1, 8, 4, 5, 12, 12, 13])
    #expect(y.value.array(Double.self).map { $0.isNaN ? -1 : $0 } == [3, 3, 5, -1, 3, 7, 7, 7])
    y.backward(gradient: .ones(y.shape, .float64))
    #expect(x.grad!.array(Double.self) == [0, 2, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 2, 1, 0])
  }

  @Test func paddingDilationAndCeil() {
    let (y, index) = maxPool2dWithIndices(
      x, kernelSize: [3, 2], stride: [2, 3], padding: [1, 1], dilation: [1, 2], ceilMode: true)
    #expect(index.array(Int.self) == [1, 4, 6, 12] && y.shape == [1, 2, 2])
    #expect(y.value.array(Double.self).map { $0.isNaN ? -1 : $0 } == [3, -1, 0, 7])
  }

  @Test func windowsOfMinusInfinityAndOfNaNs() {
    let lowest = maxPool2dWithIndices(Variable(.full([1, 2, 2], -Double.infinity, .float64)), kernelSize: 2)
    #expect(lowest.indices.item(Int.self) == 0 && lowest.values.item == -.infinity)
    let nans = maxPool2dWithIndices(Variable(Tensor([[[.nan, 1], [.nan, 2]]] as [[[Double]]])), kernelSize: 2)
    #expect(nans.indices.item(Int.self) == 2 && nans.values.item.isNaN)
  }

  /// The indices carry no gradient, and a batch without images is a batch.
  @Test func resultsOfNothing() {
    let empty = maxPool2d(Variable(.zeros([0, 3, 4, 4]), requiresGrad: true), kernelSize: 2)
    #expect(empty.shape == [0, 3, 2, 2])
    empty.sum().backward()
    let names = graph(of: maxPool2d(x, kernelSize: 2)).operations.map(\.name)
    #expect(names == ["leaf", "maxPool2d"])
  }

  static let mistakes: [Mistake] = [
    Mistake("maxPool2d: needs floating-point input, got int64 [1, 2, 2]; convert it with cast(to: .float32)") {
      _ = maxPool2d(Variable(.zeros([1, 2, 2], .int64)), kernelSize: 2)
    },
    Mistake("Size2d: needs rows and columns, got [1, 2, 3]") {
      _ = maxPool2d(Variable(.zeros([1, 2, 2])), kernelSize: [1, 2, 3])
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
