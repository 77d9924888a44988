import TapestryTensors

/// What led to a Variable, as data: for printing, and for Graphviz.
///
///     print(graph(of: loss))          // a text tree, the newest operation first
///     try graph(of: loss).dot.write(toFile: "loss.dot", atomically: true, encoding: .utf8)
public struct Graph: Sendable, CustomStringConvertible {
  /// One operation: its name, the shape of its result, and what it was computed from.
  public struct Operation: Sendable, Equatable {
    /// The operation's name; "leaf" for what requires a gradient by itself.
    public let name: String

    /// The shape of its (first) result.
    public let shape: Shape

    /// Positions in `operations` of what its inputs come from. Constants are not recorded.
    public let inputs: [Int]
  }

  /// Inputs come before what uses them; the last one is the result.
  public let operations: [Operation]

  /// One line for each operation, once: its number, name, shape and the numbers of its inputs. The input that was
  /// computed last follows below in the same column, the others are indented.
  ///
  ///     #3 sum [] ← #2
  ///     #2 * [3] ← #0 #1
  ///       #0 leaf [3]
  ///     #1 exp [3] ← #0
  public var description: String {
    var lines: [String] = [], seen = Set<Int>()
    var open: [(number: Int, depth: Int)] = operations.isEmpty ? [] : [(operations.count - 1, 0)]
    while let (number, depth) = open.popLast() {
      if !seen.insert(number).inserted { continue }
      let operation = operations[number]
      let arrows = operation.inputs.isEmpty ? "" : " ←" + operation.inputs.map { " #\($0)" }.joined()
      // Deeper than 40 levels the numbers must do.
      lines.append(
        String(repeating: "  ", count: min(depth, 40)) + "#\(number) \(operation.name) \(operation.shape)\(arrows)")
      let newest = operation.inputs.max()
      if let newest { open.append((newest, depth)) }
      for input in operation.inputs.reversed() where input != newest { open.append((input, depth + 1)) }
    }
    return lines.joined(separator: "\n")
  }

  /// The graph in Graphviz's language: `dot -Tsvg loss.dot -o loss.svg`.
  public var dot: String {
    var lines = ["digraph {", "  rankdir = BT", "  node [shape = box, style = rounded]"]
    for (number, operation) in operations.enumerated() {
      let name = operation.name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      lines.append(
        "  n\(number) [label = \"\(name)\\n\(operation.shape)\"\(operation.name == "leaf" ? ", style = filled" : "")]")
      for input in operation.inputs { lines.append("  n\(input) -> n\(number)") }
    }
    return (lines + ["}", ""]).joined(separator: "\n")
  }
}

/// The recorded operations that led to `result`, which must need a gradient; empty for a constant. A checkpoint shows
/// as one operation with its inputs.
public func graph(of result: Variable) -> Graph {
  var seen = Set<ObjectIdentifier>()
  var nodes: [Node] = [], open = result.node.map { [$0] } ?? []
  while let node = open.popLast() {
    if !seen.insert(ObjectIdentifier(node)).inserted { continue }
    nodes.append(node)
    for edge in node.edges.reversed() { if let input = edge.node { open.append(input) } }
  }
  // Serials grow from inputs to results. Leaves have none, and come in the order in which they were met.
  let ordered = nodes.filter { $0.serial == 0 } + nodes.filter { $0.serial != 0 }.sorted { $0.serial < $1.serial }
  let numbers = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { (ObjectIdentifier($1), $0) })
  return Graph(
    operations: ordered.map { node in
      .init(
        name: node.name, shape: node.shape,
        inputs: node.edges.compactMap { $0.node.flatMap { numbers[ObjectIdentifier($0)] } })
    })
}
