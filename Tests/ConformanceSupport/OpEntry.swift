import TapestryAutograd
import TapestryTensors

/// A PyTorch function, what our messages call ours, and the call.
package struct OpEntry: Sendable {
  /// op_db's name: "add", "nn.functional.gelu".
  package let name: String
  package let ours: [String]
  private let signature: [String]
  private let call: @Sendable (Arguments) throws -> [Variable]

  /// `ours` are the names that a message may start with, by default PyTorch's; `signature` are the names of PyTorch's
  /// positional arguments in its order.
  package init(
    _ name: String, ours: String? = nil, _ signature: String, call: @escaping @Sendable (Arguments) throws -> [Variable]
  ) {
    self.name = name
    self.ours = (ours ?? String(name.split(separator: ".").last!)).split(separator: " ").map(String.init)
    self.signature = signature.split(separator: " ").map(String.init)
    self.call = call
  }

  /// What our function returns. Throws `CaseFailure` where an argument has a value for which ours has no place, or was
  /// not asked for.
  package func outputs(_ arguments: Arguments) throws -> [Variable] {
    let outputs = try call(arguments.naming(signature))
    try arguments.finish()
    return outputs
  }
}

extension Arguments {
  /// The value under a name; nil where it was not given or is None.
  func given(_ name: String) -> CaseValue? { value(name).flatMap { $0.isNull ? nil : $0 } }

  /// The axes of a reduction; nil, as PyTorch has it for None and for an empty list, means all.
  func axes() throws -> [Int]? {
    let axes = try optionalInts("dim")
    return axes == [] ? nil : axes
  }

  /// An integer, or a tensor without axes that holds one.
  func position(_ name: String) throws -> Int {
    guard case .tensor(let t)? = given(name) else { return try int(name) }
    if t.rank != 0 || t.dtype.isFloatingPoint || t.dtype == .bool {
      throw CaseFailure("\(name): expected an integer, got a tensor \(t.dtype) \(t.shape)")
    }
    return Int(t.item)
  }

  /// `dtype=`: the input converted first, as PyTorch does.
  func cast(_ x: Variable) throws -> Variable { try optionalDType("dtype").map { x.cast(to: $0) } ?? x }
}
