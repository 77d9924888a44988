import CTapestry

// What data and metrics need: element by element, with NumPy's broadcasting. The types of two tensors must agree; a Swift number takes the tensor's.

extension Tensor {
  public static func + (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_ADD), a, b, name: "+") }
  public static func - (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_SUB), a, b, name: "-") }
  public static func * (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_MUL), a, b, name: "*") }
  public static func / (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_DIV), a, b, name: "/") }
  public static prefix func - (a: Tensor) -> Tensor { Kernel.unary(Int(TP_NEG), a, name: "-") }

  public static func + (a: Tensor, b: some Scalar) -> Tensor { Kernel.unary(Int(TP_ADD_SCALAR), a, b.asDouble, name: "+") }
  public static func + (a: some Scalar, b: Tensor) -> Tensor { b + a }
  public static func - (a: Tensor, b: some Scalar) -> Tensor { Kernel.unary(Int(TP_ADD_SCALAR), a, -b.asDouble, name: "-") }
  public static func - (a: some Scalar, b: Tensor) -> Tensor { Kernel.unary(Int(TP_RSUB_SCALAR), b, a.asDouble, name: "-") }
  public static func * (a: Tensor, b: some Scalar) -> Tensor { Kernel.unary(Int(TP_MUL_SCALAR), a, b.asDouble, name: "*") }
  public static func * (a: some Scalar, b: Tensor) -> Tensor { b * a }
  public static func / (a: Tensor, b: some Scalar) -> Tensor { Kernel.unary(Int(TP_DIV_SCALAR), a, b.asDouble, name: "/") }
  public static func / (a: some Scalar, b: Tensor) -> Tensor { Kernel.unary(Int(TP_RDIV_SCALAR), b, a.asDouble, name: "/") }

  public static func += (a: inout Tensor, b: Tensor) { a.add(b) }
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  public static func *= (a: inout Tensor, b: some Scalar) {
    a.makeUnique()
    Kernel.unaryInPlace(Int(TP_MUL_SCALAR), &a, b.asDouble)
  }

  /// self += b, in this tensor's own memory when no other tensor shares it.
  package mutating func add(_ b: Tensor) {
    var b = b
    if b.dtype == dtype && b.shape.broadcast(with: shape) == shape {
      makeUnique()
      Kernel.binaryInPlace(Int(TP_ADD), &self, &b)
    } else {
      self = self + b
    }
  }

  /// Elements that are equal, as a bool tensor: `==` compares whole tensors.
  public func equal(_ b: Tensor) -> Tensor { Kernel.binary(Int(TP_EQ), self, b, name: "equal") }
  public static func .< (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_LT), a, b, name: ".<") }
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_LE), a, b, name: ".<=") }
  public static func .> (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_GT), a, b, name: ".>") }
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { Kernel.binary(Int(TP_GE), a, b, name: ".>=") }
  public static func .< (a: Tensor, b: some Scalar) -> Tensor { Kernel.unary(Int(TP_LT_SCALAR), a, b.asDouble, name: ".<") }
  public static func .> (a: Tensor, b: some Scalar) -> Tensor { Kernel.unary(Int(TP_GT_SCALAR), a, b.asDouble, name: ".>") }

  public var containsNaN: Bool {
    dtype.isFloatingPoint && Kernel.unary(Int(TP_IS_NAN), self, name: "containsNaN").any().item != 0
  }
}

extension Tensor: Equatable {
  /// The same shape, type and elements (NaN differs from everything).
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape && a.dtype == b.dtype && (a.count == 0 || a.equal(b).all().item != 0)
  }
}

infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
