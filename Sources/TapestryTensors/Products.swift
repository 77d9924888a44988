import CTapestry

extension Kernel {
  /// The shape of a·b for operands of two axes or more, batch axes broadcast.
  package static func productShape(_ a: Shape, _ b: Shape, _ name: String = "matmul") throws(ShapeError) -> Shape {
    let m = a[a.count - 2], k = a[a.count - 1], k2 = b[b.count - 2], n = b[b.count - 1]
    if k != k2 { throw ShapeError("\(name): cannot multiply \(a) by \(b): inner sizes \(k) and \(k2) differ") }
    if a.count == 2 && b.count == 2 { return [m, n] }
    guard var shape = Shape(a.dropLast(2)).broadcast(with: Shape(b.dropLast(2))) else {
      throw ShapeError("\(name): cannot multiply \(a) by \(b): batch axes \(Shape(a.dropLast(2))) and \(Shape(b.dropLast(2))) do not broadcast")
    }
    if shape.count > 6 { throw ShapeError("\(name): \(a) by \(b) has more than 8 axes") }
    shape.append(m)
    shape.append(n)
    return shape
  }

  /// activation(a·b + bias). Shapes were checked; `bias` has n elements, contiguous.
  package static func gemm(_ a: borrowing Tensor, _ b: borrowing Tensor, shape: Shape, bias: Tensor? = nil, activation: Int = 0, alpha: Double = 1) -> Tensor {
    let c = Tensor(uninitialized: shape, a.dtype)
    let bias = bias?.contiguous()
    var epilogue = tp_epilogue(bias: bias.map { UnsafeRawPointer($0.descriptor.data) }, alpha: alpha, beta: 0, activation: Int32(activation))
    c.withDescriptor { c in
      withUnsafePointer(to: a.descriptor) { a in withUnsafePointer(to: b.descriptor) { b in tp_current().pointee.gemm(c, a, b, &epilogue) } }
    }
    return withExtendedLifetime(bias) { c }
  }
}
