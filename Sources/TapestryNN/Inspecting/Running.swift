import TapestryAutograd
import TapestryTensors

/// Runs the body of a module's call. Messages then name the module, and observers see the call, with `inputs` and, if
/// it is made of Variables, the result.
///
/// `Layer` and the other protocols of calls do this by themselves; a module of yet another shape writes it around its
/// `callAsFunction`:
///
///     func callAsFunction(_ x: Variable, _ mask: Tensor) -> Variable {
///       running(self, x, Variable(mask)) { x.maskedFill(mask, 0) }
///     }
///
/// The body is synchronous and may throw; the call then ends with the error, and observers see no outputs.
public func running<R, E: Error>(_ module: any Module, _ inputs: Variable..., body: () throws(E) -> R) throws(E) -> R {
  ModulePath.install
  Running.enter(module)
  defer { Running.leave() }
  return ThreadSlot.hasObserver ? try Observation.report(module, inputs, body) : try body()
}

/// Refused: the closure must be synchronous, for calls are nested by thread.
@available(
  *, unavailable,
  message: "calls are nested by thread, and an async closure may change threads: await first, then run synchronous work"
)
public func running<R>(_ module: any Module, _ inputs: Variable..., body: () async throws -> R) async rethrows -> R {
  fail("running: the closure is async")
}

package enum ModulePath {
  /// Lets messages name the running module, and checkpoints note its mode, from the first call of any.
  package static let install: Void = {
    Failure.modulePath.with { $0 = { ModulePath.current } }
    // A checkpoint's second run finds modules in the mode of the first.
    FirstRun.turningBack.with {
      $0 = { module in
        guard let module = module as? any ModeDependent else { return nil }
        let then = module.training
        return {
          let now = module.training
          module.training = then
          return { module.training = now }
        }
      }
    }
  }()

  /// Where the calling thread is: `decoder.layers.2.fc1 (Linear)`; nil outside of all modules.
  ///
  /// Each running module is named as the one that called it knows it; one that its caller does not hold (a closure's,
  /// say) starts anew.
  static var current: String? {
    let stack = Running.objects
    guard let last = stack.last as? any Module else { return nil }
    return text(for: names(of: stack), last) + (Running.isDeeper ? " …" : "")
  }

  package static func text(for path: String, _ module: any Module) -> String {
    let type = typeName(module)
    return path.isEmpty ? type : "\(path) (\(type))"
  }

  static func names(of stack: [AnyObject]) -> String {
    var path = ""
    for (outer, inner) in zip(stack, stack.dropFirst()) {
      guard let outer = outer as? any Module, let inner = inner as? any Module, outer !== inner else { continue }
      guard let name = Discovery(outer, lenient: true).modules.first(where: { $0.module === inner })?.name else {
        path = ""
        continue
      }
      path = Discovery.join(path, name)
    }
    return path
  }
}

/// A module's type without its module and generic arguments' modules: `Linear`, `Residual`.
package func typeName(_ module: any Module) -> String { "\(type(of: module))" }
