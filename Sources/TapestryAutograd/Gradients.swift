import CTapestry
import TapestryTensors

extension Variable {
  /// Computes the gradient of this scalar for every leaf that led to it, and adds it to their `grad`.
  ///
  /// What the operations kept is released on the way; `retainGraph` keeps it for another pass. For a result with more than
  /// one element pass the gradient to start from (its cotangent).
  public final func backward(gradient: Tensor? = nil, retainGraph: Bool = false) {
    let start = startGradient(gradient, "backward")
    guard let node else { fail("backward: this Variable needs no gradient: nothing that led to it has requiresGrad, or it was computed inside noGrad") }
    let thread = tp_thread()!
    let before = thread.pointee.no_grad
    thread.pointee.no_grad = true
    var sink = GradientSink()
    sink.deliver(node, index, start)
    sink.drain(retain: retainGraph)
    thread.pointee.no_grad = before
  }

  fileprivate final func startGradient(_ gradient: Tensor?, _ name: String) -> Variable {
    if let gradient {
      if gradient.shape != shape || gradient.dtype != dtype {
        fail("\(name): the gradient is \(gradient.dtype) \(gradient.shape), but the result is \(dtype) \(shape)")
      }
      return Variable(result: gradient)
    }
    if count != 1 {
      fail("\(name): the result has shape \(shape); without a gradient to start from it must be a scalar: reduce it with sum() or mean(), or pass gradient:")
    }
    return Variable(result: .ones(shape, dtype))
  }
}

/// The gradients of `outputs` (weighted with `cotangents`, by default 1 for a scalar) for each of `inputs`; nil where an input does not
/// matter. Leaves `grad` alone. With `createGraph` the gradients are differentiable themselves.
public func gradients(
  of outputs: [Variable], withRespectTo inputs: [Variable], cotangents: [Variable?] = [], createGraph: Bool = false, retainGraph: Bool? = nil
) -> [Variable?] {
  for (i, input) in inputs.enumerated() where input.node == nil {
    fail("gradients: input \(i) of shape \(input.shape) needs no gradient; make it with requiresGrad: true")
  }
  if !cotangents.isEmpty && cotangents.count != outputs.count { fail("gradients: \(outputs.count) outputs but \(cotangents.count) cotangents") }
  let roots = outputs.compactMap(\.node)
  let targets = Set(inputs.map { ObjectIdentifier($0.node!) })
  return recording(createGraph) {
    var sink = GradientSink(wanted: reachable(from: roots, leadingTo: targets))
    for (i, output) in outputs.enumerated() {
      guard let node = output.node else { continue }
      var start: Variable
      if i < cotangents.count, let given = cotangents[i] {
        if given.shape != output.shape { fail("gradients: cotangent \(i) has shape \(given.shape), its output \(output.shape)") }
        start = given
      } else {
        start = output.startGradient(nil, "gradients")
      }
      sink.deliver(node, output.index, start)
    }
    var found = [Variable?](repeating: nil, count: inputs.count)
    sink.drain(retain: retainGraph ?? createGraph) { node, gradients in
      guard targets.contains(ObjectIdentifier(node)) else { return }
      for (i, input) in inputs.enumerated() where input.node === node { found[i] = gradients[Int(input.index)] }
    }
    return found
  }
}

/// The gradients of one scalar for each of `inputs`; zeros where an input does not matter.
public func gradients(of output: Variable, withRespectTo inputs: [Variable], createGraph: Bool = false, retainGraph: Bool? = nil) -> [Variable] {
  zip(inputs, gradients(of: [output], withRespectTo: inputs, createGraph: createGraph, retainGraph: retainGraph)).map { input, gradient in
    gradient ?? Variable(.zeros(input.shape, input.dtype))
  }
}

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
