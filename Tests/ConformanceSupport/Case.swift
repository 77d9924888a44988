import Foundation
import TapestryAutograd
import TapestryData
import TapestryTensors

/// One case of a file: what to call, and what PyTorch answered.
package struct Case: Sendable {
  /// "modules", "ops", "optimizers" or "schedulers".
  package let kind: String

  /// "nn.Linear", "add", "SGD" …
  package let name: String

  package let json: JSON
  let tensors: Safetensors

  /// The cases of `KIND/NAME.safetensors`.
  package static func load(_ file: URL) throws -> [Case] {
    let tensors = try Safetensors.load(file)
    guard let text = tensors.metadata["cases"], case .array(let cases) = try JSON(text.utf8) else {
      throw CaseFailure("\(file.path): no list of cases")
    }
    let kind = file.deletingLastPathComponent().lastPathComponent, name = file.deletingPathExtension().lastPathComponent
    return cases.map { Case(kind: kind, name: name, json: $0, tensors: tensors) }
  }

  /// The number of the case in its file. It stays the same whatever `--seed`, `--dtype` and `--cap` are.
  package var number: Int? {
    if case .integer(let id)? = json["id"] { id } else { nil }
  }

  /// What its tensors' names start with.
  private var id: String { number.map { String($0) } ?? "?" }

  /// "modules/nn.Linear #2"
  package var title: String { "\(kind)/\(name) #\(id)" }

  /// The dtype of the case: that of its first floating tensor.
  package var dtype: DType {
    tensors.tensors.first { $0.name.hasPrefix("\(id)/") && $0.tensor.dtype.isFloatingPoint }?.tensor.dtype ?? .float32
  }

  /// The tensor that a value of the JSON names.
  package func tensor(_ value: JSON?) throws -> Tensor {
    guard case .string(let name)? = value?["tensor"], let tensor = tensors[name] else {
      throw CaseFailure("expected a tensor, got \(value ?? .null)")
    }
    return tensor
  }

  /// The tensors of a map such as `state`, in its order.
  package func tensorMap(_ key: String) throws -> [(name: String, tensor: Tensor)] {
    guard case .object(let members) = json[key] ?? .object([]) else { throw CaseFailure("\(key) is no map") }
    return try members.map { ($0.key, try tensor($0.value)) }
  }

  /// The tensors of a list such as `outputs`.
  package func tensorList(_ key: String) throws -> [Tensor] { try tensorList(json[key] ?? .array([])) }

  package func tensorList(_ value: JSON) throws -> [Tensor] {
    guard case .array(let values) = value else { throw CaseFailure("expected a list of tensors") }
    return try values.map { try tensor($0) }
  }
}

/// A Variable of a case with the name that the case's `grads` give it: `param.weight`, `input.hx.0`, `arg.1`.
package struct CaseLeaf {
  package let name: String
  package let variable: Variable

  /// Turns a gradient into PyTorch's layout.
  package let layout: (Tensor) -> Tensor

  package init(_ name: String, _ variable: Variable, layout: @escaping (Tensor) -> Tensor = { $0 }) {
    self.name = name
    self.variable = variable
    self.layout = layout
  }
}

/// Turns the arguments of a case into values, and remembers the leaves among them.
package final class CaseDecoder {
  let subject: Case
  private let grads: Set<String>
  package private(set) var leaves: [CaseLeaf] = []

  package init(_ subject: Case) {
    self.subject = subject
    if case .object(let members)? = subject.json["grads"] { grads = Set(members.map(\.key)) } else { grads = [] }
  }

  /// The map under `key` (`kwargs`, `forward`) as arguments; its tensors are called `prefix.PATH`.
  package func arguments(_ key: String, prefix: String) throws -> Arguments {
    Arguments(try map(subject.json[key] ?? .object([]), prefix))
  }

  /// The arguments of an op: the list `args`, called `arg.0` …, and the map `kwargs`.
  package func opArguments() throws -> Arguments {
    guard case .array(let values)? = subject.json["args"] else { throw CaseFailure("args is no list") }
    let positional = try values.enumerated().map { try value($1, "arg.\($0)") }
    return Arguments(try map(subject.json["kwargs"] ?? .object([]), "kwarg"), positional: positional)
  }

  private func map(_ json: JSON, _ path: String) throws -> [(key: String, value: CaseValue)] {
    guard case .object(let members) = json else { throw CaseFailure("\(path) is no map") }
    return try members.map { ($0.key, try value($0.value, "\(path).\($0.key)")) }
  }

  private func value(_ json: JSON, _ path: String) throws -> CaseValue {
    switch json {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .integer(let n): return .integer(n)
    case .number(let x): return .number(x)
    case .string(let text): return .string(text)
    case .array(let values): return .list(try values.enumerated().map { try value($1, "\(path).\($0)") })
    case .object(let members): return try marker(members, path) ?? .map(try map(json, path))
    }
  }

  /// The markers of FORMAT.md; nil for a map that is meant as one.
  private func marker(_ members: [JSON.Member], _ path: String) throws -> CaseValue? {
    if members.count == 2, members[0].key == "module", members[1].key == "kwargs",
      case .string(let name) = members[0].value
    {
      return .module(name, try map(members[1].value, path))
    }
    guard members.count == 1, let member = members.first else { return nil }
    switch (member.key, member.value) {
    case ("tensor", .string):
      let tensor = try subject.tensor(.object(members))
      let variable = Variable(tensor, requiresGrad: grads.contains(path) && tensor.dtype.isFloatingPoint)
      if variable.requiresGrad { leaves.append(CaseLeaf(path, variable)) }
      return .tensor(variable)
    case ("float", .string(let text)):
      guard let number = Double(text) else { throw CaseFailure("\(path): \(text) is no number") }
      return .number(number)
    case ("dtype", .string(let name)):
      return DType.allCases.first { $0.description == name }.map { .dtype($0) } ?? .otherDType(name)
    case ("slice", .array(let bounds)) where bounds.count == 3:
      let bounds = try bounds.map { $0 == .null ? nil : try value($0, path).integer() }
      return .slice(start: bounds[0], stop: bounds[1], step: bounds[2])
    case ("ellipsis", .bool(true)): return .ellipsis
    default: return nil
    }
  }
}
