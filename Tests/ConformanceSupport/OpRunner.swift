import TapestryAutograd
import TapestryData
import TapestryTensors

extension Case {
  /// op_db's name without the variant: "max" for `max@binary`.
  package var op: String {
    if case .string(let name)? = json["op"] { name } else { name }
  }

  /// Calls our function with the arguments of an op's case, each of which it must take.
  package func opOutputs() throws -> (outputs: [Variable], leaves: [CaseLeaf]) {
    guard let entry = opTable[op] else { throw CaseFailure("\(op) is not in the table of ops") }
    let decoder = CaseDecoder(self), arguments = try decoder.opArguments()
    if case .string(let kind)? = json["index"] { arguments.give("index", .string(kind)) }
    return (try entry.outputs(arguments), decoder.leaves)
  }

  /// Compares what our function answers, and its gradients, with PyTorch's.
  package func runOp(tolerance: Tolerance? = nil) throws {
    let (outputs, leaves) = try opOutputs()
    try check(outputs: outputs, leaves: leaves, tolerance: tolerance)
  }
}
