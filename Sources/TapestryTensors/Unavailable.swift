// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// (nothing here can be used: the messages are the documentation)

// What goes wrong in formulas, with the compiler's message for it. Nothing here can be used: each conformance below is
// unavailable, and says what to write.
//
// Without them the message would speak of protocols of the standard library, and in a formula of five operators or more
// there would be none: the compiler tries every overload of every operator and gives up after five seconds ("unable to
// type-check this expression in reasonable time"). With them it finds a fit at once, and then refuses it. Valid
// formulas never come here, for the operators are disfavored.

/// An operand that does not fit the other one: the two sides of `n * x.grad`, `3 * labels`, `count * 0.5`.
public protocol MixedOperand {}

@_disfavoredOverload public func + <A: MixedOperand, B: MixedOperand>(a: A, b: B) -> Double {
  fail("+: the operands do not fit each other")
}
@_disfavoredOverload public func - <A: MixedOperand, B: MixedOperand>(a: A, b: B) -> Double {
  fail("-: the operands do not fit each other")
}
@_disfavoredOverload public func * <A: MixedOperand, B: MixedOperand>(a: A, b: B) -> Double {
  fail("*: the operands do not fit each other")
}
@_disfavoredOverload public func / <A: MixedOperand, B: MixedOperand>(a: A, b: B) -> Double {
  fail("/: the operands do not fit each other")
}

/// A formula of Variables where a Tensor or a number is wanted.
public protocol RecordedOperand {}

/// A formula of Tensors where a Variable is wanted.
public protocol DataOperand {}

@_disfavoredOverload public func + <A: RecordedOperand, B>(a: A, b: B) -> Tensor {
  fail("+: a Variable gives a Variable")
}
@_disfavoredOverload public func + <A: RecordedOperand, B>(a: A, b: B) -> Double {
  fail("+: a Variable gives a Variable")
}
@_disfavoredOverload public func - <A: RecordedOperand, B>(a: A, b: B) -> Tensor {
  fail("-: a Variable gives a Variable")
}
@_disfavoredOverload public func - <A: RecordedOperand, B>(a: A, b: B) -> Double {
  fail("-: a Variable gives a Variable")
}
@_disfavoredOverload public func * <A: RecordedOperand, B>(a: A, b: B) -> Tensor {
  fail("*: a Variable gives a Variable")
}
@_disfavoredOverload public func * <A: RecordedOperand, B>(a: A, b: B) -> Double {
  fail("*: a Variable gives a Variable")
}
@_disfavoredOverload public func / <A: RecordedOperand, B>(a: A, b: B) -> Tensor {
  fail("/: a Variable gives a Variable")
}
@_disfavoredOverload public func / <A: RecordedOperand, B>(a: A, b: B) -> Double {
  fail("/: a Variable gives a Variable")
}

@available(*, unavailable, message: "this is a Tensor: make it a constant Variable with Variable(x)")
extension Tensor: DataOperand {}

/// What is compared element by element, and so not with `<`.
public protocol Elementwise {}

@_disfavoredOverload public func < <A: Elementwise, B>(a: A, b: B) -> Tensor { fail("<: write .<") }
@_disfavoredOverload public func <= <A: Elementwise, B>(a: A, b: B) -> Tensor { fail("<=: write .<=") }
@_disfavoredOverload public func > <A: Elementwise, B>(a: A, b: B) -> Tensor { fail(">: write .>") }
@_disfavoredOverload public func >= <A: Elementwise, B>(a: A, b: B) -> Tensor { fail(">=: write .>=") }

@available(*, unavailable, message: "compare element by element, with .< .<= .> or .>=")
extension Tensor: Elementwise {}

@available(
  *, unavailable, message: "the other side does not fit: numbers are converted to one type first, as in Double(n)"
)
extension Int: MixedOperand {}
@available(
  *, unavailable, message: "the other side does not fit: numbers are converted to one type first, as in Double(n)"
)
extension Float: MixedOperand {}
@available(
  *, unavailable, message: "the other side does not fit: numbers are converted to one type first, as in Double(n)"
)
extension Double: MixedOperand {}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension Int8: Scalar, MixedOperand {
  public var asDouble: Double { fail("Int8 is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension Int16: Scalar, MixedOperand {
  public var asDouble: Double { fail("Int16 is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension Int32: Scalar, MixedOperand {
  public var asDouble: Double { fail("Int32 is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension Int64: Scalar, MixedOperand {
  public var asDouble: Double { fail("Int64 is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension UInt: Scalar, MixedOperand {
  public var asDouble: Double { fail("UInt is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension UInt8: Scalar, MixedOperand {
  public var asDouble: Double { fail("UInt8 is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension UInt16: Scalar, MixedOperand {
  public var asDouble: Double { fail("UInt16 is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension UInt32: Scalar, MixedOperand {
  public var asDouble: Double { fail("UInt32 is no number for a formula") }
}

@available(*, unavailable, message: "a formula takes Int, Float and Double: convert it, as in Int(n)")
extension UInt64: Scalar, MixedOperand {
  public var asDouble: Double { fail("UInt64 is no number for a formula") }
}

@available(*, unavailable, message: "an array is no operand: make a Tensor of it, as in Tensor([1, 2], .float32)")
extension Array: Scalar, MixedOperand {
  public var asDouble: Double { fail("Array is no number for a formula") }
}

@available(*, unavailable, message: "unwrap the optional first, as in x.grad!")
extension Optional: Scalar, MixedOperand {
  public var asDouble: Double { fail("Optional is no number for a formula") }
}

@available(*, unavailable, message: "a text is no number")
extension String: Scalar, MixedOperand {
  public var asDouble: Double { fail("String is no number for a formula") }
}

@available(*, unavailable, message: "a Bool is no number: write condition ? 1 : 0")
extension Bool: Scalar, MixedOperand {
  public var asDouble: Double { fail("Bool is no number for a formula") }
}

@available(*, unavailable, message: "a shape is no number: x.shape[0] is one, x.count another")
extension Shape: Scalar, MixedOperand {
  public var asDouble: Double { fail("Shape is no number for a formula") }
}
