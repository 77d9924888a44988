import CTapestry
import TapestryTensors

// The few operations that the engine itself needs: gradients are added, summed to a shape, and expanded back. Each is
// its own derivative's derivative: add ↔ add, sum ↔ expand.

/// y = a + b.    da = dy, db = dy
package func add(_ a: consuming Variable, _ b: Variable) -> Variable {
  let recorded = (a.node != nil || b.node != nil) && isRecording
  let node = recorded ? AddNode(shape: Shape.broadcast(&a.value, &b.value, "+"), Edge(a), Edge(b)) : nil
  if reusable(&a, with: b) {
    Kernel.binaryInPlace(Int(TP_ADD), &a.value, &b.value)
    a.node = node
  } else {
    a = Variable(result: Kernel.binary(Int(TP_ADD), &a.value, &b.value, name: "+"), node: node)
  }
  if Gate.isWatched { Gate.show(a.value, "+") }
  return a
}

/// Whether the result of a pointwise operation may overwrite `a`: a temporary that nobody else sees (an op that kept it
/// shares its memory), as large as the result.
@inline(__always)
package func reusable(_ a: inout Variable, with b: Variable) -> Bool {
  a.isResult && isKnownUniquelyReferenced(&a) && ownsMemory(a, whichFits: b)
}

/// Whether the result of a pointwise function of `a` alone may overwrite it.
@inline(__always)
package func reusable(_ a: inout Variable) -> Bool {
  a.isResult && isKnownUniquelyReferenced(&a) && ownsMemory(a, whichFits: a)
}

@usableFromInline package func ownsMemory(_ a: Variable, whichFits b: Variable) -> Bool {
  isKnownUniquelyReferenced(&a.value.storage) && tp_fits_in_place(&a.value.descriptor, &b.value.descriptor)
}

/// Kernels on Variables for the room of ops. They stand here because only in the Variables' own module does `&a.value`
/// neither copy the tensor nor check for exclusive access: a check costs some nanoseconds, and it ends `x * x`, where
/// both are one object.
extension Kernel {
  package static func unary(_ op: Int, _ x: Variable, _ p: tp_number, _ q: tp_number, name: StaticString) -> Tensor {
    unary(op, &x.value, p, q, name: name)
  }
  package static func unaryInPlace(_ op: Int, _ x: Variable, _ p: tp_number, _ q: tp_number) {
    unaryInPlace(op, &x.value, p, q)
  }
  package static func binary(_ op: Int, _ a: Variable, _ b: Variable, name: StaticString) -> Tensor {
    binary(op, &a.value, &b.value, name: name)
  }
  package static func binaryInPlace(_ op: Int, _ a: Variable, _ b: Variable) { binaryInPlace(op, &a.value, &b.value) }
  package static func product(_ a: Variable, _ b: Variable, bias: Tensor?) -> Tensor? {
    product(&a.value, &b.value, bias: bias)
  }
  package static func productTransposed(_ a: Variable, _ b: Variable) -> Tensor {
    productTransposed(&a.value, &b.value)
  }
  package static func transposedProduct(_ a: Variable, _ b: Variable) -> Tensor {
    transposedProduct(&a.value, &b.value)
  }
  package static func sumOfRows(_ x: Variable) -> Tensor { sumOfRows(&x.value) }
  package static func broadcast(_ a: Variable, _ b: Variable, _ name: StaticString) -> Shape {
    Shape.broadcast(&a.value, &b.value, name)
  }
}

final class AddNode: Node {
  override var name: String { "add" }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    if first.node != nil && second.node != nil {
      sink.give(first, copy dy)
      sink.give(second, dy)
    } else {
      sink.give(first.node != nil ? first : second, dy)
    }
  }
}

/// y = Σ x over the axes that broadcasting `shape` to x's shape would add or repeat.    dx = dy, expanded
package func sumTo(_ x: Variable, _ shape: Shape) -> Variable {
  if x.shape == shape { return x }
  if shape.broadcast(with: x.shape) != x.shape {
    fail("sum: \(x.shape) cannot be summed to \(shape), for \(shape) does not broadcast to it")
  }
  let value = x.value.summed(to: shape)
  if Gate.isWatched { Gate.show(value, "sum") }
  if x.node == nil || !isRecording { return Variable(result: value) }
  return Variable(result: value, node: SumToNode(from: x.shape, to: shape, Edge(x)))
}

final class SumToNode: Node {
  let inputShape: Shape

  init(from inputShape: Shape, to shape: Shape, _ edge: Edge) {
    self.inputShape = inputShape
    super.init(shape: shape, edge)
  }

  override var name: String { "sum" }

  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) {
    sink.give(first, TapestryAutograd.expand(dy, inputShape))
  }
}

/// y = x repeated to `shape` without copying.    dx = Σ dy over the repeated axes (the engine sums)
package func expand(_ x: Variable, _ shape: Shape) -> Variable {
  let value = x.value.expanded(to: shape)
  if Gate.isWatched { Gate.show(value, "expand") }
  if x.node == nil || !isRecording { return Variable(result: value) }
  return Variable(result: value, node: ExpandNode(shape: shape, Edge(x)))
}

final class ExpandNode: Node {
  override var name: String { "expand" }
  override func backward(_ dy: consuming Variable, _ sink: inout GradientSink) { sink.give(first, dy) }
}
