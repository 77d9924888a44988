import TapestryData
import TapestryTensors
import Testing

struct DigitsTests {
  @Test func splitsEveryFifthImageOff() throws {
    let digits = try Digits.load()
    #expect(digits.train.inputs.shape == [1437, 64])
    #expect(digits.test.inputs.shape == [360, 64])
    #expect(digits.train.labels.dtype == .int64)
    // scikit-learn: load_digits().target[:8] == [0 1 2 3 4 5 6 7]; images 0 and 5 go to the test part.
    #expect(digits.test.labels.array(Int.self).prefix(2) == [0, 5])
    #expect(digits.train.labels.array(Int.self).prefix(6) == [1, 2, 3, 4, 6, 7])
    // load_digits().data.sum() == 561718, in sixteenths.
    #expect((digits.train.inputs.sum().item + digits.test.inputs.sum().item) * 16 == 561718)
    #expect(digits.train.inputs.max().item == 1)
  }
}
