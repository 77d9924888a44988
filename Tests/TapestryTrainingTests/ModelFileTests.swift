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
    let error = #expect(throws: DataError.self) { try other.load(from: path) }
    #expect(
      error?.kind == .mismatched && error?.file == path
        && error?.description.hasPrefix("\(path): the state does not fit Sequential:") == true)
    #expect(Set(error!.mismatch!.unexpected) == ["1.weight", "1.bias"] && error!.mismatch!.wrong.count == 2)
    #expect(#expect(throws: DataError.self) { try other.load(from: path + ".missing") }?.kind == .unreadable)

    // Lenient loading takes what fits and returns the rest.
    let partly = Sequential(Linear(3, 2), LayerNorm(4))
    let rest = try partly.load(from: path, strict: false)
    #expect(rest.wrong.count == 2 && rest.missing.isEmpty && rest.unexpected.isEmpty)
    #expect(partly.parameters()[0].value == a.parameters()[0].value && partly.parameters()[2].value == .ones([4]))

    // A layer at two places: once, or under each of its names, as PyTorch expects it.
    let layer = Linear(2, 2), tied = Sequential(layer, layer)
    try tied.save(to: path)
    #expect(try Safetensors.load(path).names.sorted() == ["0.bias", "0.weight"])
    try tied.save(to: path, everyName: true)
    #expect(try Safetensors.load(path).names.sorted() == ["0.bias", "0.weight", "1.bias", "1.weight"])
  }
}
