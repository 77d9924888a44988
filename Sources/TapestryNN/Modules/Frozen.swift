import TapestryAutograd
import TapestryTensors

extension Module {
  /// A copy of the model that shares nothing with it but the memory of weights that neither has changed since: training
  /// one leaves the other alone. Parameters that are frozen stay so; gradients and hooks are not copied. Python's
  /// `copy.deepcopy`.
  ///
  /// Modules are copied field by field, without running an initializer. Closures are shared, with what they captured,
  /// and so are objects that are no modules.
  public func copy() -> Self { copied(frozen: false) }

  /// An evaluation-mode, gradient-free copy that many threads may call at once.
  ///
  ///     let server = model.frozen()
  ///     Task.detached { let y = server(x) }
  ///
  /// It shares the weights' memory with the model until that is trained on. Each call uses a replica that no other call
  /// uses at the same time, so a module that keeps notes in its properties is safe as well; there are as many replicas
  /// as calls ever ran at once.
  public func frozen() -> Frozen<Self> { Frozen(self) }

  /// Empties all parameters and buffers: the model will not be called again.
  package func letGoOfTensors() {
    let found = Discovery(self, lenient: true)
    for (_, parameter) in found.parameters { parameter.empty() }
    for (_, buffer) in found.buffers { buffer.empty() }
  }

  fileprivate func copied(frozen: Bool) -> Self {
    let original = Discovery(self)
    var copy = ObjectCopy(
      leaf: { object in
        if let parameter = object as? Parameter { return parameter.copy(frozen: frozen) }
        return (object as? Buffer)?.copy()
      }, copied: { $0 is any Module })
    let result = copy(self)
    // What cannot be walked is shared, and a part of the model in it would be the original's.
    for (object, message) in Discovery(result, lenient: true).hidden where original.holds(object) {
      fail("copy: \(message), or keep it outside of the model")
    }
    if frozen { result.eval() }
    return result
  }
}

/// A model that only computes, for many threads at once: see `Module.frozen()`.
public final class Frozen<Model: Module>: Sendable {
  private let idle: Locked<[Model]>
  /// Never called, only copied.
  private let spare: Locked<Model>

  init(_ model: Model) {
    idle = Locked([])
    spare = Locked(model.copied(frozen: true))
  }

  /// Runs `body` on a replica without recording a graph. Tensors may leave it; the replica, which the next call uses,
  /// and Variables cannot.
  public func run<R: Sendable>(_ body: (Model) throws -> R) rethrows -> R {
    let replica = idle.with { $0.popLast() } ?? spare.with { $0.copied(frozen: true) }
    defer { idle.with { $0.append(replica) } }
    return try noGrad { try body(replica) }
  }
}

extension Frozen where Model: Layer {
  /// The model's answer, the same bits on any thread.
  public func callAsFunction(_ x: Tensor) -> Tensor { run { $0(x).value } }
}

extension Frozen where Model: PairLayer {
  /// The model's answer, the same bits on any thread.
  public func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor { run { $0(a, b).value } }
}

extension Frozen where Model: AttentionLayer {
  /// The model's answer, the same bits on any thread.
  public func callAsFunction(_ query: Tensor, _ key: Tensor, _ value: Tensor, mask: Tensor? = nil) -> Tensor {
    run { $0(query, key, value, mask: mask).value }
  }
}
