import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Mistakes in calls that are composed of ops, or that only the numbers show: each ends the program with a message that says what to change.
struct ShapeMistakeTests {
  private func expect(_ words: String, _ result: ExitTest.Result?) {
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains(words), "\(message)")
  }

  @Test func indices() async {
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(.zeros([2, 3])).scatter(1, Tensor([[1, 1]]), Variable(.zeros([1, 2])))
    }
    expect("scatter: an index of [1, 2] names a position of [2, 3] twice along axis 1; to add both use scatterAdd", twice)
    let along = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(.zeros([2, 3])).takeAlong(1, Tensor([[0], [0], [0]]))
    }
    expect("takeAlong: the index [3, 1] does not broadcast with [2, 3] beside axis 1", along)
  }

  @Test func products() async {
    let scalar = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = matmul(Variable(Tensor(2)), Variable(.zeros([2]))) }
    expect("matmul: cannot multiply [] by [2]: a scalar has no axis to multiply along; use *", scalar)
    let vectors = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = dot(Variable(.zeros([2, 2])), Variable(.zeros([2]))) }
    expect("dot: needs two vectors, got [2, 2] and [2]", vectors)
    let inner = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = linear(Variable(.zeros([2, 3])), Variable(.zeros([4, 5])))
    }
    expect("linear: cannot multiply [2, 3] by [4, 5]: inner sizes 3 and 4 differ", inner)
  }

  @Test func shapes() async {
    let counts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Variable(.zeros([2, 3])).tiled(2) }
    expect("tiled: [2, 3] needs a count of 0 or more for each of its 2 axes, got [2]", counts)
    let mask = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(.zeros([2, 3])).maskedFill(Tensor([true, false]), 0)
    }
    expect("maskedFill: the mask [2] does not broadcast to [2, 3]", mask)
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = concatenate([]) }
    expect("concatenate: needs at least one input", none)
    let reflected = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(.zeros([2, 3])).padded([(3, 0)], mode: .reflect)
    }
    expect("is too wide for an axis of size 3 of [2, 3], at most 2", reflected)
    let narrow = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Variable(.zeros([2, 3])).narrowed(axis: 1, start: 2, count: 2)
    }
    expect("narrowed: 2 positions from 2 on lie outside axis 1 of [2, 3], which has size 3", narrow)
  }
}
