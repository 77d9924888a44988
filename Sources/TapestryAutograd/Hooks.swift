import CTapestry
import TapestryTensors

/// A function that a backward pass calls with a gradient; keep it to remove it again.
///
///     let hook = hidden.onGradient { dy in print(dy.shape) }
///     …
///     hook.remove()
///
/// A hook of a result lasts as long as what its operation kept: backward lets go of both unless `retainGraph` is set,
/// and a second pass ends with a message. One of a leaf lasts as long as the leaf, or until it is removed; a closure
/// that names the very leaf keeps it alive, so write `[weak w]` there.
public final class GradientHook {
  fileprivate let index: Int32
  fileprivate let call: (Variable) -> Variable?
  private weak var node: Node?

  fileprivate init(_ node: Node, _ index: Int32, _ call: @escaping (Variable) -> Variable?) {
    self.node = node
    self.index = index
    self.call = call
    tp_hooks_add(1)
  }

  deinit { tp_hooks_add(-1) }

  /// Takes the function away: later backward passes do not call it.
  public func remove() {
    guard let node, let hooks = node.hooks, hooks.contains(where: { $0 === self }) else { return }
    node.hooks = hooks.count == 1 ? nil : hooks.filter { $0 !== self }
  }
}

extension Variable {
  /// Calls `body` in each backward pass with the gradient of this Variable, complete: summed over all uses, before it
  /// flows on or is added to `grad`. Hooks run in the order in which they were added. How long one lasts,
  /// `GradientHook` tells.
  @discardableResult
  public final func onGradient(_ body: @escaping (Variable) -> Void) -> GradientHook {
    addHook("onGradient") {
      body($0)
      return nil
    }
  }

  /// Puts what `transform` returns in the place of this Variable's gradient, in each backward pass: to clip or scale
  /// it. Shape and type must stay.
  @discardableResult
  public final func mapGradient(_ transform: @escaping (Variable) -> Variable) -> GradientHook {
    addHook("mapGradient", transform)
  }

  private func addHook(_ name: String, _ call: @escaping (Variable) -> Variable?) -> GradientHook {
    guard let node else { fail("\(name): this Variable of shape \(shape) needs no gradient, so none will come") }
    if node.hooksAreGone {
      fail(
        """
        \(name): backward released the graph that led to this Variable of shape \(shape), so no gradient will come; \
        pass retainGraph: true to it
        """)
    }
    let hook = GradientHook(node, index, call)
    node.hooks = (node.hooks ?? []) + [hook]
    return hook
  }
}

extension Node {
  /// Backward lets go of hooks with the rest: one that names its own Variable would keep it and its graph for good. The
  /// empty list remembers it.
  final func releaseHooks() { if hooks != nil { hooks = [] } }

  /// Whether `releaseHooks` took some away, so that another pass would miss them.
  final var hooksAreGone: Bool { hooks?.isEmpty == true }

  /// Shows the gradients that have arrived to the hooks.
  final func runHooks() {
    for hook in hooks ?? [] {
      let i = Int(hook.index) - 1
      guard let dy = i < 0 ? pending : morePending[i], let replaced = hook.call(dy) else { continue }
      if replaced.shape != dy.shape || replaced.dtype != dy.dtype {
        fail(
          """
          mapGradient: the new gradient is \(replaced.dtype) \(replaced.shape), it must be \(dy.dtype) \(dy.shape) as \
          before
          """)
      }
      if i < 0 { pending = replaced } else { morePending[i] = replaced }
    }
  }
}
