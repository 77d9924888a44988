import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

struct GraphTests {
  @Test func textAndDot() {
    let x = leaf(1, 2, 3)
    let y = (exp(x) * x).sum()
    let graph = graph(of: y)
    #expect(
      graph.description == """
        #3 sum [] ← #2
        #2 * [3] ← #1 #0
          #0 leaf [3]
        #1 exp [3] ← #0
        """)
    #expect(
      graph.dot == """
        digraph {
          rankdir = BT
          node [shape = box, style = rounded]
          n0 [label = "leaf\\n[3]", style = filled]
          n1 [label = "exp\\n[3]"]
          n0 -> n1
          n2 [label = "*\\n[3]"]
          n1 -> n2
          n0 -> n2
          n3 [label = "sum\\n[]"]
          n2 -> n3
        }

        """)
  }

  @Test func sideBranchesAreIndented() {
    let x = leaf(1), w = leaf(2)
    #expect(
      graph(of: x * w + w).description == """
        #3 add [1] ← #2 #1
          #1 leaf [1]
        #2 * [1] ← #0 #1
          #0 leaf [1]
        """)
  }

  @Test func checkpointsShowTheirInputs() {
    let x = leaf(1, 2), w = leaf(3, 4)
    #expect(
      graph(of: checkpoint(exp(x)) { $0 * w }).description == "#2 checkpoint [2] ← #1\n#1 exp [2] ← #0\n#0 leaf [2]")
  }

  @Test func constantsHaveNone() {
    #expect(graph(of: Variable(Tensor([1.0], .float64))).operations.isEmpty)
    #expect(graph(of: leaf(1)).description == "#0 leaf [1]")
  }

  @Test func hundredThousandNodes() {
    let sizes = onThread {
      let x = leaf(1)
      var y = x * 1
      for _ in 0..<50_000 { y = y * x + 1 }
      return Graph.Sizes(graph(of: y))
    }
    #expect(sizes.operations == 100_002)
    #expect(sizes.text < 5_000_000)
    #expect(sizes.dot < 10_000_000)
  }
}

extension Graph {
  /// Made on the small stack.
  fileprivate struct Sizes {
    let operations: Int, text: Int, dot: Int

    init(_ graph: Graph) {
      (operations, text, dot) = (graph.operations.count, graph.description.utf8.count, graph.dot.utf8.count)
    }
  }
}
