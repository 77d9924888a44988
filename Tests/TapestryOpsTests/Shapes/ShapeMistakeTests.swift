import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Mistakes in calls that are composed of ops, or that only the numbers show: each ends the program with a message that
/// says what to change.
struct ShapeMistakeTests {
  static let mistakes: [Mistake] = [
    Mistake("scatter: an index of [1, 2] names a position of [2, 3] twice along axis 1; to add both use scatterAdd") {
      _ = Variable(.zeros([2, 3])).scatter(1, Tensor([[1, 1]]), Variable(.zeros([1, 2])))
    },
    Mistake("takeAlong: the index [3, 1] does not broadcast with [2, 3] beside axis 1") {
      _ = Variable(.zeros([2, 3])).takeAlong(1, Tensor([[0], [0], [0]]))
    },
    Mistake("matmul: cannot multiply [] by [2]: a scalar has no axis to multiply along; use *") {
      _ = matmul(Variable(Tensor(2)), Variable(.zeros([2])))
    },
    Mistake("dot: needs two vectors, got [2, 2] and [2]") { _ = dot(Variable(.zeros([2, 2])), Variable(.zeros([2]))) },
    Mistake("linear: cannot multiply [2, 3] by [4, 5]: inner sizes 3 and 4 differ") {
      _ = linear(Variable(.zeros([2, 3])), Variable(.zeros([4, 5])))
    },
    Mistake("tiled: [2, 3] needs a count of 0 or more for each of its 2 axes, got [2]") {
      _ = Variable(.zeros([2, 3])).tiled(2)
    },
    Mistake("maskedFill: the mask [2] does not broadcast to [2, 3]") {
      _ = Variable(.zeros([2, 3])).maskedFill(Tensor([true, false]), 0)
    },
    Mistake("concatenate: needs at least one input") { _ = concatenate([]) },
    Mistake("padded: reflect padding of (3, 0) is too wide for an axis of size 3 of [2, 3], at most 2") {
      _ = Variable(.zeros([2, 3])).padded([(3, 0)], mode: .reflect)
    },
    Mistake("narrowed: 2 positions from 2 on lie outside axis 1 of [2, 3], which has size 3") {
      _ = Variable(.zeros([2, 3])).narrowed(axis: 1, start: 2, count: 2)
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
