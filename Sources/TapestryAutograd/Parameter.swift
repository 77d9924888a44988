import TapestryTensors

/// How the axes of a weight lie in state dictionaries and files, which hold PyTorch's layouts.
public enum FileLayout: Sendable {
  /// As in memory.
  case same
  /// The two axes swapped: our `Linear` has (in, out), PyTorch's has (out, in).
  case transposed
}

/// A weight: a leaf Variable whose value an optimizer may assign. Modules find their parameters by this type.
public final class Parameter: Variable {
  /// The name in state dictionaries, where it is not the property's own.
  public let key: String?
  /// How its axes lie in state dictionaries and files.
  public let fileLayout: FileLayout
  /// Its name in the model that was asked for its parameters last, for messages; nil before.
  package var name: String?

  /// The end of the tape here, for good: graphs that lead to it and hooks outlast freezing and conversion.
  private let leaf: Leaf

  /// `key` names the weight in state dictionaries instead of the property (`weight_ih_l0_reverse`).
  public init(_ value: Tensor, key: String? = nil, fileLayout: FileLayout = .same) {
    if fileLayout == .transposed && value.rank != 2 {
      fail("Parameter: only a matrix has a transposed layout, got shape \(value.shape)")
    }
    self.key = key
    self.fileLayout = fileLayout
    leaf = Leaf(of: value)
    super.init(value, leaf)
    leaf.parameter = .passUnretained(self)
  }

  /// A parameter whose shape a layer learns from its first input: holds nothing until `materialize` gives it a value.
  /// Optimizers and state dictionaries refuse it before. PyTorch's `UninitializedParameter`.
  public static func uninitialized(key: String? = nil, fileLayout: FileLayout = .same) -> Parameter {
    Parameter(uninitialized: .float32, key, fileLayout)
  }

  private init(uninitialized dtype: DType, _ key: String?, _ fileLayout: FileLayout) {
    (self.key, self.fileLayout, isUninitialized) = (key, fileLayout, true)
    let nothing = Tensor.zeros([0], dtype)
    leaf = Leaf(of: nothing)
    super.init(nothing, leaf)
    leaf.parameter = .passUnretained(self)
  }

  /// Whether its shape is still to come.
  public private(set) var isUninitialized = false

  /// Gives an uninitialized parameter its first value, in the type that the model was converted to. Traps where it has
  /// one already, and in a dry run, whose tensors hold no numbers.
  public func materialize(_ first: Tensor) {
    if !isUninitialized { fail("materialize: the parameter has its shape, \(shape); assign keeps it") }
    if Dry.isOn { fail(Self.stillToCome("a dry run (summary) cannot give it one")) }
    value = first.cast(to: dtype)
    leaf.shape = value.shape
    isUninitialized = false
  }

  /// What refuses an uninitialized parameter says.
  package static func stillToCome(_ what: String) -> String {
    "a parameter has no shape before its layer's first input, and \(what): call the model once on a batch before"
  }

  deinit { leaf.parameter = nil }

  /// Replaces the value: what optimizers do. Traps for another shape or type. Graphs that were recorded with the old
  /// value keep that one; the gradient stays.
  ///
  ///     for w in model.parameters() { w.assign(w.value * 0.99) }
  public func assign(_ newValue: Tensor) { value = assignable(newValue, "Parameter") }

  /// A frozen parameter gets no gradient, so an optimizer leaves it alone: operations do not record it, and what graphs
  /// of before bring is dropped. Its gradient is nil as long as it is frozen; thawed it has what it had, if nobody set
  /// it to nil, and hooks stay.
  public var isFrozen: Bool {
    get { leaf.isFrozen }
    set {
      node = newValue ? nil : leaf
      leaf.isFrozen = newValue
    }
  }

  /// Changes the type of the value and of the gradient. Hooks stay, and so do graphs that were recorded before: their
  /// gradients are converted.
  package func convert(to dtype: DType) {
    if dtype == self.dtype { return }
    value = value.cast(to: dtype)
    leaf.convert(to: dtype)
  }

  /// What its gradient takes in memory: one tensor, or the rows of a table and their positions.
  package var storedGradients: [Tensor] { leaf.rows.map { [$0.places, $0.rows] } ?? leaf.grad.map { [$0] } ?? [] }

  /// Of a frozen one too.
  package func forgetGradient() { leaf.grad = nil }

  /// What recording sees of it: the value, and a node unless it is frozen.
  var recordedState: (value: Tensor, node: Node?) {
    get { (value, node) }
    set { (value, node) = newValue }
  }

  /// Runs `body` with the values of Variables, and their places on the tape, in the place of parameters' own.
  package static func substituting<R, E: Error>(
    _ pairs: [(parameter: Parameter, by: Variable)], _ body: () throws(E) -> R
  ) throws(E) -> R {
    let before = pairs.map(\.parameter.recordedState)
    for (parameter, variable) in pairs {
      if variable.index != 0 {
        fail("Parameter: one of several results of an operation cannot take a parameter's place")
      }
      parameter.recordedState = (variable.value, variable.node)
    }
    defer { for (pair, state) in zip(pairs, before) { pair.parameter.recordedState = state } }
    return try body()
  }

  /// Another parameter that shares the value's memory until one of them is written.
  package func copy(frozen: Bool) -> Parameter {
    let copy =
      isUninitialized
      ? Parameter(uninitialized: dtype, key, fileLayout) : Parameter(value, key: key, fileLayout: fileLayout)
    copy.isFrozen = frozen || isFrozen
    return copy
  }

  package override var isMutable: Bool { true }
}

/// State of a module that is moved with it but gets no gradient: running statistics, masks, tables. It is found like a
/// parameter, converted by `to(_:)`, and part of state dictionaries; optimizers do not see it.
///
///     final class Centered: Layer, ModeDependent {
///       let mean = Buffer(.zeros([64]))                   // "mean" in state dictionaries
///       var training = true
///
///       func forward(_ x: Variable) -> Variable {         // x (batch, 64)
///         if training { mean.assign(0.9 * mean.value + 0.1 * x.value.mean(0)) }
///         return x - mean
///       }
///     }
public final class Buffer: Variable {
  /// The name in state dictionaries, where it is not the property's own.
  public let key: String?
  /// Whether state dictionaries hold it; what can be computed again need not be saved.
  public let isPersistent: Bool

  /// `key` names it in state dictionaries instead of the property; with `persistent` false they leave it out.
  public init(_ value: Tensor, key: String? = nil, persistent: Bool = true) {
    self.key = key
    isPersistent = persistent
    super.init(value, requiresGrad: false)
  }

  /// Replaces the value: `mean.assign(0.9 * mean.value + 0.1 * x.value.mean(0))`. Traps for another shape or type.
  ///
  /// Give it a Tensor, so nothing of the history is held; graphs that were recorded with the old value keep that one.
  /// A dry run leaves the value as it is. In a `checkpoint`, whose second run would assign again, do so only where
  /// `isRecomputing` is false.
  public func assign(_ newValue: Tensor) { value = assignable(newValue, "Buffer") }

  /// Changes the type of the value.
  package func convert(to dtype: DType) { value = value.cast(to: dtype) }

  /// Another buffer that shares the value's memory until one of them is written.
  package func copy() -> Buffer { Buffer(value, key: key, persistent: isPersistent) }

  package override var isMutable: Bool { true }
}

extension Variable {
  /// Holds no numbers any more.
  package func empty() { value = .zeros([0], dtype) }

  fileprivate func assignable(_ newValue: Tensor, _ kind: String) -> Tensor {
    if newValue.shape != shape || newValue.dtype != dtype {
      fail("\(kind): cannot assign \(newValue.dtype) \(newValue.shape) to \(dtype) \(shape)")
    }
    // What a dry run computes are no values.
    return Dry.isOn ? value : newValue
  }
}
