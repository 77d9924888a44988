import CTapestry

// What data and metrics need: element by element, with NumPy's broadcasting. The types of two tensors must agree; a
// Swift number takes the tensor's, and one that the type cannot hold is refused (Numbers.swift). Integers wrap, but
// their division is that of numbers, as in PyTorch: / gives float32. `floorDivide` and % keep the type; % has the sign
// of the divisor, as in Python.

extension Tensor {
  /// a + b element by element, broadcast; both of one type.
  public static func + (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_ADD), a, b, name: "+") }
  /// a − b element by element, broadcast; both of one type.
  public static func - (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_SUB), a, b, name: "-") }
  /// a·b element by element, broadcast; both of one type.
  public static func * (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_MUL), a, b, name: "*") }
  /// a/b element by element, broadcast; both of one type. Whole numbers give float32.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    a.isWhole && a.dtype == b.dtype ? a.divisible / b.divisible : Kernel.binary(Int(TP_DIV), a, b, name: "/")
  }
  /// The remainder of a/b, with the sign of b element by element, broadcast; both of one type.
  public static func % (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_MOD), a, b, name: "%") }
  /// −a of each element.
  public static prefix func - (a: Tensor) -> Tensor { Kernel.unary(Int(TP_NEG), a, name: "-") }

  /// a + b with a number, which takes the tensor's type.
  public static func + (a: Tensor, b: some Scalar) -> Tensor {
    Kernel.unary(Int(TP_ADD_SCALAR), a, a.fitting(b.exact, "+"), name: "+")
  }
  /// a + b with a number, which takes the tensor's type.
  public static func + (a: some Scalar, b: Tensor) -> Tensor { b + a }
  /// a − b with a number, which takes the tensor's type.
  public static func - (a: Tensor, b: some Scalar) -> Tensor {
    Kernel.unary(Int(TP_ADD_SCALAR), a, -a.fitting(b.exact, "-"), name: "-")
  }
  /// a − b with a number, which takes the tensor's type.
  public static func - (a: some Scalar, b: Tensor) -> Tensor {
    Kernel.unary(Int(TP_RSUB_SCALAR), b, b.fitting(a.exact, "-"), name: "-")
  }
  /// a·b with a number, which takes the tensor's type.
  public static func * (a: Tensor, b: some Scalar) -> Tensor {
    Kernel.unary(Int(TP_MUL_SCALAR), a, a.fitting(b.exact, "*"), name: "*")
  }
  /// a·b with a number, which takes the tensor's type.
  public static func * (a: some Scalar, b: Tensor) -> Tensor { b * a }
  /// a/b with a number, which takes the tensor's type. Whole numbers give float32.
  public static func / (a: Tensor, b: some Scalar) -> Tensor {
    Kernel.unary(Int(TP_DIV_SCALAR), a.divisible, b.asDouble, name: "/")
  }
  /// a/b with a number, which takes the tensor's type. Whole numbers give float32.
  public static func / (a: some Scalar, b: Tensor) -> Tensor {
    Kernel.unary(Int(TP_RDIV_SCALAR), b.divisible, a.asDouble, name: "/")
  }
  /// The remainder of a/b, with the sign of b with a number, which takes the tensor's type.
  public static func % (a: Tensor, b: some Scalar) -> Tensor { a % Tensor(b, like: a, "%") }

  /// What / divides: whole numbers and bool as float32.
  package var divisible: Tensor { isWhole ? cast(to: .float32) : self }

  // `a += b` is a = a + b, in a's own memory where no other tensor shares it and the shape stays.

  /// Adds b to a in place where a's memory is its own; a keeps its shape and type.
  public static func += (a: inout Tensor, b: Tensor) { a.add(b) }
  /// Subtracts b from a in place where a's memory is its own; a keeps its shape and type.
  public static func -= (a: inout Tensor, b: Tensor) { a.combine(Int(TP_SUB), b, "-=") }
  /// Multiplies a by b in place where a's memory is its own; a keeps its shape and type.
  public static func *= (a: inout Tensor, b: Tensor) { a.combine(Int(TP_MUL), b, "*=") }
  /// Divides a by b in place where a's memory is its own. Traps for whole numbers,
  /// whose quotients are float32.
  public static func /= (a: inout Tensor, b: Tensor) {
    a.checkQuotients()
    a.combine(Int(TP_DIV), b, "/=")
  }
  /// Adds the number b to a in place where a's memory is its own; a keeps its shape and type.
  public static func += (a: inout Tensor, b: some Scalar) {
    a.combine(Int(TP_ADD_SCALAR), a.fitting(b.exact, "+="), "+=")
  }
  /// Subtracts the number b from a in place where a's memory is its own; a keeps its shape and type.
  public static func -= (a: inout Tensor, b: some Scalar) {
    a.combine(Int(TP_ADD_SCALAR), -a.fitting(b.exact, "-="), "-=")
  }
  /// Multiplies a by the number b in place where a's memory is its own; a keeps its shape and type.
  public static func *= (a: inout Tensor, b: some Scalar) {
    a.combine(Int(TP_MUL_SCALAR), a.fitting(b.exact, "*="), "*=")
  }
  /// Divides a by the number b in place where a's memory is its own. Traps for whole numbers,
  /// whose quotients are float32.
  public static func /= (a: inout Tensor, b: some Scalar) {
    a.checkQuotients()
    a.combine(Int(TP_DIV_SCALAR), tp_number(b.asDouble), "/=")
  }

  /// Traps where a /= b would have to change the type of a.
  package func checkQuotients() {
    if isWhole {
      fail("/=: \(dtype) \(shape) cannot hold quotients; write x = x / y, which is float32, or floorDivide(x, y)")
    }
  }

  /// self += b, in this tensor's own memory when no other tensor shares it.
  package mutating func add(_ b: Tensor) { combine(Int(TP_ADD), b, "+=") }

  private mutating func combine(_ op: Int, _ b: Tensor, _ name: StaticString) {
    var b = b
    if withDescriptor({ a in tp_fits_in_place(a, &b.descriptor) }) {
      if isWhole { Kernel.checkIntegers(op, self, b, name) }
      makeUnique()
      Kernel.binaryInPlace(op, &self, &b)
    } else {
      self = Kernel.binary(op, self, b, name: name)
    }
  }

  private mutating func combine(_ op: Int, _ p: tp_number, _ name: StaticString) {
    if isWhole { Kernel.checkIntegers(op, self, p.real, name) }
    makeUnique()
    Kernel.unaryInPlace(op, &self, p)
  }

  /// A number as a scalar of x's type.
  fileprivate init(_ number: some Scalar, like x: Tensor, _ name: StaticString) {
    let number = x.fitting(number.exact, name)
    self.init(uninitialized: [], x.dtype)
    fillMemory(number)
  }

  /// |x|
  public func absolute() -> Tensor { Kernel.unary(Int(TP_ABS), self, name: "absolute") }
}

/// floor(a/b), as Python's //, broadcast; whole numbers keep their type.
public func floorDivide(_ a: Tensor, _ b: Tensor) -> Tensor {
  Kernel.binary(Int(TP_FLOOR_DIV), a, b, name: "floorDivide")
}

/// floor(a/b), as Python's //; whole numbers keep their type.
public func floorDivide(_ a: Tensor, _ b: some Scalar) -> Tensor { floorDivide(a, Tensor(b, like: a, "floorDivide")) }
