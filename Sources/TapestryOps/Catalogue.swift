import TapestryAutograd

/// Every op: what is listed here is proven by the laws, and a test compares the list with the sources.
package let catalogue: [Law] =
  unaryTables.flatMap { $0 }.map(\.law) + binaryTables.flatMap { $0 }.map(\.law) + [
    Matmul.law,
    Permute.law,
    Reshape.law,
    Sum.law,
    Where.law,
  ]

private let unaryTables: [[UnaryRule]] = [
  Arithmetic.unary, Exponential.unary, Trigonometric.unary, Rounding.unary, Special.unary, Activation.unary, Limits.unary,
]
private let binaryTables: [[BinaryRule]] = [Arithmetic.binary, Pairs.binary]
