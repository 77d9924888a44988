import TapestryTensors

/// A data set in k folds: each is once for validation while the others are for training. What `folds` and
/// `stratifiedFolds` give; a pair of parts is made when it is asked for.
///
///     for (train, valid) in data.stratifiedFolds(5, shuffled: true) { … }
public struct Folds<Part>: RandomAccessCollection {
  private let validation: [[Int]]
  private let examples: Int
  private let part: ([Int]) -> Part

  init(_ validation: [[Int]], of examples: Int, _ part: @escaping ([Int]) -> Part) {
    (self.validation, self.examples, self.part) = (validation, examples, part)
  }

  /// 0
  public var startIndex: Int { 0 }
  /// How many folds there are.
  public var endIndex: Int { validation.count }

  /// Fold `i` as the validation part, and all others as the training part, both in the order of the data set.
  public subscript(_ i: Int) -> (train: Part, valid: Part) {
    if !validation.indices.contains(i) { fail("folds: fold \(i) lies outside 0 ..< \(validation.count)") }
    let held = Set(validation[i])
    return (part((0..<examples).filter { !held.contains($0) }), part(validation[i]))
  }
}

extension Dataset {
  /// k folds of as many examples, give or take one: scikit-learn's `KFold`. `shuffled` has no default because files are
  /// often sorted by class; it draws one permutation from the current random generator, now.
  public func folds(_ k: Int, shuffled: Bool) -> Folds<AnyDataset<Element>> {
    Folds(foldIndices(k, count, shuffled: shuffled), of: count) { subset($0) }
  }

  /// k folds in which each class has the share that it has in the whole: scikit-learn's `StratifiedKFold`. `labels` are
  /// class numbers (count); each class needs k examples.
  public func stratifiedFolds(_ k: Int, by labels: Tensor, shuffled: Bool) -> Folds<AnyDataset<Element>> {
    let folds = Strata(labels, count: count, "stratifiedFolds").folds(k, shuffled: shuffled)
    return Folds(folds, of: count) { subset($0) }
  }

  /// Two parts in random order, the first with the given fraction of the examples, rounded, in both of which each class
  /// has the share that it has in the whole, to within one example: scikit-learn's `train_test_split(…, stratify=y)`.
  /// `labels` are class numbers (count); each class needs an example for each part. Draws two permutations from the
  /// current random generator.
  ///
  ///     let (train, test) = data.stratifiedSplit(at: 0.8, by: labels)
  public func stratifiedSplit(at fraction: Double, by labels: Tensor) -> (AnyDataset<Element>, AnyDataset<Element>) {
    let parts = Strata(labels, count: count, "stratifiedSplit").parts(splitCounts(count, at: fraction))
    return (subset(parts[0]), subset(parts[1]))
  }

  /// The same with several parts, whose fractions sum to 1 and are rounded as `split(fractions:shuffled:)` does.
  public func stratifiedSplit(fractions: [Double], by labels: Tensor) -> [AnyDataset<Element>] {
    Strata(labels, count: count, "stratifiedSplit").parts(splitCounts(count, fractions: fractions)).map { subset($0) }
  }
}

extension Examples {
  /// k folds of as many examples, give or take one; see `Dataset.folds`.
  public func folds(_ k: Int, shuffled: Bool) -> Folds<Examples> {
    Folds(foldIndices(k, count, shuffled: shuffled), of: count) { subset($0) }
  }

  /// k folds in which each class of the labels has the share that it has in the whole; see `Dataset.stratifiedFolds`.
  public func stratifiedFolds(_ k: Int, shuffled: Bool) -> Folds<Examples> {
    stratifiedFolds(k, by: labels, shuffled: shuffled)
  }

  /// The same by other classes than the labels.
  public func stratifiedFolds(_ k: Int, by labels: Tensor, shuffled: Bool) -> Folds<Examples> {
    let folds = Strata(labels, count: count, "stratifiedFolds").folds(k, shuffled: shuffled)
    return Folds(folds, of: count) { subset($0) }
  }

  /// Two parts in both of which each class of the labels has the share that it has in the whole; see
  /// `Dataset.stratifiedSplit`.
  public func stratifiedSplit(at fraction: Double) -> (Examples, Examples) { stratifiedSplit(at: fraction, by: labels) }

  /// The same by other classes than the labels.
  public func stratifiedSplit(at fraction: Double, by labels: Tensor) -> (Examples, Examples) {
    let parts = Strata(labels, count: count, "stratifiedSplit").parts(splitCounts(count, at: fraction))
    return (subset(parts[0]), subset(parts[1]))
  }

  /// Several parts in which each class of the labels has its share; their fractions sum to 1.
  public func stratifiedSplit(fractions: [Double]) -> [Examples] { stratifiedSplit(fractions: fractions, by: labels) }

  /// The same by other classes than the labels.
  public func stratifiedSplit(fractions: [Double], by labels: Tensor) -> [Examples] {
    Strata(labels, count: count, "stratifiedSplit").parts(splitCounts(count, fractions: fractions)).map { subset($0) }
  }
}

// The same of the records of a table, before anything is fitted to them.

extension CSV {
  /// Two parts, the first with the given fraction of the records, rounded; see `Dataset.split`.
  public func split(at fraction: Double, shuffled: Bool) -> (CSV, CSV) {
    let parts = split(splitCounts(count, at: fraction), shuffled)
    return (parts[0], parts[1])
  }

  /// Parts with these fractions of the records, which sum to 1; see `Dataset.split`.
  public func split(fractions: [Double], shuffled: Bool) -> [CSV] {
    split(splitCounts(count, fractions: fractions), shuffled)
  }

  private func split(_ counts: [Int], _ shuffled: Bool) -> [CSV] {
    let order = splitOrder(count, counts, shuffled: shuffled) ?? Array(0..<count)
    return partRanges(counts).map { subset(Array(order[$0])) }
  }

  /// Two parts in both of which each class of a column has the share that it has in the whole; see
  /// `Dataset.stratifiedSplit`. Throws where the column is missing or holds no classes.
  public func stratifiedSplit(at fraction: Double, by column: String) throws(DataError) -> (CSV, CSV) {
    let parts = try strata(column, "stratifiedSplit").parts(splitCounts(count, at: fraction))
    return (subset(parts[0]), subset(parts[1]))
  }

  /// The same with several parts, whose fractions sum to 1.
  public func stratifiedSplit(fractions: [Double], by column: String) throws(DataError) -> [CSV] {
    try strata(column, "stratifiedSplit").parts(splitCounts(count, fractions: fractions)).map { subset($0) }
  }

  /// k folds of as many records, give or take one; see `Dataset.folds`.
  public func folds(_ k: Int, shuffled: Bool) -> Folds<CSV> {
    Folds(foldIndices(k, count, shuffled: shuffled), of: count) { subset($0) }
  }

  /// k folds in which each class of a column has the share that it has in the whole; see `Dataset.stratifiedFolds`.
  public func stratifiedFolds(_ k: Int, by column: String, shuffled: Bool) throws(DataError) -> Folds<CSV> {
    Folds(try strata(column, "stratifiedFolds").folds(k, shuffled: shuffled), of: count) { subset($0) }
  }

  private func strata(_ column: String, _ name: String) throws(DataError) -> Strata {
    Strata(try classIndices(column), count: count, name)
  }
}
