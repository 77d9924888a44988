import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A function along one axis, with PyTorch's `dtype`.
private func alongAxis(_ name: String, _ ours: String, _ f: @escaping @Sendable (Variable, Int) -> Variable) -> OpEntry
{
  OpEntry(name, ours: ours, "input dim") { c in
    let x = try c.variable("input"), axis = try c.int("dim")
    return [f(try c.cast(x), axis)]
  }
}

let networkEntries: [OpEntry] = [
  alongAxis("softmax", "softmax") { softmax($0, axis: $1) },
  alongAxis("log_softmax", "logSoftmax") { logSoftmax($0, axis: $1) },
  alongAxis("nn.functional.softmin", "softmin") { softmin($0, axis: $1) },
  OpEntry("nn.functional.linear", "input weight bias") { c in
    // PyTorch's weight is (out, in), ours (in, out).
    let x = try c.variable("input"), weight = try c.variable("weight")
    let y = linear(x, weight.rank == 1 ? weight.unsqueezed(-1) : weight.transposed(), try c.optionalVariable("bias"))
    return [weight.rank == 1 ? y.squeezed(-1) : y]
  },
  OpEntry("nn.functional.layer_norm", ours: "layerNorm", "input normalized_shape weight bias eps") { c in
    let x = try c.variable("input"), shape = Shape(try c.ints("normalized_shape"))
    let (gamma, beta) = (try c.optionalVariable("weight"), try c.optionalVariable("bias"))
    return [layerNorm(x, normalizedShape: shape, gamma: gamma, beta: beta, eps: try c.optionalDouble("eps") ?? 1e-5)]
  },
  OpEntry("nn.functional.rms_norm", ours: "rmsNorm", "input normalized_shape weight eps") { c in
    let x = try c.variable("input"), shape = Shape(try c.ints("normalized_shape"))
    return [
      rmsNorm(x, normalizedShape: shape, gamma: try c.optionalVariable("weight"), eps: try c.optionalDouble("eps"))
    ]
  },
  OpEntry("nn.functional.embedding", "weight input padding_idx max_norm norm_type scale_grad_by_freq sparse") { c in
    // op_db lists the table first.
    let table = try c.variable("weight"), indices = try c.tensor("input")
    let padding = try c.optionalInt("padding_idx")
    for name in ["max_norm", "norm_type", "sparse"] where c.given(name) != nil {
      throw CaseFailure("embedding: \(name)")
    }
    let byFrequency = try c.bool("scale_grad_by_freq", false)
    return [
      embedding(
        indices, table, paddingIdx: padding.map { $0 < 0 ? $0 + table.shape[0] : $0 }, scaleGradByFreq: byFrequency)
    ]
  },
  OpEntry(
    "nn.functional.max_pool2d", ours: "maxPool2d", "input kernel_size stride padding dilation ceil_mode return_indices"
  ) { c in
    func size(_ name: String) throws -> Size2d? {
      guard let sizes = try c.optionalInts(name), !sizes.isEmpty else { return nil }
      return Size2d(sizes[0], sizes.last!)
    }
    let x = try c.variable("input"), kernel = try size("kernel_size")!
    let (values, indices) = maxPool2dWithIndices(
      x, kernelSize: kernel, stride: try size("stride"), padding: try size("padding") ?? 0,
      dilation: try size("dilation") ?? 1,
      ceilMode: try c.bool("ceil_mode", false))
    return try c.bool("return_indices", false) ? [values, Variable(indices)] : [values]
  },
  OpEntry("nn.functional.pad", ours: "padded", "input pad mode value") { c in
    // Pairs from the last axis to the first.
    let x = try c.variable("input"), widths = try c.ints("pad")
    if widths.count % 2 != 0 { throw CaseFailure("widths are pairs") }
    let pairs = Swift.stride(from: 0, to: widths.count, by: 2).map { (widths[$0], widths[$0 + 1]) }
    let mode: PaddingMode
    let name = try c.string("mode", "constant"), value = try c.optionalDouble("value") ?? 0
    switch name {
    case "constant": mode = .constant(value)
    case "reflect": mode = .reflect
    case "replicate": mode = .replicate
    case "circular": mode = .circular
    default: throw CaseFailure("mode is an enum without \(name)")
    }
    return [x.padded(pairs.reversed(), mode: mode)]
  },
]
