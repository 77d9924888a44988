/// What has a state that can be saved and gone on from: models, optimizers, schedules, generators, passes over batches.
///
/// Training that is resumed gives the same bits as training that was never interrupted, if everything that it depends on
/// is saved: the model, the optimizer, its schedule, where the pass over the batches stands, and the random numbers.
///
///     let pass = data.batches(of: 32, shuffled: true).pass()
///     let parts: [String: any Stateful] = [
///       "model": model, "optimizer": optimizer, "schedule": schedule, "pass": pass, "random": Random.generator,
///     ]
///
///     var state = StateDict()                                                 // to save
///     for (name, part) in parts { state.add(part.stateDict(), under: name) }
///     try Safetensors.save(state, to: "run.safetensors")
///
///     let saved = StateDict(try Safetensors.load("run.safetensors").tensors)  // to resume, in another process
///     for (name, part) in parts { try part.loadStateDict(saved.part(name)) }
///
/// Make all parts first, the pass too (it draws its order when it is made), then load.
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
