import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

struct ReductionsAlongAxisTests {
  @Test func theNamedAxisIsThePlainOne() {
    let t = Tensor.normal([3, 4]), x = Variable(t)
    #expect(x.sum(axis: 1).value == x.sum(1).value && x.sum(axis: 0, keepDims: true).shape == [1, 4])
    #expect(x.mean(axis: -1).value == x.mean(-1).value && x.prod(axis: 0).value == x.prod(0).value)
    #expect(x.amax(axis: 0).value == x.amax(0).value && x.amin(axis: 1).value == x.amin(1).value)
    #expect(x.logSumExp(axis: 1).value == x.logSumExp(1).value && x.cumsum(axis: 1).value == x.cumsum(1).value)
    #expect(
      x.variance(axis: 1).value == x.variance(1).value
        && x.standardDeviation(axis: 0, correction: 0).value == x.standardDeviation(0, correction: 0).value)
    #expect(x.argmax(axis: 1) == x.argmax(1) && x.argmin(axis: 0) == x.argmin(0))
    #expect(t.sum(axis: 1) == t.sum(1) && t.mean(axis: 0) == t.mean(0) && t.variance(axis: 0) == t.variance(0))
    #expect(
      t.standardDeviation(axis: 1) == t.standardDeviation(1) && t.argmax(axis: 1) == t.argmax(1)
        && t.argmin(axis: 0) == t.argmin(0))
  }
}
