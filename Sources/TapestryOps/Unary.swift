import CTapestry
import TapestryAutograd
import TapestryTensors

/// A pointwise function of one input: its kernel, what its derivative needs, and the derivative.
///
/// A row of the table in Pointwise.swift is everything there is to say about such an op.
package final class UnaryRule: Sendable {
  package enum Kept: Sendable { case nothing, input, output }

  package let name: StaticString
  let kernel: Int
  package let kept: Kept

  /// dx from what was kept (x or y), the parameters and dy.
  let derivative: @Sendable (_ kept: Variable?, _ p: Double, _ q: Double, _ dy: consuming Variable) -> Variable

  /// The kernel that computes dx from (dy, kept) at once; used when the gradient is not differentiated again.
  let fused: Int?

  init(
    _ name: StaticString, _ kernel: Int, keeps kept: Kept, fused: Int? = nil,
    _ derivative: @escaping @Sendable (_ kept: Variable?, _ p: Double, _ q: Double, _ dy: consuming Variable) -> Variable
  ) {
    self.name = name
    self.kernel = kernel
    self.kept = kept
    self.fused = fused
    self.derivative = derivative
  }

  @inline(__always)
  func callAsFunction(_ x: consuming Variable, _ p: Double = 0, _ q: Double = 0) -> Variable {
    var node: UnaryNode?
    if x.node != nil && isRecording {
      node = UnaryNode(self, p, q, shape: x.shape, Edge(x))
      if kept == .input { node!.input = x.kept() }
    }
    if x.isResult && isKnownUniquelyReferenced(&x) && isKnownUniquelyReferenced(&x.value.storage) && fitsInPlace(x) {
      Kernel.unaryInPlace(kernel, &x.value, p, q)
      x.node = node
    } else {
      x = Variable(result: Kernel.unary(kernel, &x.value, p, q, name: name), node: node)
    }
    if kept == .output, let node { node.output = x.value }
    if Anomaly.isOn { Anomaly.check(x.value, "\(name)") }
    return x
  }

  private func fitsInPlace(_ x: borrowing Variable) -> Bool {
    x.value.isDense && (x.dtype.isFloatingPoint || !tp_unary_needs_float(Int32(kernel))) && !tp_unary_is_predicate(Int32(kernel))
  }
}

final class UnaryNode: Node {
  unowned(unsafe) let rule: UnaryRule  // lives as long as the program
  let p: Double, q: Double
  @exclusivity(unchecked) final var input: Variable?
  @exclusivity(unchecked) final var output: Tensor?
  @exclusivity(unchecked) final var released = false

  @inline(__always)
  init(_ rule: UnaryRule, _ p: Double, _ q: Double, shape: Shape, _ edge: consuming Edge) {
    self.rule = rule
    self.p = p
    self.q = q
    super.init(shape: shape, edge)
  }

  override var name: String { "\(rule.name)" }
  override var isReleased: Bool { released }

  override func release() {
    if rule.kept == .nothing { return }
    input = nil
    output = nil
    released = true
  }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    // A kept output is this node's own result: attached to it again, second derivatives see it.
    let kept = input ?? output.map { Variable(result: $0, node: isRecording ? self : nil) }
    if let fused = rule.fused, let kept, !isRecording {
      sink.give(first, Variable(result: Kernel.binary(fused, &dy.value, &kept.value, name: rule.name)))
    } else {
      sink.give(first, rule.derivative(kept, p, q, dy))
    }
  }
}
