import TapestryTensors

/// The end of the tape: a Variable that the user made with `requiresGrad`, or a Parameter. It keeps the sum of its gradients.
package final class Leaf: Node {
  @exclusivity(unchecked) package final var grad: Tensor?
  package let dtype: DType

  init(of value: Tensor) {
    if !value.dtype.isFloatingPoint {
      fail("Variable: only floating-point tensors can require a gradient, got \(value.dtype); convert it with cast(to: .float32)")
    }
    dtype = value.dtype
    super.init(leafOf: value)
  }

  package override var name: String { "leaf" }

  func accumulate(_ dy: Variable) {
    if dy.dtype != dtype { fail("backward: a gradient of type \(dy.dtype) reached a \(dtype) leaf of shape \(shape)") }
    if grad == nil { grad = dy.value } else { grad!.add(dy.value) }
  }
}
