import Tapestry
import Testing

/// The program of the design's first section, as it stands there, and its other ways to write a model.
struct DesignProgram {
  final class Classifier: Layer {
    let hidden = Linear(64, 128)
    let output = Linear(128, 10)
    let dropout = Dropout(0.2)

    func forward(_ x: Variable) -> Variable {
      output(dropout(relu(hidden(x))))
    }
  }

  @Test func trains() throws {
    try withSeed(0) {
      let digits = try Digits.load()
      let model = Classifier()
      let optimizer = Adam(model.parameters(), learningRate: 1e-3)
      let before = crossEntropy(model(digits.test.inputs), digits.test.labels).item

      for _ in 1...2 {
        for (images, labels) in digits.train.batches(of: 32, shuffled: true) {
          let loss = crossEntropy(model(images), labels)
          optimizer.zeroGrad()
          loss.backward()
          optimizer.step()
        }
      }
      model.eval()
      #expect(crossEntropy(model(digits.test.inputs), digits.test.labels).item < 0.6 * before)
      #expect(accuracy(model(digits.test.inputs), digits.test.labels) > 0.7)
    }
  }

  /// The same weights in the four forms give the same answer.
  @Test(arguments: [true, false]) func sequentials(_ deep: Bool) throws {
    let layers: [any Layer] = [Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10)]
    let models = [
      Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10)),
      Sequential(layers),
      Sequential {
        Linear(64, 128)
        ReLU()
        if deep { Dropout(0.2) } else { Identity() }
        Linear(128, 10)
      },
    ]
    let x = withSeed(1) { Tensor.normal([3, 64]) }
    let expected = noGrad { () -> Tensor in
      models[0].eval()
      return models[0](x).value
    }
    for model in models {
      model.eval()
      try model.loadStateDict(models[0].stateDict())
      #expect(model.count == 4)
      #expect(model(x).value == expected)
    }
  }
}
