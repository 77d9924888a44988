import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// The engine on graphs that are drawn: each node runs once, after all that use it, with the sum over all paths.
struct RandomGraphTests {
  /// hᵢ = Σ cᵢⱼ·hⱼ over earlier j with integers c, so that every number is exact. dy/dhⱼ = Σᵢ cᵢⱼ·dy/dhᵢ, the newest
  /// first.
  @Test(arguments: 0..<12)
  func sumsOverAllPaths(_ seed: Int) {
    var draw = Draw(seed: UInt64(seed))
    let count = 40
    let leaves = (0..<3).map { scalar(Double($0 + 1)) }
    var nodes: [Variable] = leaves, edges: [[(from: Int, factor: Double)]] = [[], [], []]
    var calls = [Int](repeating: 0, count: count), seen = [Double](repeating: 0, count: count),
      hooks: [GradientHook] = []
    for i in 3..<count {
      let inputs = (0..<draw.int(1...4)).map { _ in
        (
          from: draw.bool()
            ? draw.int(0...i - 1) : max(0, i - draw.int(1...3)),
          factor: Double(draw.int(-2...2))
        )
      }
      // Sums in any order, and products that are younger or older than their neighbors.
      let terms = inputs.map { nodes[$0.from] * $0.factor }
      nodes.append(terms.dropFirst().reduce(terms[0]) { draw.bool() ? $0 + $1 : $1 + $0 })
      edges.append(inputs)
    }
    for (i, node) in nodes.enumerated() {
      hooks.append(
        node.onGradient {
          calls[i] += 1; seen[i] = $0.item
        })
    }
    nodes[count - 1].backward()
    var expected = [Double?](repeating: nil, count: count)
    expected[count - 1] = 1
    for i in (3..<count).reversed() {
      guard let dy = expected[i] else { continue }
      for (from, factor) in edges[i] { expected[from] = (expected[from] ?? 0) + factor * dy }
    }
    #expect(calls == expected.map { $0 == nil ? 0 : 1 })
    #expect(seen == expected.map { $0 ?? 0 })
    #expect(leaves.map { $0.grad?.item } == Array(expected[..<3]))
    for hook in hooks { hook.remove() }
  }

  /// The second, third and fifth input of a node may come from a thread that made more nodes: the result is newer all
  /// the same, or the input's node would run before its gradient is complete.
  @Test func inputsOfAnotherThreadInAnyPlace() {
    let foreign = Box(
      onThread {
        var h = leaf(1) * 1
        for _ in 0..<100 { h = h * 1 }
        return h
      })
    for place in 0..<5 {
      let seen = onThread {
        let h = foreign.content
        var seen: [Double] = []
        let hook = h.onGradient { seen += $0.value.doubles }
        var parts = (0..<5).map { _ in leaf(7) }
        parts[place] = h
        let joined = concatenate(parts, axis: 0)
        let two = place == 0 ? h * parts[1] : parts[0] * parts[place]
        (joined.sum() + two.sum() + h.sum()).backward(retainGraph: true)
        hook.remove()
        return seen
      }
      #expect(seen == [9], "\(place)")  // 1 + 7 + 1
    }
  }

  /// Many inputs, and more than 64 of them.
  @Test func manyInputs() {
    let parts = (0..<70).map { leaf(Double($0)) }
    (concatenate(parts, axis: 0) * Tensor((0..<70).map { Double($0 * $0) })).sum().backward()
    #expect(parts.map { $0.gradient } == (0..<70).map { [Double($0 * $0)] })
  }
}
