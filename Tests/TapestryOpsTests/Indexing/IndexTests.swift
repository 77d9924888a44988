import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Ops that read and write through indices: repeated, negative axes, broadcast.
struct IndexTests {
  @Test("Values and gradients are PyTorch's", arguments: cases)
  func pytorch(_ c: PyTorchCase) { c.check() }

  /// Written by PyTorch 2.15; a, b, c are `ramp` of the given shapes, and so is the gradient of the result.
  static let cases: [PyTorchCase] = [
    PyTorchCase(
      "a.gather(1, I([[0, 0], [2, 1]]))", [[2, 3]], { $0[0].gather(1, Tensor([[0, 0], [2, 1]])) },
      [2, 2], [-1.25, -1.25, -0.75, 0.25],
      [[-0.75, 0, 0, 0, 1.25, -0.5]]),
    PyTorchCase(
      "a.gather(0, I([[1, 1, 0]]))", [[2, 3]], { $0[0].gather(0, Tensor([[1, 1, 0]])) },
      [1, 3], [1.25, 0.25, -0.5],
      [[0, 0, -0.5, -1.25, 0.5, 0]]),
    PyTorchCase(
      "a.gather(-1, I([[2]]))", [[2, 3]], { $0[0].gather(-1, Tensor([[2]], .int32)) },
      [1, 1], [-0.5],
      [[0, 0, -1.25, 0, 0, 0]]),
    PyTorchCase(
      "a.take_along_dim(I([[0], [2]]), 1)", [[2, 3]], { $0[0].takeAlong(1, Tensor([[0], [2]])) },
      [2, 1], [-1.25, -0.75],
      [[-1.25, 0, 0, 0, 0, 0.5]]),
    PyTorchCase(
      "a.take_along_dim(I([[0, 1]]), 1)", [[2, 3]], { $0[0].takeAlong(1, Tensor([[0, 1]])) },
      [2, 2], [-1.25, 0.5, 1.25, 0.25],
      [[-1.25, 0.5, 0, -0.5, 1.25, 0]]),
    PyTorchCase(
      "a.index_select(1, I([2, 0, 2]))", [[2, 3]], { $0[0].indexSelect(1, Tensor([2, 0, 2])) },
      [2, 3], [-0.5, -1.25, -0.5, -0.75, 1.25, -0.75],
      [[0.5, 0, -1.75, 0.25, 0, 0.5]]),
    PyTorchCase(
      "a.index_select(-2, I([1]).int())", [[2, 3]], { $0[0].indexSelect(-2, Tensor([1], .int32)) },
      [1, 3], [1.25, 0.25, -0.75],
      [[0, 0, 0, -1.25, 0.5, -0.5]]),
    PyTorchCase(
      "a.index_add(0, I([1, 1, 0]), b)", [[2, 2], [3, 2]], { $0[0].indexAdd(0, Tensor([1, 1, 0]), $0[1]) },
      [2, 2], [-1, -0.25, -2.25, 3],
      [[-1.25, 0.5, -0.5, 1.25], [-0.5, 1.25, -0.5, 1.25, -1.25, 0.5]]),
    PyTorchCase(
      "a.index_add(1, I([0]), b)", [[2, 2], [2, 1]], { $0[0].indexAdd(1, Tensor([0]), $0[1]) },
      [2, 2], [-2.5, 0.5, 0, 1.25],
      [[-1.25, 0.5, -0.5, 1.25], [-1.25, -0.5]]),
    PyTorchCase(
      "a.scatter_add(1, I([[0, 0], [2, 0]]), b)", [[2, 3], [2, 2]],
      { $0[0].scatterAdd(1, Tensor([[0, 0], [2, 0]]), $0[1]) },
      [2, 3], [-2, 0.5, -0.5, 2.5, 0.25, -1.25],
      [[-1.25, 0.5, -0.5, 1.25, 0.25, -0.75], [-1.25, -1.25, -0.75, 1.25]]),
    PyTorchCase(
      "a.scatter_add(0, I([[1, 0]]), b)", [[2, 3], [1, 2]], { $0[0].scatterAdd(0, Tensor([[1, 0]]), $0[1]) },
      [2, 3], [-1.25, 1, -0.5, 0, 0.25, -0.75],
      [[-1.25, 0.5, -0.5, 1.25, 0.25, -0.75], [1.25, 0.5]]),
    PyTorchCase(
      "a.scatter(1, I([[0, 2], [1, 0]]), b)", [[2, 3], [2, 2]],
      { $0[0].scatter(1, Tensor([[0, 2], [1, 0]]), $0[1]) },
      [2, 3], [-1.25, 0.5, 0.5, 1.25, -0.5, -0.75],
      [[0, 0.5, 0, 0, 0, -0.75], [-1.25, -0.5, 0.25, 1.25]]),
    PyTorchCase(
      "a.masked_fill(I([[True, False, True]]), 7)", [[2, 3]], { $0[0].maskedFill(Tensor([[true, false, true]]), 7) },
      [2, 3], [7, 0.5, 7, 7, 0.25, 7],
      [[0, 0.5, 0, 0, 0.25, 0]]),
    PyTorchCase(
      "a.masked_select(I([[True, False, True]]))", [[2, 3]], { $0[0].maskedSelect(Tensor([[true, false, true]])) },
      [4], [-1.25, -0.5, 1.25, -0.75],
      [[-1.25, 0, 0.5, -0.5, 0, 1.25]]),
    PyTorchCase(
      "F.embedding(I([[1, 0], [1, 2]]), a)", [[3, 2]], { embedding(Tensor([[1, 0], [1, 2]]), $0[0]) },
      [2, 2, 2], [-0.5, 1.25, -1.25, 0.5, -0.5, 1.25, 0.25, -0.75],
      [[-0.5, 1.25, -1, -0.25, 1, 0]]),
    PyTorchCase(
      "F.embedding(I([1, 0, 1]), a, padding_idx=1)", [[3, 2]],
      { embedding(Tensor([1, 0, 1], .int32), $0[0], paddingIdx: 1) },
      [3, 2], [-0.5, 1.25, -1.25, 0.5, -0.5, 1.25],
      [[-0.5, 1.25, 0, 0, 0, 0]]),
    PyTorchCase(
      "F.embedding(I(2), a)", [[3, 2]], { embedding(Tensor(2, .int64), $0[0]) },
      [2], [0.25, -0.75],
      [[0, 0, 0, 0, -1.25, 0.5]]),
  ]
}
