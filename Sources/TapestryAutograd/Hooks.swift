import TapestryTensors

/// A function that a backward pass calls with a gradient; keep it to remove it again.
///
///     let hook = hidden.onGradient { dy in print(dy.shape) }
///     …
///     hook.remove()
public final class GradientHook {
  fileprivate let index: Int32
  fileprivate let call: (Variable) -> Variable?
  private weak var node: Node?

  fileprivate init(_ node: Node, _ index: Int32, _ call: @escaping (Variable) -> Variable?) {
    self.node = node
    self.index = index
    self.call = call
  }

  /// Takes the function away: later backward passes do not call it.
  public func remove() {
    node?.hooks?.removeAll { $0 === self }
    if node?.hooks?.isEmpty == true { node?.hooks = nil }
  }
}

extension Variable {
  /// Calls `body` in each backward pass with the gradient of this Variable, complete: summed over all uses, before it flows on or is added to `grad`.
  /// Hooks run in the order in which they were added.
  @discardableResult
  public final func onGradient(_ body: @escaping (Variable) -> Void) -> GradientHook {
    addHook("onGradient") {
      body($0)
      return nil
    }
  }

  /// Puts what `transform` returns in the place of this Variable's gradient, in each backward pass: to clip or scale it. Shape and type must stay.
  @discardableResult
  public final func mapGradient(_ transform: @escaping (Variable) -> Variable) -> GradientHook { addHook("mapGradient", transform) }

  private func addHook(_ name: String, _ call: @escaping (Variable) -> Variable?) -> GradientHook {
    guard let node else { fail("\(name): this Variable of shape \(shape) needs no gradient, so none will come") }
    let hook = GradientHook(node, index, call)
    node.hooks = (node.hooks ?? []) + [hook]
    return hook
  }
}

extension Node {
  /// Shows the gradients that have arrived to the hooks.
  final func runHooks() {
    for hook in hooks ?? [] {
      let i = Int(hook.index) - 1
      guard let dy = i < 0 ? pending : morePending[i], let replaced = hook.call(dy) else { continue }
      if replaced.shape != dy.shape || replaced.dtype != dy.dtype {
        fail("mapGradient: the new gradient is \(replaced.dtype) \(replaced.shape), it must be \(dy.dtype) \(dy.shape) as before")
      }
      if i < 0 { pending = replaced } else { morePending[i] = replaced }
    }
  }
}
