import TapestryAutograd
import TapestryTensors

/// How a state and a model differ. Strict loading throws it, lenient loading returns it.
public struct StateMismatch: Error, Sendable, Equatable, CustomStringConvertible {
  /// Of the model, without a tensor in the state.
  public var missing: [String] = []
  /// Of the state, unknown to the model.
  public var unexpected: [String] = []
  /// Of both, with shapes (in the file's layout) or types that do not fit.
  public var misshapen: [String] = []

  let model: String

  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  public var description: String {
    func part(_ title: String, _ names: [String]) -> String { names.isEmpty ? "" : "\n  \(title):\n" + names.map { "    \($0)" }.joined(separator: "\n") }
    if isEmpty { return "the state fits \(model)" }
    return "the state does not fit \(model):" + part("missing in the state", missing) + part("not in the model", unexpected) + part("misshapen", misshapen)
  }
}

extension Module {
  /// All parameters and persistent buffers, in PyTorch's names and layouts. A tensor with several names (tied weights) is there once, under the first.
  public func stateDict() -> StateDict { stateDict(everyName: false) }

  /// The same; with `everyName` a tensor with several names is there under each, as PyTorch writes it.
  public func stateDict(everyName: Bool) -> StateDict {
    StateDict(Slot.all(of: self).flatMap { slot in (everyName ? slot.names : [slot.names[0]]).map { ($0, slot.saved) } })
  }

  /// Puts a state into the model. Strict: throws a `StateMismatch` that lists every missing, unexpected and misshapen name, and then nothing was changed.
  /// Otherwise takes what fits and returns the rest. Tensors are converted between floating-point types.
  @discardableResult
  public func loadStateDict(_ state: StateDict, strict: Bool) throws(StateMismatch) -> StateMismatch {
    var mismatch = StateMismatch(model: typeName(self))
    var known = Set<Name>()
    var fitting: [(Slot, Tensor)] = []
    for slot in Slot.all(of: self) {
      known.formUnion(slot.names.map(Name.init))
      let given = slot.names.filter { state[$0] != nil }
      if given.isEmpty { mismatch.missing.append(slot.names[0]) }
      for name in given {
        let tensor = state[name]!
        if let problem = slot.problem(with: tensor) {
          mismatch.misshapen.append("\(name): \(problem)")
        } else if name == given[0] {
          fitting.append((slot, tensor))
        } else if tensor.dtype != state[given[0]]!.dtype || tensor.bytes != state[given[0]]!.bytes {
          mismatch.misshapen.append("\(name): differs from \(given[0]), but the model holds both in one tensor")
        }
      }
    }
    mismatch.unexpected = state.names.filter { !known.contains(Name($0)) }
    if strict && !mismatch.isEmpty { throw mismatch }
    for (slot, tensor) in fitting { slot.load(tensor) }
    return mismatch
  }

  /// Strict loading.
  public func loadStateDict(_ state: StateDict) throws(StateMismatch) { _ = try loadStateDict(state, strict: true) }

  /// The same with names in any order, as files give them.
  @discardableResult
  public func loadStateDict(_ state: [String: Tensor], strict: Bool = true) throws(StateMismatch) -> StateMismatch {
    try loadStateDict(StateDict(state), strict: strict)
  }
}

/// One tensor of a model's state.
private struct Slot {
  let names: [String]
  let parameter: Parameter?
  let buffer: Buffer?

  static func all(of module: any Module) -> [Slot] {
    let found = Discovery(module)
    return found.parameters.map { Slot(names: found.names[ObjectIdentifier($0.parameter)]!, parameter: $0.parameter, buffer: nil) }
      + found.buffers.filter(\.buffer.isPersistent).map { Slot(names: found.names[ObjectIdentifier($0.buffer)]!, parameter: nil, buffer: $0.buffer) }
  }

  private var value: Tensor { parameter?.value ?? buffer!.value }
  private var isTransposed: Bool { parameter?.fileLayout == .transposed }

  /// In the file's layout.
  var saved: Tensor { isTransposed ? value.transposed().contiguous() : value }

  func problem(with tensor: Tensor) -> String? {
    let shape = isTransposed ? Shape(value.shape.reversed()) : value.shape
    if tensor.shape != shape { return "the model has \(shape), the state \(tensor.shape)" }
    if tensor.dtype != value.dtype && !(tensor.dtype.isFloatingPoint && value.dtype.isFloatingPoint) {
      return "the model has \(value.dtype), the state \(tensor.dtype)"
    }
    return nil
  }

  func load(_ tensor: Tensor) {
    let new = (isTransposed ? tensor.transposed().contiguous() : tensor).cast(to: value.dtype)
    if let parameter { parameter.assign(new) } else { buffer!.assign(new) }
  }
}
