import TapestryTensors

/// What the laws need to know of an op: how to draw a case from its domain, and what misuse must be refused with which
/// words.
package struct Law: Sendable {
  package let name: String

  /// Draws tensors and attributes. Called many times with different random numbers.
  package let draw: @Sendable (inout Draw) -> LawCase

  /// Calls that must throw a ShapeError, each with words that its message must contain.
  package let misuse: [Misuse]

  /// Whether the domain has no zero-size input (`neverEmpty`), no input of rank 0 (`neverScalar`).
  package let neverEmpty: Bool, neverScalar: Bool

  package struct Misuse: Sendable {
    package let words: [String]
    package let call: @Sendable () throws(ShapeError) -> Void
    package init(_ words: String..., call: @escaping @Sendable () throws(ShapeError) -> Void) {
      self.init(words, call: call)
    }
    package init(_ words: [String], call: @escaping @Sendable () throws(ShapeError) -> Void) {
      self.words = words
      self.call = call
    }
  }

  package init(
    _ name: String, misuse: [Misuse], neverEmpty: Bool = false, neverScalar: Bool = false,
    draw: @escaping @Sendable (inout Draw) -> LawCase
  ) {
    self.name = name
    self.misuse = misuse
    self.neverEmpty = neverEmpty
    self.neverScalar = neverScalar
    self.draw = draw
  }
}

/// One case: inputs (float64 where they are differentiated), and the op as a function of them, attributes filled in.
package struct LawCase {
  /// Inputs that gradients are taken for.
  package var inputs: [Tensor]

  /// The op through its public function.
  package var call: ([Variable]) -> Variable

  /// What was drawn, for a failing test's message.
  package var label: String

  /// The same result composed of other ops, or written down element by element (law 13).
  package var composed: (([Variable]) -> Variable)?

  /// Whether a second derivative exists and differs from zero everywhere it should (false only for piecewise-linear and
  /// constant ops).
  package var isLinear: Bool

  package init(
    _ inputs: [Tensor], label: String = "", isLinear: Bool = false, composed: (([Variable]) -> Variable)? = nil,
    call: @escaping ([Variable]) -> Variable
  ) {
    self.inputs = inputs
    self.label = label
    self.isLinear = isLinear
    self.composed = composed
    self.call = call
  }
}
