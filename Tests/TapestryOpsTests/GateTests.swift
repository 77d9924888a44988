import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Every operation passes the gate, forward and backward, and nobody sees another thread's or a scope's that ended.
struct GateTests {
  private final class Recorder: Watcher {
    var operations: [String] = [], gradients: [String] = []
    let seesBackward: Bool

    init(seesBackward: Bool = true) { self.seesBackward = seesBackward }

    func saw(_ value: Tensor, of operation: String, mismatch: (value: Tensor, rule: Shape)?) {
      operations.append(operation)
      #expect(mismatch == nil, "\(operation) breaks its shape rule")
    }

    func saw(gradient: Variable, for node: Node, from operation: String?) { gradients.append(node.name) }
  }

  @Test(arguments: catalog) func everyOperationPasses(_ law: Law) {
    var draw = Draw(seed: 5)
    var seen = Set<String>(), recorded = 0
    for _ in 0..<12 {
      let example = law.draw(&draw), recorder = Recorder()
      let y = Gate.watched(by: recorder) { example.call(example.inputs.map { Variable($0, requiresGrad: true) }) }
      seen.formUnion(recorder.operations)
      // As many nodes as operations, or more operations than nodes: a node that nobody saw made is a way around the
      // gate.
      let nodes = graph(of: y).operations.filter { $0.name != "leaf" }
      recorded += nodes.count
      for node in nodes
      where !recorder.operations.contains(where: {
        $0 == node.name || node.name == "add" && $0 == "+" || node.name == "checkpoint"
      }) {
        Issue.record(
          """
          \(law.name): the node \(node.name) was made by an operation that did not pass the gate: \
          \(recorder.operations)
          """)
      }
    }
    #expect(!seen.isEmpty || recorded == 0)
  }

  @Test func watchersSeeBackwardWhereTheyWant() {
    let all = Recorder(), forward = Recorder(seesBackward: false),
      x = Variable(Tensor([1, 2] as [Float]), requiresGrad: true)
    Gate.watched(by: all) {
      Gate.watched(by: forward) { (exp(x) * x).sum().backward() }
      _ = x + x
    }
    _ = x * x
    #expect(forward.operations == ["exp", "*", "sum"])
    #expect(all.operations.prefix(3) == ["exp", "*", "sum"] && all.operations.last == "+" && all.operations.count > 4)
    #expect(forward.gradients == all.gradients && Set(forward.gradients) == ["sum", "*", "exp", "leaf"])
  }

  @Test func checkpointsTellTheirSecondRun() {
    var runs: [Bool] = []
    let x = Variable(Tensor([1, 2] as [Float]), requiresGrad: true)
    let y = checkpoint(x) { x in
      runs.append(isRecomputing)
      return checkpoint(x) { x in
        runs.append(isRecomputing)
        return exp(x)
      }
    }
    #expect(runs == [false, false] && !isRecomputing)
    y.sum().backward()
    #expect(runs == [false, false, true, true, true] && !isRecomputing)
  }
}
