import CTapestry
import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Law 9: backward reads what the op declared as kept and nothing else.
struct LawsOfMemory {
  /// In a process of its own, for the allocator's guards are process-wide: freed memory is overwritten with NaN, and so
  /// is fresh memory.
  @Test("9: backward after everything else was freed and overwritten")
  func guarded() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      tp_set_guards(true)
      for law in laws {
        for i in 0..<Law.caseCount {
          let example = law.example(i), violations = tp_guard_violations()
          let sound = survives(example) && tp_check_guards() + tp_guard_violations() == violations
          if !sound { print("law 9 broken: \(law.name), case \(i): \(example.label)") }
        }
      }
      print("law 9 checked")
      exit(0)
    }
    let lines = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self).split(separator: "\n")
    #expect(lines.contains { $0.contains("law 9 checked") })
    #expect(
      lines.filter { $0.contains("law 9 broken") } == [], "reads what it does not keep, or writes outside its memory")
  }

  @Test("9: assigning a parameter between forward and backward changes no gradient", arguments: laws)
  func assigned(_ law: Law) {
    for (example, comment) in law.examples() {
      let expected = Outcome(example.call, example.inputs)
      let parameters = example.inputs.map { Parameter($0) }
      let y = withSeed(1) { example.call(parameters) }
      for parameter in parameters { parameter.assign(.full(parameter.shape, Double.nan, .float64)) }
      let dx = gradients(of: [y], withRespectTo: parameters, cotangents: [Variable(cotangent(of: expected.y))])
      for (a, b) in zip(dx, expected.dx) { #expect(relativeDifference(a?.value, b) <= 1e-12, "\(comment)") }
    }
  }
}

/// Whether gradients through temporaries that were all freed equal those of a run that holds on to everything.
private func survives(_ example: LawCase) -> Bool {
  let expected = Outcome(example.call, example.inputs)
  let leaves = example.inputs.map { Variable($0, requiresGrad: true) }
  // The op's inputs and its result die here: only y·1 comes out, and what the op kept stays in its node.
  func forward() -> Variable { withSeed(1) { example.call(leaves.map { $0 * 1 }) } * 1 }
  let y = forward()
  let dx = gradients(of: [y], withRespectTo: leaves, cotangents: [Variable(cotangent(of: expected.y))]).map {
    $0?.value
  }
  return relativeDifference(y.value, expected.y) <= 1e-12
    && zip(dx, expected.dx).allSatisfy { relativeDifference($0, $1) <= 1e-12 }
}
