import TapestryData
import TapestryNN
import TapestryTensors

extension Module {
  /// Writes the state dictionary to a safetensors file, in PyTorch's names and layouts:
  /// `torch.nn.Module.load_state_dict` takes what `safetensors.torch.load_file` reads of it. The file is replaced as a
  /// whole or not at all.
  ///
  ///     try model.save(to: "digits.safetensors")
  ///     try Classifier().load(from: "digits.safetensors")
  ///
  /// With `everyName`, tied weights are written under each of their names, as PyTorch expects them. `metadata` are texts
  /// to go with them, such as the names of classes, which `Safetensors.load(path).metadata` gives back.
  public func save(to path: String, everyName: Bool = false, metadata: Safetensors.Metadata = [:]) throws(DataError) {
    try Safetensors.save(stateDict(everyName: everyName), metadata: metadata, to: path)
  }

  /// Reads a state from a safetensors file. Throws a `DataError` that names the file, for one that cannot be read, and
  /// for one that does not fit, with all wrong names in its `mismatch`; then the model is as it was. With `strict`
  /// false takes what fits and returns the rest.
  @discardableResult
  public func load(from path: String, strict: Bool = true) throws(DataError) -> StateMismatch {
    let state = StateDict(try Safetensors.load(path).tensors)
    do { return try loadStateDict(state, strict: strict) } catch { throw error.inFile(path) }
  }
}
