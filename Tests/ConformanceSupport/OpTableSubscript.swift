import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A part of Python's `x[…]`.
private struct Part: TensorIndex {
  let indexPart: IndexPart

  init(_ value: CaseValue) throws {
    switch value {
    case .integer(let n): indexPart = .position(n)
    case .slice(let start, let stop, let step): indexPart = .slice(from: start, to: stop, step: step ?? 1)
    case .ellipsis: indexPart = .ellipsis
    case .null: indexPart = .newAxis
    case .tensor(let x): indexPart = .tensor(x.value)
    case .list(let values) where values.allSatisfy({ if case .bool = $0 { true } else { false } }) && !values.isEmpty:
      indexPart = .tensor(Tensor(try values.map { try $0.bool() }))
    case .list: indexPart = .tensor(Tensor(try value.integers()))
    default: throw CaseFailure("unsupported: \(value.kind) in a subscript")
    }
  }
}

let subscriptEntries: [OpEntry] = [
  OpEntry("__getitem__", ours: "subscript", "input key") { c in
    // `index` tells x[[1, 2]], one list of positions, from x[1, 2].
    let x = try c.variable("input"), isList = try c.string("index", "tuple") == "list"
    var parts: [Part] = []
    if let key = c.value("key") {
      if case .list(let values) = key, !isList { parts = try values.map(Part.init) } else { parts = [try Part(key)] }
    }
    switch parts.count {
    case 0: return [x]
    case 1: return [x[parts[0]]]
    case 2: return [x[parts[0], parts[1]]]
    case 3: return [x[parts[0], parts[1], parts[2]]]
    case 4: return [x[parts[0], parts[1], parts[2], parts[3]]]
    default: throw CaseFailure("unsupported: \(parts.count) parts in a subscript")
    }
  }
]
