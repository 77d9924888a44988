import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Products written by their indices.
struct EinsumTests {
  @Test("Values and gradients are PyTorch's", arguments: cases)
  func pytorch(_ c: PyTorchCase) { c.check() }

  /// Written by PyTorch 2.15; a, b, c are `ramp` of the given shapes, and so is the gradient of the result.
  static let cases: [PyTorchCase] = [
    PyTorchCase(
      "torch.einsum('ij,jk->ik', a, b)", [[2, 3], [3, 2]], { einsum("ij,jk->ik", $0[0], $0[1]) },
      [2, 2], [1.1875, 0.375, -1.875, 1.5],
      [[1.8125, 1.25, -0.6875, 1.25, 1.8125, -1.0625], [0.9375, 0.9375, -0.75, 0.5625, 1, -1.1875]]),
    PyTorchCase(
      "torch.einsum('bij,bjk->bik', a, b)", [[2, 1, 2], [2, 2, 2]], { einsum("bij,bjk->bik", $0[0], $0[1]) },
      [2, 1, 2], [1.3125, 0, 1.125, 0.375],
      [[1.8125, 1.25, -1.0625, -0.5], [1.5625, -0.625, -0.625, 0.25, 0.25, -0.625, -0.625, 1.5625]]),
    PyTorchCase(
      "torch.einsum('ij->ji', a)", [[2, 3]], { einsum("ij->ji", $0[0]) },
      [3, 2], [-1.25, 1.25, 0.5, 0.25, -0.5, -0.75],
      [[-1.25, -0.5, 0.25, 0.5, 1.25, -0.75]]),
    PyTorchCase(
      "torch.einsum('ii', a)", [[3, 3]], { einsum("ii", $0[0]) },
      [], [-2],
      [[-1.25, 0, 0, 0, -1.25, 0, 0, 0, -1.25]]),
    PyTorchCase(
      "torch.einsum('ii->i', a)", [[3, 3]], { einsum("ii->i", $0[0]) },
      [3], [-1.25, 0.25, -1],
      [[-1.25, 0, 0, 0, 0.5, 0, 0, 0, -0.5]]),
    PyTorchCase(
      "torch.einsum('ij->', a)", [[2, 3]], { einsum("ij->", $0[0]) },
      [], [-0.5],
      [[-1.25, -1.25, -1.25, -1.25, -1.25, -1.25]]),
    PyTorchCase(
      "torch.einsum('i,j->ji', a, b)", [[2], [3]], { einsum("i,j->ji", $0[0], $0[1]) },
      [3, 2], [1.5625, -0.625, -0.625, 0.25, 0.625, -0.25],
      [[1.1875, 0.375], [1.8125, 1.25, -0.6875]]),
    PyTorchCase(
      "torch.einsum('bhqd,bhkd->bhqk', a, b)", [[1, 2, 2, 2], [1, 2, 3, 2]],
      { einsum("bhqd,bhkd->bhqk", $0[0], $0[1]) },
      [1, 2, 2, 3], [1.8125, 1.25, -0.6875, 1.25, 1.8125, -1.0625, 0.25, -0.8125, 0.875, 1, -1, -0.25],
      [
        [1.1875, 0.375, -1.875, 1.5, 1.25, 1.25, 1.3125, 1.375],
        [0.9375, 0.9375, -0.75, 0.5625, 1, -1.1875, 1, -0.75, -0.25, 0, -1.5, 0.75],
      ]),
    PyTorchCase(
      "torch.einsum('ij,kj,k->i', a, b, c)", [[2, 3], [2, 3], [2]], { einsum("ij,kj,k->i", $0[0], $0[1], $0[2]) },
      [2], [-3.109375, 2.421875],
      [
        [-2.734375, 0.625, -0.3125, 1.09375, -0.25, 0.125], [-2.734375, 0.625, -0.3125, 1.09375, -0.25, 0.125],
        [-3.109375, 2.421875],
      ]),
    PyTorchCase(
      "torch.einsum('ba, cb', a, b)", [[2, 3], [2, 2]], { einsum("ba, cb", $0[0], $0[1]) },
      [3, 2], [2.1875, 2.1875, -0.5, 0.0625, 0.25, -0.6875],
      [[1.3125, 0, 0.0625, 0, 1.3125, -0.8125], [1.1875, -1.875, 0.375, 1.5]]),
    PyTorchCase(
      "torch.einsum('iij,jk->ki', a, b)", [[2, 2, 2], [2, 3]], { einsum("iij,jk->ki", $0[0], $0[1]) },
      [3, 2], [2.1875, -1.25, -0.5, 0.5, 0.25, -0.5],
      [[1.1875, -1.875, 0, 0, 0, 0, 0.375, 1.5], [2.0625, 1.875, -1.0625, -0.625, -0.25, 0.125]]),
    PyTorchCase(
      "torch.einsum('ij,ij->ij', a, b)", [[2, 3], [2, 3]], { einsum("ij,ij->ij", $0[0], $0[1]) },
      [2, 3], [1.5625, 0.25, 0.25, 1.5625, 0.0625, 0.5625],
      [[1.5625, 0.25, 0.25, 1.5625, 0.0625, 0.5625], [1.5625, 0.25, 0.25, 1.5625, 0.0625, 0.5625]]),
    PyTorchCase(
      "torch.einsum('ik,j->ij', a, b)", [[2, 2], [3]], { einsum("ik,j->ij", $0[0], $0[1]) },
      [2, 3], [0.9375, -0.375, 0.375, -0.9375, 0.375, -0.375],
      [[2.0625, 2.0625, -1.0625, -1.0625], [1.875, -0.1875, -0.1875]]),
    PyTorchCase(
      "torch.einsum('ij,jk->ik', a, b)", [[2, 0], [0, 3]], { einsum("ij,jk->ik", $0[0], $0[1]) },
      [2, 3], [0, 0, 0, 0, 0, 0],
      [[], []]),
    PyTorchCase(
      "torch.einsum('...ij,...jk->...ik', a, b)", [[2, 1, 2, 2], [3, 2, 2]],
      { einsum("...ij,...jk->...ik", $0[0], $0[1]) },
      [2, 3, 2, 2],
      [
        1.3125, 0, 0, 1.3125, 0.1875, 0.9375, 1.125, 0.375, 1.125, -1.5625, 0.1875, -1.9375, 0.0625, -0.8125, -1.25,
        0.5, -0.6875, -0.1875, 0.25, -0.75,
        -0.0625, 1.125, -1, 0.75,
      ],
      [
        [4, 0.8125, 0.8125, 4.4375, -2.75, -1.5, 0.9375, -0.625],
        [3.1875, -1.125, -1.625, 2.1875, -1, 0.1875, 1.9375, -1.125, 0.3125, 0.125, -1.375, -1],
      ]),
    PyTorchCase(
      "torch.einsum('...i,...', a, b)", [[2, 3], [2]], { einsum("...i,...", $0[0], $0[1]) },
      [2, 3], [1.5625, -0.625, 0.625, 0.625, 0.125, -0.375],
      [[1.5625, -0.625, 0.625, 0.625, 0.125, -0.375], [2.0625, 2.1875]]),
    PyTorchCase(
      "torch.einsum('i...->...', a)", [[3, 2]], { einsum("i...->...", $0[0]) },
      [2], [-1.5, 1],
      [[-1.25, 0.5, -1.25, 0.5, -1.25, 0.5]]),
  ]

  @Test(
    "Mistakes are told",
    arguments: [
      ("ij,jk->ik", "'j' in \"ij,jk->ik\" has size 3 and 4"), ("ij->i", "has 1 inputs, got 2"),
      ("ijk,jk->i", "\"ijk\" in \"ijk,jk->i\" needs 3 axes, got [2, 3]"),
      ("ij,kl->ix", "'x' of the result"), ("ij,kl->ii", "twice"), ("i.,kl->i", "'.' in \"i.,kl->i\" is no letter"),
      ("...i...,kl->i", "is no letter"), ("i...,k...->...", "an axis of '...' in \"i...,k...->...\" has size 3 and 2"),
      ("ij,kl...m->i", "needs at least 3 axes, got [4, 2]"),
    ])
  func mistakes(_ equation: String, _ words: String) {
    do throws(ShapeError) {
      _ = try Einsum(equation, [[2, 3], [4, 2]])
      Issue.record("\(equation) was accepted")
    } catch {
      #expect(error.description.contains(words), "\(error)")
    }
  }

  @Test func derivatives() {
    let report = gradientCheck(
      { einsum("bij,jk,b->ki", $0[0], $0[1], $0[2]) }, at: [ramp([2, 3, 2]), ramp([2, 4]), ramp([2])])
    #expect(report.passed, "\(report)")
  }
}
