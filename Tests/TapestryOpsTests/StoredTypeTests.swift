import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// float16 and bfloat16 are for storing: what only moves elements takes them, what computes says so and names the way
/// out.
struct StoredTypeTests {
  static let types: [DType] = [.float16, .bfloat16]

  private func message(_ body: @escaping () -> Void) -> String? { MessageTests.message(body) }

  /// Every op of the catalog and every function composed of ops: nothing computes with a type for storing as if it
  /// were another, and what moves it gives the same elements as moving them in float32.
  @Test(arguments: laws)
  func anOpMovesOrRefuses(_ law: Law) {
    for half in Self.types {
      var draw = Draw(seed: 5)
      for _ in 0..<6 {
        let example = law.draw(&draw)
        if !example.inputs.contains(where: { $0.dtype.isFloatingPoint && $0.count > 0 }) { continue }
        let stored = example.inputs.map { $0.dtype.isFloatingPoint ? $0.cast(to: half) : $0 }
        var result: Tensor?
        let said = message { result = example.call(stored.map { Variable($0) }).value }
        if let said {
          // Attributes of the case, such as weights, may be in float64: then it is the mixture that is refused.
          #expect(
            said.contains("is for storing") || said.contains("cannot combine") || said.contains("must be \(half)"),
            "\(law.name): \(said)")
        } else if let result, result.dtype == half {
          let plain = example.call(stored.map { Variable($0.dtype == half ? $0.cast(to: .float32) : $0) }).value
          #expect(result.hasBits(of: plain.cast(to: half)), "\(law.name)")
        }
      }
    }
  }

  @Test func theMessageNamesOpShapeAndWay() {
    for half in Self.types {
      func says(_ op: String, _ call: @escaping () -> Void) {
        #expect(
          message(call)
            == "\(op): \(half) [2, 3] is for storing, nothing computes with it yet; convert it with cast(to: .float32)")
      }
      let x = Tensor.ones([2, 3], half), v = Variable(x)
      says("+") { _ = x + x }
      says("+") { _ = x + 1 }
      says("exp") { _ = exp(v) }
      says("&") { _ = x & x }
      says(".<") { _ = x .< 1 }
      says("sum") { _ = x.sum() }
      says("amax") { _ = x.amax(0) }
      says("mean") { _ = x.mean() }
      says("argmax") { _ = x.argmax(1) }
      says("all") { _ = x.all() }
      says("variance") { _ = x.variance() }
      says("standardDeviation") { _ = x.standardDeviation() }
      says("softmax") { _ = softmax(v, axis: 1) }
      says("matmul") { _ = matmul(v, Variable(x.transposed())) }
      says("linear") { _ = linear(v, Variable(x.transposed())) }
      says("dropout") { _ = dropout(v, p: 0.5) }
      says("layerNorm") { _ = layerNorm(v) }
    }
  }

  @Test func movingKeepsTheElements() {
    for half in Self.types {
      let x = Tensor((0..<24).map { Float($0) * 0.25 - 3 }, shape: [2, 3, 4]), h = x.cast(to: half)
      func same(_ a: Tensor, _ b: Tensor) { #expect(a.dtype == half && a.cast(to: .float32) == b, "\(half)") }
      same(h, x)
      same(h.transposed(0, 2).contiguous(), x.transposed(0, 2).contiguous())
      same(h[1, .all, 1..<3], x[1, .all, 1..<3])
      same(h[x .> 0], x[x .> 0])
      same(h[.all, Tensor([2, 0])], x[.all, Tensor([2, 0])])
      same(h.flipped([0, 2]).contiguous(), x.flipped([0, 2]).contiguous())
      same(h.contiguous(), x)
      var (hh, xx) = (h, x)
      hh[0, 1] = h[1, 2]
      xx[0, 1] = x[1, 2]
      hh[1, 0].fill(-2.5)
      xx[1, 0].fill(-2.5)
      same(hh, xx)
      same(.full([3], 0.5, half), .full([3], 0.5))
      same(.eye(3, 3, half), .eye(3))
      same(.arange(5, half), .arange(5, .float32))
      same(.linspace(0, 1, 5, half), .linspace(0, 1, 5))
      same(Tensor([[1, 2.5], [3, 4]], half), Tensor([[1, 2.5], [3, 4]], .float32))
      same(.zeros(like: h), .zeros(like: x))
      #expect(
        h[1, 2, 3].item == 2.75 && "\(h[0, 0])" == "\(x[0, 0])" && h[0, 0].debugDescription.hasPrefix("\(half) [4]"))
      // 0.010101…₂ to 11 and to 8 digits
      #expect(Tensor.full([1], 1.0 / 3, half).item == (half == .float16 ? 0x1.554p-2 : 0x1.56p-2))
      #expect(
        Tensor.full([1], 1e6, half).item == (half == .float16 ? .infinity : 999424)
          && Tensor(Float.nan, half).item.isNaN)
    }
  }

  /// Random numbers are drawn in float32 and rounded.
  @Test func randomNumbers() {
    for half in Self.types {
      let x = Tensor.normal([1000], half, using: Generator(seed: 3)),
        y = Tensor.normal([1000], using: Generator(seed: 3))
      #expect(x.hasBits(of: y.cast(to: half)))
      let labels = Tensor.randint([100], in: 0..<200, half, using: Generator(seed: 4))
      #expect(
        labels.dtype == half && labels.cast(to: .int64) == Tensor.randint([100], in: 0..<200, using: Generator(seed: 4))
      )
      #expect(
        message { _ = Tensor.randint([2], in: 0..<5000, half) }
          == "randint: \(half) cannot hold every number of 0..<5000")
    }
  }

  /// Through a cast gradients come back in the type of the leaf.
  @Test func gradientsPassTheCast() {
    for half in Self.types {
      let leaf = Variable(Tensor([1, 2, 3] as [Float]).cast(to: half), requiresGrad: true)
      let y = (leaf.cast(to: .float32) * 2).sum()
      y.backward()
      #expect(leaf.grad?.dtype == half && leaf.grad?.cast(to: .float32) == Tensor([2, 2, 2] as [Float]))
    }
  }
}
