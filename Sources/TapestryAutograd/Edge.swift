/// Points to output `index` of a node. Edges lead from a result to its inputs, never to values: what no op keeps is
/// freed during forward.
public struct Edge {
  package var node: Node?
  package var index: Int32

  /// To output `index` of a node; to nothing where no gradient is wanted.
  @inline(__always)
  public init(_ variable: borrowing Variable) {
    node = variable.node
    index = variable.index
  }

  /// To nothing: no gradient is wanted.
  public init() {
    node = nil
    index = 0
  }
}

extension Node {
  package final var edges: [Edge] { [first, second, third] + others }

  package final func edge(_ i: Int) -> Edge {
    switch i {
    case 0: first
    case 1: second
    case 2: third
    default: others[i - 3]
    }
  }
}
