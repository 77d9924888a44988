import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// One vocabulary: of Tensors comes a Tensor with the bits that the Variable's function gives, and nothing is recorded;
/// a Variable anywhere gives a Variable. (That no function lacks its twin, VocabularyTests finds in the symbol graph.)
struct TwinTests {
  static let inputs: [Tensor] = withSeed(5) {
    (0..<3).map { _ in Tensor.uniform([4, 4], low: -0.9, high: 1.5, .float64) }
  }

  @Test(arguments: Twin.functions + Twin.methods) func tensorsGiveTheSameBits(_ twin: Twin) {
    let expected = withSeed(1) { twin.variables(Self.inputs.map { Variable($0) }).map(\.value) }
    let before = tp_thread().pointee.serial
    let got = withSeed(1) { twin.tensors(Self.inputs) }
    #expect(tp_thread().pointee.serial == before, "\(twin.name) recorded something")
    #expect(got.count == expected.count)
    for (a, b) in zip(got, expected) {
      #expect(a.shape == b.shape && a.dtype == b.dtype && a.hasBits(of: b), "\(twin.name): \(a) and \(b)")
    }
  }

  @Test(arguments: MixedTwin.all) func aVariableAnywhereGivesAVariable(_ twin: MixedTwin) {
    let (x, y) = (Self.inputs[0], Self.inputs[1])
    let v = Variable(x, requiresGrad: true), w = Variable(y, requiresGrad: true)
    let first = twin.first(v, y), second = twin.second(x, w)
    #expect(first.value.hasBits(of: second.value), "\(twin.name)")
    #expect(first.requiresGrad && second.requiresGrad, "\(twin.name)")
  }
}

extension Twin: CustomTestStringConvertible {
  var testDescription: String { name }
}

extension MixedTwin: CustomTestStringConvertible {
  var testDescription: String { name }
}
