import TapestryAutograd
import TapestryOps
import TapestryTensors

/// y = x. A place holder where a layer is wanted.
public final class Identity: Layer {
  /// It has no options.
  public init() {}
  /// x itself.
  public func forward(_ x: Variable) -> Variable { x }
}

/// Joins the axes from `start` to `end` into one: (batch, 28, 28) gives (batch, 784).
public final class Flatten: Layer {
  /// The first axis of those that are joined; negative ones count from the end.
  public let start: Int
  /// The last axis of those that are joined.
  public let end: Int

  /// Negative axes count from the end. The first axis, the batch, stays by default.
  public init(_ start: Int = 1, _ end: Int = -1) {
    self.start = start
    self.end = end
  }

  /// x with those axes joined. Traps where x has none of the axes.
  public func forward(_ x: Variable) -> Variable { x.flattened(from: start, to: end) }
}

/// Gives what follows the first axis, the batch, another shape: `Reshape(28, 28)` turns (batch, 784) into (batch, 28,
/// 28). One size may be -1.
public final class Reshape: Layer {
  /// The sizes after the batch axis.
  public let sizes: [Int]

  /// The sizes after the batch axis, at most 7; one may be −1 and follows from the others. Traps for other negative
  /// ones.
  public init(_ sizes: Int...) { self.sizes = checked(sizes, 0...7, "Reshape") }
  /// The same from an array.
  public init(_ sizes: [Int]) { self.sizes = checked(sizes, 0...7, "Reshape") }

  /// x (batch, …) as (batch, sizes…). Traps where the numbers of elements differ.
  public func forward(_ x: Variable) -> Variable {
    if x.rank == 0 { fail("Reshape: the input needs a batch axis, got a scalar") }
    return x.reshaped([x.shape[0]] + sizes)
  }
}

/// `counts`: how many sizes there may be.
private func checked(_ sizes: [Int], _ counts: ClosedRange<Int>, _ name: String) -> [Int] {
  if sizes.contains(where: { $0 < -1 }) || sizes.filter({ $0 == -1 }).count > 1 || !counts.contains(sizes.count) {
    let number = counts.lowerBound == 0 ? "at most \(counts.upperBound)" : "\(counts.lowerBound) … \(counts.upperBound)"
    fail("\(name): needs \(number) sizes of at least 0, one of which may be -1, got \(sizes)")
  }
  return sizes
}

/// Splits one axis into several: `Unflatten(1, [2, 3])` turns (batch, 6, …) into (batch, 2, 3, …). One size may be -1.
public final class Unflatten: Layer {
  /// The axis that is split; negative ones count from the end.
  public let axis: Int
  /// The sizes of the axes that it is split into.
  public let sizes: [Int]

  /// `Unflatten(1, [2, 3])`: the axis, and the sizes that it is split into, of which one may be −1.
  public init(_ axis: Int, _ sizes: [Int]) {
    self.axis = axis
    self.sizes = checked(sizes, 1...8, "Unflatten")
  }

  /// x with the axis split. Traps where the product of the sizes is not the axis's size.
  public func forward(_ x: Variable) -> Variable {
    let axis = axis < 0 ? axis + x.rank : axis
    if axis < 0 || axis >= x.rank { fail("Unflatten: there is no axis \(self.axis) in \(x.shape)") }
    let size = x.shape[axis], known = Self.product(sizes.filter { $0 != -1 })
    var sizes = sizes
    if let i = sizes.firstIndex(of: -1), let known, known > 0, size % known == 0 { sizes[i] = size / known }
    if sizes.contains(-1) || Self.product(sizes) != size {
      fail("Unflatten: cannot split axis \(self.axis) of \(x.shape), of size \(x.shape[axis]), into \(self.sizes)")
    }
    return x.reshaped(Shape(x.shape.prefix(axis) + sizes + x.shape.dropFirst(axis + 1)))
  }

  /// Nil where the product is too large for an Int.
  private static func product(_ sizes: [Int]) -> Int? {
    if sizes.contains(0) { return 0 }
    var product = 1
    for size in sizes {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return nil }
      product = next
    }
    return product
  }
}

/// Any function as a layer: `Lambda { x in x * 2 }`.
///
/// Reflection cannot see what a closure captures: layers and parameters used inside are not trained, saved or copied
/// with the model. Give those a class of their own.
public final class Lambda: Layer {
  private let function: (Variable) -> Variable

  /// `Lambda { x in x * 2 }`
  public init(_ function: @escaping (Variable) -> Variable) { self.function = function }
  /// The function of x.
  public func forward(_ x: Variable) -> Variable { function(x) }
}
