import TapestryTensors
import Testing

struct CreationTests {
  @Test func constants() {
    #expect(Tensor.zeros([2, 2]).array(Float.self) == [0, 0, 0, 0])
    #expect(Tensor.ones([3], .int32).array(Int32.self) == [1, 1, 1])
    #expect(Tensor.full([2], 2.5, .float64).array(Double.self) == [2.5, 2.5])
    #expect(Tensor.full([2], 7, .uint8).array(UInt8.self) == [7, 7])
    #expect(Tensor.full([1], Int.max, .int64).item(Int.self) == Int.max)  // no detour through Double
    #expect(Tensor.ones([2], .bool).array(Bool.self) == [true, true])
    let x = Tensor([[1, 2]] as [[Double]])
    #expect(Tensor.zeros(like: x) == Tensor([[0, 0]] as [[Double]]))
    #expect(Tensor.ones(like: x) == Tensor([[1, 1]] as [[Double]]))
    #expect(Tensor.full(like: x, 3) == Tensor([[3, 3]] as [[Double]]))
    #expect(Tensor(4).shape == [] && Tensor(4).dtype == .float32 && Tensor(4, .int64).item(Int.self) == 4)
  }

  /// As torch.nn.functional.one_hot.
  @Test func oneHot() {
    #expect(Tensor.oneHot(Tensor([0, 2]), classes: 3) == Tensor([[1, 0, 0], [0, 0, 1]]))
    let y = Tensor.oneHot(Tensor([[1, 0, 1]]).cast(to: .uint8), classes: 2, .float32)
    #expect(y == Tensor([[[0, 1], [1, 0], [0, 1]]] as [[[Float]]]))
    #expect(Tensor.oneHot(Tensor.zeros([0], .int64), classes: 4).shape == [0, 4])
    #expect(Tensor.oneHot(Tensor(1, .int64), classes: 2) == Tensor([0, 1]))
  }

  /// The values of numpy.arange.
  @Test func arange() {
    #expect(Tensor.arange(4) == Tensor([0, 1, 2, 3]))
    #expect(Tensor.arange(0).shape == [0] && Tensor.arange(-3).shape == [0])
    #expect(Tensor.arange(2, 9, step: 3) == Tensor([2, 5, 8]))
    #expect(Tensor.arange(5, 0, step: -2) == Tensor([5, 3, 1]))
    #expect(Tensor.arange(3, .float32) == Tensor([0, 1, 2] as [Float]))
    #expect(Tensor.arange(0, 1, step: 0.25) == Tensor([0, 0.25, 0.5, 0.75] as [Float]))
    #expect(Tensor.arange(1.0, -1.0, step: -0.5, .float64) == Tensor([1, 0.5, 0, -0.5], .float64))
    #expect(Tensor.arange(0, 1, step: 0.3, .float64).array(Double.self) == [0, 0.3, 0.6, 0.3 * 3])
    #expect(Tensor.arange(2.0, 1.0).shape == [0])
  }

  @Test func linspace() {
    #expect(Tensor.linspace(0, 1, 5) == Tensor([0, 0.25, 0.5, 0.75, 1] as [Float]))
    #expect(Tensor.linspace(3, -3, 3, .float64) == Tensor([3.0, 0.0, -3.0], .float64))
    #expect(Tensor.linspace(2, 5, 1) == Tensor([2] as [Float]) && Tensor.linspace(2, 5, 0).shape == [0])
    #expect(Tensor.linspace(0, 1, 50, .float64).array(Double.self).last == 1)  // the end exactly, though 49·(1/49) < 1
  }

  @Test func eye() {
    #expect(Tensor.eye(2) == Tensor([[1, 0], [0, 1]] as [[Float]]))
    #expect(Tensor.eye(2, 3, .int64) == Tensor([[1, 0, 0], [0, 1, 0]]))
    #expect(Tensor.eye(3, 1, .bool) == Tensor([[true], [false], [false]]))
    #expect(Tensor.eye(0).shape == [0, 0])
  }

  @Test func nestedArrays() {
    #expect(
      Tensor([1, 2.5], .float64).dtype == .float64 && Tensor([1, 2]).dtype == .int64 && Tensor([true]).dtype == .bool)
    let x = Tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]] as [[[Float]]])
    #expect(x.shape == [3, 2, 2] && x.array(Float.self) == (1...12).map(Float.init))
    #expect(Tensor([[[[[[[[1], [2]]]]]]]] as [[[[[[[[Int32]]]]]]]]).shape == [1, 1, 1, 1, 1, 1, 2, 1])
    #expect(Tensor([[], []] as [[Float]]).shape == [2, 0] && Tensor([] as [[Float]]).shape == [0])
    #expect(Tensor([[1, 2.5], [3, 4]], .float32) == Tensor([[1, 2.5], [3, 4]] as [[Float]]))
    #expect(Tensor([1.9, -1.9], .int32) == Tensor([1, -1] as [Int32]))
  }

  @Test func toSwift() {
    #expect(Tensor([1, 2] as [UInt8]).array() == [1, 2] as [UInt8])
    #expect(
      Tensor([[1.5]], .float64).item == 1.5 && Tensor([true]).item == 1 && Tensor([Int32(-3)]).item(Int32.self) == -3)
    #expect(Tensor.arange(6).reshaped(2, 3).transposed().array(Int.self) == [0, 3, 1, 4, 2, 5])
    #expect(Tensor.arange(6).reshaped(2, 3).unbind(axis: 1).map { $0.array(Int.self) } == [[0, 3], [1, 4], [2, 5]])
  }

  @Test func casts() {
    let x = Tensor([-1.7, 0, 0.3, 2.9], .float64)
    #expect(x.cast(to: .int64) == Tensor([-1, 0, 0, 2]))
    #expect(x.cast(to: .bool) == Tensor([true, false, true, true]))
    #expect(Tensor([true, false]).cast(to: .float32) == Tensor([1, 0] as [Float]))
    #expect(x.transposed(0, 0).cast(to: .float64).storage === x.storage)  // the same type: nothing to do
    for from in DType.allCases {
      for to in DType.allCases {
        #expect(Tensor([0, 1, 1, 0], from).cast(to: to).cast(to: .int64) == Tensor([0, 1, 1, 0]), "\(from) to \(to)")
      }
    }
  }
}
