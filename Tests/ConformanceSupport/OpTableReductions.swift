import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A function of a tensor, axes and `keepdim`, with PyTorch's `dtype` where it has one.
private func reduction(
  _ name: String, _ ours: String? = nil, _ f: @escaping @Sendable (Variable, [Int]?, Bool) -> Variable
) -> OpEntry {
  OpEntry(name, ours: ours, "input dim keepdim") { c in
    let x = try c.variable("input"), axes = try c.axes(), keepDims = try c.bool("keepdim", false)
    return [f(try c.cast(x), axes, keepDims)]
  }
}

/// `max` and `min`: of all, along an axis with the positions, or of two tensors.
private func extremum(
  _ name: String, all: @escaping @Sendable (Variable) -> Variable,
  along: @escaping @Sendable (Variable, Int, Bool) -> (Variable, Tensor),
  pair: @escaping @Sendable (Variable, Variable) -> Variable
) -> OpEntry {
  OpEntry(name, "input dim keepdim") { c in
    let x = try c.variable("input")
    guard let second = c.given("dim") else { return [all(x)] }
    switch second {
    case .tensor(let other): return [pair(x, other)]
    case .integer(let axis):
      let (values, indices) = along(x, axis, try c.bool("keepdim", false))
      return [values, Variable(indices)]
    default: throw CaseFailure("dim is \(second.kind)")
    }
  }
}

/// `var`, `std`, `var_mean`: (dim, unbiased, keepdim), or (unbiased) alone, or `correction`.
private func deviation(
  _ name: String, _ ours: String, _ f: @escaping @Sendable (Variable, [Int]?, Double, Bool) -> [Variable]
) -> OpEntry {
  OpEntry(name, ours: ours, "input dim unbiased keepdim") { c in
    let x = try c.variable("input")
    var axes: [Int]?, correction = 1.0
    if case .bool(let unbiased)? = c.given("dim") { correction = unbiased ? 1 : 0 } else { axes = try c.axes() }
    if try !c.bool("unbiased", true) { correction = 0 }
    if let given = try c.optionalDouble("correction") { correction = given }
    return f(x, axes, correction, try c.bool("keepdim", false))
  }
}

let reductionEntries: [OpEntry] = [
  reduction("sum") { $0.sum(axes: $1, keepDims: $2) },
  reduction("mean") { $0.mean(axes: $1, keepDims: $2) },
  reduction("prod") { $0.prod(axes: $1, keepDims: $2) },
  reduction("amax") { $0.amax(axes: $1, keepDims: $2) },
  reduction("amin") { $0.amin(axes: $1, keepDims: $2) },
  reduction("logsumexp", "logSumExp") { $0.logSumExp(axes: $1, keepDims: $2) },
  extremum("max", all: { $0.max() }, along: { $0.max(axis: $1, keepDims: $2) }, pair: { maximum($0, $1) }),
  extremum("min", all: { $0.min() }, along: { $0.min(axis: $1, keepDims: $2) }, pair: { minimum($0, $1) }),
  deviation("var", "variance") { [$0.variance(axes: $1, correction: $2, keepDims: $3)] },
  deviation("std", "standardDeviation") { [$0.standardDeviation(axes: $1, correction: $2, keepDims: $3)] },
  deviation("var_mean", "variance") {
    [$0.variance(axes: $1, correction: $2, keepDims: $3), $0.mean(axes: $1, keepDims: $3)]
  },
  OpEntry("norm", "input p dim keepdim") { c in
    let x = try c.variable("input")
    var p = 2.0
    if case .string(let name)? = c.given("p") {
      if name != "fro" { throw CaseFailure("unsupported: norm \(name)") }
    } else {
      p = try c.double("p", 2)
    }
    return [x.norm(p, axes: try c.axes(), keepDims: try c.bool("keepdim", false))]
  },
  OpEntry("linalg.vector_norm", ours: "norm", "input ord dim keepdim") { c in
    let x = try c.variable("input"), p = try c.optionalDouble("ord") ?? 2
    return [try c.cast(x).norm(p, axes: try c.axes(), keepDims: try c.bool("keepdim", false))]
  },
  OpEntry("cumsum", "input dim") { c in
    let x = try c.variable("input"), axis = try c.int("dim")
    return [try c.cast(x).cumsum(axis)]
  },
  OpEntry("cumprod", "input dim") { c in
    let x = try c.variable("input"), axis = try c.int("dim")
    return [try c.cast(x).cumprod(axis)]
  },
  OpEntry("trace", "input") { c in [try c.variable("input").trace()] },
]
