import TapestryAutograd
import TapestryTensors

extension Sequence where Element: Variable {
  /// x₁ + x₂ + … of Variables whose shapes broadcast; at least one. The penalty on all weights is
  /// `model.parameters().map { ($0 * $0).sum() }.sum()`.
  public func sum() -> Variable {
    var rest = makeIterator()
    guard var total: Variable = rest.next() else {
      fail("sum: a list without Variables has no sum; its shape and type are unknown")
    }
    while let next = rest.next() { total = total + next }
    return total
  }

  /// Refused: the message says what to write.
  @available(*, unavailable, message: "write .sum(): Variables have no 0 to begin with")
  public func reduce(_ initial: Int, _ next: (Variable, Variable) -> Variable) -> Variable {
    fail("reduce: write .sum()")
  }
}

extension Sequence where Element == Tensor {
  /// x₁ + x₂ + … of Tensors whose shapes broadcast; at least one.
  public func sum() -> Tensor {
    var rest = makeIterator()
    guard var total = rest.next() else {
      fail("sum: a list without Tensors has no sum; its shape and type are unknown")
    }
    while let next = rest.next() { total = total + next }
    return total
  }

  /// Refused: the message says what to write.
  @available(*, unavailable, message: "write .sum(): Tensors have no 0 to begin with")
  public func reduce(_ initial: Int, _ next: (Tensor, Tensor) -> Tensor) -> Tensor { fail("reduce: write .sum()") }
}
