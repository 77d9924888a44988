import TapestryAutograd
import TapestryTensors

/// A call of a module, seen by `observe`: once before it runs and once after.
public struct ModuleEvent {
  /// Before or after the call.
  public enum Moment: Sendable { case begins, ends }

  /// Whether the call begins or has ended.
  public let moment: Moment
  /// Whose call it is.
  public let module: any Module
  /// The module's name in the observed model, "" for the model itself.
  public let path: String
  /// What the call was given; Tensors as constants.
  public let inputs: [Variable]
  /// What the call returned: the Variables and Tensors of the result, in order. Empty before the call, and after one
  /// that threw.
  public let outputs: [Variable]

  /// `layers.0 (Linear)`
  public var description: String { ModulePath.text(for: path, module) }
}

/// Runs `body` and shows `handler` each call of `model` and of the modules below it. PyTorch's forward hooks, but with
/// a scope, so that no module keeps them:
///
///     observe(model) { event in
///       if event.moment == .ends { print(event.path, event.outputs[0].shape) }
///     } during: {
///       model(x)
///     }
@discardableResult
public func observe<R, E: Error>(
  _ model: any Module, _ handler: @escaping (ModuleEvent) -> Void, during body: () throws(E) -> R
) throws(E) -> R {
  ModulePath.install
  return try ThreadSlot.withObserver(Observation(model, handler), body)
}

/// Refused: the closure must be synchronous, for an observer belongs to a thread.
@available(
  *, unavailable,
  message: """
    an observer belongs to a thread, and an async closure may change threads: await first, then observe synchronous \
    work
    """
)
public func observe<R>(
  _ model: any Module, _ handler: @escaping (ModuleEvent) -> Void, during body: () async throws -> R
) async rethrows -> R {
  fail("observe: the closure is async")
}

/// What `observe` leaves on the thread.
final class Observation {
  private let handler: (ModuleEvent) -> Void
  private let names: [ObjectIdentifier: String]
  private let outer: Observation?

  init(_ model: any Module, _ handler: @escaping (ModuleEvent) -> Void) {
    self.handler = handler
    names = Dictionary(uniqueKeysWithValues: Discovery(model).modules.map { (ObjectIdentifier($0.module), $0.name) })
    outer = ThreadSlot.observer as? Observation
  }

  static func report<R, E: Error>(_ module: any Module, _ inputs: [Variable], _ body: () throws(E) -> R) throws(E) -> R
  {
    let observation = ThreadSlot.observer as? Observation
    observation?.tell(.begins, module, inputs, [])
    do throws(E) {
      let result = try body()
      observation?.tell(.ends, module, inputs, variables(in: result))
      return result
    } catch {
      observation?.tell(.ends, module, inputs, [])
      throw error
    }
  }

  private func tell(_ moment: ModuleEvent.Moment, _ module: any Module, _ inputs: [Variable], _ outputs: [Variable]) {
    outer?.tell(moment, module, inputs, outputs)
    guard let path = names[ObjectIdentifier(module)] else { return }
    handler(ModuleEvent(moment: moment, module: module, path: path, inputs: inputs, outputs: outputs))
  }

  /// The Variables of a result: itself, or inside tuples, arrays and optionals.
  private static func variables(in result: Any) -> [Variable] {
    if type(of: result) is AnyClass { return (result as? Variable).map { [$0] } ?? [] }
    if let tensor = result as? Tensor { return [Variable(tensor)] }
    let mirror = Mirror(reflecting: result)
    switch mirror.displayStyle {
    case .tuple, .collection, .optional, .struct: return mirror.children.flatMap { variables(in: $0.value) }
    default: return []
    }
  }
}
