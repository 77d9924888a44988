import CTapestry
import TapestryTensors

/// A tensor whose history is recorded, so that gradients can flow back through it.
///
///     let w = Variable(Tensor([1, 2] as [Float]), requiresGrad: true)
///     let loss = (w * w).sum()
///     loss.backward()
///     w.grad            // [2, 4]
///
/// A Variable's value never changes (a `Parameter`'s does, by assignment). Not Sendable: a graph belongs to one thread at a time.
public class Variable {
  /// The numbers.
  @exclusivity(unchecked) public package(set) final var value: Tensor

  /// The edge to what computed this: output `index` of `node`. Nil where no gradient is wanted.
  @exclusivity(unchecked) package final var node: Node?
  package final let index: Int32

  /// Made by an operation and owned by nobody else: its memory may be reused when only one reference is left.
  package final let isResult: Bool

  /// The result of an operation.
  @inline(__always)
  package init(result value: consuming Tensor, node: Node? = nil, index: Int32 = 0) {
    self.value = value
    self.node = node
    self.index = index
    isResult = true
  }

  /// A constant, or with `requiresGrad` a leaf that collects gradients in `grad`.
  public init(_ value: Tensor, requiresGrad: Bool = false) {
    self.value = value
    node = requiresGrad ? Leaf(of: value) : nil
    index = 0
    isResult = false
  }

  /// A leaf whose node was made before it.
  init(_ value: Tensor, _ leaf: Leaf) {
    self.value = value
    node = leaf
    index = 0
    isResult = false
  }

  /// The same value and the same edge under another object, so that a later assignment to a parameter cannot reach it.
  private init(snapshotOf other: Variable) {
    value = other.value
    node = other.node
    index = other.index
    isResult = false
  }

  deinit {
    // A chain of a million nodes must not be freed by a million nested deinits.
    if node != nil { Drain.release(&node) }
  }

  /// Whether gradients flow to or through this.
  public final var requiresGrad: Bool { node != nil }

  /// A leaf that collects gradients, not the result of an operation.
  package final var isLeafWithGradient: Bool { node is Leaf }

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

  public final var shape: Shape { value.shape }
  public final var dtype: DType { value.dtype }
  public final var rank: Int { value.rank }
  public final var count: Int { value.count }

  /// The only element, as a Double.
  public final var item: Double { value.item }

  /// The same value without its history.
  public final func detach() -> Variable { Variable(value) }

  /// What an op keeps of an input for its backward: values of parameters may be assigned before it runs.
  @inline(__always)
  package final func kept() -> Variable { isMutable ? Variable(snapshotOf: self) : self }

  package var isMutable: Bool { false }
}

extension Variable: CustomStringConvertible, CustomDebugStringConvertible {
  /// The value's elements: `print(loss)` is `0.4375`.
  public final var description: String { value.description }

  /// The type, the shape and whether a gradient is wanted, then the elements.
  public final var debugDescription: String { "\(type(of: self)) \(dtype) \(shape)\(requiresGrad ? ", requiresGrad" : "")\n\(value)" }
}
