import ConformanceSupport
import Tapestry

/// A module built from a case's `kwargs`, and how the case's `forward` calls it.
struct CaseModule {
  let module: any Module
  let call: (Arguments) throws -> [Variable]

  /// A layer: `forward(input)`.
  static func layer(_ layer: any Layer, input: String = "input") -> CaseModule {
    CaseModule(module: layer) { [layer(try $0.variable(input))] }
  }
}

/// How each module of torch.nn is built from its keyword arguments.
let moduleTable = layerTable.merging(activationTable) { _, _ in fatalError("a name in two tables") }.merging(lossTable)
{ _, _ in
  fatalError("a name in two tables")
}

/// Builds the module, loads PyTorch's state, calls it, and compares outputs, gradients and the state after the call.
@Sendable func runModule(_ item: Case) throws {
  let decoder = CaseDecoder(item)
  let options = try decoder.arguments("kwargs", prefix: "kwargs")
  options.ignoring("inplace")
  let built = try moduleTable[item.name]!(options), module = built.module
  try options.finish()
  module.to(item.dtype)
  try module.loadStateDict(StateDict(item.tensorMap("state")))
  module.train(item.json["training"] == .bool(true))

  let forward = try decoder.arguments("forward", prefix: "input")
  let outputs = try built.call(forward)
  try forward.finish()
  let weights = module.namedParameters().map { name, parameter in
    CaseLeaf("param.\(name)", parameter) { parameter.fileLayout == .transposed ? $0.transposed() : $0 }
  }
  try item.check(outputs: outputs, leaves: weights + decoder.leaves)
  try checkBuffers(module, after: item)
}

/// The buffers are PyTorch's in names and values.
private func checkBuffers(_ module: any Module, after item: Case) throws {
  let expected = try item.tensorMap("state_after"), buffers = module.namedBuffers()
  if Set(expected.map(\.name)) != Set(buffers.map(\.name)) {
    throw CaseFailure("the buffers are \(buffers.map(\.name).sorted()), not \(expected.map(\.name).sorted())")
  }
  for (name, want) in expected {
    if let how = difference(buffers.first { $0.name == name }!.buffer.value, want) {
      throw CaseFailure("buffer \(name) \(how)")
    }
  }
}
