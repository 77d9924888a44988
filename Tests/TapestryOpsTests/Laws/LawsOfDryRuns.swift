import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// A dry run gives the shapes and types that computing gives.
struct LawsOfDryRuns {
  @Test("a dry run gives the shape and type that computing gives", arguments: laws)
  func shapes(_ law: Law) {
    for (example, comment) in law.examples() {
      for dtype in [DType.float64, .float32] {
        let inputs = example.inputs.map { Variable($0.cast(to: dtype)) }
        let wet = withSeed(1) { example.call(inputs) }
        let dry = Dry.run { example.call(inputs) }
        #expect(
          dry.shape == wet.shape && dry.dtype == wet.dtype,
          "\(comment): \(dry.dtype) \(dry.shape) instead of \(wet.dtype) \(wet.shape)")
      }
    }
  }

  /// A kernel that this table has not would be a jump to nowhere.
  @Test func theDryBackendIsComplete() {
    withUnsafeBytes(of: tp_backend_dry) { bytes in
      let device = MemoryLayout<tp_backend>.offset(of: \.device)! / 8  // the one entry that may be 0
      for (i, entry) in bytes.bindMemory(to: Int.self).enumerated() where i != device {
        #expect(entry != 0, "entry \(i) of tp_backend; the entries of dry.c must be all")
      }
    }
  }

  @Test func nothingIsComputed() {
    let x = Variable(.ones([3, 4])), y = Variable(.ones([4, 5]))
    Dry.run {
      #expect(matmul(x, y).value.array(Float.self) == [Float](repeating: 0, count: 15))
      #expect(exp(x).value.array(Float.self) == [Float](repeating: 0, count: 12))
    }
    #expect(exp(x).value != .zeros([3, 4]))
  }

  @Test func productsAreCounted() {
    func count(_ body: () -> Void) -> Int {
      let before = Dry.multiplyAdds
      Dry.run(body)
      return Dry.multiplyAdds - before
    }
    let a = Variable(.ones([3, 4])), b = Variable(.ones([4, 5])), batch = Variable(.ones([2, 3, 4]))
    #expect(count { _ = matmul(a, b) } == 3 * 4 * 5)
    #expect(count { _ = matmul(batch, b) } == 2 * 3 * 4 * 5)
    #expect(count { _ = linear(batch, b, Variable(.ones([5]))) } == 2 * 3 * 4 * 5)
    #expect(count { _ = einsum("bik,kj->bij", batch, b) } == 2 * 3 * 4 * 5)
    #expect(count { _ = dot(Variable(.ones([7])), Variable(.ones([7]))) } == 7)
    #expect(count { _ = a * a + exp(a) } == 0)
    let before = Dry.multiplyAdds
    _ = matmul(a, b)
    #expect(Dry.multiplyAdds == before)
  }

  @Test func largeResultsTakeNoMemory() {
    // 4 PB in all would fit nowhere.
    let x = Variable(Tensor(1).expanded(to: [1 << 20, 1 << 20]))
    Dry.run {
      var y = x
      for _ in 0..<1000 { y = y * 2 + x }
      #expect(y.shape == [1 << 20, 1 << 20] && y.value.isContiguous)
    }
  }

  @Test func aBackendAskedForInsideStaysDry() {
    Dry.run { withBackend("reference") { #expect((Variable(.ones([2])) + 1).value.array(Float.self) == [0, 0]) } }
  }
}
