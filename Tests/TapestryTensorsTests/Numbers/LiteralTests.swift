import TapestryTensors
import Testing

/// What nobody asked for is float32, whole literals are int64; what has a type in Swift keeps it.
struct LiteralTests {
  @Test func literalsWithAPoint() {
    #expect(Tensor([1.5, 2]) == Tensor([1.5, 2] as [Float]))
    #expect(Tensor([1.0 / 2, -0.5]) == Tensor([0.5, -0.5] as [Float]))
    #expect(Tensor([.pi, .infinity]).dtype == .float32)
    #expect(Tensor([[1, 2.5], [3, 4]]) == Tensor([[1, 2.5], [3, 4]] as [[Float]]))
    #expect(Tensor([1.5, 2], shape: [2, 1]) == Tensor([[1.5], [2]] as [[Float]]))
    #expect(
      Tensor([[[1.5]]]).dtype == .float32 && Tensor([[[[1.5]]]]).dtype == .float32
        && Tensor([[[[[1.5]]]]]).dtype == .float32)
    #expect(Tensor([[[[[[1.5]]]]]]).dtype == .float32 && Tensor([[[[[[[1.5]]]]]]]).dtype == .float32)
    #expect(Tensor([[[[[[[[1.5], [2]]]]]]]]) == Tensor([1.5, 2]).reshaped(1, 1, 1, 1, 1, 1, 2, 1))
    #expect(Tensor(1.5).dtype == .float32 && Tensor(2).dtype == .float32)
  }

  @Test func wholeLiterals() {
    #expect(
      Tensor([1, 2]).dtype == .int64 && Tensor([[1], [2]]).dtype == .int64
        && Tensor([1, 2], shape: [1, 2]).dtype == .int64)
    #expect(Tensor([[[1]]]).dtype == .int64 && Tensor([[[[1]]]]).dtype == .int64 && Tensor([[[[[1]]]]]).dtype == .int64)
    #expect(Tensor([[[[[[1]]]]]]).dtype == .int64 && Tensor([[[[[[[1]]]]]]]).dtype == .int64)
    #expect(Tensor([[[[[[[[1], [2]]]]]]]]) == Tensor([1, 2]).reshaped(1, 1, 1, 1, 1, 1, 2, 1))
    #expect(Tensor([true, false]).dtype == .bool && Tensor([[true]]).dtype == .bool)
  }

  @Test func typesThatWereAskedFor() {
    let doubles = [1.5, 2], nested = [[1.5], [2]], x = 0.1, n = 3
    #expect(
      Tensor(doubles) == Tensor([1.5, 2], .float64) && Tensor(nested).dtype == .float64
        && Tensor(doubles, shape: [2, 1]).dtype == .float64)
    #expect(
      Tensor([1.5, 2] as [Double]).dtype == .float64 && Tensor([x, 1]).item(Double.self, at: 0) == 0.1
        && Tensor([x * 2, 1]).dtype == .float64)
    #expect(
      Tensor([n, 1]).dtype == .int64 && Tensor([Float(1), 2]).dtype == .float32
        && Tensor([1, 2] as [UInt8]).dtype == .uint8)
    #expect(Tensor([0.1, 1], .float64).item(Double.self, at: 0) == 0.1)  // not by way of float32
  }

  /// A literal fits what is float32 by default.
  @Test func literalsFit() {
    #expect(Tensor.ones([2]) * Tensor([1.5, 2]) == Tensor([1.5, 2]))
  }
}

extension Tensor {
  fileprivate func item<Element: TensorElement>(_: Element.Type, at index: Int) -> Element {
    self[index].item(Element.self)
  }
}
