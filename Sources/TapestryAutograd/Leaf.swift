import TapestryTensors

/// The end of the tape: a Variable that the user made with `requiresGrad`, or a Parameter. It keeps the sum of its
/// gradients.
package final class Leaf: Node {
  @exclusivity(unchecked) private final var whole: Tensor?

  /// The gradient where it is rows of a table and nobody has asked for the whole yet; then `whole` is nil.
  @exclusivity(unchecked) package private(set) final var rows: GradientRows?

  // Asked by optimizers: a call is cheaper than a copy of the tensor, or an access that is checked for exclusivity.
  package final var isRows: Bool { rows != nil }
  package final var hasGradient: Bool { isWhole || rows != nil }

  /// Written so because `whole != nil` copies the tensor three times, in search of an `==`.
  @inline(__always)
  private final var isWhole: Bool { if case .some = whole { true } else { false } }

  /// Whether the gradient, where it is whole, is of another type or shape than the parameter.
  package final func misfits(_ parameter: Parameter) -> Bool {
    isWhole && (whole!.descriptor.dtype != parameter.value.descriptor.dtype || whole!.shape != parameter.value.shape)
  }

  /// The parameter and its whole gradient for a fused step.
  package final func gather(into buffers: inout StepBuffers, _ parameter: Parameter, _ state: StepState) {
    buffers.add(&parameter.value, whole!, state)
  }

  package final var grad: Tensor? {
    get {
      complete()
      return whole
    }
    set {
      whole = newValue
      if rows != nil { rows = nil }
    }
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
      fail(
        """
        Variable: only floating-point tensors can require a gradient, got \(value.dtype); convert it with cast(to: \
        .float32)
        """)
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
    if let rows {  // the head of a model may share the table
      self.rows = nil
      whole = dy
      Kernel.indexAdd(into: &whole!, rows.places, rows.rows, axis: 0)
    } else if !isWhole {
      whole = dy
    } else {
      whole!.add(dy)
    }
  }

  func accumulate(_ gradient: RowGradient) {
    if isFrozen { return }
    let more = gradient.rows.cast(to: dtype)
    if isWhole {
      Kernel.indexAdd(into: &whole!, gradient.places, more, axis: 0)
    } else if rows == nil {
      rows = GradientRows(gradient, more, of: shape)
    } else if let all = rows!.add(more, at: gradient.places) {
      grad = all
    }
  }

  package final func makeWhole() { complete() }

  @inline(__always)
  private final func complete() {
    if rows != nil { whole = rows.take()!.whole }
  }

  func convert(to dtype: DType) {
    formerTypes.append(self.dtype)
    self.dtype = dtype
    whole = whole?.cast(to: dtype)
    if let rows { rows.rows = rows.rows.cast(to: dtype) }
  }
}

extension Variable {
  /// The sum of the gradients that `backward()` brought to this leaf, nil before the first. Assign nil to start anew.
  public final var grad: Tensor? {
    get { (node as? Leaf)?.grad }
    set {
      if newValue == nil, let parameter = self as? Parameter { return parameter.forgetGradient() }
      guard let leaf = node as? Leaf else { fail("grad: only a leaf that requires a gradient has one") }
      if let newValue, newValue.shape != shape || newValue.dtype != dtype {
        fail("grad: cannot assign \(newValue.dtype) \(newValue.shape) as the gradient of \(dtype) \(shape)")
      }
      leaf.grad = newValue
    }
  }
}
