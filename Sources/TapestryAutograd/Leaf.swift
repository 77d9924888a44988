import TapestryTensors

/// The end of the tape: a Variable that the user made with `requiresGrad`, or a Parameter. It keeps the sum of its gradients.
package final class Leaf: Node {
  @exclusivity(unchecked) private final var whole: Tensor?

  /// The gradient where it is rows of a table and nobody has asked for the whole yet; then `whole` is nil.
  @exclusivity(unchecked) package final var rows: GradientRows?

  package final var hasGradient: Bool { whole != nil || rows != nil }

  package final var grad: Tensor? {
    get {
      complete()
      return whole
    }
    set { (whole, rows) = (newValue, nil) }
    _modify {
      complete()
      yield &whole
    }
  }

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
    if let rows = rows.take() {  // the head of a model may share the table
      whole = dy
      Kernel.indexAdd(into: &whole!, rows.places, rows.rows, axis: 0)
    } else if whole == nil {
      whole = dy
    } else {
      whole!.add(dy)
    }
  }

  func accumulate(_ gradient: RowGradient) {
    if isFrozen { return }
    let more = gradient.rows.cast(to: dtype)
    if whole != nil {
      Kernel.indexAdd(into: &whole!, gradient.places, more, axis: 0)
    } else if rows == nil {
      rows = GradientRows(gradient, more, of: shape)
    } else if let all = rows!.add(more, at: gradient.places) {
      grad = all
    }
  }

  @inline(__always)
  private final func complete() {
    if let rows = rows.take() { whole = rows.whole }
  }

  func convert(to dtype: DType) {
    formerTypes.append(self.dtype)
    self.dtype = dtype
    whole = whole?.cast(to: dtype)
    rows = rows?.cast(to: dtype)
  }
}
