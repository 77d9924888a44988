import CTapestry
import TapestryAutograd
import TapestryTensors

/// The four operations on two tensors, and on a tensor x and a number p.
package enum Arithmetic {
  /// y = a + b is the engine's own `add`, with its derivative, for the engine adds gradients with it. Its law stands
  /// here.
  package static let addition = Law(
    "+",
    misuse: [
      .init("+", "cannot broadcast [2, 3] with [2]") { () throws(ShapeError) in
        _ = try subtract.shape(of: Specs([[2, 3], [2]], [.float32, .float32]), "+")
      }
    ]
  ) { draw in
    let (a, b) = draw.broadcastPair()
    return LawCase([draw.tensor(a), draw.tensor(b)], label: "\(a), \(b)", isLinear: true) { $0[0] + $0[1] }
  }

  /// y = a − b.    da = dy, db = −dy
  static let subtract = BinaryRule(
    "-", Int(TP_SUB), domain: BinaryDomain(-2...2, -2...2, isLinear: true),
    da: [], { _, _, dy in dy },
    db: [], { _, _, dy in -dy })

  /// y = a·b.    da = dy·b, db = dy·a
  static let multiply = BinaryRule(
    "*", Int(TP_MUL), domain: BinaryDomain(-2...2, -2...2),
    da: .b, { _, b, dy in dy * b! },
    db: .a, { a, _, dy in dy * a! })

  /// y = a/b.    da = dy/b, db = −dy·a/b²
  static let divide = BinaryRule(
    "/", Int(TP_DIV), domain: BinaryDomain(-2...2, 0.5...2),
    da: .b, { _, b, dy in dy / b! },
    db: [.a, .b], { a, b, dy in -(dy * (a! / b! / b!)) })

  /// y = −x.    dx = −dy
  static let negate = UnaryRule("-x", Int(TP_NEG), keeps: .nothing, domain: UnaryDomain(-2...2, isLinear: true)) {
    _, _, _, dy in -dy
  }

  /// y = x + p.    dx = dy
  static let addScalar = UnaryRule("x + p", Int(TP_ADD_SCALAR), keeps: .nothing, domain: linear) { _, _, _, dy in dy }

  /// y = p − x.    dx = −dy
  static let subtractFrom = UnaryRule("p - x", Int(TP_RSUB_SCALAR), keeps: .nothing, domain: linear) { _, _, _, dy in
    -dy
  }

  /// y = x·p.    dx = dy·p
  static let multiplyScalar = UnaryRule("x * p", Int(TP_MUL_SCALAR), keeps: .nothing, domain: linear) { _, p, _, dy in
    dy * p
  }

  /// y = x/p.    dx = dy/p
  static let divideScalar = UnaryRule("x / p", Int(TP_DIV_SCALAR), keeps: .nothing, domain: linear) { _, p, _, dy in
    dy / p
  }

  /// y = p/x.    dx = −dy·p/x²
  static let divideInto = UnaryRule(
    "p / x", Int(TP_RDIV_SCALAR), keeps: .input, domain: UnaryDomain(0.5...2, parameters: [(1, 0), (-2.5, 0)])
  ) { x, p, _, dy in -(dy * (p / (x! * x!))) }

  private static let linear = UnaryDomain(-2...2, parameters: [(2, 0), (-0.3, 0)], isLinear: true)

  static let unary = [negate, addScalar, subtractFrom, multiplyScalar, divideScalar, divideInto]
  static let binary = [subtract, multiply, divide]
}

extension Variable {
  /// a + b element by element, broadcast; both of one type.
  public static func + (a: consuming Variable, b: Variable) -> Variable { add(a, b) }
  /// a − b element by element, broadcast; both of one type.
  public static func - (a: consuming Variable, b: Variable) -> Variable { Arithmetic.subtract(a, b) }
  /// a·b element by element, broadcast; both of one type.
  public static func * (a: consuming Variable, b: Variable) -> Variable { Arithmetic.multiply(a, b) }
  /// a/b element by element, broadcast; both of one type. Whole numbers give float32.
  public static func / (a: consuming Variable, b: Variable) -> Variable {
    // True division, as in PyTorch: whole numbers give float32.
    a.value.isWhole && a.dtype == b.dtype ? Variable(a.value / b.value) : Arithmetic.divide(a, b)
  }
  /// −a of each element.
  public static prefix func - (a: consuming Variable) -> Variable { Arithmetic.negate(a) }

  /// a + b with a number, which takes the tensor's type.
  public static func + (a: consuming Variable, b: some Scalar) -> Variable {
    let p = a.value.fitting(b.exact, "+")
    return Arithmetic.addScalar(a, p)
  }
  /// a + b with a number, which takes the tensor's type.
  public static func + (a: some Scalar, b: consuming Variable) -> Variable { b + a }
  /// a − b with a number, which takes the tensor's type.
  public static func - (a: consuming Variable, b: some Scalar) -> Variable {
    let p = -a.value.fitting(b.exact, "-")
    return Arithmetic.addScalar(a, p)
  }
  /// a − b with a number, which takes the tensor's type.
  public static func - (a: some Scalar, b: consuming Variable) -> Variable {
    let p = b.value.fitting(a.exact, "-")
    return Arithmetic.subtractFrom(b, p)
  }
  /// a·b with a number, which takes the tensor's type.
  public static func * (a: consuming Variable, b: some Scalar) -> Variable {
    let p = a.value.fitting(b.exact, "*")
    return Arithmetic.multiplyScalar(a, p)
  }
  /// a·b with a number, which takes the tensor's type.
  public static func * (a: some Scalar, b: consuming Variable) -> Variable { b * a }
  /// a/b with a number, which takes the tensor's type. Whole numbers give float32.
  public static func / (a: consuming Variable, b: some Scalar) -> Variable {
    a.value.isWhole ? Variable(a.value / b) : Arithmetic.divideScalar(a, b.asDouble)
  }
  /// a/b with a number, which takes the tensor's type. Whole numbers give float32.
  public static func / (a: some Scalar, b: consuming Variable) -> Variable {
    b.value.isWhole ? Variable(a / b.value) : Arithmetic.divideInto(b, a.asDouble)
  }

  // A Tensor beside a Variable is a constant.
  /// a + b, the Tensor a constant.
  public static func + (a: consuming Variable, b: Tensor) -> Variable { a + Variable(b) }
  /// a + b, the Tensor a constant.
  public static func + (a: Tensor, b: Variable) -> Variable { Variable(a) + b }
  /// a − b, the Tensor a constant.
  public static func - (a: consuming Variable, b: Tensor) -> Variable { a - Variable(b) }
  /// a − b, the Tensor a constant.
  public static func - (a: Tensor, b: Variable) -> Variable { Variable(a) - b }
  /// a·b, the Tensor a constant.
  public static func * (a: consuming Variable, b: Tensor) -> Variable { a * Variable(b) }
  /// a·b, the Tensor a constant.
  public static func * (a: Tensor, b: Variable) -> Variable { Variable(a) * b }
  /// a/b, the Tensor a constant. Whole numbers give float32.
  public static func / (a: consuming Variable, b: Tensor) -> Variable { a / Variable(b) }
  /// a/b, the Tensor a constant. Whole numbers give float32.
  public static func / (a: Tensor, b: Variable) -> Variable { Variable(a) / b }

  // The variable is bound to a new result; a temporary's memory is used again.
  /// Adds b to a: a is bound to the new result.
  public static func += (a: inout Variable, b: Variable) { a = consume a + b }
  /// Subtracts b from a: a is bound to the new result.
  public static func -= (a: inout Variable, b: Variable) { a = consume a - b }
  /// Multiplies a by b: a is bound to the new result.
  public static func *= (a: inout Variable, b: Variable) { a = consume a * b }
  /// Divides a by b: a is bound to the new result. Traps for whole numbers, whose quotients are float32.
  public static func /= (a: inout Variable, b: Variable) {
    a.value.checkQuotients()
    a = consume a / b
  }
  /// Adds the constant b to a: a is bound to the new result.
  public static func += (a: inout Variable, b: Tensor) { a = consume a + b }
  /// Subtracts the constant b from a: a is bound to the new result.
  public static func -= (a: inout Variable, b: Tensor) { a = consume a - b }
  /// Multiplies a by the constant b: a is bound to the new result.
  public static func *= (a: inout Variable, b: Tensor) { a = consume a * b }
  /// Divides a by the constant b: a is bound to the new result. Traps for whole numbers, whose quotients are float32.
  public static func /= (a: inout Variable, b: Tensor) {
    a.value.checkQuotients()
    a = consume a / b
  }
  /// Adds the number b to a: a is bound to the new result.
  public static func += (a: inout Variable, b: some Scalar) { a = consume a + b }
  /// Subtracts the number b from a: a is bound to the new result.
  public static func -= (a: inout Variable, b: some Scalar) { a = consume a - b }
  /// Multiplies a by the number b: a is bound to the new result.
  public static func *= (a: inout Variable, b: some Scalar) { a = consume a * b }
  /// Divides a by the number b: a is bound to the new result. Traps for whole numbers, whose quotients are float32.
  public static func /= (a: inout Variable, b: some Scalar) {
    a.value.checkQuotients()
    a = consume a / b
  }
}
