import CTapestry

extension Kernel {
  /// The shape of a·b for operands of two axes or more, batch axes broadcast.
  package static func productShape(_ a: Shape, _ b: Shape, _ name: String = "matmul") throws(ShapeError) -> Shape {
    let m = a[a.count - 2], k = a[a.count - 1], k2 = b[b.count - 2], n = b[b.count - 1]
    if k != k2 {
      let hint =
        k == n ? "; the second one transposed would fit" : m == k2 ? "; the first one transposed would fit" : ""
      throw ShapeError("\(name): cannot multiply \(a) by \(b): inner sizes \(k) and \(k2) differ\(hint)")
    }
    if a.count == 2 && b.count == 2 { return [m, n] }
    guard var shape = Shape(a.dropLast(2)).broadcast(with: Shape(b.dropLast(2))) else {
      throw ShapeError(
        """
        \(name): cannot multiply \(a) by \(b): batch axes \(Shape(a.dropLast(2))) and \(Shape(b.dropLast(2))) do not \
        broadcast
        """)
    }
    if shape.count > 6 { throw ShapeError("\(name): \(a) by \(b) has more than 8 axes") }
    shape.append(m)
    shape.append(n)
    return shape
  }

  /// alpha·a·b + bias. Shapes were checked; `bias` has n elements, contiguous.
  package static func gemm(
    _ a: borrowing Tensor, _ b: borrowing Tensor, shape: Shape, bias: Tensor? = nil, alpha: Double = 1
  ) -> Tensor {
    let c = Tensor(uninitialized: shape, a.dtype, on: a.descriptor.device)
    let bias = bias?.contiguous()
    var epilogue = tp_epilogue(bias: bias.map { UnsafeRawPointer($0.descriptor.data) }, alpha: alpha, beta: 0)
    run(c, a, b) { $0.pointee.gemm($1, $2, $3, &epilogue) }
    return withExtendedLifetime(bias) { c }
  }

  // Matrices alone, on descriptors: a small network's step is made of these, and notices each copy of a Tensor.

  /// a·b + bias for matrices a (m, k), b (k, n) and bias (n), all of one floating type; nil where they do not fit.
  package static func product(_ a: inout Tensor, _ b: inout Tensor, bias: Tensor?) -> Tensor? {
    if a.rank != 2 || b.rank != 2 || a.descriptor.size.1 != b.descriptor.size.0 { return nil }
    let dtype = a.descriptor.dtype
    if dtype != b.descriptor.dtype || !tp_is_float(dtype) || !tp_is_computed(dtype) { return nil }
    guard let bias else { return matrixProduct(a.descriptor, b.descriptor) }
    if bias.rank != 1 || bias.descriptor.size.0 != b.descriptor.size.1 || bias.descriptor.dtype != dtype { return nil }
    let row = bias.contiguous()
    return withExtendedLifetime(row) { matrixProduct(a.descriptor, b.descriptor, bias: row.descriptor.data) }
  }

  /// a·bᵀ for matrices that fit.
  package static func productTransposed(_ a: inout Tensor, _ b: inout Tensor) -> Tensor {
    matrixProduct(a.descriptor, transposed(b.descriptor))
  }

  /// aᵀ·b for matrices that fit.
  package static func transposedProduct(_ a: inout Tensor, _ b: inout Tensor) -> Tensor {
    matrixProduct(transposed(a.descriptor), b.descriptor)
  }

  /// The sum of the rows of a matrix (m, n): (n).
  package static func sumOfRows(_ x: inout Tensor) -> Tensor {
    var y = tp_tensor()
    (y.size.0, y.size.1, y.rank, y.dtype, y.device) = (
      1, x.descriptor.size.1, 2, x.descriptor.dtype, x.descriptor.device
    )
    var result = allocated(&y)
    run(&y, &x.descriptor) { $0.pointee.reduce(Int32(TP_SUM), $1, $2) }
    (result.descriptor.size.0, result.descriptor.stride.0, result.descriptor.rank) = (y.size.1, 1, 1)
    return result
  }

  private static func transposed(_ matrix: tp_tensor) -> tp_tensor {
    var t = matrix
    (t.size.0, t.size.1, t.stride.0, t.stride.1) = (matrix.size.1, matrix.size.0, matrix.stride.1, matrix.stride.0)
    return t
  }

  private static func matrixProduct(_ a: tp_tensor, _ b: tp_tensor, bias: UnsafeMutableRawPointer? = nil) -> Tensor {
    var a = a, b = b, c = tp_tensor()
    (c.size.0, c.size.1, c.rank, c.dtype, c.device) = (a.size.0, b.size.1, 2, a.dtype, a.device)
    let result = allocated(&c)
    var epilogue = tp_epilogue(bias: UnsafeRawPointer(bias), alpha: 1, beta: 0)
    run(&c, &a, &b) { $0.pointee.gemm($1, $2, $3, &epilogue) }
    return result
  }

  /// Memory for a matrix whose sizes and type are set.
  private static func allocated(_ t: inout tp_tensor) -> Tensor {
    tp_set_contiguous(&t)
    let (count, manyElements) = t.size.0.multipliedReportingOverflow(by: t.size.1)
    let (bytes, manyBytes) = count.multipliedReportingOverflow(by: tp_itemsize(t.dtype))
    if manyElements || manyBytes { fail("matmul: the result \(Shape(t)) has more elements than fit into memory") }
    let storage = Storage(bytes: Int(bytes), on: t.device)
    t.data = storage.pointer
    return Tensor(descriptor: t, storage: storage)
  }
}
