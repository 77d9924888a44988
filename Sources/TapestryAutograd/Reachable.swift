import TapestryTensors

/// The nodes below `roots` from which a target can be reached, targets included.
package func reachable(from roots: [Node], leadingTo targets: Set<ObjectIdentifier>) -> Set<ObjectIdentifier> {
  var seen = Set<ObjectIdentifier>()
  var order: [Node] = [], open = roots
  while let node = open.popLast() {
    if !seen.insert(ObjectIdentifier(node)).inserted { continue }
    order.append(node)
    for edge in node.edges { if let parent = edge.node { open.append(parent) } }
  }
  // Oldest first: the inputs of a node are decided before the node.
  order.sort { $0.serial < $1.serial }
  var leading = Set<ObjectIdentifier>()
  for node in order {
    if targets.contains(ObjectIdentifier(node)) || node.hidesInputs
      || node.edges.contains(where: { $0.node.map { leading.contains(ObjectIdentifier($0)) } ?? false })
    {
      leading.insert(ObjectIdentifier(node))
    }
  }
  return leading
}
