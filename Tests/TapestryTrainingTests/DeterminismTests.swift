import TapestryAutograd
import TapestryData
import TapestryNN
import TapestryOps
import TapestryOptim
import TapestryTensors
import Testing

/// The same seed gives the same weights, to the bit, on any number of threads.
struct DeterminismTests {
  private func trained(threads: Int, seed: Int) throws -> [[Float]] {
    let digits = try Digits.load()
    return withThreads(threads) {
      withSeed(seed) {
        let model = Sequential(Linear(64, 128), ReLU(), Dropout(0.2), Linear(128, 10))
        let optimizer = Adam(model.parameters(), learningRate: 1e-3)
        // Batches large enough that products, sums and dropout are split among threads.
        for (images, labels) in digits.train.batches(of: 479, shuffled: true) {
          let loss = crossEntropy(model(images), labels)
          optimizer.zeroGrad()
          loss.backward()
          optimizer.step()
        }
        return model.parameters().map { $0.value.array(Float.self) }
      }
    }
  }

  @Test func sameBitsOnAnyNumberOfThreads() throws {
    let one = try trained(threads: 1, seed: 3)
    for threads in [2, 3, 7] { #expect(try trained(threads: threads, seed: 3) == one) }
    #expect(try trained(threads: 1, seed: 4) != one)
  }
}
