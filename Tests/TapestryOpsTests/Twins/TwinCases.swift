import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A function of Variables beside its twin of Tensors: the same words, once for each type. x, y, z are (4, 4).
struct Twin: Sendable {
  let name: String
  let variables: @Sendable ([Variable]) -> [Variable], tensors: @Sendable ([Tensor]) -> [Tensor]

  init(
    _ name: String, _ variables: @escaping @Sendable ([Variable]) -> Variable,
    _ tensors: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.init(name, { [variables($0)] }, { [tensors($0)] })
  }

  init(
    _ name: String, _ variables: @escaping @Sendable ([Variable]) -> [Variable],
    _ tensors: @escaping @Sendable ([Tensor]) -> [Tensor]
  ) {
    (self.name, self.variables, self.tensors) = (name, variables, tensors)
  }
}

extension Twin {
  static let index = Tensor([[0, 1, 2, 3], [3, 2, 0, 1], [2, 1, 3, 0], [1, 0, 3, 2]])
  static let positions = Tensor([2, 0])
  static let mask = index .> 1

  static let functions: [Twin] = [
    Twin("dropout(_:_:training:)", { dropout($0[0]) }, { dropout($0[0]) }),
    Twin("dropout(_:p:training:)", { dropout($0[0], p: 0.5) }, { dropout($0[0], p: 0.5) }),
    Twin("featureDropout(_:_:training:batched:)", { featureDropout($0[0]) }, { featureDropout($0[0]) }),
    Twin("alphaDropout(_:_:training:)", { alphaDropout($0[0]) }, { alphaDropout($0[0]) }),
    Twin("featureAlphaDropout(_:_:training:)", { featureAlphaDropout($0[0]) }, { featureAlphaDropout($0[0]) }),
    Twin("embedding(_:_:paddingIdx:scaleGradByFreq:)", { embedding(index, $0[0]) }, { embedding(index, $0[0]) }),
    Twin(
      "layerNorm(_:normalizedShape:gamma:beta:eps:)", { layerNorm($0[0], gamma: $0[1][0], beta: $0[1][1]) },
      { layerNorm($0[0], gamma: $0[1][0], beta: $0[1][1]) }),
    Twin(
      "rmsNorm(_:normalizedShape:gamma:eps:)", { rmsNorm($0[0], gamma: $0[1][0]) }, { rmsNorm($0[0], gamma: $0[1][0]) }),
    Twin("softmax(_:axis:)", { softmax($0[0]) }, { softmax($0[0]) }),
    Twin("logSoftmax(_:axis:)", { logSoftmax($0[0]) }, { logSoftmax($0[0]) }),
    Twin("softmin(_:axis:)", { softmin($0[0]) }, { softmin($0[0]) }),
    Twin("clamp(_:min:max:)", { clamp($0[0], min: -0.5, max: 0.25) }, { clamp($0[0], min: -0.5, max: 0.25) }),
    Twin("clamp(_:min:)", { clamp($0[0], min: 0.1) }, { clamp($0[0], min: 0.1) }),
    Twin("clamp(_:max:)", { clamp($0[0], max: 0.1) }, { clamp($0[0], max: 0.1) }),
    Twin("sigmoid(_:)", { sigmoid($0[0]) }, { sigmoid($0[0]) }),
    Twin("logSigmoid(_:)", { logSigmoid($0[0]) }, { logSigmoid($0[0]) }),
    Twin("silu(_:)", { silu($0[0]) }, { silu($0[0]) }),
    Twin("gelu(_:approximate:)", { gelu($0[0]) }, { gelu($0[0]) }),
    Twin("softplus(_:beta:threshold:)", { softplus($0[0]) }, { softplus($0[0]) }),
    Twin("mish(_:)", { mish($0[0]) }, { mish($0[0]) }),
    Twin("softsign(_:)", { softsign($0[0]) }, { softsign($0[0]) }),
    Twin("tanhshrink(_:)", { tanhshrink($0[0]) }, { tanhshrink($0[0]) }),
    Twin("glu(_:axis:)", { glu($0[0]) }, { glu($0[0]) }),
    Twin("pow(_:_:)", { pow($0[0], $0[1]) }, { pow($0[0], $0[1]) }),
    Twin("maximum(_:_:)", { maximum($0[0], $0[1]) }, { maximum($0[0], $0[1]) }),
    Twin("minimum(_:_:)", { minimum($0[0], $0[1]) }, { minimum($0[0], $0[1]) }),
    Twin("atan2(_:_:)", { atan2($0[0], $0[1]) }, { atan2($0[0], $0[1]) }),
    Twin("hypot(_:_:)", { hypot($0[0], $0[1]) }, { hypot($0[0], $0[1]) }),
    Twin("copysign(_:_:)", { copysign($0[0], $0[1]) }, { copysign($0[0], $0[1]) }),
    Twin("logaddexp(_:_:)", { logaddexp($0[0], $0[1]) }, { logaddexp($0[0], $0[1]) }),
    Twin("xlogy(_:_:)", { xlogy($0[0], $0[1]) }, { xlogy($0[0], $0[1]) }),
    Twin("fmod(_:_:)", { fmod($0[0], $0[1]) }, { fmod($0[0], $0[1]) }),
    Twin("remainder(_:_:)", { remainder($0[0], $0[1]) }, { remainder($0[0], $0[1]) }),
    Twin("lerp(_:_:_:)", { lerp($0[0], $0[1], $0[2]) }, { lerp($0[0], $0[1], $0[2]) }),
    Twin("lerp(_:_:_:)", { lerp($0[0], $0[1], 2) }, { lerp($0[0], $0[1], 2) }),
    Twin("square(_:)", { square($0[0]) }, { square($0[0]) }),
    Twin("sqrt(_:)", { sqrt($0[0]) }, { sqrt($0[0]) }),
    Twin("rsqrt(_:)", { rsqrt($0[0]) }, { rsqrt($0[0]) }),
    Twin("reciprocal(_:)", { reciprocal($0[0]) }, { reciprocal($0[0]) }),
    Twin("pow(_:_:)", { pow($0[0], 2) }, { pow($0[0], 2) }),
    Twin("pow(_:_:)", { pow(2, $0[0]) }, { pow(2, $0[0]) }),
    Twin("exp(_:)", { exp($0[0]) }, { exp($0[0]) }),
    Twin("exp2(_:)", { exp2($0[0]) }, { exp2($0[0]) }),
    Twin("expm1(_:)", { expm1($0[0]) }, { expm1($0[0]) }),
    Twin("log(_:)", { log($0[0]) }, { log($0[0]) }),
    Twin("log1p(_:)", { log1p($0[0]) }, { log1p($0[0]) }),
    Twin("log2(_:)", { log2($0[0]) }, { log2($0[0]) }),
    Twin("log10(_:)", { log10($0[0]) }, { log10($0[0]) }),
    Twin("relu(_:)", { relu($0[0]) }, { relu($0[0]) }),
    Twin("relu6(_:)", { relu6($0[0]) }, { relu6($0[0]) }),
    Twin("hardtanh(_:min:max:)", { hardtanh($0[0]) }, { hardtanh($0[0]) }),
    Twin("leakyRelu(_:negativeSlope:)", { leakyRelu($0[0]) }, { leakyRelu($0[0]) }),
    Twin("threshold(_:_:_:)", { threshold($0[0], 0.5, 0.5) }, { threshold($0[0], 0.5, 0.5) }),
    Twin("hardsigmoid(_:)", { hardsigmoid($0[0]) }, { hardsigmoid($0[0]) }),
    Twin("hardswish(_:)", { hardswish($0[0]) }, { hardswish($0[0]) }),
    Twin("softshrink(_:lambda:)", { softshrink($0[0]) }, { softshrink($0[0]) }),
    Twin("hardshrink(_:lambda:)", { hardshrink($0[0]) }, { hardshrink($0[0]) }),
    Twin("elu(_:alpha:)", { elu($0[0]) }, { elu($0[0]) }),
    Twin("selu(_:)", { selu($0[0]) }, { selu($0[0]) }),
    Twin("celu(_:alpha:)", { celu($0[0]) }, { celu($0[0]) }),
    Twin("prelu(_:_:)", { prelu($0[0], $0[1][0]) }, { prelu($0[0], $0[1][0]) }),
    Twin("abs(_:)", { abs($0[0]) }, { abs($0[0]) }),
    Twin("sign(_:)", { sign($0[0]) }, { sign($0[0]) }),
    Twin("floor(_:)", { floor($0[0]) }, { floor($0[0]) }),
    Twin("ceil(_:)", { ceil($0[0]) }, { ceil($0[0]) }),
    Twin("round(_:)", { round($0[0]) }, { round($0[0]) }),
    Twin("trunc(_:)", { trunc($0[0]) }, { trunc($0[0]) }),
    Twin("frac(_:)", { frac($0[0]) }, { frac($0[0]) }),
    Twin("erf(_:)", { erf($0[0]) }, { erf($0[0]) }),
    Twin("erfc(_:)", { erfc($0[0]) }, { erfc($0[0]) }),
    Twin("erfinv(_:)", { erfinv($0[0]) }, { erfinv($0[0]) }),
    Twin("lgamma(_:)", { lgamma($0[0]) }, { lgamma($0[0]) }),
    Twin("digamma(_:)", { digamma($0[0]) }, { digamma($0[0]) }),
    Twin("trigamma(_:)", { trigamma($0[0]) }, { trigamma($0[0]) }),
    Twin("sin(_:)", { sin($0[0]) }, { sin($0[0]) }),
    Twin("cos(_:)", { cos($0[0]) }, { cos($0[0]) }),
    Twin("sinc(_:)", { sinc($0[0]) }, { sinc($0[0]) }),
    Twin("tan(_:)", { tan($0[0]) }, { tan($0[0]) }),
    Twin("asin(_:)", { asin($0[0]) }, { asin($0[0]) }),
    Twin("acos(_:)", { acos($0[0]) }, { acos($0[0]) }),
    Twin("atan(_:)", { atan($0[0]) }, { atan($0[0]) }),
    Twin("sinh(_:)", { sinh($0[0]) }, { sinh($0[0]) }),
    Twin("cosh(_:)", { cosh($0[0]) }, { cosh($0[0]) }),
    Twin("tanh(_:)", { tanh($0[0]) }, { tanh($0[0]) }),
    Twin("asinh(_:)", { asinh($0[0]) }, { asinh($0[0]) }),
    Twin("acosh(_:)", { acosh($0[0]) }, { acosh($0[0]) }),
    Twin("atanh(_:)", { atanh($0[0]) }, { atanh($0[0]) }),
    Twin("rrelu(_:lower:upper:training:)", { rrelu($0[0]) }, { rrelu($0[0]) }),
    Twin("einsum(_:_:)", { einsum("ij,kj->ik", $0[0], $0[1]) }, { einsum("ij,kj->ik", $0[0], $0[1]) }),
    Twin("linear(_:_:_:)", { linear($0[0], $0[1], $0[1][0]) }, { linear($0[0], $0[1], $0[1][0]) }),
    Twin("matmul(_:_:)", { matmul($0[0], $0[1]) }, { matmul($0[0], $0[1]) }),
    Twin("dot(_:_:)", { dot($0[0][0], $0[1][1]) }, { dot($0[0][0], $0[1][1]) }),
    Twin("outer(_:_:)", { outer($0[0][0], $0[1][1]) }, { outer($0[0][0], $0[1][1]) }),
    Twin(
      "bmm(_:_:)", { bmm($0[0].unsqueezed(0), $0[1].unsqueezed(0)) }, { bmm($0[0].unsqueezed(0), $0[1].unsqueezed(0)) }),
    Twin("addmm(_:_:_:beta:alpha:)", { addmm($0[0], $0[1], $0[2]) }, { addmm($0[0], $0[1], $0[2]) }),
  ]

  static let methods: [Twin] = [
    Twin("gather(_:_:)", { $0[0].gather(1, index) }, { $0[0].gather(1, index) }),
    Twin("takeAlong(_:_:)", { $0[0].takeAlong(1, index) }, { $0[0].takeAlong(1, index) }),
    Twin("scatterAdd(_:_:_:)", { $0[0].scatterAdd(1, index, $0[1]) }, { $0[0].scatterAdd(1, index, $0[1]) }),
    Twin("indexSelect(_:_:)", { $0[0].indexSelect(1, positions) }, { $0[0].indexSelect(1, positions) }),
    Twin(
      "indexAdd(_:_:_:)", { $0[0].indexAdd(1, Tensor([2, 0, 1, 1]), $0[1]) },
      { $0[0].indexAdd(1, Tensor([2, 0, 1, 1]), $0[1]) }),
    Twin("maskedFill(_:_:)", { $0[0].maskedFill(mask, 2) }, { $0[0].maskedFill(mask, 2) }),
    Twin("maskedFill(_:_:)", { $0[0].maskedFill(mask, 0.5) }, { $0[0].maskedFill(mask, 0.5) }),
    Twin("maskedFill(_:_:)", { $0[0].maskedFill(mask, $0[1].sum()) }, { $0[0].maskedFill(mask, $0[1].sum()) }),
    Twin("maskedSelect(_:)", { $0[0].maskedSelect(mask) }, { $0[0].maskedSelect(mask) }),
    Twin("scatter(_:_:_:)", { $0[0].scatter(1, index, $0[1]) }, { $0[0].scatter(1, index, $0[1]) }),
    Twin("where(_:_:)", { $0[0].where(mask, $0[1]) }, { $0[0].where(mask, $0[1]) }),
    Twin("where(_:_:)", { $0[0].where(mask, 2) }, { $0[0].where(mask, 2) }),
    Twin("cumprod(_:)", { $0[0].cumprod(1) }, { $0[0].cumprod(1) }),
    Twin("cumsum(_:)", { $0[0].cumsum(1) }, { $0[0].cumsum(1) }),
    Twin("amax(axes:keepDims:)", { $0[0].amax(axes: [1]) }, { $0[0].amax(axes: [1]) }),
    Twin("amin(axes:keepDims:)", { $0[0].amin(axes: [1]) }, { $0[0].amin(axes: [1]) }),
    Twin("max(axis:keepDims:)", { Array([$0[0].max(axis: 1).values]) }, { Array([$0[0].max(axis: 1).values]) }),
    Twin("min(axis:keepDims:)", { Array([$0[0].min(axis: 1).values]) }, { Array([$0[0].min(axis: 1).values]) }),
    Twin("logSumExp(_:keepDims:)", { $0[0].logSumExp(1) }, { $0[0].logSumExp(1) }),
    Twin("logSumExp(axes:keepDims:)", { $0[0].logSumExp(axes: [1]) }, { $0[0].logSumExp(axes: [1]) }),
    Twin("mean(axes:keepDims:)", { $0[0].mean(axes: [1]) }, { $0[0].mean(axes: [1]) }),
    Twin("norm(_:)", { $0[0].norm() }, { $0[0].norm() }),
    Twin("norm(_:axes:keepDims:)", { $0[0].norm(axes: [1]) }, { $0[0].norm(axes: [1]) }),
    Twin("prod(_:keepDims:)", { $0[0].prod(1) }, { $0[0].prod(1) }),
    Twin("prod(axes:keepDims:)", { $0[0].prod(axes: [1]) }, { $0[0].prod(axes: [1]) }),
    Twin("prod(axis:keepDims:)", { $0[0].prod(axis: 1) }, { $0[0].prod(axis: 1) }),
    Twin("amax(axis:keepDims:)", { $0[0].amax(axis: 1) }, { $0[0].amax(axis: 1) }),
    Twin("amin(axis:keepDims:)", { $0[0].amin(axis: 1) }, { $0[0].amin(axis: 1) }),
    Twin("logSumExp(axis:keepDims:)", { $0[0].logSumExp(axis: 1) }, { $0[0].logSumExp(axis: 1) }),
    Twin("cumsum(axis:)", { $0[0].cumsum(axis: 1) }, { $0[0].cumsum(axis: 1) }),
    Twin("sum(axes:keepDims:)", { $0[0].sum(axes: [1]) }, { $0[0].sum(axes: [1]) }),
    Twin("all(_:keepDims:)", { [Variable($0[0].all(1))] }, { [$0[0].all(1)] }),
    Twin("any(_:keepDims:)", { [Variable($0[0].any(1))] }, { [$0[0].any(1)] }),
    Twin("variance(axes:correction:keepDims:)", { $0[0].variance(axes: [1]) }, { $0[0].variance(axes: [1]) }),
    Twin(
      "standardDeviation(axes:correction:keepDims:)", { $0[0].standardDeviation(axes: [1]) },
      { $0[0].standardDeviation(axes: [1]) }),
    Twin("diagonalEmbedded(offset:axis1:axis2:)", { $0[0].diagonalEmbedded() }, { $0[0].diagonalEmbedded() }),
    Twin("trace()", { $0[0].trace() }, { $0[0].trace() }),
    Twin("expanded(_:)", { $0[0].unsqueezed(0).expanded(2, 4, 4) }, { $0[0].unsqueezed(0).expanded(2, 4, 4) }),
    Twin("expanded(_:)", { $0[0].unsqueezed(0).expanded([2, 4, 4]) }, { $0[0].unsqueezed(0).expanded([2, 4, 4]) }),
    Twin("rotated90(_:axes:)", { $0[0].rotated90() }, { $0[0].rotated90() }),
    Twin("padded(_:mode:)", { $0[0].padded([(1, 2), (0, 1)]) }, { $0[0].padded([(1, 2), (0, 1)]) }),
    Twin("movedAxis(_:to:)", { $0[0].movedAxis(0, to: 1) }, { $0[0].movedAxis(0, to: 1) }),
    Twin("movedAxes(_:to:)", { $0[0].movedAxes([0, 1], to: [1, 0]) }, { $0[0].movedAxes([0, 1], to: [1, 0]) }),
    Twin("tiled(_:)", { $0[0].tiled([2, 1]) }, { $0[0].tiled([2, 1]) }),
    Twin("tiled(_:)", { $0[0].tiled(1, 2) }, { $0[0].tiled(1, 2) }),
    Twin("repeatInterleave(_:axis:)", { $0[0].repeatInterleave(2, axis: 1) }, { $0[0].repeatInterleave(2, axis: 1) }),
    Twin(
      "repeatInterleave(_:axis:)", { $0[0].repeatInterleave([1, 0, 2, 3], axis: 1) },
      { $0[0].repeatInterleave([1, 0, 2, 3], axis: 1) }),
    Twin("rolled(_:axes:)", { $0[0].rolled([1, 3], axes: [0, 1]) }, { $0[0].rolled([1, 3], axes: [0, 1]) }),
    Twin("rolled(_:axis:)", { $0[0].rolled(1, axis: 1) }, { $0[0].rolled(1, axis: 1) }),
    Twin("rolled(_:)", { $0[0].rolled(1) }, { $0[0].rolled(1) }),
    Twin("flattened(from:to:)", { $0[0].flattened() }, { $0[0].flattened() }),
    Twin("unflattened(_:_:)", { $0[0].unflattened(1, [2, 2]) }, { $0[0].unflattened(1, [2, 2]) }),
    Twin("split(_:axis:)", { $0[0].split(3) }, { $0[0].split(3) }),
    Twin("split(_:axis:)", { $0[0].split([1, 3]) }, { $0[0].split([1, 3]) }),
    Twin("chunk(_:axis:)", { $0[0].chunk(3) }, { $0[0].chunk(3) }),
    Twin("unbind(axis:)", { $0[0].unbind() }, { $0[0].unbind() }),
    Twin("triu(_:)", { $0[0].triu() }, { $0[0].triu() }),
    Twin("tril(_:)", { $0[0].tril() }, { $0[0].tril() }),
  ]
}

/// Two operands of which one is a Variable and the other a Tensor.
struct MixedTwin: Sendable {
  let name: String
  let first: @Sendable (Variable, Tensor) -> Variable, second: @Sendable (Tensor, Variable) -> Variable

  init(
    _ name: String, _ first: @escaping @Sendable (Variable, Tensor) -> Variable,
    _ second: @escaping @Sendable (Tensor, Variable) -> Variable
  ) {
    (self.name, self.first, self.second) = (name, first, second)
  }

  static let all: [MixedTwin] = [
    MixedTwin("scatterAdd(_:_:_:)", { $0.scatterAdd(1, Twin.index, $1) }, { $0.scatterAdd(1, Twin.index, $1) }),
    MixedTwin(
      "indexAdd(_:_:_:)", { $0.indexAdd(1, Tensor([2, 0, 1, 1]), $1) }, { $0.indexAdd(1, Tensor([2, 0, 1, 1]), $1) }),
    MixedTwin("maskedFill(_:_:)", { $0.maskedFill(Twin.mask, $1.sum()) }, { $0.maskedFill(Twin.mask, $1.sum()) }),
    MixedTwin("scatter(_:_:_:)", { $0.scatter(1, Twin.index, $1) }, { $0.scatter(1, Twin.index, $1) }),
    MixedTwin(
      "layerNorm(_:normalizedShape:gamma:beta:eps:)", { layerNorm($0, gamma: $1[0], beta: $1[1]) },
      { layerNorm($0, gamma: $1[0], beta: $1[1]) }),
    MixedTwin("rmsNorm(_:normalizedShape:gamma:eps:)", { rmsNorm($0, gamma: $1[0]) }, { rmsNorm($0, gamma: $1[0]) }),
    MixedTwin("pow(_:_:)", { pow($0, $1) }, { pow($0, $1) }),
    MixedTwin("maximum(_:_:)", { maximum($0, $1) }, { maximum($0, $1) }),
    MixedTwin("minimum(_:_:)", { minimum($0, $1) }, { minimum($0, $1) }),
    MixedTwin("atan2(_:_:)", { atan2($0, $1) }, { atan2($0, $1) }),
    MixedTwin("hypot(_:_:)", { hypot($0, $1) }, { hypot($0, $1) }),
    MixedTwin("copysign(_:_:)", { copysign($0, $1) }, { copysign($0, $1) }),
    MixedTwin("logaddexp(_:_:)", { logaddexp($0, $1) }, { logaddexp($0, $1) }),
    MixedTwin("xlogy(_:_:)", { xlogy($0, $1) }, { xlogy($0, $1) }),
    MixedTwin("fmod(_:_:)", { fmod($0, $1) }, { fmod($0, $1) }),
    MixedTwin("remainder(_:_:)", { remainder($0, $1) }, { remainder($0, $1) }),
    MixedTwin("prelu(_:_:)", { prelu($0, $1[0]) }, { prelu($0, $1[0]) }),
    MixedTwin("where(_:_:)", { $0.where(Twin.mask, $1) }, { $0.where(Twin.mask, $1) }),
    MixedTwin("einsum(_:_:)", { einsum("ij,kj->ik", $0, $1) }, { einsum("ij,kj->ik", $0, $1) }),
    MixedTwin("linear(_:_:_:)", { linear($0, $1, $1[0]) }, { linear($0, $1, $1[0]) }),
    MixedTwin("matmul(_:_:)", { matmul($0, $1) }, { matmul($0, $1) }),
    MixedTwin("dot(_:_:)", { dot($0[0], $1[1]) }, { dot($0[0], $1[1]) }),
    MixedTwin("outer(_:_:)", { outer($0[0], $1[1]) }, { outer($0[0], $1[1]) }),
    MixedTwin("bmm(_:_:)", { bmm($0.unsqueezed(0), $1.unsqueezed(0)) }, { bmm($0.unsqueezed(0), $1.unsqueezed(0)) }),
    MixedTwin("concatenate(_:axis:)", { concatenate([$0, $1]) }, { concatenate([$0, $1]) }),
    MixedTwin("stack(_:axis:)", { stack([$0, $1], axis: 1) }, { stack([$0, $1], axis: 1) }),
  ]
}
