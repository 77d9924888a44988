import TapestryAutograd
import TapestryOps
import TapestryOptim
import TapestryTensors
import Testing

struct ClippingTests {
  /// Gradients (3, −4) and ((12)), of norm 13, and a parameter without one.
  private func parameters(_ dtype: DType = .float64) -> [Parameter] {
    let p = Parameter(.ones([2], dtype)), q = Parameter(.ones([1, 1], dtype)), without = Parameter(.ones([3], dtype))
    p.grad = Tensor([3, -4] as [Double]).cast(to: dtype)
    q.grad = Tensor([[12]] as [[Double]]).cast(to: dtype)
    return [p, without, q]
  }

  private func gradients(_ parameters: [Parameter]) -> [Double] {
    parameters.flatMap { $0.grad?.cast(to: .float64).array(Double.self) ?? [] }
  }

  @Test func normsByHand() {
    for (type, norm) in [(2.0, 13.0), (1, 19), (.infinity, 12)] {
      let all = parameters()
      #expect(clipGradNorm(all, maxNorm: 100, normType: type) == norm)
      #expect(gradients(all) == [3, -4, 12], "a norm below the limit changes nothing")
      #expect(clipGradNorm(all, maxNorm: 2, normType: type) == norm)
      let factor = 2 / (norm + 1e-6)
      expectClose(gradients(all), [3, -4, 12].map { $0 * factor }, "norm \(type)")
    }
    // (27 + 64 + 1728)^(1/3)
    #expect(abs(clipGradNorm(parameters(), maxNorm: 1, normType: 3) - 12.207054953820636) < 1e-12)
    #expect(clipGradNorm([], maxNorm: 1) == 0)
    #expect(clipGradNorm([Parameter(.ones([2]))], maxNorm: 1) == 0)
  }

  /// By hand: half of (3, −4, 12), then cut.
  @Test func float32() {
    let all = parameters(.float32)
    #expect(clipGradNorm(all, maxNorm: 6.5) == 13)
    expectClose(gradients(all), [1.5, -2, 6], "norm", within: 1e-6)
    clipGradValue(all, clipValue: 1.75)
    expectClose(gradients(all), [1.5, -1.75, 1.75], "value", within: 1e-6)
    clipGradValue(all, clipValue: 0)
    #expect(gradients(all) == [0, 0, 0])
  }

  @Test func largeFloat32GradientsDoNotOverflow() {
    let p = Parameter(.ones([4]))
    p.grad = .full([4], 1e30)
    #expect(abs(clipGradNorm([p], maxNorm: 1) / 2e30 - 1) < 1e-6)
    for value in gradients([p]) { #expect(abs(value - 0.5) < 1e-6) }
  }

  @Test func nonfiniteNormsAsInPyTorch() {
    for bad in [Double.nan, .infinity] {
      for type in [1.0, 2, 3, .infinity] {
        let all = parameters()
        all[0].grad = Tensor([bad, 1] as [Double])
        let norm = clipGradNorm(all, maxNorm: 1, normType: type)
        #expect(bad.isNaN ? norm.isNaN : norm == Double.infinity, "\(bad), norm \(type): \(norm)")
        let found = gradients(all)
        // NaN everywhere, or ∞·0 = NaN and zeros.
        #expect(found[0].isNaN && (bad.isNaN ? found[1].isNaN && found[2].isNaN : found[1] == 0 && found[2] == 0))
      }
    }
    let all = parameters()
    all[0].grad = Tensor([.nan, -.infinity] as [Double])
    clipGradValue(all, clipValue: 2)
    #expect(gradients(all)[0].isNaN && gradients(all)[1] == -2)
  }

  /// Sizes at the edges of vectors and chunks, against a plain sum, with the same bits on any number of threads.
  @Test func sumsOfManySizes() {
    for dtype in [DType.float32, .float64] {
      let sizes = [1, 3, 7, 8, 9, 15, 17, 63, 65, 0, 1000, 33_000, 40_001]
      let all = sizes.map { Parameter(.ones([$0], dtype)) }
      func fill() {
        for (i, parameter) in all.enumerated() {
          parameter.grad = Tensor((0..<sizes[i]).map { Double(($0 * 7919 + i) % 1001 - 500) / 256 }).cast(to: dtype)
        }
      }
      fill()
      let values = gradients(all)
      let expected = [
        1: values.reduce(0) { $0 + abs($1) }, 2: values.reduce(0) { $0 + $1 * $1 }.squareRoot(),
        Double.infinity: values.map(abs).max()!,
      ]
      for (type, norm) in expected {
        var results: [[Double]] = []
        for threads in [1, 2, 3, 7] {
          fill()
          let found = withThreads(threads) { clipGradNorm(all, maxNorm: 0.5, normType: type) }
          #expect(abs(found / norm - 1) < 1e-12)
          results.append([found] + gradients(all))
        }
        #expect(results.allSatisfy { $0 == results[0] })
      }
    }
  }

  @Test func viewsAndSharedGradients() {
    let p = Parameter(.ones([2, 3], .float64)), q = Parameter(.ones([2, 3], .float64))
    let gradient = Tensor([[1, 2], [3, 4], [5, 6]] as [[Double]]).transposed()
    (p.grad, q.grad) = (gradient, gradient)
    let norm = clipGradNorm([p, q, p], maxNorm: 1)
    #expect(abs(norm - 182.0.squareRoot()) < 1e-12, "a parameter listed twice counts once")
    #expect(gradient.array(Double.self) == [1, 3, 5, 2, 4, 6], "another holder's gradient stays")
    let expected = [1.0, 3, 5, 2, 4, 6].map { $0 / (norm + 1e-6) }
    expectClose(p.grad!.array(Double.self), expected, "p")
    expectClose(q.grad!.array(Double.self), expected, "q")
  }

  @Test func worksInPlaceWithoutAllocating() async {
    await #expect(processExitsWith: .success) {
      let p = Parameter(.ones([300], .float64)), q = Parameter(.ones([7, 5]))
      p.grad = .full([300], 2, .float64)
      q.grad = .full([7, 5], 2)
      let before = Memory.allocations, places = [p, q].map { $0.grad!.storage.pointer }
      clipGradNorm([p, q], maxNorm: 1)
      clipGradValue([p, q], clipValue: 0.01)
      if Memory.allocations != before || [p, q].map({ $0.grad!.storage.pointer }) != places {
        fail("clipping allocated or moved a gradient")
      }
    }
  }
}
