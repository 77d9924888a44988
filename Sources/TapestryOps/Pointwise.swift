import TapestryAutograd

/// All pointwise functions, family by family: the catalogue's view of the tables.
package enum Pointwise {
  package static let unary: [UnaryRule] =
    Arithmetic.unary + Exponential.unary + Trigonometric.unary + Special.unary + Rounding.unary + Limits.unary + Activation.unary
  package static let binary: [BinaryRule] = Arithmetic.binary + Pairs.binary
  package static let laws: [Law] = [Arithmetic.addition] + unary.map(\.law) + binary.map(\.law) + ComposedActivations.laws
}
