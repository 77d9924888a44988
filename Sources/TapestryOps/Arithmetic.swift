import CTapestry
import TapestryAutograd
import TapestryTensors

/// y = a + b has its derivative in the tape itself (`add`), for the engine adds gradients with it.
package enum Arithmetic {
  /// y = a − b.    da = dy, db = −dy
  static let subtract = BinaryRule("-", Int(TP_SUB), da: [], { _, _, dy in dy }, db: [], { _, _, dy in -dy })

  /// y = a·b.    da = dy·b, db = dy·a
  static let multiply = BinaryRule("*", Int(TP_MUL), da: .b, { _, b, dy in dy * b! }, db: .a, { a, _, dy in dy * a! })

  /// y = a/b.    da = dy/b, db = −dy·a/b²
  static let divide = BinaryRule(
    "/", Int(TP_DIV), da: .b, { _, b, dy in dy / b! },
    db: [.a, .b], { a, b, dy in -(dy * (a! / b! / b!)) })

  /// y = −x.    dx = −dy
  static let negate = UnaryRule("-", Int(TP_NEG), keeps: .nothing) { _, _, _, dy in -dy }

  /// y = x + p.    dx = dy
  static let addScalar = UnaryRule("+", Int(TP_ADD_SCALAR), keeps: .nothing) { _, _, _, dy in dy }

  /// y = p − x.    dx = −dy
  static let subtractFrom = UnaryRule("-", Int(TP_RSUB_SCALAR), keeps: .nothing) { _, _, _, dy in -dy }

  /// y = x·p.    dx = dy·p
  static let multiplyScalar = UnaryRule("*", Int(TP_MUL_SCALAR), keeps: .nothing) { _, p, _, dy in dy * p }

  /// y = x/p.    dx = dy/p
  static let divideScalar = UnaryRule("/", Int(TP_DIV_SCALAR), keeps: .nothing) { _, p, _, dy in dy / p }

  /// y = p/x.    dx = −dy·y/x = −dy·p/x²
  static let divideInto = UnaryRule("/", Int(TP_RDIV_SCALAR), keeps: .input) { x, p, _, dy in -(dy * (p / (x! * x!))) }
}

extension Variable {
  public static func + (a: consuming Variable, b: Variable) -> Variable { add(a, b) }
  public static func - (a: consuming Variable, b: Variable) -> Variable { Arithmetic.subtract(a, b) }
  public static func * (a: consuming Variable, b: Variable) -> Variable { Arithmetic.multiply(a, b) }
  public static func / (a: consuming Variable, b: Variable) -> Variable { Arithmetic.divide(a, b) }
  public static prefix func - (a: consuming Variable) -> Variable { Arithmetic.negate(a) }

  public static func + (a: consuming Variable, b: some Scalar) -> Variable { Arithmetic.addScalar(a, b.asDouble) }
  public static func + (a: some Scalar, b: consuming Variable) -> Variable { Arithmetic.addScalar(b, a.asDouble) }
  public static func - (a: consuming Variable, b: some Scalar) -> Variable { Arithmetic.addScalar(a, -b.asDouble) }
  public static func - (a: some Scalar, b: consuming Variable) -> Variable { Arithmetic.subtractFrom(b, a.asDouble) }
  public static func * (a: consuming Variable, b: some Scalar) -> Variable { Arithmetic.multiplyScalar(a, b.asDouble) }
  public static func * (a: some Scalar, b: consuming Variable) -> Variable { Arithmetic.multiplyScalar(b, a.asDouble) }
  public static func / (a: consuming Variable, b: some Scalar) -> Variable { Arithmetic.divideScalar(a, b.asDouble) }
  public static func / (a: some Scalar, b: consuming Variable) -> Variable { Arithmetic.divideInto(b, a.asDouble) }

  // A Tensor beside a Variable is a constant.
  public static func + (a: consuming Variable, b: Tensor) -> Variable { a + Variable(b) }
  public static func + (a: Tensor, b: Variable) -> Variable { Variable(a) + b }
  public static func - (a: consuming Variable, b: Tensor) -> Variable { a - Variable(b) }
  public static func - (a: Tensor, b: Variable) -> Variable { Variable(a) - b }
  public static func * (a: consuming Variable, b: Tensor) -> Variable { a * Variable(b) }
  public static func * (a: Tensor, b: Variable) -> Variable { Variable(a) * b }
  public static func / (a: consuming Variable, b: Tensor) -> Variable { a / Variable(b) }
  public static func / (a: Tensor, b: Variable) -> Variable { Variable(a) / b }
}
