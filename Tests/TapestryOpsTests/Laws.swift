import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// The laws that every op of the catalogue obeys (DESIGN.md section 3; law 11 belongs to the kernels, law 9 is in LawsOfMemory.swift).
struct Laws {
  @Test("1, 2: first and second derivative against finite differences", arguments: catalogue)
  func derivatives(_ law: Law) {
    for (i, (example, comment)) in law.examples().enumerated() {
      let report = gradientCheck(example.call, at: example.inputs, seed: UInt64(i))
      #expect(report.passed, "\(comment): \(report)")
    }
    for (example, comment) in law.examples(2) {
      let report = withBackend("reference") { gradientCheck(example.call, at: example.inputs) }
      #expect(report.passed, "\(comment) (reference kernels): \(report)")
    }
  }

  @Test("2: an op that says it is linear has no second derivative", arguments: catalogue)
  func linear(_ law: Law) {
    for (example, comment) in law.examples() where example.isLinear {
      let leaves = example.inputs.map { Variable($0, requiresGrad: true) }
      let y = withSeed(1) { example.call(leaves) }
      let dx = gradients(of: [y], withRespectTo: leaves, cotangents: [Variable(cotangent(of: y.value))], createGraph: true).compactMap(\.self)
      let second = gradients(of: dx, withRespectTo: leaves, cotangents: dx.map { Variable(cotangent(of: $0.value)) })
      for second in second.compactMap(\.self) {
        #expect(second.value.doubles.allSatisfy { $0 == 0 }, "\(comment)")
      }
    }
  }

  @Test("3: shapes and types of result and gradients", arguments: catalogue)
  func shapes(_ law: Law) {
    for (example, comment) in law.examples() {
      for dtype in [DType.float64, .float32] {
        let inputs = example.inputs.map { $0.cast(to: dtype) }
        // Looking for anomalies compares the result's shape with what the shape rule said.
        let outcome = detectAnomaly { Outcome(example.call, inputs) }
        #expect(outcome.y.dtype == dtype, "\(comment)")
        for (x, dx) in zip(inputs, outcome.dx) {
          guard let dx else { continue }
          #expect(dx.shape == x.shape && dx.dtype == dtype, "\(comment): the gradient of \(dtype) \(x.shape) is \(dx.dtype) \(dx.shape)")
        }
      }
    }
  }

  @Test("4: a view equals its contiguous copy", arguments: catalogue)
  func views(_ law: Law) {
    for (example, comment) in law.examples() {
      for backend in [Backend.current.name, "reference"] {
        withBackend(backend) { views(example, "\(comment) (\(backend))") }
      }
    }
  }

  private func views(_ example: LawCase, _ comment: Comment) {
    let expected = Outcome(example.call, example.inputs)
    for layout in 0..<3 {
      let inputs = example.inputs.map { $0.layouts[layout].tensor }
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
    let error = Outcome(example.call, example.inputs, dy: one).difference(to: Outcome(example.call, example.inputs, dy: one.copied()))
    #expect(error <= 1e-12, "\(comment), one repeated as the gradient")
  }

  @Test("5: rank 0 and zero-size inputs", arguments: catalogue)
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

  @Test("6: float32 near float64", arguments: catalogue)
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

  @Test("7: gradients asked for one at a time equal all at once", arguments: catalogue)
  func pruning(_ law: Law) {
    for (example, comment) in law.examples() {
      let leaves = example.inputs.map { Variable($0, requiresGrad: true) }
      let y = withSeed(1) { example.call(leaves) }
      let dy = cotangent(of: y.value)
      guard y.requiresGrad else { continue }
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
        #expect(relativeDifference(only?.value, together[i]?.value) <= 1e-12, "\(comment), input \(i) the only one that needs a gradient")
      }
    }
  }

  @Test("8: an input used twice", arguments: catalogue)
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

  @Test("10: the same bits on any number of threads", arguments: catalogue)
  func threads(_ law: Law) {
    for large in [false, true] {
      for i in 0..<2 {
        let example = law.example(i, large: large)
        let inputs = example.inputs.map { $0.cast(to: i == 0 ? .float32 : .float64) }
        let expected = withThreads(1) { Outcome(example.call, inputs) }
        for count in [2, 3, 7] {
          let outcome = withThreads(count) { Outcome(example.call, inputs) }
          #expect(outcome.isIdentical(to: expected), "\(law.name), case \(i): \(example.label), \(count) threads")
        }
      }
    }
  }

  @Test("4, 6, 10 at the lowest limits: small inputs go through the blocks, parts and tasks of large ones", arguments: catalogue)
  func lowered(_ law: Law) {
    for (i, (example, comment)) in law.examples().enumerated() {
      let inputs = example.inputs.map { $0.cast(to: i % 2 == 0 ? .float32 : .float64) }
      let expected = Outcome(example.call, inputs)
      let one = withLimits(.lowest) { withThreads(1) { Outcome(example.call, inputs) } }
      #expect(one.difference(to: expected) <= (i % 2 == 0 ? 2e-5 : 1e-11), "\(comment), lowest limits")
      for count in [2, 3, 7] {
        let outcome = withLimits(.lowest) { withThreads(count) { Outcome(example.call, inputs) } }
        #expect(outcome.isIdentical(to: one), "\(comment), lowest limits, \(count) threads")
      }
      #expect(withLimits(.lowest, backwards: true) { Outcome(example.call, inputs) }.isIdentical(to: one), "\(comment), tasks in reversed order")
      withLimits(.lowest) { views(example, "\(comment), lowest limits") }
    }
  }

  @Test("12: misuse gives its message", arguments: catalogue)
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

  @Test("13: fused equals composed", arguments: catalogue)
  func composed(_ law: Law) {
    for (example, comment) in law.examples() {
      guard let composed = example.composed else { continue }
      #expect(Outcome(example.call, example.inputs).difference(to: Outcome(composed, example.inputs)) <= 1e-11, "\(comment)")
    }
  }
}
