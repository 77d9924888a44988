import TapestryTensors
import Testing

/// A mistake ends the program with a message, in release builds too. Each test is a process of its own, which writes the message to standard error.
struct MistakeTests {
  // Subscript

  @Test func positionOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[0, 3]
    }
    expectMessage("subscript: index 3 lies outside axis 1 of [2, 3], which has size 3", end)
  }

  @Test func negativePositionOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[-3]
    }
    expectMessage("subscript: index -3 lies outside axis 0 of [2, 3], which has size 2", end)
  }

  @Test func rangeOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[..., 1..<4]
    }
    expectMessage("subscript: range 1..<4 lies outside axis 1 of [2, 3], which has size 3", end)
  }

  @Test func mixedRange() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[..., -1..<2]
    }
    expectMessage("subscript: range -1..<2 counts from both ends of axis 1 of [2, 3]; both bounds of a range must have one sign", end)
  }

  @Test func sliceOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([4])[.slice(from: 4, to: 0, step: -1)]
    }
    expectMessage("subscript: slice(from: 4, to: 0, step: -1) lies outside axis 0 of [4], which has size 4", end)
  }

  @Test func sliceStep() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([4])[.slice(step: 0)]
    }
    expectMessage("subscript: the step of a slice must not be 0", end)
  }

  @Test func strideOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([4])[stride(from: 0, to: 6, by: 2)]
    }
    expectMessage("subscript: position 4 of the stride lies outside axis 0 of [4], which has size 4", end)
  }

  @Test func tooMany() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[0, 1, 2]
    }
    expectMessage("subscript: 3 indices for [2, 3], which has 2 axes", end)
  }

  @Test func twoEllipses() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[.ellipsis, 0, .ellipsis]
    }
    expectMessage("subscript: only one ellipsis may stand in a subscript, got 2", end)
  }

  @Test func maskShape() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[Tensor([true, false, true])]
    }
    expectMessage("subscript: a mask of shape [3] does not fit [2, 3]: the axes from 0 on have the sizes [2]", end)
  }

  @Test func indexType() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[Tensor([1.0])]
    }
    expectMessage("subscript: an index tensor must be int64 positions or a bool mask, got float64 [1]", end)
  }

  @Test func indexTensorOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3])[Tensor([0, 2])]
    }
    expectMessage("subscript: index 2 lies outside axis 0 of [2, 3], which has size 2", end)
  }

  @Test func rowOutside() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).rows(Tensor([0, 1, -1]))
    }
    expectMessage("rows: index -1 at position 2 of [3] lies outside 0 ..< 2, the rows of [2, 3]", end)
  }

  @Test func assignShape() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      var x = Tensor.zeros([2, 3])
      x[0] = Tensor.zeros([2])
    }
    expectMessage("subscript: cannot assign [2] to a part of shape [3]: it does not broadcast to it", end)
  }

  @Test func assignLarger() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      var x = Tensor.zeros([2, 3])
      x[0] = Tensor.zeros([2, 3])
    }
    expectMessage("subscript: cannot assign [2, 3] to a part of shape [3]: it does not broadcast to it", end)
  }

  @Test func assignType() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      var x = Tensor.zeros([2, 3])
      x[0] = Tensor.zeros([3], .float64)
    }
    expectMessage("subscript: cannot assign float64 [3] to a part of a float32 tensor; convert it with cast(to: .float32)", end)
  }

  // Shape

  @Test func reshape() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).reshaped(4)
    }
    expectMessage("reshaped: cannot turn [2, 3] (6 elements) into [4] (4 elements)", end)
  }

  @Test func reshapeUnknown() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).reshaped(4, -1)
    }
    expectMessage("reshaped: cannot fit [2, 3] (6 elements) into [4, -1]: 6 is no multiple of 4", end)
  }

  @Test func rank9() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1, 1])
    }
    expectMessage("Shape: [1, 1, 1, 1, 1, 1, 1, 1] has 8 axes already, the most that a tensor can have", end)
  }

  @Test func negativeSize() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, -1])
    }
    expectMessage("Shape: a size cannot be negative, got -1", end)
  }

  @Test func tooLarge() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([1 << 40, 1 << 40])
    }
    expectMessage("Shape: [1099511627776, 1099511627776] has more elements than fit into memory", end)
  }

  @Test func expand() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).expanded(to: [3, 3])
    }
    expectMessage("expanded: [2, 3] does not broadcast to [3, 3]", end)
  }

  @Test func broadcast() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([2, 4])
    }
    expectMessage("+: cannot broadcast [2, 3] with [2, 4]: sizes 3 and 4 of axis -1 differ and neither is 1", end)
  }

  @Test func permute() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).permuted(0, 0)
    }
    expectMessage("permuted: [0, 0] is no order of the 2 axes of [2, 3]", end)
  }

  @Test func axis() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]).sum(2)
    }
    expectMessage("sum: axis 2 does not exist in [2, 3], which has 2 axes", end)
  }

  @Test func emptyMaximum() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([0, 3]).max()
    }
    expectMessage("max: axis 0 of [0, 3] is empty, so there is no max", end)
  }

  // Type

  @Test func array() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).array(Float.self)
    }
    expectMessage("array: the tensor holds int64, not Float (float32); convert it with cast(to:)", end)
  }

  @Test func types() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]) * Tensor([1.0, 2.0])
    }
    expectMessage("*: cannot combine int64 [2] with float64 [2]; convert one with cast(to:)", end)
  }

  @Test func fraction() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]) * 2.5
    }
    expectMessage("*: cannot combine int64 [2] with the fraction 2.5; convert the tensor with cast(to: .float32)", end)
  }

  @Test func fillFraction() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      var x = Tensor([1, 2])
      x.fill(0.5)
    }
    expectMessage("fill: int64 [2] cannot hold 0.5; make it of another type, or convert it with cast(to: .float32)", end)
  }

  @Test func meanOfIntegers() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).mean()
    }
    expectMessage("mean: needs a floating-point tensor, got int64 [2]; convert it with cast(to: .float32)", end)
  }

  @Test func item() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2]).item
    }
    expectMessage("item: [2] has 2 elements, not one", end)
  }

  // Creation

  @Test func ragged() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([[1, 2], [3]])
    }
    expectMessage("Tensor: the arrays are ragged: the one at [1] has 1 elements, those before it 2", end)
  }

  @Test func raggedDeep() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([[[1], [2]], [[3], [4, 5]]])
    }
    expectMessage("Tensor: the arrays are ragged: the one at [1, 1] has 2 elements, those before it 1", end)
  }

  @Test func depth9() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([[[[[[[[[1]]]]]]]]])
    }
    expectMessage("Tensor: arrays nested 9 deep; a tensor has at most 8 axes", end)
  }

  @Test func count() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor([1, 2, 3], shape: [2])
    }
    expectMessage("Tensor: 3 elements do not fill [2], which has 2", end)
  }

  @Test func arangeStep() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.arange(0, 5, step: 0)
    }
    expectMessage("arange: the step must not be 0", end)
  }

  @Test func probability() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.bernoulli([2], probability: 1.5)
    }
    expectMessage("bernoulli: a probability lies in 0 … 1, got 1.5", end)
  }

  @Test func deviation() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.normal([2], standardDeviation: -1)
    }
    expectMessage("normal: needs a finite mean and a standard deviation ≥ 0, got 0.0 and -1.0", end)
  }

  @Test func integersFromNormal() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = Tensor.normal([2], .int64)
    }
    expectMessage("normal: makes floating-point tensors, not int64; use randint", end)
  }

  // Runtime

  @Test func threads() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      withThreads(0) {}
    }
    expectMessage("withThreads: needs 1 … 256 threads, got 0", end)
  }

  @Test func backend() async {
    let end = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      withBackend("gpu") {}
    }
    expectMessage("withBackend: this machine runs no backend named 'gpu'; it has ", end)
  }
}
