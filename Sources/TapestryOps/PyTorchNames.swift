// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// (nothing here can be used: the messages are the documentation)

import TapestryAutograd
import TapestryTensors

// PyTorch's names, where they differ from ours: the compiler's message says what to write, in the place of "has no
// member". Nothing here can be used, and none of it is offered by code completion. Names that a free function has
// (x.exp(), for exp(x)) are left out: a member would hide the function in a user's extension. The README's table "From
// PyTorch" has the rest.

extension VariableConvertible {
  @available(*, unavailable, message: "write reshaped(3, 4)")
  public var view: Renamed<Self> { Renamed("view") }
  @available(*, unavailable, message: "write reshaped(3, 4)")
  public var reshape: Renamed<Self> { Renamed("reshape") }
  @available(*, unavailable, message: "write reshaped(y.shape)")
  public var view_as: Renamed<Self> { Renamed("view_as") }
  @available(*, unavailable, message: "write flattened(), or reshaped(-1)")
  public var flatten: Renamed<Self> { Renamed("flatten") }
  @available(*, unavailable, message: "write transposed()")
  public var T: Renamed<Self> { Renamed("T") }
  @available(*, unavailable, message: "write transposed()")
  public var t: Renamed<Self> { Renamed("t") }
  @available(*, unavailable, message: "write transposed()")
  public var mT: Renamed<Self> { Renamed("mT") }
  @available(*, unavailable, message: "write transposed(0, 1)")
  public var transpose: Renamed<Self> { Renamed("transpose") }
  @available(*, unavailable, message: "write permuted(1, 0)")
  public var permute: Renamed<Self> { Renamed("permute") }
  @available(*, unavailable, message: "write unsqueezed(0)")
  public var unsqueeze: Renamed<Self> { Renamed("unsqueeze") }
  @available(*, unavailable, message: "write squeezed()")
  public var squeeze: Renamed<Self> { Renamed("squeeze") }
  @available(*, unavailable, message: "write expanded(to: y.shape)")
  public var expand_as: Renamed<Self> { Renamed("expand_as") }
  @available(*, unavailable, message: "write flipped(0)")
  public var flip: Renamed<Self> { Renamed("flip") }
  @available(*, unavailable, message: "write rolled(1, axis: 0)")
  public var roll: Renamed<Self> { Renamed("roll") }
  @available(*, unavailable, message: "write narrowed(axis: 0, start: 0, count: 2)")
  public var narrow: Renamed<Self> { Renamed("narrow") }
  @available(*, unavailable, message: "write maskedFill(mask, 0)")
  public var masked_fill: Renamed<Self> { Renamed("masked_fill") }
  @available(*, unavailable, message: "write maskedSelect(mask)")
  public var masked_select: Renamed<Self> { Renamed("masked_select") }
  @available(*, unavailable, message: "write x[indices]")
  public var index_select: Renamed<Self> { Renamed("index_select") }
  @available(*, unavailable, message: "write scatterAdd(axis, index, source)")
  public var scatter_add: Renamed<Self> { Renamed("scatter_add") }
  @available(*, unavailable, message: "write repeatInterleave(2, axis: 0)")
  public var repeat_interleave: Renamed<Self> { Renamed("repeat_interleave") }
  @available(*, unavailable, message: "write shape, or shape[0]")
  public var size: Renamed<Self> { Renamed("size") }
  @available(*, unavailable, message: "write count")
  public var numel: Renamed<Self> { Renamed("numel") }
  @available(*, unavailable, message: "write count")
  public var nelement: Renamed<Self> { Renamed("nelement") }
  @available(*, unavailable, message: "write rank")
  public var ndim: Renamed<Self> { Renamed("ndim") }
  @available(*, unavailable, message: "write dtype")
  public var element_size: Renamed<Self> { Renamed("element_size") }
  @available(*, unavailable, message: "write isContiguous")
  public var is_contiguous: Renamed<Self> { Renamed("is_contiguous") }
  @available(*, unavailable, message: "leave it out: there is one device, the CPU")
  public var device: Renamed<Self> { Renamed("device") }
  @available(*, unavailable, message: "leave it out: there is one device, the CPU")
  public var cuda: Renamed<Self> { Renamed("cuda") }
  @available(*, unavailable, message: "leave it out: there is one device, the CPU")
  public var cpu: Renamed<Self> { Renamed("cpu") }
  @available(*, unavailable, message: "write cast(to: .float32)")
  public var float: Renamed<Self> { Renamed("float") }
  @available(*, unavailable, message: "write cast(to: .float64)")
  public var double: Renamed<Self> { Renamed("double") }
  @available(*, unavailable, message: "write cast(to: .int64)")
  public var long: Renamed<Self> { Renamed("long") }
  @available(*, unavailable, message: "write cast(to: .int32)")
  public var int: Renamed<Self> { Renamed("int") }
  @available(*, unavailable, message: "write cast(to: .bool)")
  public var bool: Renamed<Self> { Renamed("bool") }
  @available(*, unavailable, message: "write cast(to: .float16)")
  public var half: Renamed<Self> { Renamed("half") }
  @available(*, unavailable, message: "write cast(to: .float64)")
  public var to: Renamed<Self> { Renamed("to") }
  @available(*, unavailable, message: "leave it out: there is one device, the CPU")
  public func to(_ device: String) -> Self { fail("to: there is one device, the CPU") }
  @available(*, unavailable, message: "write cast(to: .float64)")
  public func to(_ dtype: DType) -> Self { fail("to: write cast(to:)") }
  @available(*, unavailable, message: "write chunk(3) for three parts, split(3) for parts of size 3")
  public func split(into parts: Int, axis: Int = 0) -> [Self] { fail("split: write chunk") }
  @available(*, unavailable, message: "write array(Float.self)")
  public var tolist: Renamed<Self> { Renamed("tolist") }
  @available(*, unavailable, message: "write array(Float.self)")
  public var numpy: Renamed<Self> { Renamed("numpy") }
  @available(*, unavailable, message: "leave it out: a Tensor is a value, and a Variable's never changes")
  public var clone: Renamed<Self> { Renamed("clone") }
  @available(*, unavailable, message: "write standardDeviation(0)")
  public var std: Renamed<Self> { Renamed("std") }
  @available(*, unavailable, message: "write variance(0)")
  public var `var`: Renamed<Self> { Renamed("var") }
  @available(*, unavailable, message: "write allClose(y), of Tensors")
  public var allclose: Renamed<Self> { Renamed("allclose") }
  @available(*, unavailable, message: "write x .== y")
  public var eq: Renamed<Self> { Renamed("eq") }
  @available(*, unavailable, message: "write x .!= y")
  public var ne: Renamed<Self> { Renamed("ne") }
  @available(*, unavailable, message: "write x .< y")
  public var lt: Renamed<Self> { Renamed("lt") }
  @available(*, unavailable, message: "write x .<= y")
  public var le: Renamed<Self> { Renamed("le") }
  @available(*, unavailable, message: "write x .> y")
  public var gt: Renamed<Self> { Renamed("gt") }
  @available(*, unavailable, message: "write x .>= y")
  public var ge: Renamed<Self> { Renamed("ge") }
  @available(*, unavailable, message: "write matmul(a, b)")
  public var mm: Renamed<Self> { Renamed("mm") }
  @available(*, unavailable, message: "write logSumExp(1)")
  public var logsumexp: Renamed<Self> { Renamed("logsumexp") }
  @available(*, unavailable, message: "write clamp(x, min: 0, max: 1)")
  public var clip: Renamed<Self> { Renamed("clip") }
  @available(*, unavailable, message: "write requiresGrad, or Variable(x, requiresGrad: true)")
  public var requires_grad: Renamed<Self> { Renamed("requires_grad") }
  @available(*, unavailable, message: "write Variable(x, requiresGrad: true); freeze() for a model")
  public var requires_grad_: Renamed<Self> { Renamed("requires_grad_") }
  @available(*, unavailable, message: "write gradients(of: loss, withRespectTo: x)")
  public var retain_grad: Renamed<Self> { Renamed("retain_grad") }
  @available(*, unavailable, message: "leave it out: only a leaf has a grad")
  public var is_leaf: Renamed<Self> { Renamed("is_leaf") }
  @available(*, unavailable, message: "write print(graph(of: x))")
  public var grad_fn: Renamed<Self> { Renamed("grad_fn") }
}

extension VariableConvertible {
  @available(*, unavailable, message: "dim is axis here: write sum(1, keepDims: true)")
  public func sum(dim: Int, keepdim: Bool = false) -> Self { fail("sum: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write mean(1, keepDims: true)")
  public func mean(dim: Int, keepdim: Bool = false) -> Self { fail("mean: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write prod(1)")
  public func prod(dim: Int, keepdim: Bool = false) -> Self { fail("prod: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write amax(1)")
  public func amax(dim: Int, keepdim: Bool = false) -> Self { fail("amax: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write amin(1)")
  public func amin(dim: Int, keepdim: Bool = false) -> Self { fail("amin: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write argmax(1)")
  public func argmax(dim: Int, keepdim: Bool = false) -> Self { fail("argmax: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write argmin(1)")
  public func argmin(dim: Int, keepdim: Bool = false) -> Self { fail("argmin: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write max(axis: 1)")
  public func max(dim: Int, keepdim: Bool = false) -> Self { fail("max: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write min(axis: 1)")
  public func min(dim: Int, keepdim: Bool = false) -> Self { fail("min: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write cumsum(1)")
  public func cumsum(dim: Int, keepdim: Bool = false) -> Self { fail("cumsum: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write all(1)")
  public func all(dim: Int, keepdim: Bool = false) -> Self { fail("all: dim is axis here") }
  @available(*, unavailable, message: "dim is axis here: write any(1)")
  public func any(dim: Int, keepdim: Bool = false) -> Self { fail("any: dim is axis here") }
}

extension Tensor {
  @available(*, unavailable, message: "write Tensor.normal([2, 3])")
  public static var randn: Renamed<Tensor> { Renamed("randn") }
  @available(*, unavailable, message: "write Tensor.uniform([2, 3])")
  public static var rand: Renamed<Tensor> { Renamed("rand") }
  @available(*, unavailable, message: "write Tensor.permutation(10)")
  public static var randperm: Renamed<Tensor> { Renamed("randperm") }
  @available(*, unavailable, message: "write Tensor([[1, 2], [3, 4]])")
  public static var tensor: Renamed<Tensor> { Renamed("tensor") }
  @available(*, unavailable, message: "write Tensor.zeros([2, 3])")
  public static var empty: Renamed<Tensor> { Renamed("empty") }
  @available(*, unavailable, message: "write concatenate([a, b], axis: 0)")
  public static var cat: Renamed<Tensor> { Renamed("cat") }
}

extension Variable {
  @available(
    *, unavailable, message: "write a.value == b.value for all elements at once, .== for each, === for one object"
  )
  public static func == (a: Variable, b: Variable) -> Bool { fail("==: write a.value == b.value") }
  @available(
    *, unavailable, message: "write a.value != b.value for all elements at once, .!= for each, !== for one object"
  )
  public static func != (a: Variable, b: Variable) -> Bool { fail("!=: write a.value != b.value") }
}

extension VariableConvertible {
  @available(
    *, unavailable, message: "write amax(1) for the values, argmax(1) for the positions, max(axis: 1) for both"
  )
  public func max(_ axis: Int, keepDims: Bool = false) -> Self { fail("max: write amax") }
  @available(
    *, unavailable, message: "write amin(1) for the values, argmin(1) for the positions, min(axis: 1) for both"
  )
  public func min(_ axis: Int, keepDims: Bool = false) -> Self { fail("min: write amin") }
}

/// What a Tensor has not, because it has no history.
extension Tensor {
  @available(
    *, unavailable,
    message:
      "a Tensor has no history: what is to be differentiated begins with Variable(t, requiresGrad: true) or a model"
  )
  public func backward(gradient: Tensor? = nil, retainGraph: Bool = false) { fail("backward: a Tensor has no history") }
  @available(
    *, unavailable, message: "a Tensor collects no gradient: make it Variable(t, requiresGrad: true), or Parameter(t)"
  )
  public var grad: Tensor? { fail("grad: a Tensor collects no gradient") }
  @available(
    *, unavailable, message: "a Tensor is always a constant: Variable(t, requiresGrad: true) collects a gradient"
  )
  public var requiresGrad: Bool { fail("requiresGrad: a Tensor is a constant") }
  @available(*, unavailable, message: "a Tensor has no history to leave behind: use it as it is")
  public func detach() -> Tensor { fail("detach: a Tensor has no history") }
  @available(*, unavailable, message: "this is a Tensor already: use it as it is")
  public var value: Tensor { fail("value: this is a Tensor") }
}

extension Variable {
  @available(*, unavailable, message: "write value (a Tensor), or detach() (a Variable)")
  public final var data: Renamed<Tensor> { Renamed("data") }
}

@available(*, unavailable, message: "dim is axis here: write softmax(x, axis: 1)")
public func softmax(_ x: some VariableConvertible, dim: Int) -> Variable { fail("softmax: dim is axis here") }
@available(*, unavailable, message: "dim is axis here: write logSoftmax(x, axis: 1)")
public func logSoftmax(_ x: some VariableConvertible, dim: Int) -> Variable { fail("logSoftmax: dim is axis here") }
@available(*, unavailable, message: "dim is axis here: write concatenate([a, b], axis: 1)")
public func concatenate(_ inputs: [any VariableConvertible], dim: Int) -> Variable {
  fail("concatenate: dim is axis here")
}
@available(*, unavailable, message: "dim is axis here: write stack([a, b], axis: 1)")
public func stack(_ inputs: [any VariableConvertible], dim: Int) -> Variable { fail("stack: dim is axis here") }
@available(*, unavailable, message: "write x.isNaN()")
public func isnan(_ x: some VariableConvertible) -> Tensor { fail("isnan: write x.isNaN()") }
@available(*, unavailable, message: "write x.isInfinite()")
public func isinf(_ x: some VariableConvertible) -> Tensor { fail("isinf: write x.isInfinite()") }
@available(*, unavailable, message: "write x.isFinite()")
public func isfinite(_ x: some VariableConvertible) -> Tensor { fail("isfinite: write x.isFinite()") }

@available(
  *, unavailable, message: "there is no torch in front of a name: write Tensor.zeros([3]), exp(x), noGrad { … }"
)
public var torch: Renamed<Tensor> { Renamed("torch") }
@available(*, unavailable, message: "there is no nn in front of a name: write Linear(3, 4)")
public var nn: Renamed<Tensor> { Renamed("nn") }
@available(*, unavailable, message: "there is no F in front of a name: write relu(x)")
public var F: Renamed<Tensor> { Renamed("F") }
@available(*, unavailable, message: "write concatenate([a, b], axis: 0)")
public var cat: Renamed<Tensor> { Renamed("cat") }
@available(*, unavailable, message: "write concatenate([a, b], axis: 0)")
public var concat: Renamed<Tensor> { Renamed("concat") }
@available(*, unavailable, message: "write Tensor.oneHot(labels, classes: 10)")
public var one_hot: Renamed<Tensor> { Renamed("one_hot") }
@available(*, unavailable, message: "write Tensor.zeros([2, 3])")
public var zeros: Renamed<Tensor> { Renamed("zeros") }
@available(*, unavailable, message: "write Tensor.ones([2, 3])")
public var ones: Renamed<Tensor> { Renamed("ones") }
@available(*, unavailable, message: "write Tensor.normal([2, 3])")
public var randn: Renamed<Tensor> { Renamed("randn") }
@available(*, unavailable, message: "write Tensor.randint([5], in: 0..<10)")
public var randint: Renamed<Tensor> { Renamed("randint") }
@available(*, unavailable, message: "write Tensor.permutation(10)")
public var randperm: Renamed<Tensor> { Renamed("randperm") }
@available(*, unavailable, message: "write Tensor.arange(10)")
public var arange: Renamed<Tensor> { Renamed("arange") }
@available(*, unavailable, message: "write Tensor.linspace(0, 1, 5)")
public var linspace: Renamed<Tensor> { Renamed("linspace") }
@available(*, unavailable, message: "write Tensor.eye(3)")
public var eye: Renamed<Tensor> { Renamed("eye") }
@available(*, unavailable, message: "write Tensor.zeros(like: x)")
public var zeros_like: Renamed<Tensor> { Renamed("zeros_like") }
@available(*, unavailable, message: "write Tensor.ones(like: x)")
public var ones_like: Renamed<Tensor> { Renamed("ones_like") }
@available(*, unavailable, message: "write Tensor.full(like: x, 2)")
public var full_like: Renamed<Tensor> { Renamed("full_like") }
@available(*, unavailable, message: "write Random.seed(0)")
public var manual_seed: Renamed<Tensor> { Renamed("manual_seed") }
@available(*, unavailable, message: "write noGrad { … }")
public var no_grad: Renamed<Tensor> { Renamed("no_grad") }
@available(*, unavailable, message: "write noGrad { … }")
public var inference_mode: Renamed<Tensor> { Renamed("inference_mode") }
@available(*, unavailable, message: "write a.allClose(b)")
public var allclose: Renamed<Tensor> { Renamed("allclose") }
@available(*, unavailable, message: "write crossEntropy(logits, labels)")
public var cross_entropy: Renamed<Tensor> { Renamed("cross_entropy") }
@available(*, unavailable, message: "write mseLoss(y, target)")
public var mse_loss: Renamed<Tensor> { Renamed("mse_loss") }
@available(*, unavailable, message: "write clipGradNorm(model.parameters(), maxNorm: 1)")
public var clip_grad_norm_: Renamed<Tensor> { Renamed("clip_grad_norm_") }
@available(*, unavailable, message: "write examples.batches(of: 32, shuffled: true)")
public var DataLoader: Renamed<Tensor> { Renamed("DataLoader") }
@available(*, unavailable, message: "write Examples(inputs, labels)")
public var TensorDataset: Renamed<Tensor> { Renamed("TensorDataset") }
@available(*, unavailable, message: "write [any Layer], or an array of your class")
public var ModuleList: Renamed<Tensor> { Renamed("ModuleList") }
@available(*, unavailable, message: "write [String: any Layer]")
public var ModuleDict: Renamed<Tensor> { Renamed("ModuleDict") }
