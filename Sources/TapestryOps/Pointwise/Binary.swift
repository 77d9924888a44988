import CTapestry
import TapestryAutograd
import TapestryTensors

/// A pointwise function of two inputs with broadcasting. The engine sums each gradient to its input's shape.
package final class BinaryRule: Sendable {
  /// What a derivative needs of the inputs.
  package struct Needs: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    static let a = Needs(rawValue: 1), b = Needs(rawValue: 2)
  }

  typealias Derivative = @Sendable (_ a: Variable?, _ b: Variable?, _ dy: consuming Variable) -> Variable

  package let name: StaticString
  let kernel: Int
  let needsForA: Needs, needsForB: Needs
  let da: Derivative, db: Derivative

  /// What the laws draw from.
  package let domain: BinaryDomain

  init(
    _ name: StaticString, _ kernel: Int, domain: BinaryDomain, da needsForA: Needs, _ da: @escaping Derivative,
    db needsForB: Needs,
    _ db: @escaping Derivative
  ) {
    self.name = name
    self.kernel = kernel
    self.domain = domain
    self.needsForA = needsForA
    self.needsForB = needsForB
    self.da = da
    self.db = db
  }

  /// The result's shape, or why the inputs do not fit.
  func shape(of x: Specs) throws(ShapeError) -> Shape { try shape(of: x, "\(name)") }

  func shape(of x: Specs, _ name: String) throws(ShapeError) -> Shape {
    try x.sameType(name, floating: !tp_binary_op(Int32(kernel)).pointee.whole)
    guard let shape = x[0].broadcast(with: x[1]) else { throw ShapeError(Kernel.broadcastMistake(x[0], x[1], name)) }
    return shape
  }

  @inline(__always)
  func callAsFunction(_ a: consuming Variable, _ b: Variable) -> Variable {
    if Int(a.value.descriptor.dtype) > Int(TP_F64) { Kernel.checkIntegers(kernel, a.value, b.value, name) }
    let node = (a.requiresGrad || b.requiresGrad) && isRecording ? record(a, b) : nil
    if !tp_binary_op(Int32(kernel)).pointee.test && reusable(&a, with: b) {
      Kernel.binaryInPlace(kernel, a, b)
      a.node = node
    } else {
      a = Variable(result: Kernel.binary(kernel, a, b, name: name), node: node)
    }
    if Gate.isWatched { Gate.show(a.value, "\(name)") }
    return a
  }

  private func record(_ a: Variable, _ b: Variable) -> BinaryNode {
    let node = BinaryNode(self, shape: Kernel.broadcast(a, b, name), Edge(a), Edge(b))
    var needs: Needs = []
    if a.requiresGrad { needs.formUnion(needsForA) }
    if b.requiresGrad { needs.formUnion(needsForB) }
    if needs.contains(.a) { node.a = a.kept() }
    if needs.contains(.b) { node.b = b.kept() }
    node.keepsSomething = !needs.isEmpty
    return node
  }
}

final class BinaryNode: Node {
  unowned(unsafe) let rule: BinaryRule  // lives as long as the program
  @exclusivity(unchecked) final var a: Variable?
  @exclusivity(unchecked) final var b: Variable?
  @exclusivity(unchecked) final var keepsSomething = false
  @exclusivity(unchecked) final var released = false

  @inline(__always)
  init(_ rule: BinaryRule, shape: Shape, _ a: consuming Edge, _ b: consuming Edge) {
    self.rule = rule
    super.init(shape: shape, a, b)
  }

  override var name: String { "\(rule.name)" }
  override var isReleased: Bool { released }

  override func release() {
    if !keepsSomething { return }
    a = nil
    b = nil
    released = true
  }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    let wantsA = sink.wants(first), wantsB = sink.wants(second)
    if wantsA && wantsB {
      sink.give(first, rule.da(a, b, copy dy))
      sink.give(second, rule.db(a, b, dy))
    } else if wantsA {
      sink.give(first, rule.da(a, b, dy))
    } else if wantsB {
      sink.give(second, rule.db(a, b, dy))
    }
  }
}
