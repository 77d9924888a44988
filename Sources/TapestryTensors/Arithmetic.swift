import CTapestry

// What data and metrics need: element by element, with NumPy's broadcasting. The types of two tensors must agree; a Swift number takes the tensor's.
// Integers wrap, and their division truncates; % has the sign of the divisor, as in Python.

extension Tensor {
  public static func + (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_ADD), a, b, name: "+") }
  public static func - (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_SUB), a, b, name: "-") }
  public static func * (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_MUL), a, b, name: "*") }
  public static func / (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_DIV), a, b, name: "/") }
  public static func % (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_MOD), a, b, name: "%") }
  public static prefix func - (a: Tensor) -> Tensor { Kernel.unary(Int(TP_NEG), a, name: "-") }

  public static func + (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_ADD_SCALAR), a, b.asDouble, "+") }
  public static func + (a: some Scalar, b: Tensor) -> Tensor { b + a }
  public static func - (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_ADD_SCALAR), a, -b.asDouble, "-") }
  public static func - (a: some Scalar, b: Tensor) -> Tensor { Kernel.scalar(Int(TP_RSUB_SCALAR), b, a.asDouble, "-") }
  public static func * (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_MUL_SCALAR), a, b.asDouble, "*") }
  public static func * (a: some Scalar, b: Tensor) -> Tensor { b * a }
  public static func / (a: Tensor, b: some Scalar) -> Tensor { Kernel.scalar(Int(TP_DIV_SCALAR), a, b.asDouble, "/") }
  public static func / (a: some Scalar, b: Tensor) -> Tensor { Kernel.scalar(Int(TP_RDIV_SCALAR), b, a.asDouble, "/") }
  public static func % (a: Tensor, b: some Scalar) -> Tensor { a % .full(b, like: a, "%") }

  // `a += b` is a = a + b, in a's own memory where no other tensor shares it and the shape stays.

  public static func += (a: inout Tensor, b: Tensor) { a.add(b) }
  public static func -= (a: inout Tensor, b: Tensor) { a.combine(Int(TP_SUB), b, "-=") }
  public static func *= (a: inout Tensor, b: Tensor) { a.combine(Int(TP_MUL), b, "*=") }
  public static func /= (a: inout Tensor, b: Tensor) { a.combine(Int(TP_DIV), b, "/=") }
  public static func += (a: inout Tensor, b: some Scalar) { a.combine(Int(TP_ADD_SCALAR), b.asDouble, "+=") }
  public static func -= (a: inout Tensor, b: some Scalar) { a.combine(Int(TP_ADD_SCALAR), -b.asDouble, "-=") }
  public static func *= (a: inout Tensor, b: some Scalar) { a.combine(Int(TP_MUL_SCALAR), b.asDouble, "*=") }
  public static func /= (a: inout Tensor, b: some Scalar) { a.combine(Int(TP_DIV_SCALAR), b.asDouble, "/=") }

  /// self += b, in this tensor's own memory when no other tensor shares it.
  package mutating func add(_ b: Tensor) { combine(Int(TP_ADD), b, "+=") }

  private mutating func combine(_ op: Int, _ b: Tensor, _ name: StaticString) {
    var b = b
    if withDescriptor({ a in tp_fits_in_place(a, &b.descriptor) }) {
      if !dtype.isFloatingPoint { Kernel.checkIntegers(op, self, b, name) }
      makeUnique()
      Kernel.binaryInPlace(op, &self, &b)
    } else {
      self = Kernel.binary(op, self, b, name: name)
    }
  }

  private mutating func combine(_ op: Int, _ p: Double, _ name: StaticString) {
    Kernel.checkScalar(p, dtype, shape, name)
    if !dtype.isFloatingPoint { Kernel.checkIntegers(op, self, p, name) }
    makeUnique()
    Kernel.unaryInPlace(op, &self, p)
  }

  /// |x|
  public func absolute() -> Tensor { Kernel.unary(Int(TP_ABS), self, name: "absolute") }
}

extension Kernel {
  /// x op p. A fraction beside whole numbers is a mistake, for it would be cut off in silence.
  static func scalar(_ op: Int, _ x: Tensor, _ p: Double, _ name: StaticString) -> Tensor {
    checkScalar(p, x.dtype, x.shape, name)
    return unary(op, x, p, name: name)
  }

  static func checkScalar(_ p: some Scalar, _ dtype: DType, _ shape: Shape, _ name: StaticString) {
    if !dtype.isFloatingPoint && p.asDouble != p.asDouble.rounded() {
      fail("\(name): cannot combine \(dtype) \(shape) with the fraction \(p.asDouble); convert the tensor with cast(to: .float32)")
    }
  }

  /// Whether a number can be an element: whole numbers take no fraction, and none above their range. Any number counts as bool.
  package static func checkElement(_ value: some Scalar, _ dtype: DType, _ shape: Shape, _ name: StaticString) {
    let number = value.asDouble
    let range: ClosedRange<Double>
    switch dtype {
    case .float32, .float64, .bool: return
    case .uint8: range = 0...255
    case .int32: range = -0x1p31...0x1p31 - 1
    case .int64: range = -0x1p63...0x1p63  // Int.max becomes 2⁶³ as a Double
    }
    if number != number.rounded() || !range.contains(number) {
      fail("\(name): \(dtype) \(shape) cannot hold \(number); make it of another type, or convert it with cast(to: .float32)")
    }
  }
}

extension Tensor {
  private static func full(_ value: some Scalar, like x: Tensor, _ name: StaticString) -> Tensor {
    Kernel.checkScalar(value, x.dtype, x.shape, name)
    return full([], value, x.dtype)
  }
}
