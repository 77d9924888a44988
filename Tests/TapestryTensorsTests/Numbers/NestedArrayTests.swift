import TapestryTensors
import Testing

/// Arrays of arrays out of a tensor: what `Tensor(nested)` takes comes back.
struct NestedArrayTests {
  @Test func whatWentInComesOut() {
    let rows: [[Float]] = [[1, 2, 3], [4, 5, 6]]
    #expect(Tensor(rows).nestedArray() == rows)
    #expect(Tensor(rows).transposed().nestedArray([[Float]].self) == [[1, 4], [2, 5], [3, 6]])
    let cube: [[[Int]]] = [[[1], [2]], [[3], [4]], [[5], [6]]]
    #expect(Tensor(cube).nestedArray() == cube)
    #expect(Tensor([1.5, 2]).nestedArray([Float].self) == [1.5, 2])
    #expect(Tensor.zeros([2, 0]).nestedArray([[Float]].self) == [[], []])
    #expect(Tensor.zeros([0, 2]).nestedArray([[Float]].self) == [])
  }

  @Test func otherDepthsAndTypesAreRefused() {
    let depth = #expect(throws: Failure.self) {
      try Failure.catching { _ = Tensor.zeros([2, 3]).nestedArray([Float].self) }
    }
    #expect(
      depth?.message
        == "nestedArray: [2, 3] has 2 axes, and Array<Float> is 1 deep; reshape it, or ask for [[Float]]")
    let type = #expect(throws: Failure.self) {
      try Failure.catching { _ = Tensor.zeros([2, 3]).nestedArray([[Double]].self) }
    }
    #expect(type?.message.contains("holds float32, not Double") == true)
  }

  @Test func listsOfPositionsPickRows() {
    let x = Tensor([[1, 2], [3, 4], [5, 6]])
    #expect(x[[2, 0]] == Tensor([[5, 6], [1, 2]]) && x[.all, [1]] == Tensor([[2], [4], [6]]))
  }
}
