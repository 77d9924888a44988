import CTapestry
import TapestryAutograd
import TapestryTensors

/// A pointwise function of one input: its kernel, what its derivative needs, and the derivative.
///
/// A row of a table (Pointwise….swift, Arithmetic.swift) is everything there is to say about such an op.
package final class UnaryRule: Sendable {
  package enum Kept: Sendable { case nothing, input, output }

  package let name: StaticString
  let kernel: Int
  package let kept: Kept

  /// dx from what was kept (x or y), the parameters and dy.
  let derivative: @Sendable (_ kept: Variable?, _ p: Double, _ q: Double, _ dy: consuming Variable) -> Variable

  /// The kernel that computes dx from (dy, kept) at once; used when the gradient is not differentiated again.
  let fused: Int?

  /// What the laws draw from.
  package let domain: UnaryDomain

  init(
    _ name: StaticString, _ kernel: Int, keeps kept: Kept, fused: Int? = nil, domain: UnaryDomain,
    _ derivative:
      @escaping @Sendable (_ kept: Variable?, _ p: Double, _ q: Double, _ dy: consuming Variable) -> Variable
  ) {
    self.name = name
    self.kernel = kernel
    self.kept = kept
    self.fused = fused
    self.domain = domain
    self.derivative = derivative
  }

  /// A function of steps: its derivative is zero wherever there is one, and zero is what backward gives everywhere.
  convenience init(_ name: StaticString, _ kernel: Int, stepsOn domain: UnaryDomain) {
    self.init(name, kernel, keeps: .nothing, domain: domain) { _, _, _, dy in Variable(.zeros(dy.shape, dy.dtype)) }
  }

  var needsFloat: Bool { !tp_unary_op(Int32(kernel)).pointee.whole }

  /// Integers where the function is defined on them, with numbers that they can hold; bool has no arithmetic.
  func check(_ shape: Shape, _ dtype: DType, _ p: Double, _ q: Double) throws(ShapeError) {
    if dtype.isFloatingPoint { return }
    if needsFloat {
      throw ShapeError(
        "\(name): needs a floating-point tensor, got \(dtype) \(shape); convert it with cast(to: .float32)")
    }
    if dtype == .bool {
      throw ShapeError(
        "\(name): is not defined for bool \(shape); convert it with cast(to: .float32) or to an integer type")
    }
    for number in [p, q] where number.isFinite && number != number.rounded(.towardZero) {
      throw ShapeError(
        """
        \(name): \(dtype) \(shape) cannot be combined with \(number), which is no integer; convert it with cast(to: \
        .float32)
        """)
    }
  }

  @inline(never)
  private func requireDefined(_ x: borrowing Variable, _ p: Double, _ q: Double) {
    let shape = x.shape, dtype = x.dtype
    failing { () throws(ShapeError) in try check(shape, dtype, p, q) }
    Kernel.checkIntegers(kernel, x.value, p, name)
  }

  @inline(__always)
  func callAsFunction(_ x: consuming Variable, _ p: Double = 0, _ q: Double = 0) -> Variable {
    self(x, tp_number(p), tp_number(q))
  }

  /// The same with numbers that were fitted to x.
  @inline(__always)
  func callAsFunction(_ x: consuming Variable, _ p: tp_number, _ q: tp_number = tp_number()) -> Variable {
    if x.value.isWhole { requireDefined(x, p.real, q.real) }
    var node: UnaryNode?
    if x.requiresGrad && isRecording {
      node = UnaryNode(self, p.real, q.real, shape: x.shape, Edge(x))
      if kept == .input { node!.input = x.kept() }
    }
    if reusable(&x) && !tp_unary_op(Int32(kernel)).pointee.test {
      Kernel.unaryInPlace(kernel, x, p, q)
      x.node = node
    } else {
      x = Variable(result: Kernel.unary(kernel, x, p, q, name: name), node: node)
    }
    if kept == .output, let node { node.output = x.value }
    if Gate.isWatched { Gate.show(x.value, "\(name)") }
    return x
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
      sink.give(first, Variable(result: Kernel.binary(fused, dy, kept, name: rule.name)))
    } else {
      sink.give(first, rule.derivative(kept, p, q, dy))
    }
  }
}
