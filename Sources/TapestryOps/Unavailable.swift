// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// (nothing here can be used: the messages are the documentation)

import TapestryAutograd
import TapestryTensors

// As Sources/TapestryTensors/Unavailable.swift.

@available(*, unavailable, message: "compare element by element, with .< .<= .> or .>=")
extension Variable: Elementwise {}

@available(*, unavailable, message: "this is a Variable: take its Tensor with .value, its only number with .item")
extension Variable: RecordedOperand {}

@_disfavoredOverload public func + <A: DataOperand, B>(a: A, b: B) -> Variable { fail("+: Tensors give a Tensor") }
@_disfavoredOverload public func - <A: DataOperand, B>(a: A, b: B) -> Variable { fail("-: Tensors give a Tensor") }
@_disfavoredOverload public func * <A: DataOperand, B>(a: A, b: B) -> Variable { fail("*: Tensors give a Tensor") }
@_disfavoredOverload public func / <A: DataOperand, B>(a: A, b: B) -> Variable { fail("/: Tensors give a Tensor") }
