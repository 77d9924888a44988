import TapestryAutograd
import TapestryTensors

// How well scores put the examples of a class before all others, whatever threshold decides in the end. Labels are class
// numbers (count) or bool.
//
// Of two classes the scores are (count) or (count, 1), any numbers that grow with the belief in class 1: logits,
// probabilities, distances. Of more they are probabilities (count, classes), such as softmax(logits, axis: 1): logits of
// one row say nothing about those of another. Then each class stands against the rest, and the mean over the classes
// counts; (count, 2) are the probabilities of two classes.
//
// NaN where there is nothing to rank: where a class has no example or nothing but examples, of no rows, and of NaN.

/// The area under the receiver operating characteristic: the probability that an example of the class has a higher score
/// than one of another, equal scores counting half. 1 ranks all right, ½ none. scikit-learn's `roc_auc_score`, with
/// `multi_class="ovr"`. (Mann and Whitney 1947; Hanley and McNeil 1982)
public func rocAUC(_ scores: some VariableConvertible, _ labels: Tensor) -> Double {
  eachClassAgainstTheRest(scores.asVariable.value, labels, "rocAUC") { ties in
    var above = 0.0, positives = 0.0, others = 0.0
    for tie in ties.reversed() {
      above += Double(tie.positives) * (others + Double(tie.others) / 2)
      positives += Double(tie.positives)
      others += Double(tie.others)
    }
    return above / (positives * others)
  }
}

/// The mean of the precision over the recall, Σ (Rₙ − Rₙ₋₁)·Pₙ over the thresholds from the highest score to the lowest.
/// It looks at the examples of the class alone, so where these are rare it tells more than `rocAUC`; guessing gives the
/// share of the class. scikit-learn's `average_precision_score`, which says 0 where the class has no example.
public func averagePrecision(_ scores: some VariableConvertible, _ labels: Tensor) -> Double {
  eachClassAgainstTheRest(scores.asVariable.value, labels, "averagePrecision") { ties in
    var found = 0.0, seen = 0.0, sum = 0.0
    for tie in ties {
      found += Double(tie.positives)
      seen += Double(tie.positives + tie.others)
      sum += Double(tie.positives) * (found / seen)
    }
    return sum / found
  }
}

/// How many examples have one score: of the class, and of others.
private typealias Tie = (positives: Int, others: Int)

/// The mean over the classes of a figure of the scores, given as ties from the highest score to the lowest.
private func eachClassAgainstTheRest(_ scores: Tensor, _ labels: Tensor, _ name: String, _ figure: ([Tie]) -> Double)
  -> Double
{
  let columns = scores.rank == 2 ? scores.shape[1] : 1
  if scores.rank == 0 || scores.rank > 2 || columns == 0 {
    fail("\(name): needs scores (count), or probabilities (count, classes), got \(scores.shape)")
  }
  let truth = classNumbers(labels, below: max(columns, 2), name, "labels")
  if truth.count != scores.shape[0] {
    fail("\(name): needs as many scores as labels, got \(scores.shape) and \(labels.shape)")
  }
  let values = scores.cast(to: .float64).array(Double.self)
  if truth.isEmpty || values.contains(where: \.isNaN) { return .nan }
  if columns == 1 { return figure(ties(values, truth.map { $0 == 1 })) }
  for row in truth.indices {
    let numbers = values[row * columns..<(row + 1) * columns], sum = numbers.reduce(0, +)
    if abs(sum - 1) > 1e-3 || numbers.contains(where: { $0 < 0 }) {
      fail(
        """
        \(name): scores \(scores.shape) must be probabilities, which sum to 1 in each row; row \(row) sums to \(sum); \
        pass softmax(logits, axis: 1)
        """)
    }
  }
  let classes = columns == 2 ? 1...1 : 0...columns - 1
  return classes.reduce(0) { sum, label in
    let column = stride(from: label, to: values.count, by: columns).map { values[$0] }
    return sum + figure(ties(column, truth.map { $0 == label }))
  } / Double(classes.count)
}

private func ties(_ scores: [Double], _ isPositive: [Bool]) -> [Tie] {
  var ties: [Tie] = [], last: Double?
  for i in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
    if scores[i] != last { ties.append((0, 0)) }
    last = scores[i]
    if isPositive[i] { ties[ties.count - 1].positives += 1 } else { ties[ties.count - 1].others += 1 }
  }
  return ties
}
