import TapestryTensors

/// Examples by class, for parts that have each class in the proportion that the whole has.
struct Strata {
  /// The class of each example, numbered as they appear.
  let classes: [Int]
  /// How many examples each class has.
  private(set) var counts: [Int] = []
  /// The label of each class, for messages.
  private var labels: [Int] = []
  private let name: String

  /// Labels (count) or (count, 1), of an integer type or bool.
  init(_ labels: Tensor, count: Int, _ name: String) {
    if labels.shape != [count] && labels.shape != [count, 1] {
      fail("\(name): needs one label for each of the \(count) examples, got \(labels.shape)")
    }
    if labels.dtype.isFloatingPoint {
      fail(
        """
        \(name): the labels must be class numbers of an integer type, got \(labels.dtype) \(labels.shape); for \
        regression split without classes, or by intervals of the target
        """)
    }
    self.name = name
    var places: [Int: Int] = [:], counts: [Int] = [], seen: [Int] = []
    classes = labels.cast(to: .int64).array(Int.self).map { label in
      let place = places[label] ?? counts.count
      if place == counts.count {
        places[label] = place
        counts.append(0)
        seen.append(label)
      }
      counts[place] += 1
      return place
    }
    (self.counts, self.labels) = (counts, seen)
  }

  private func checkMembers(atLeast least: Int, _ what: String) {
    guard let i = counts.firstIndex(where: { $0 < least }) else { return }
    fail(
      """
      \(name): class \(labels[i]) has \(counts[i]) \(counts[i] == 1 ? "example" : "examples"), too few for \(least) \
      \(what); leave the class out, join it with another, or take fewer \(what)
      """)
  }

  /// The parts of a split: `sizes` examples each, of every class as many as its share of what is left, rounded so that
  /// the largest rests are given first. In random order.
  func parts(_ sizes: [Int]) -> [[Int]] {
    checkMembers(atLeast: sizes.count { $0 > 0 }, "parts")
    var left = counts
    var quotas = sizes.map { size in
      let total = left.reduce(0, +)
      if total == 0 { return left }
      var quota = left.map { size * $0 / total }
      let rests = left.indices.sorted { a, b in
        (size * left[a] % total, left[a], b) > (size * left[b] % total, left[b], a)
      }
      for i in rests.prefix(size - quota.reduce(0, +)) { quota[i] += 1 }
      for i in left.indices { left[i] -= quota[i] }
      return quota
    }
    // Which of a class go where is one draw; in what order they stand there is another, or the last of a part would be
    // of the class whose quota was filled last.
    var part = [Int](repeating: 0, count: classes.count)
    for example in Tensor.permutation(classes.count).array(Int.self) {
      part[example] = quotas.firstIndex { $0[classes[example]] > 0 }!
      quotas[part[example]][classes[example]] -= 1
    }
    var parts = sizes.map { _ in [Int]() }
    for example in Tensor.permutation(classes.count).array(Int.self) { parts[part[example]].append(example) }
    return parts
  }

  /// The fold of each example, as scikit-learn's `StratifiedKFold` assigns them: of the classes one after another every
  /// k-th goes to the same fold; which of its examples these are is random if `shuffled`.
  func folds(_ k: Int, shuffled: Bool) -> [[Int]] {
    checkFolds(k, classes.count, name)
    checkMembers(atLeast: k, "folds")
    // The folds that the examples of each class will have, in order.
    var sorted = 0
    let given = counts.map { count in
      var perFold = [Int](repeating: 0, count: k)
      for i in sorted..<sorted + count { perFold[i % k] += 1 }
      sorted += count
      return perFold.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    }
    var next = counts.map { _ in 0 }, folds = (0..<k).map { _ in [Int]() }
    for example in shuffled ? Tensor.permutation(classes.count).array(Int.self) : Array(classes.indices) {
      let own = classes[example]
      folds[given[own][next[own]]].append(example)
      next[own] += 1
    }
    return folds.map { $0.sorted() }
  }
}

func checkFolds(_ k: Int, _ count: Int, _ name: String) {
  if k < 2 { fail("\(name): needs at least 2 folds, got \(k)") }
  if k > count { fail("\(name): cannot make \(k) folds of \(count) examples") }
}

/// k folds of 0 ..< count, as scikit-learn's `KFold` makes them: the first count % k have one example more.
func foldIndices(_ k: Int, _ count: Int, shuffled: Bool) -> [[Int]] {
  checkFolds(k, count, "folds")
  let order = shuffled ? Tensor.permutation(count).array(Int.self) : Array(0..<count)
  return partRanges((0..<k).map { count / k + ($0 < count % k ? 1 : 0) }).map { order[$0].sorted() }
}
