import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

struct SumOfListTests {
  @Test func theSumAndItsGradients() {
    let a = Variable(Tensor([1, 2] as [Double]), requiresGrad: true),
      b = Variable(Tensor([10, 20] as [Double]), requiresGrad: true)
    let y = [a, b * b, a].sum()
    #expect(y.value == Tensor([102, 404] as [Double]))
    y.sum().backward()
    #expect(a.grad == Tensor([2, 2] as [Double]) && b.grad == Tensor([20, 40] as [Double]))
  }

  @Test func parametersScalarsAndTensors() {
    let w = [Parameter(Tensor([3, 4] as [Float])), Parameter(Tensor([12] as [Float]))]
    #expect(
      w.map { ($0 * $0).sum() }.sum().value == Tensor(169 as Float) && w.sum().value == Tensor([15, 16] as [Float]))
    #expect(
      [Tensor([1, 2] as [Int]), Tensor([3, 4] as [Int])].sum() == Tensor([4, 6] as [Int])
        && [Tensor.ones([2])].sum() == .ones([2]))
  }

  @Test func aListOfNothingHasNoSum() {
    let variables = #expect(throws: Failure.self) { try Failure.catching { [Variable]().sum() } }
    let tensors = #expect(throws: Failure.self) { try Failure.catching { [Tensor]().sum() } }
    #expect(
      variables?.message.contains("a list without Variables has no sum") == true
        && tensors?.message.contains("without Tensors") == true)
  }
}
