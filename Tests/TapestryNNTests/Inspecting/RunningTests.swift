import CTapestry
import Foundation
import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private final class Pair: Module {
  let left = Linear(2, 2)
  let right = Linear(2, 2)
  func callAsFunction(_ x: Variable, _ y: Variable) -> (Variable, [Variable]) {
    running(self, x, y) { (left(x), [right(y)]) }
  }
}

private final class Outer: Layer {
  let blocks = [Pair(), Pair()]
  let head = Sequential(Linear(2, 3), Linear(4, 1))
  func forward(_ x: Variable) -> Variable {
    let (a, b) = blocks[1](x, x)
    return head(a + b[0])
  }
}

private final class Throwing: Module {
  struct Mistake: Error {}
  func callAsFunction(_ x: Variable) throws -> Variable {
    try running(self, x) { throw Mistake() }
  }
}

private struct Answer {
  let scores: Variable
  let mask: Tensor?
  let note = "no Variable"
}

private final class Answering: Module {
  func callAsFunction(_ x: Variable) -> (Answer, [Variable?], Int) {
    running(self, x) { (Answer(scores: x * 2, mask: .ones([1])), [nil, x + 1], 3) }
  }
}

/// Whether the process counts any search for NaN.
private func scopesOpen() -> Bool { tp_gate_users() != 0 }

struct RunningTests {
  @Test func messagesNameTheModule() {
    let nested = mistake { _ = Outer()(.ones([5, 2])) }
    expectMessage("head.1 (Linear): linear: cannot multiply [5, 3] by [4, 1]: inner sizes 3 and 4 differ", nested)
    let inner = mistake { _ = Outer()(.ones([5, 3])) }
    expectMessage("blocks.1.left (Linear): linear: cannot multiply [5, 3] by [2, 2]: inner sizes 3 and 2 differ", inner)
    let seeds = mistake {
      _ = Sequential(Linear(784, 128), Linear(256, 10))(.ones([32, 784]))
    }
    expectMessage(
      """
      1 (Linear): linear: cannot multiply [32, 128] by [256, 10]: inner sizes 128 and 256 differ; Linear(128, 10) \
      would fit
      """,
      seeds)
    let alone = mistake { _ = Linear(2, 2)(.ones([5, 3])) }
    expectMessage("Linear: linear: cannot multiply", alone)
  }

  @Test func outsideOfModulesThereIsNoPath() {
    let end = mistake {
      _ = Linear(2, 2)(.ones([1, 2]))
      _ = Variable(.ones([2])) + Variable(.ones([3]))
    }
    expectMessage("+: ", end)
  }

  @Test func observersSeeEveryCall() {
    let model = Outer()
    let pair = model.blocks[1]
    var events: [String] = []
    observe(pair) { event in
      events.append("\(event.moment) \(event.description) \(event.inputs.map(\.shape)) \(event.outputs.map(\.shape))")
    } during: {
      _ = pair(Variable(.ones([3, 2])), Variable(.ones([4, 2])))
      _ = Linear(2, 2)(.ones([1, 2]))
    }
    #expect(
      events == [
        "begins Pair [[3, 2], [4, 2]] []",
        "begins left (Linear) [[3, 2]] []", "ends left (Linear) [[3, 2]] [[3, 2]]",
        "begins right (Linear) [[4, 2]] []", "ends right (Linear) [[4, 2]] [[4, 2]]",
        "ends Pair [[3, 2], [4, 2]] [[3, 2], [4, 2]]",
      ])
    events = []
    _ = pair(Variable(.ones([3, 2])), Variable(.ones([4, 2])))
    #expect(events.isEmpty)
  }

  /// Variables and Tensors of a result in their order, inside structs, optionals and arrays.
  @Test func observersSeeEveryPartOfAResult() {
    let model = Answering(), x = Variable(.ones([2, 3]))
    var outputs: [Shape] = [], inputs: [Variable] = []
    observe(model) { event in
      if event.moment == .begins { inputs = event.inputs } else { outputs = event.outputs.map(\.shape) }
    } during: {
      _ = model(x)
    }
    #expect(outputs == [[2, 3], [1], [2, 3]] && inputs.count == 1 && inputs[0] === x)
  }

  @Test func aCallThatThrowsEnds() {
    let model = Throwing()
    var moments: [String] = []
    _ = try? observe(model) {
      moments.append("\($0.moment) \($0.outputs.count)")
    } during: {
      try model(Variable(.ones([1])))
    }
    #expect(moments == ["begins 0", "ends 0"])
  }

  /// A failure that is caught leaves no scope of its thread behind.
  @Test func whatACaughtFailureLeaves() async {
    await #expect(processExitsWith: .exitCode(0)) {
      for _ in 0..<3 {
        #expect(throws: Failure.self) { try Failure.catching { detectAnomaly { _ = Linear(2, 2)(.ones([1, 3])) } } }
      }
      if scopesOpen() { exit(3) }
      exit(0)
    }
  }

  @Test func observersNest() {
    let model = Sequential(Linear(2, 2), ReLU())
    var outer = 0, inner = 0
    observe(model) { _ in
      outer += 1
    } during: {
      observe(model[0]) { _ in
        inner += 1
      } during: {
        _ = model(.ones([1, 2]))
      }
      _ = model(.ones([1, 2]))
    }
    #expect(outer == 12 && inner == 2)
  }

  @Test func aFailureCanBeThrown() {
    let failure = #expect(throws: Failure.self) {
      try Failure.catching { _ = Sequential(Linear(2, 3), Linear(4, 1))(.ones([5, 2])) }
    }
    #expect(
      failure!.message
        == "1 (Linear): linear: cannot multiply [5, 3] by [4, 1]: inner sizes 3 and 4 differ; Linear(3, 1) would fit")
    #expect((try? Failure.catching { 5 }) == 5)
  }
}
