import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// The laws that every op of the catalog obeys, and every function composed of ops (DESIGN.md section 3; law 11
/// belongs to the kernels, law 9 is in LawsOfMemory.swift). Each counts what it compared: a law that ran and compared
/// nothing has proven nothing, and fails.
struct Laws {
  @Test("1, 2: first and second derivative against finite differences", arguments: laws)
  func derivatives(_ law: Law) {
    var compared = 0
    for (i, (example, comment)) in law.examples().enumerated() {
      let (call, inputs) = example.centred
      let report = gradientCheck(call, at: inputs, seed: UInt64(i))
      #expect(report.passed, "\(comment): \(report)")
      compared += report.description.contains("nothing was differentiable") ? 0 : 1
    }
    #expect(compared > 0, "\(law.name): nothing was compared")
    for (example, comment) in law.examples(2) {
      let (call, inputs) = example.centred
      let report = withBackend("reference") { gradientCheck(call, at: inputs) }
      #expect(report.passed, "\(comment) (reference kernels): \(report)")
    }
  }

  @Test(
    "2: an op that says it is linear has no second derivative",
    arguments: laws.filter { $0.examples(20).contains { $0.example.isLinear } })
  func linear(_ law: Law) {
    var compared = 0
    for (example, comment) in law.examples(20) where example.isLinear && compared < Law.caseCount {
      compared += 1
      let leaves = example.inputs.map { Variable($0, requiresGrad: true) }
      let y = withSeed(1) { example.call(leaves) }
      let dx = gradients(
        of: [y], withRespectTo: leaves, cotangents: [Variable(cotangent(of: y.value))], createGraph: true
      ).compactMap(\.self)
      let second = gradients(of: dx, withRespectTo: leaves, cotangents: dx.map { Variable(cotangent(of: $0.value)) })
      for second in second.compactMap(\.self) {
        #expect(second.value.doubles.allSatisfy { $0 == 0 }, "\(comment)")
      }
    }
    #expect(compared > 0, "\(law.name): nothing was compared")
  }

  @Test("3: shapes and types of result and gradients", arguments: laws)
  func shapes(_ law: Law) {
    var compared = 0
    for (example, comment) in law.examples() {
      for dtype in [DType.float64, .float32] {
        let inputs = example.inputs.map { $0.cast(to: dtype) }
        // Looking for anomalies compares the result's shape with what the shape rule said.
        let outcome = detectAnomaly { Outcome(example.call, inputs) }
        #expect(outcome.y.dtype == dtype, "\(comment)")
        for (x, dx) in zip(inputs, outcome.dx) {
          guard let dx else { continue }
          compared += 1
          #expect(
            dx.shape == x.shape && dx.dtype == dtype,
            "\(comment): the gradient of \(dtype) \(x.shape) is \(dx.dtype) \(dx.shape)")
        }
      }
    }
    #expect(compared > 0, "\(law.name): no gradient was compared")
  }

  @Test("4: a view equals its contiguous copy", arguments: laws)
  func views(_ law: Law) {
    var moved = 0
    for (example, comment) in law.examples() {
      for backend in [Backend.current.name, "reference"] {
        withBackend(backend) { moved += views(example, "\(comment) (\(backend))") }
      }
    }
    #expect(moved > 0, "\(law.name): no case had an input that lies differently as a view")
  }

  /// How many inputs lay otherwise than in row-major order.
  private func views(_ example: LawCase, _ comment: Comment) -> Int {
    var moved = 0
    let expected = Outcome(example.call, example.inputs)
    for layout in 0..<3 {
      let inputs = example.inputs.map { $0.layouts[layout].tensor }
      moved += inputs.count { !$0.isContiguous }
      let dy = cotangent(of: expected.y).layouts[layout]
      let error = Outcome(example.call, inputs, dy: dy.tensor).difference(to: expected)
      #expect(error <= 1e-12, "\(comment), \(dy.name)")
    }
    for i in example.inputs.indices {
      for (name, view, copy) in example.inputs[i].repeated {
        var inputs = example.inputs
        inputs[i] = copy
        let expected = Outcome(example.call, inputs)
        inputs[i] = view
        #expect(Outcome(example.call, inputs).difference(to: expected) <= 1e-12, "\(comment), input \(i) \(name)")
      }
    }
    // The gradient that a sum hands down: one number repeated.
    let one = Tensor(1, .float64).expanded(to: expected.y.shape)
    let error = Outcome(example.call, example.inputs, dy: one).difference(
      to: Outcome(example.call, example.inputs, dy: one.copied()))
    #expect(error <= 1e-12, "\(comment), one repeated as the gradient")
    return moved
  }

  @Test("5: rank 0 and zero-size inputs", arguments: laws)
  func edges(_ law: Law) {
    let examples = law.examples(400)
    let scalars = examples.filter { $0.example.inputs.contains { $0.rank == 0 } }
    let empty = examples.filter { $0.example.inputs.contains { $0.count == 0 } }
    #expect(!empty.isEmpty || law.neverEmpty, "\(law.name): no case with a zero-size input in 400")
    #expect(!scalars.isEmpty || law.neverScalar, "\(law.name): no case with a scalar input in 400")
    for (example, comment) in scalars.prefix(3) + empty.prefix(6) {
      for backend in [Backend.current.name, "reference"] {
        let outcome = withBackend(backend) { Outcome(example.call, example.inputs) }
        for (x, dx) in zip(example.inputs, outcome.dx) {
          #expect(dx == nil || dx!.shape == x.shape, "\(comment)")
          #expect(dx == nil || dx!.doubles.allSatisfy { !$0.isNaN }, "\(comment)")
        }
      }
    }
  }

  @Test("6: float32 near float64", arguments: laws)
  func precision(_ law: Law) {
    for (example, comment) in law.examples() {
      let single = example.inputs.map { $0.cast(to: .float32) }
      // The same numbers in both: what rounding the inputs does is no error of the op.
      let expected = Outcome(example.call, single.map { $0.cast(to: .float64) })
      let dy = cotangent(of: expected.y).cast(to: .float32)
      let exact = Outcome(example.call, single.map { $0.cast(to: .float64) }, dy: dy.cast(to: .float64))
      for backend in [Backend.current.name, "reference"] {
        let error = withBackend(backend) { Outcome(example.call, single, dy: dy).difference(to: exact) }
        #expect(error <= 2e-5, "\(comment) (\(backend))")
      }
    }
  }

  @Test("7: gradients asked for one at a time equal all at once", arguments: laws)
  func pruning(_ law: Law) {
    var compared = 0
    for (example, comment) in law.examples() {
      let leaves = example.inputs.map { Variable($0, requiresGrad: true) }
      let y = withSeed(1) { example.call(leaves) }
      let dy = cotangent(of: y.value)
      guard y.requiresGrad else { continue }
      compared += 1
      y.backward(gradient: dy, retainGraph: true)
      let together = gradients(of: [y], withRespectTo: leaves, cotangents: [Variable(dy)], retainGraph: true)
      for (i, leaf) in leaves.enumerated() {
        let alone = gradients(of: [y], withRespectTo: [leaf], cotangents: [Variable(dy)], retainGraph: true)[0]
        #expect(relativeDifference(alone?.value, together[i]?.value) <= 1e-12, "\(comment), input \(i) alone")
        #expect(relativeDifference(leaf.grad, together[i]?.value) <= 1e-12, "\(comment), input \(i) by backward()")

        // Nothing but this input needs a gradient: other things are kept.
        let one = leaves.enumerated().map { Variable($1.value, requiresGrad: $0 == i) }
        let result = withSeed(1) { example.call(one) }
        let only = gradients(of: [result], withRespectTo: [one[i]], cotangents: [Variable(dy)])[0]
        #expect(
          relativeDifference(only?.value, together[i]?.value) <= 1e-12,
          "\(comment), input \(i) the only one that needs a gradient")
      }
    }
    #expect(compared > 0, "\(law.name): no result needed a gradient")
  }

  @Test("8: an input used twice", arguments: laws)
  func sharing(_ law: Law) {
    for (example, comment) in law.examples() {
      // Two calls on the same inputs, each weighted with dy: twice the gradient.
      let expected = Outcome(example.call, example.inputs)
      let twice = Outcome({ x in example.call(x) + withSeed(1) { example.call(x) } }, example.inputs)
      for (a, b) in zip(twice.dx, expected.dx) {
        #expect(relativeDifference(a, b.map { $0 * 2 }) <= 1e-12, "\(comment), two calls")
      }
      // x/2 + x/2 is x, exactly, and a temporary.
      let halves = Outcome({ x in example.call(x.map { $0 * 0.5 + $0 * 0.5 }) }, example.inputs)
      #expect(halves.difference(to: expected) <= 1e-12, "\(comment), sums of halves as inputs")

      // One Variable in two places: the gradients of both add up.
      for i in example.inputs.indices.dropFirst() where example.inputs[i].shape == example.inputs[0].shape {
        var inputs = example.inputs
        inputs[i] = inputs[0]
        let apart = Outcome(example.call, inputs)
        let shared = Outcome(
          { x in
            var x = x
            x[i] = x[0]
            return example.call(x)
          }, inputs)
        guard let a = apart.dx[0], let b = apart.dx[i] else { continue }
        #expect(relativeDifference(shared.dx[0], a + b) <= 1e-12, "\(comment), input 0 also as input \(i)")
      }
    }
  }

  @Test("10: the same bits on any number of threads", arguments: laws)
  func threads(_ law: Law) {
    for large in [false, true] {
      for i in 0..<2 {
        let example = law.example(i, large: large)
        let inputs = example.inputs.map { $0.cast(to: i == 0 ? .float32 : .float64) }
        let expected = withThreads(1) { Outcome(example.call, inputs) }
        for count in [2, 3, 7] {
          let same = withThreads(count) { Outcome(example.call, inputs) }.isIdentical(to: expected)
          #expect(same, "\(law.name), case \(i): \(example.label), \(count) threads")
        }
      }
    }
  }

  @Test(
    "4, 6, 10 at the lowest limits: small inputs go through the blocks, parts and tasks of large ones", arguments: laws)
  func lowered(_ law: Law) {
    for (i, (example, comment)) in law.examples().enumerated() {
      let inputs = example.inputs.map { $0.cast(to: i % 2 == 0 ? .float32 : .float64) }
      let expected = Outcome(example.call, inputs)
      let one = withLimits(.lowest) { withThreads(1) { Outcome(example.call, inputs) } }
      #expect(one.difference(to: expected) <= (i % 2 == 0 ? 2e-5 : 1e-11), "\(comment), lowest limits")
      for count in [2, 3, 7] {
        let same = withLimits(.lowest) { withThreads(count) { Outcome(example.call, inputs) } }.isIdentical(to: one)
        #expect(same, "\(comment), lowest limits, \(count) threads")
      }
      let reversed = withLimits(.lowest, backwards: true) { Outcome(example.call, inputs) }.isIdentical(to: one)
      #expect(reversed, "\(comment), tasks in reversed order")
      withLimits(.lowest) { views(example, "\(comment), lowest limits") }
    }
  }

  @Test("12: misuse gives its message", arguments: laws)
  func misuse(_ law: Law) {
    #expect(!law.misuse.isEmpty, "\(law.name) has no sample of misuse")
    for misuse in law.misuse {
      do throws(ShapeError) {
        try misuse.call()
        Issue.record("\(law.name): misuse with the words \(misuse.words) was accepted")
      } catch {
        for word in misuse.words + [law.name] {
          #expect(error.description.contains(word), "\(law.name): no '\(word)' in the message: \(error)")
        }
      }
    }
  }

  @Test("13: backward without a graph equals backward with one", arguments: laws)
  func recorded(_ law: Law) {
    var compared = 0
    for (example, comment) in law.examples() {
      // A fused backward runs where no graph of the gradient is wanted.
      let fused = Outcome(example.call, example.inputs),
        recorded = Outcome(example.call, example.inputs, createGraph: true)
      #expect(recorded.difference(to: fused) <= 1e-11, "\(comment)")
      compared += fused.dx.compactMap(\.self).count
    }
    #expect(compared > 0, "\(law.name): no gradient was compared")
  }

  @Test(
    "13: every op that is fused, and every composed function, equals its formula in other ops", arguments: formulaLaws)
  func formulas(_ law: Law) {
    var compared = 0
    for (example, comment) in law.examples() {
      guard let composed = example.composed else { continue }
      compared += 1
      for backend in [Backend.current.name, "reference"] {
        let error = withBackend(backend) {
          Outcome(example.call, example.inputs).difference(to: Outcome(composed, example.inputs))
        }
        #expect(error <= 1e-10, "\(comment) (\(backend))")
      }
    }
    #expect(compared > 0, "\(law.name): no case has a composed form")
  }

  /// An op is in the list of those without a formula, or has one.
  @Test func theListOfOpsWithoutFormulaIsRight() {
    let without = catalog.filter { law in !law.examples().contains { $0.example.composed != nil } }
    #expect(
      Set(without.map(\.name)).subtracting(Law.withoutFormula).sorted() == [],
      "give the law a composed form, or name the op in the list with a reason")
    #expect(Law.withoutFormula.subtracting(catalog.map(\.name)).sorted() == [], "there is no such op")
    #expect(formulaLaws.count > 60)
  }
}

/// The ops that have a formula beside their own code, and all composed functions.
private let formulaLaws = catalog.filter { !Law.withoutFormula.contains($0.name) } + laws[catalog.count...]
