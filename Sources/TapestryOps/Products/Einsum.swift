import TapestryAutograd
import TapestryTensors

// Products written by their indices, composed of matmul and sums (Einstein's summation convention).

/// The sum of products that an equation names: `einsum("bij,bjk->bik", a, b)` is a batch of matrix products.
///
/// One letter for each axis; the letters of an input that are missing on the right are summed over, and a letter that
/// is there twice in one input takes its diagonal. `...` stands for further axes, which broadcast. Without `->` the
/// result has those and then the letters that occur once, in alphabetical order. Inputs are combined from left to
/// right. A letter must have one size everywhere; otherwise the program ends with a message.
public func einsum(_ equation: String, _ inputs: Variable...) -> Variable { einsum(equation, inputs) }

/// The same of Tensors.
@_disfavoredOverload public func einsum(_ equation: String, _ inputs: Tensor...) -> Tensor {
  einsum(equation, inputs.map { Variable($0) }).value
}

/// The same of Variables and Tensors together.
@_disfavoredOverload public func einsum(_ equation: String, _ inputs: any VariableConvertible...) -> Variable {
  einsum(equation, inputs.map(\.asVariable))
}

private func einsum(_ equation: String, _ inputs: [Variable]) -> Variable {
  let plan = failing { () throws(ShapeError) in
    if !inputs.isEmpty { try Specs(Inputs(inputs)).sameType("einsum", floating: false) }
    return try Einsum(equation, inputs.map(\.shape))
  }
  return plan.run(inputs)
}

/// An equation taken apart: a letter for each axis of each input, and of the result. The axes that `...` stands for
/// have letters too, that no user can write.
package struct Einsum {
  let inputs: [[Character]]
  let output: [Character]
  private let sizes: [Character: Int]

  package init(_ equation: String, _ shapes: [Shape]) throws(ShapeError) {
    let text = String(equation.filter { $0 != " " })
    let (left, right) = Self.sides(text)
    let parts = left.split(separator: ",", omittingEmptySubsequences: false)
    if parts.count != shapes.count {
      throw ShapeError("einsum: \"\(equation)\" has \(parts.count) inputs, got \(shapes.count)")
    }
    for part in parts + (right.map { [$0] } ?? []) {
      if let bad = Self.named(part).first(where: { !$0.isASCII || !$0.isLetter }) {
        throw ShapeError("einsum: '\(bad)' in \"\(equation)\" is no letter; for shapes \(shapes)")
      }
    }
    var sizes: [Character: Int] = [:], inputs: [[Character]] = [], most = 0
    for (part, shape) in zip(parts, shapes) {
      let rest = shape.count - Self.named(part).count, hasEllipsis = part.contains(".")
      if rest < 0 || (rest > 0 && !hasEllipsis) {
        throw ShapeError(
          """
          einsum: \"\(part)\" in \"\(equation)\" needs \(hasEllipsis ? "at least " : "")\(Self.named(part).count) \
          axes, got \(shape)
          """)
      }
      let letters = Self.written(part, rest)
      for (letter, size) in zip(letters, shape) {
        let other = sizes[letter] ?? size
        let broadcasts = !letter.isASCII && (other == 1 || size == 1)
        if other != size && !broadcasts {
          let which = letter.isASCII ? "'\(letter)'" : "an axis of '...'"
          throw ShapeError("einsum: \(which) in \"\(equation)\" has size \(other) and \(size) in the shapes \(shapes)")
        }
        sizes[letter] = other == 1 ? size : other
      }
      inputs.append(letters)
      if hasEllipsis { most = Swift.max(most, rest) }
    }
    let all = inputs.flatMap { $0 }
    output =
      right.map { Self.written($0, most) }
      ?? Self.written("...", most)
      + Set(all).filter { letter in letter.isASCII && all.count { $0 == letter } == 1 }.sorted()
    if let bad = output.first(where: { sizes[$0] == nil }) {
      throw ShapeError("einsum: '\(bad)' of the result of \"\(equation)\" is in no input \(shapes)")
    }
    if Set(output).count != output.count {
      throw ShapeError("einsum: a letter of the result of \"\(equation)\" is there twice")
    }
    self.inputs = inputs
    self.sizes = sizes
  }

  private static func sides(_ text: String) -> (Substring, Substring?) {
    for i in text.indices where text[i...].hasPrefix("->") { return (text[..<i], text[i...].dropFirst(2)) }
    return (text[...], nil)
  }

  /// A part without its `...`; dots that are not three in a row stay, and are no letters.
  private static func named(_ part: Substring) -> [Character] {
    for i in part.indices where part[i...].hasPrefix("...") {
      return Array(part[..<i]) + Array(part[i...].dropFirst(3))
    }
    return Array(part)
  }

  /// A part with letters of a private range for the `count` axes that `...` stands for, numbered from the last one, so
  /// that shorter ones broadcast.
  private static func written(_ part: Substring, _ count: Int) -> [Character] {
    for i in part.indices where part[i...].hasPrefix("...") {
      let axes = (0..<count).reversed().map { Character(UnicodeScalar(0xE000 + $0)!) }
      return Array(part[..<i]) + axes + Array(part[i...].dropFirst(3))
    }
    return Array(part)
  }

  func run(_ variables: [Variable]) -> Variable {
    var operands = zip(variables, inputs).map { x, letters in
      Operand(x.expanded(to: Shape(letters.map { sizes[$0]! })), letters).withoutRepeats()
    }
    for i in operands.indices {
      // A letter that only this input has, and the result does not, is summed at once.
      let elsewhere = Set(output + operands.indices.filter { $0 != i }.flatMap { operands[$0].letters })
      operands[i] = operands[i].summed(keeping: elsewhere)
    }
    var y = operands[0]
    for i in operands.indices.dropFirst() {
      y = y.times(operands[i], keeping: Set(output + operands[(i + 1)...].flatMap(\.letters)))
    }
    return y.summed(keeping: Set(output)).ordered(output)
  }
}

/// A Variable with a letter for each axis.
private struct Operand {
  let x: Variable
  let letters: [Character]

  init(_ x: Variable, _ letters: [Character]) {
    self.x = x
    self.letters = letters
  }

  /// "ii" becomes "i": the diagonal.
  func withoutRepeats() -> Operand {
    for (i, letter) in letters.enumerated() {
      if let j = letters[(i + 1)...].firstIndex(of: letter) {
        var rest = letters
        rest.remove(at: j)
        rest.remove(at: i)
        return Operand(x.diagonal(axis1: i, axis2: j), rest + [letter]).withoutRepeats()
      }
    }
    return self
  }

  func summed(keeping kept: Set<Character>) -> Operand {
    let axes = letters.indices.filter { !kept.contains(letters[$0]) }
    return axes.isEmpty ? self : Operand(x.sum(axes: axes), letters.filter { kept.contains($0) })
  }

  func ordered(_ order: [Character]) -> Variable {
    order == letters ? x : x.permuted(order.map { letters.firstIndex(of: $0)! })
  }

  /// Σ over the letters of both that are not kept: (batch, mine, summed) · (batch, summed, others), each group of axes
  /// made one.
  func times(_ other: Operand, keeping kept: Set<Character>) -> Operand {
    let both = letters.filter { other.letters.contains($0) }
    let batch = both.filter { kept.contains($0) }, summed = both.filter { !kept.contains($0) }
    let mine = letters.filter { !both.contains($0) }, others = other.letters.filter { !both.contains($0) }
    let (batchShape, mineShape) = (shape(batch), shape(mine)), othersShape = other.shape(others)
    let a = ordered(batch + mine + summed).reshaped([batchShape.volume, mineShape.volume, shape(summed).volume])
    let b = other.ordered(batch + summed + others).reshaped([
      batchShape.volume, shape(summed).volume, othersShape.volume,
    ])
    let y = matmul(a, b).reshaped(Shape(Array(batchShape) + Array(mineShape) + Array(othersShape)))
    return Operand(y, batch + mine + others)
  }

  private func shape(_ letters: [Character]) -> Shape {
    Shape(letters.map { x.shape[self.letters.firstIndex(of: $0)!] })
  }
}
