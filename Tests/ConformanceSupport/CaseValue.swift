import TapestryAutograd
import TapestryData
import TapestryTensors

/// An argument of a case: what Python passed, as /shared/conformance/FORMAT.md writes it in JSON.
package indirect enum CaseValue {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  /// A leaf that requires a gradient where the case has one for it.
  case tensor(Variable)
  case dtype(DType)
  /// A dtype that we do not have, such as complex128.
  case otherDType(String)
  case slice(start: Int?, stop: Int?, step: Int?)
  case ellipsis
  case list([CaseValue])
  case map([(key: String, value: CaseValue)])
  case module(String, [(key: String, value: CaseValue)])
}

/// Why a case did not pass.
package struct CaseFailure: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

extension CaseValue {
  /// "a list", for messages.
  var kind: String {
    switch self {
    case .null: "None"
    case .bool: "a bool"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .tensor: "a tensor"
    case .dtype, .otherDType: "a dtype"
    case .slice: "a slice"
    case .ellipsis: "an ellipsis"
    case .list: "a list"
    case .map: "a map"
    case .module: "a module"
    }
  }

  package var isNull: Bool { if case .null = self { true } else { false } }

  package func integer() throws -> Int {
    switch self {
    case .integer(let n): n
    case .bool(let flag): flag ? 1 : 0
    default: throw CaseFailure("expected an integer, got \(kind)")
    }
  }

  /// A number; a tensor with one element counts as one, as it does for PyTorch.
  package func number() throws -> Double {
    switch self {
    case .number(let x): x
    case .integer(let n): Double(n)
    case .bool(let flag): flag ? 1 : 0
    case .tensor(let x) where x.count == 1: x.item
    default: throw CaseFailure("expected a number, got \(kind)")
    }
  }

  package func bool() throws -> Bool {
    guard case .bool(let flag) = self else { throw CaseFailure("expected a bool, got \(kind)") }
    return flag
  }

  package func string() throws -> String {
    guard case .string(let text) = self else { throw CaseFailure("expected a string, got \(kind)") }
    return text
  }

  package func variable() throws -> Variable {
    guard case .tensor(let x) = self else { throw CaseFailure("expected a tensor, got \(kind)") }
    return x
  }

  package func dtype() throws -> DType {
    guard case .dtype(let dtype) = self else { throw CaseFailure("expected a dtype that we have, got \(kind)") }
    return dtype
  }

  package func list() throws -> [CaseValue] {
    guard case .list(let values) = self else { throw CaseFailure("expected a list, got \(kind)") }
    return values
  }

  /// A list of integers; one integer alone is a list of one.
  package func integers() throws -> [Int] {
    if case .integer(let n) = self { return [n] }
    return try list().map { try $0.integer() }
  }
}
