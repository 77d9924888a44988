import TapestryAutograd
import TapestryTensors

// Products by PyTorch's names, each a matmul or a multiplication.

/// Σ aᵢ·bᵢ of two vectors of one size: a scalar.
public func dot(_ a: Variable, _ b: Variable) -> Variable {
  checkFactors(a, b, "dot")
  if a.rank != 1 || b.rank != 1 { fail("dot: needs two vectors, got \(a.shape) and \(b.shape)") }
  if a.count != b.count { fail("dot: needs two vectors of one size, got \(a.shape) and \(b.shape)") }
  return matmul(a, b)
}

/// The same of Tensors.
@_disfavoredOverload public func dot(_ a: Tensor, _ b: Tensor) -> Tensor { dot(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func dot(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  dot(a.asVariable, b.asVariable)
}

/// yᵢⱼ = aᵢ·bⱼ of two vectors: (n), (m) give (n, m).
public func outer(_ a: Variable, _ b: Variable) -> Variable {
  checkFactors(a, b, "outer")
  if a.rank != 1 || b.rank != 1 { fail("outer: needs two vectors, got \(a.shape) and \(b.shape)") }
  return a.unsqueezed(-1) * b.unsqueezed(0)
}

/// The same of Tensors.
@_disfavoredOverload public func outer(_ a: Tensor, _ b: Tensor) -> Tensor { outer(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func outer(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  outer(a.asVariable, b.asVariable)
}

/// The products of two batches of matrices: (batch, n, k), (batch, k, m) give (batch, n, m).
public func bmm(_ a: Variable, _ b: Variable) -> Variable {
  checkFactors(a, b, "bmm")
  if a.rank != 3 || b.rank != 3 || a.shape[0] != b.shape[0] {
    fail("bmm: needs (batch, n, k) and (batch, k, m), got \(a.shape) and \(b.shape); matmul broadcasts batches")
  }
  _ = failing { () throws(ShapeError) in try Kernel.productShape(a.shape, b.shape, "bmm") }
  return matmul(a, b)
}

/// The same of Tensors.
@_disfavoredOverload public func bmm(_ a: Tensor, _ b: Tensor) -> Tensor { bmm(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func bmm(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  bmm(a.asVariable, b.asVariable)
}

/// beta·x + alpha·a·b for matrices a (n, k), b (k, m), and x that broadcasts to (n, m). What has the factor 0 is
/// ignored, NaN and infinities in it too, and its gradient is 0.
public func addmm(_ x: Variable, _ a: Variable, _ b: Variable, beta: Double = 1, alpha: Double = 1) -> Variable {
  checkFactors(a, b, "addmm")
  checkFactors(a, x, "addmm")
  if a.rank != 2 || b.rank != 2 { fail("addmm: needs two matrices, got \(a.shape) and \(b.shape)") }
  let shape = failing { () throws(ShapeError) in try Kernel.productShape(a.shape, b.shape, "addmm") }
  if x.shape.broadcast(with: shape) != shape {
    fail("addmm: \(x.shape) does not broadcast to \(shape), the product of \(a.shape) and \(b.shape)")
  }
  let product = alpha == 0 ? matmul(a.ignored, b.ignored) : alpha == 1 ? matmul(a, b) : matmul(a, b) * alpha
  return product + (beta == 0 ? x.ignored : beta == 1 ? x : x * beta)
}

/// The same of Tensors.
@_disfavoredOverload
public func addmm(_ x: Tensor, _ a: Tensor, _ b: Tensor, beta: Double = 1, alpha: Double = 1) -> Tensor {
  addmm(Variable(x), Variable(a), Variable(b), beta: beta, alpha: alpha).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func addmm(
  _ x: some VariableConvertible, _ a: some VariableConvertible, _ b: some VariableConvertible, beta: Double = 1,
  alpha: Double = 1
) -> Variable {
  addmm(x.asVariable, a.asVariable, b.asVariable, beta: beta, alpha: alpha)
}

extension Variable {
  /// Zeros in the place of a term with the factor 0. Selected and not multiplied by it: 0·∞ is NaN; gradients of every
  /// order are 0.
  fileprivate var ignored: Variable { self.where(Tensor(0, .bool), 0) }
}

/// Traps, naming the function that was called, unless both have one type.
private func checkFactors(_ a: Variable, _ b: Variable, _ name: String) {
  failing { () throws(ShapeError) in try Specs(Inputs(a, b)).sameType(name, floating: false) }
}
