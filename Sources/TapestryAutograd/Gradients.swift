import CTapestry
import TapestryTensors

extension Variable {
  /// Computes the gradient of this scalar for every leaf that led to it, and adds it to their `grad`.
  ///
  /// What the operations kept is released on the way; `retainGraph` keeps it for another pass. For a result with more
  /// than one element pass the gradient to start from (its cotangent), of the same shape and type.
  public final func backward(gradient: Tensor? = nil, retainGraph: Bool = false) {
    let start = startGradient(gradient, "backward")
    guard let node else {
      fail(
        """
        backward: this Variable needs no gradient: what led to it is constant, frozen (unfreeze() thaws a model) or \
        of noGrad
        """)
    }
    let thread = tp_thread()!, before = thread.pointee.no_grad
    thread.pointee.no_grad = true
    var sink = GradientSink(roots: [node])
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
      fail(
        """
        \(name): the result has shape \(shape); without a gradient to start from it must be a scalar: reduce it with \
        sum() or mean(), or pass gradient:
        """)
    }
    return Variable(result: .ones(shape, dtype))
  }
}

/// The gradients of `outputs` (weighted with `cotangents` of their shapes, by default 1 for a scalar) for each of
/// `inputs`; nil where an input does not matter. Inputs may be leaves or results on the way. Leaves `grad` alone. With
/// `createGraph` the gradients are differentiable themselves, and the graph is retained.
public func gradients(
  of outputs: [Variable], withRespectTo inputs: [Variable], cotangents: [Variable?] = [], createGraph: Bool = false,
  retainGraph: Bool? = nil
) -> [Variable?] {
  for (i, input) in inputs.enumerated() where input.node == nil {
    fail("gradients: input \(i) of shape \(input.shape) needs no gradient; make it with requiresGrad: true")
  }
  if !cotangents.isEmpty && cotangents.count != outputs.count {
    fail("gradients: \(outputs.count) outputs but \(cotangents.count) cotangents")
  }
  var starts: [(node: Node, index: Int32, gradient: Variable)] = []
  for (i, output) in outputs.enumerated() {
    let given = i < cotangents.count ? cotangents[i] : nil
    if let given, given.shape != output.shape || given.dtype != output.dtype {
      fail("gradients: cotangent \(i) is \(given.dtype) \(given.shape), its output \(output.dtype) \(output.shape)")
    }
    if let node = output.node { starts.append((node, output.index, given ?? output.startGradient(nil, "gradients"))) }
  }
  return recording(createGraph) {
    var sink = GradientSink(roots: starts.map(\.node), targets: Set(inputs.map { ObjectIdentifier($0.node!) }))
    for start in starts { sink.deliver(start.node, start.index, start.gradient) }
    var found = [Variable?](repeating: nil, count: inputs.count)
    sink.drain(retain: retainGraph ?? createGraph) { node, gradients in
      for (i, input) in inputs.enumerated() where input.node === node { found[i] = gradients[Int(input.index)] }
    }
    return found
  }
}
