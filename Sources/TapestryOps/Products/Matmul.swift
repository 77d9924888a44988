import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = a·b with a (…, m, k), b (…, k, n), y (…, m, n); batch axes broadcast.
///
///     da = dy·bᵀ,  db = aᵀ·dy,  summed over broadcast batch axes
package struct Matmul: Op {
  package static let name = "matmul"

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name, floating: false)
    return try Kernel.productShape(x[0], x[1])
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let a = x.first.value, b = x.second!.value
    // One matrix b for a whole batch: its rows, where they lie in one block, are rows of one large product.
    if b.rank == 2 && a.rank > 2, let rows = a.reshapedView([Shape(a.shape.dropLast()).volume, a.shape[a.rank - 1]]) {
      return (Kernel.gemm(rows, b, shape: [rows.shape[0], b.shape[1]]).reshaped(shape), ())
    }
    return (Kernel.gemm(a, b, shape: shape), ())
  }

  package func keeps(_ wants: Wants) -> Keeps {
    Keeps(wants[0] ? .input(1) : .nothing, wants[1] ? .input(0) : .nothing)
  }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    InputGradients(
      wants[0] ? matmul(dy, kept[1].transposed()) : nil,
      wants[1] ? matmul(kept[0].transposed(), dy) : nil)
  }

  /// The same without the tape, and for one matrix b without a product and a sum for each item of the batch: db = aᵀ·dy
  /// over all rows.
  package func fused(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients? {
    let dy = dy.value, b = kept.shapes[1]
    var gradients = InputGradients(nil)
    if wants[0] {
      let transposed = kept[1].value.transposed()
      gradients.first = Variable(
        result: Kernel.gemm(dy, transposed, shape: Shape(dy.shape.dropLast() + [b[b.count - 2]])))
    }
    if wants[1] && b.count == 2 {
      gradients.second = Variable(result: Kernel.gemm(kept[0].value.asRows.transposed(), dy.asRows, shape: b))
    } else if wants[1] {
      let a = kept[0].value.transposed()
      gradients.second = Variable(
        result: Kernel.gemm(a, dy, shape: Shape(dy.shape.dropLast(2) + [a.shape[a.rank - 2], b[b.count - 1]])))
    }
    return gradients
  }

  package static let law = Law(
    name,
    misuse: [
      .init("matmul", "[2, 3]", "[4, 5]", "inner sizes 3 and 4 differ") { () throws(ShapeError) in
        _ = try Matmul().shape(of: Specs([[2, 3], [4, 5]], [.float32, .float32]))
      },
      .init("matmul", "batch", "[2]", "[3]") { () throws(ShapeError) in
        _ = try Matmul().shape(of: Specs([[2, 3, 4], [3, 4, 5]], [.float32, .float32]))
      },
    ],
    neverScalar: true
  ) { draw in
    let (m, k, n) = (draw.size(most: 9), draw.size(most: 9), draw.size(most: 9))
    var (a, b) = (draw.bool() ? ([], []) : draw.batchPair())
    a += [m, k]
    b += [k, n]
    return LawCase([draw.tensor(Shape(a)), draw.tensor(Shape(b))], label: "\(a) · \(b)") { matmul($0[0], $0[1]) }
  }
}

extension Draw {
  /// Batch axes of two operands that broadcast.
  mutating func batchPair() -> ([Int], [Int]) {
    let b = size(zero: false, most: 3)
    return pick([([b], [b]), ([b], []), ([], [b]), ([1], [b]), ([b, 1], [2]), ([2, b], [b])])
  }
}

/// The matrix product. A vector on the left counts as one row, on the right as one column, as in PyTorch; with more
/// than two axes the last two multiply and the others broadcast.
public func matmul(_ a: Variable, _ b: Variable) -> Variable {
  if a.rank >= 2 && b.rank >= 2 { return Matmul().apply(Inputs(a, b)) }
  if a.rank == 0 || b.rank == 0 {
    fail("matmul: cannot multiply \(a.shape) by \(b.shape): a scalar has no axis to multiply along; use *")
  }
  let (inner, outer) = (a.shape[a.rank - 1], b.shape[Swift.max(0, b.rank - 2)])
  if inner != outer {
    fail("matmul: cannot multiply \(a.shape) by \(b.shape): inner sizes \(inner) and \(outer) differ")
  }
  let rows = a.rank == 1 ? a.unsqueezed(0) : a
  let columns = b.rank == 1 ? b.unsqueezed(-1) : b
  var y = matmul(rows, columns)
  if b.rank == 1 { y = y.squeezed(-1) }
  if a.rank == 1 { y = y.squeezed(b.rank == 1 ? -1 : -2) }
  return y
}

/// The same of Tensors.
@_disfavoredOverload public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor { matmul(Variable(a), Variable(b)).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func matmul(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
  matmul(a.asVariable, b.asVariable)
}
