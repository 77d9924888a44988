import TapestryTensors

// Classes of different sizes: drawing the rare ones more often, or counting them more.

/// Weights for the classes of labels so that all count alike together: n/(classes·nₖ) for class k, which nₖ of the n
/// labels have. Their mean over the labels is 1. (classes), for `crossEntropy(_, _, weight:)`:
///
///     let weight = balancedClassWeights(train.labels, classes: 3)
///     let loss = crossEntropy(model(inputs), labels, weight: weight)
///
/// Labels are (…) of an integer type in 0 ..< classes, and each class must have one. scikit-learn's
/// `compute_class_weight("balanced", …)`.
public func balancedClassWeights(_ labels: Tensor, classes: Int, _ dtype: DType = .float32) -> Tensor {
  let counts = Tensor.oneHot(labels, classes: classes).reshaped([labels.count, classes]).sum(0).array(Int.self)
  if let absent = counts.firstIndex(of: 0) {
    fail("balancedClassWeights: no label is of class \(absent); there are \(classes) classes, 0 ..< \(classes)")
  }
  let n = Double(labels.count)
  return Tensor(counts.map { n / (Double(classes) * Double($0)) }).cast(to: dtype)
}

extension Examples {
  /// Batches of examples that are drawn with replacement, each with a probability proportional to its weight, as many
  /// in a pass as there are (or `samples`): a rare class comes as often as a frequent one with
  ///
  ///     let weights = balancedClassWeights(train.labels, classes: 3)[train.labels]
  ///     for (inputs, labels) in train.batches(of: 32, weights: weights) { … }
  ///
  /// Weights are (count), finite and at least 0, not all 0. A pass draws from `generator`, without one from the random
  /// generator that is current when the loop starts. PyTorch's `WeightedRandomSampler`.
  public func batches(
    of size: Int, weights: Tensor, samples: Int? = nil, dropLast: Bool = false, using generator: Generator? = nil
  ) -> Batches<(inputs: Tensor, labels: Tensor)> {
    let lottery = Lottery(weights, count: count), plan = BatchPlan(samples ?? count, of: size, dropLast: dropLast)
    return Batches(
      count: plan.count,
      begin: { generator in
        let drawn = lottery.draw(plan.examples, generator)
        return { (number) throws(DataError) in
          let part = subset(Array(drawn[plan.range(number)]))
          return (part.inputs, part.labels)
        }
      }, generator: generator)
  }
}

extension Dataset {
  /// A data set whose every example is drawn anew from these whenever it is asked for, with a probability proportional
  /// to its weight: with replacement, as many as there are (or `samples`). Batches of it need no shuffling.
  ///
  ///     for batch in pictures.sampled(weights: weights).batches(of: 32).prefetched(workers: 2) { … }
  ///
  /// Weights are (count), finite and at least 0, not all 0. Each draw comes from the random numbers that belong to the
  /// example and the pass, so a batch has the same bits however many workers prepare it. PyTorch's
  /// `WeightedRandomSampler`.
  public func sampled(weights: Tensor, samples: Int? = nil) -> AnyDataset<Element> {
    let lottery = Lottery(weights, count: count)
    return AnyDataset(count: samples ?? count) { _ in try element(at: lottery.draw(1, Random.generator)[0]) }
  }
}

/// Draws positions with replacement, with probabilities proportional to weights.
private struct Lottery: Sendable {
  /// The sums of the weights up to each position and with it.
  private let sums: [Double]

  init(_ weights: Tensor, count: Int) {
    if weights.shape != [count] {
      fail("weights: needs one for each of the \(count) examples, got \(weights.shape)")
    }
    let numbers = weights.cast(to: .float64).array(Double.self)
    if let bad = numbers.firstIndex(where: { !($0 >= 0) || $0.isInfinite }) {
      fail("weights: must be finite and at least 0; example \(bad) has \(numbers[bad])")
    }
    var sum = 0.0
    sums = numbers.map { weight in
      sum += weight
      return sum
    }
    if sum == 0 && count > 0 { fail("weights: all \(count) are 0, so no example can be drawn") }
    if sum.isInfinite { fail("weights: their sum is not finite; divide them by the largest") }
  }

  func draw(_ number: Int, _ generator: Generator) -> [Int] {
    if sums.isEmpty && number > 0 { fail("weights: there is no example to draw") }
    return Tensor.uniform([number], .float64, using: generator).array(Double.self).map { position(below: $0) }
  }

  /// The first position whose sum is above u of the whole: never one of weight 0. u < 1, but u·whole may round up to it.
  private func position(below u: Double) -> Int {
    let whole = sums.last!, level = Swift.min(u * whole, whole.nextDown)
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] > level { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
