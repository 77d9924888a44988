import Foundation
import TapestryData
import TapestryNN
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct ModelFileTests {
  @Test func aModelGoesThroughAFile() throws {
    try withScratchFolder { try goesThrough($0.appendingPathComponent("model.safetensors").path) }
  }

  private func goesThrough(_ path: String) throws {
    let (a, b) = (Sequential(Linear(3, 2), LayerNorm(2)), Sequential(Linear(3, 2), LayerNorm(2)))
    try a.save(to: path)
    try b.load(from: path)
    let x = Tensor.normal([4, 3])
    #expect(a(x).value == b(x).value)
    // As PyTorch keeps it: (out, in).
    #expect(try Safetensors.load(path)["0.weight"]!.shape == [2, 3])

    let other = Sequential(Linear(3, 4))
    let mismatch = #expect(throws: StateMismatch.self) { try other.load(from: path) }
    #expect(Set(mismatch!.unexpected) == ["1.weight", "1.bias"] && mismatch!.misshapen.count == 2)
    #expect(throws: SafetensorsError.self) { try other.load(from: path + ".missing") }
  }
}
