import TapestryAutograd
import TapestryData
import TapestryNN
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

struct ClassNamesTests {
  private let classes = ["low", "middle", "high"]

  @Test func ofLogitsAndOfNumbers() {
    let logits = Tensor([[0, 2, 1], [3, 3, -1], [0, 0, 0.5]] as [[Float]])
    #expect(classNames(of: logits, in: classes) == ["middle", "low", "high"])
    #expect(classNames(of: Variable(logits), in: classes) == ["middle", "low", "high"])
    #expect(classNames(of: logits.argmax(-1), in: classes) == ["middle", "low", "high"])
    #expect(classNames(of: Tensor([2, 0] as [UInt8]), in: classes) == ["high", "low"])
    #expect(classNames(of: Tensor([true, false]), in: ["no", "yes"]) == ["yes", "no"])
    #expect(classNames(of: Tensor.zeros([0, 3]), in: classes).isEmpty)
  }

  @Test func theyGoWithTheModel() throws {
    try withScratchFolder { folder in
      let path = folder.appendingPathComponent("model.safetensors").path, model = Sequential(Linear(2, 3))
      var metadata = Safetensors.Metadata()
      metadata[list: "classes"] = classes
      try model.save(to: path, metadata: metadata)
      let twin = Sequential(Linear(2, 3))
      try twin.load(from: path)
      let read = try #require(try Safetensors.load(path).metadata[list: "classes"]), x = Tensor.normal([5, 2])
      #expect(classNames(of: twin(x), in: read) == classNames(of: model(x), in: classes))
    }
  }

  private static let mistakes: [Mistake] = [
    Mistake("classNames: needs logits (count, 2), one for each class, got [4, 3]") {
      _ = classNames(of: Tensor.zeros([4, 3]), in: ["a", "b"])
    },
    Mistake("classNames: class 2 lies outside 0 ..< 2") { _ = classNames(of: Tensor([0, 2]), in: ["a", "b"]) },
    Mistake("classNames: class -1 lies outside 0 ..< 2") { _ = classNames(of: Tensor([-1]), in: ["a", "b"]) },
    Mistake(
      "classNames: the predictions must be class numbers (count) of an integer type or logits (count, classes), got float32 [2]"
    ) { _ = classNames(of: Tensor.zeros([2]), in: ["a", "b"]) },
    Mistake(
      "classNames: the predictions must be class numbers (count) of an integer type or logits (count, classes), got int64 [2, 2]"
    ) { _ = classNames(of: Tensor.zeros([2, 2], .int64), in: ["a", "b"]) },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
