/// What has a state that can be saved and gone on from: models, optimizers, schedules, generators, passes over batches.
///
///     var state = StateDict()
///     for (name, part) in parts { state.add(part.stateDict(), under: name) }     // let parts: [String: any Stateful]
///     try Safetensors.save(state, to: "run.safetensors")
public protocol Stateful: AnyObject {
  /// Everything that what comes next depends on. Later steps do not change what was given.
  func stateDict() -> StateDict

  /// Goes on from what `stateDict()` of one of the same kind gave. Throws a `DataError` whose `mismatch` lists
  /// everything missing, unexpected or wrong; then nothing was changed.
  func loadStateDict(_ state: StateDict) throws(DataError)
}

extension Stateful {
  /// The same from tensors by name, as files give them.
  public func loadStateDict(_ state: [String: Tensor]) throws(DataError) { try loadStateDict(StateDict(state)) }
}
