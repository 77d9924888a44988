import TapestryAutograd
import TapestryOps
import TapestryTensors

/// An activation; PyTorch's `inplace` has no meaning for the result.
private func activation(_ name: String, _ ours: String, _ f: @escaping @Sendable (Variable) -> Variable) -> OpEntry {
  OpEntry("nn.functional.\(name)", ours: ours, "input inplace") { c in
    c.ignoring("inplace")
    return [f(try c.variable("input"))]
  }
}

let activationEntries: [OpEntry] = [
  OpEntry("sigmoid", "input") { c in [sigmoid(try c.variable("input"))] },
  activation("relu", "relu") { relu($0) },
  activation("relu6", "relu6") { relu6($0) },
  activation("selu", "selu") { selu($0) },
  activation("silu", "silu") { silu($0) },
  activation("mish", "mish") { mish($0) },
  activation("softsign", "softsign") { softsign($0) },
  activation("hardsigmoid", "hardsigmoid") { hardsigmoid($0) },
  activation("hardswish", "hardswish") { hardswish($0) },
  activation("logsigmoid", "logSigmoid") { logSigmoid($0) },
  activation("tanhshrink", "tanhshrink") { tanhshrink($0) },
  OpEntry("nn.functional.leaky_relu", ours: "leakyRelu", "input negative_slope") { c in
    let x = try c.variable("input")
    return [leakyRelu(x, negativeSlope: try c.optionalDouble("negative_slope") ?? 0.01)]
  },
  OpEntry("nn.functional.elu", "input alpha") { c in
    let x = try c.variable("input")
    return [elu(x, alpha: try c.optionalDouble("alpha") ?? 1)]
  },
  OpEntry("nn.functional.celu", "input alpha") { c in
    let x = try c.variable("input")
    return [celu(x, alpha: try c.optionalDouble("alpha") ?? 1)]
  },
  OpEntry("nn.functional.gelu", "input approximate") { c in
    let x = try c.variable("input")
    switch try c.string("approximate", "none") {
    case "none": return [gelu(x)]
    case "tanh": return [gelu(x, approximate: .tanh)]
    case let other: throw CaseFailure("approximate is an enum without \(other)")
    }
  },
  OpEntry("nn.functional.softplus", "input beta threshold") { c in
    let x = try c.variable("input")
    return [softplus(x, beta: try c.optionalDouble("beta") ?? 1, threshold: try c.optionalDouble("threshold") ?? 20)]
  },
  OpEntry("nn.functional.softshrink", "input lambd") { c in
    let x = try c.variable("input")
    return [softshrink(x, lambda: try c.optionalDouble("lambd") ?? 0.5)]
  },
  OpEntry("nn.functional.hardshrink", "input lambd") { c in
    let x = try c.variable("input")
    return [hardshrink(x, lambda: try c.optionalDouble("lambd") ?? 0.5)]
  },
  OpEntry("nn.functional.threshold", "input threshold value inplace") { c in
    c.ignoring("inplace")
    return [threshold(try c.variable("input"), try c.double("threshold"), try c.double("value"))]
  },
  OpEntry("nn.functional.prelu", "input weight") { c in [prelu(try c.variable("input"), try c.variable("weight"))] },
  OpEntry("nn.functional.glu", "input dim") { c in [glu(try c.variable("input"), axis: try c.int("dim", -1))] },
  OpEntry("nn.functional.hardtanh", "input min_val max_val") { c in
    let x = try c.variable("input")
    return [hardtanh(x, min: try c.optionalDouble("min_val") ?? -1, max: try c.optionalDouble("max_val") ?? 1)]
  },
]
