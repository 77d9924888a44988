// swift-format-ignore-file
import Tapestry

// What a user of PyTorch wrote in the first hour.

func newcomers(_ x: Tensor, _ v: Variable, _ w: Variable) {
  _ = softmax(x, dim: -1)  // error: 'softmax(_:dim:)' is unavailable: dim is axis here: write softmax(x, axis: 1)
  _ = logSoftmax(v, dim: 1)  // error: dim is axis here: write logSoftmax(x, axis: 1)
  _ = x.sum(dim: 1)  // error: dim is axis here: write sum(1, keepDims: true)
  _ = v.mean(dim: 1, keepdim: true)  // error: dim is axis here: write mean(1, keepDims: true)
  _ = x.argmax(dim: 1)  // error: dim is axis here: write argmax(1)
  _ = concatenate([v, w], dim: 1)  // error: dim is axis here: write concatenate([a, b], axis: 1)
  _ = stack([x, x], dim: 1)  // error: dim is axis here: write stack([a, b], axis: 1)
  _ = Tensor.randn([2, 3])  // error: 'randn' is unavailable: write Tensor.normal([2, 3])
  _ = Tensor.rand(2, 3)  // error: 'rand' is unavailable: write Tensor.uniform([2, 3])
  _ = Tensor.randperm(10)  // error: 'randperm' is unavailable: write Tensor.permutation(10)
  _ = Tensor.cat([x, x])  // error: 'cat' is unavailable: write concatenate([a, b], axis: 0)
  _ = v == w  // error: '==' is unavailable: write a.value == b.value for all elements at once, .== for each
  _ = v != w  // error: '!=' is unavailable: write a.value != b.value
  _ = isnan(x)  // error: 'isnan' is unavailable: write x.isNaN()
  _ = isinf(v)  // error: 'isinf' is unavailable: write x.isInfinite()
  _ = x.detach()  // error: a Tensor has no history to leave behind: use it as it is
  _ = x.grad  // error: a Tensor collects no gradient
  _ = x.requiresGrad  // error: a Tensor is always a constant

  // These are none.
  _ = Dropout(p: 0.1)
  _ = concatenate([x, v], axis: -1).requiresGrad
  _ = stack([v, x])
  _ = x == x && v === w && (v.value == w.value)
  let kept: Variable? = v
  _ = kept == nil
  _ = (x .== x, v .== w)
}
