import TapestryTensors

/// The end of the tape: a Variable that the user made with `requiresGrad`, or a Parameter. It keeps the sum of its gradients.
package final class Leaf: Node {
  @exclusivity(unchecked) package final var grad: Tensor?
  package private(set) final var dtype: DType

  /// The serial of the oldest node that uses it in the backward pass `visit`.
  @exclusivity(unchecked) final var oldestUse: UInt64 = 0

  /// The pass that knows when it will be complete.
  @exclusivity(unchecked) final var awaited: UInt64 = 0

  /// Whose gradient it is, where a Parameter's; the Parameter tells when it goes.
  @exclusivity(unchecked) final var parameter: Unmanaged<Parameter>?

  /// A frozen parameter's: gradients that arrive are dropped.
  @exclusivity(unchecked) final var isFrozen = false

  /// The types that it had before: graphs of that time bring gradients of that type.
  private var formerTypes: [DType] = []

  init(of value: Tensor) {
    if !value.dtype.isFloatingPoint {
      fail("Variable: only floating-point tensors can require a gradient, got \(value.dtype); convert it with cast(to: .float32)")
    }
    dtype = value.dtype
    super.init(leafOf: value)
  }

  package override var name: String { "leaf" }

  func accumulate(_ dy: Variable) {
    if isFrozen { return }
    if dy.dtype != dtype && !formerTypes.contains(dy.dtype) {
      fail("backward: a gradient of type \(dy.dtype) reached a \(dtype) leaf of shape \(shape)")
    }
    let dy = dy.dtype == dtype ? dy.value : dy.value.cast(to: dtype)
    if grad == nil { grad = dy } else { grad!.add(dy) }
  }

  func convert(to dtype: DType) {
    formerTypes.append(self.dtype)
    self.dtype = dtype
    grad = grad?.cast(to: dtype)
  }
}
