import TapestryTensors

/// What an op's forward gives: one Tensor, or several.
package protocol OpResult {
  /// What the shape rule says of it.
  associatedtype Shapes

  /// Its gradient, as backward gets it.
  associatedtype Gradients

  /// What the op's caller gets.
  associatedtype Variables

  /// The one that an op may keep (`Keeps.output`), and the others.
  var first: Tensor { get }
  var firstShape: Shape { get }
  var others: [Tensor] { get }

  /// Of a node's pending gradients, of which one at least is there.
  static func gradients(_ first: consuming Variable) -> Gradients
  static func gradients(all: [Variable?]) -> Gradients

  func variables(_ node: Node?) -> Variables

  /// Where the shapes are not what the rule said: which result, and its rule.
  func mismatch(_ rule: Shapes) -> (value: Tensor, rule: Shape)?
}

extension Tensor: OpResult {
  package typealias Shapes = Shape

  package var first: Tensor { self }

  @inline(__always)
  package var firstShape: Shape { shape }
  package var others: [Tensor] { [] }

  @inline(__always)
  package static func gradients(_ first: consuming Variable) -> Variable { first }
  package static func gradients(all: [Variable?]) -> Variable { all[0]! }

  @inline(__always)
  package func variables(_ node: Node?) -> Variable { Variable(result: self, node: node) }

  package func mismatch(_ rule: Shape) -> (value: Tensor, rule: Shape)? { rule == shape ? nil : (self, rule) }
}

/// Several results, each differentiated or not: indices, statistics, attention weights are not, and their Variables
/// need no gradient.
package struct Results: OpResult {
  package let values: [Tensor]

  /// How many of the first ones are differentiated; one at least.
  package let differentiated: Int

  package init(_ values: [Tensor], differentiated: Int? = nil) {
    self.values = values
    self.differentiated = differentiated ?? values.count
  }

  package var first: Tensor { values[0] }
  package var firstShape: Shape { values[0].shape }
  package var others: [Tensor] { Array(values.dropFirst()) }

  package static func gradients(_ first: consuming Variable) -> [Variable?] { [first] }
  package static func gradients(all: [Variable?]) -> [Variable?] { all }

  package func variables(_ node: Node?) -> [Variable] {
    values.enumerated().map { i, value in
      Variable(result: value, node: i < differentiated ? node : nil, index: Int32(i))
    }
  }

  package func mismatch(_ rule: [Shape]) -> (value: Tensor, rule: Shape)? {
    if rule.isEmpty { return nil }  // an operation without a rule
    if rule.count != values.count { return (values[0], []) }
    return zip(values, rule).first { $0.shape != $1 }.map { ($0, $1) }
  }
}
