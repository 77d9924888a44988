import TapestryAutograd
import TapestryTensors

extension Module {
  /// All parameters and persistent buffers, in PyTorch's names and layouts. A tensor with several names (tied weights)
  /// is there once, under the first.
  @_semantics("optimize.sil.specialize.generic.never")
  public func stateDict() -> StateDict { stateDict(everyName: false) }

  /// The same; with `everyName` a tensor with several names is there under each, as PyTorch writes it.
  @_semantics("optimize.sil.specialize.generic.never")
  public func stateDict(everyName: Bool) -> StateDict {
    StateDict(
      Slot.all(of: self).flatMap { slot in (everyName ? slot.names : [slot.names[0]]).map { ($0, slot.saved) } })
  }

  /// Puts a state into the model. Strict: throws a `DataError` whose `mismatch` lists every missing, unexpected and
  /// wrong name, and then nothing was changed. Otherwise takes what fits and returns the rest. Tensors are converted
  /// between floating-point types.
  @discardableResult
  @_semantics("optimize.sil.specialize.generic.never")
  public func loadStateDict(_ state: StateDict, strict: Bool) throws(DataError) -> StateMismatch {
    var mismatch = StateMismatch(owner: typeName(self))
    var known = Set<Name>()
    var fitting: [(Slot, Tensor)] = []
    for slot in Slot.all(of: self) {
      known.formUnion(slot.names.map(Name.init))
      let given = slot.names.filter { state[$0] != nil }
      if given.isEmpty { mismatch.missing.append(slot.names[0]) }
      for name in given {
        let tensor = state[name]!
        if let problem = slot.problem(with: tensor) {
          mismatch.wrong.append("\(name): \(problem)")
        } else if name == given[0] {
          fitting.append((slot, tensor))
        } else if tensor.dtype != state[given[0]]!.dtype || tensor.bytes != state[given[0]]!.bytes {
          mismatch.wrong.append("\(name): differs from \(given[0]), but the model holds both in one tensor")
        }
      }
    }
    mismatch.unexpected = state.names.filter { !known.contains(Name($0)) }
    if strict && !mismatch.isEmpty { throw DataError(mismatch) }
    for (slot, tensor) in fitting { slot.load(tensor) }
    return mismatch
  }

  /// Strict loading.
  @_semantics("optimize.sil.specialize.generic.never")
  public func loadStateDict(_ state: StateDict) throws(DataError) { _ = try loadStateDict(state, strict: true) }

  /// The same with names in any order, as files give them.
  @discardableResult
  public func loadStateDict(_ state: [String: Tensor], strict: Bool = true) throws(DataError) -> StateMismatch {
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
    return found.parameters.map {
      Slot(names: found.names[ObjectIdentifier($0.parameter)]!, parameter: $0.parameter, buffer: nil)
    }
      + found.buffers.filter(\.buffer.isPersistent).map {
        Slot(names: found.names[ObjectIdentifier($0.buffer)]!, parameter: nil, buffer: $0.buffer)
      }
  }

  private var value: Tensor { parameter?.value ?? buffer!.value }
  private var isTransposed: Bool { parameter?.fileLayout == .transposed }

  /// In the file's layout.
  var saved: Tensor {
    if parameter?.isUninitialized == true {
      fail("stateDict: '\(names[0])': \(Parameter.stillToCome("cannot be saved"))")
    }
    return isTransposed ? value.transposed().contiguous() : value
  }

  func problem(with tensor: Tensor) -> String? {
    if parameter?.isUninitialized == true {
      return tensor.dtype.isFloatingPoint && (!isTransposed || tensor.rank == 2)
        ? nil : "the state's \(tensor.dtype) \(tensor.shape) is no first value for it"
    }
    let shape = isTransposed ? Shape(value.shape.reversed()) : value.shape
    if tensor.shape != shape { return "the model has \(shape), the state \(tensor.shape)" }
    if tensor.dtype != value.dtype && !(tensor.dtype.isFloatingPoint && value.dtype.isFloatingPoint) {
      return "the model has \(value.dtype), the state \(tensor.dtype)"
    }
    return nil
  }

  func load(_ tensor: Tensor) {
    let new = (isTransposed ? tensor.transposed().contiguous() : tensor).cast(to: value.dtype)
    if let parameter {
      if parameter.isUninitialized { parameter.materialize(new) } else { parameter.assign(new) }
    } else {
      buffer!.assign(new)
    }
  }
}
