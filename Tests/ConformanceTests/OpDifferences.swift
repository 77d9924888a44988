/// Where a function of ours refuses, on purpose or still, what PyTorch takes.
struct OpDifference: Sendable {
  /// The file of cases ("max@binary"), and the numbers of its cases that are refused.
  let file: String, cases: [Int]

  /// Words of our message, and the reason.
  let words: String, reason: String

  init(_ file: String, _ cases: [Int], _ words: String, _ reason: String) {
    (self.file, self.cases) = (file, cases)
    (self.words, self.reason) = (words, reason)
  }
}

let opDifferences: [OpDifference] = [
  OpDifference(
    "masked_fill", [6, 7], "does not broadcast to",
    "the result has the shape of what is filled; a larger mask is a mistake"),
  OpDifference("clamp", [4, 6], "with int32", "nothing promotes silently"),
  OpDifference("gather", [0], "must have as many axes", "PyTorch takes an empty index of any shape"),
  OpDifference("gather", [5], "must be int64 or int32, got uint8 [0]", "PyTorch takes an empty index of any type"),
  OpDifference(
    "take_along_dim", [3], "lies outside axis", "an index is a position; only subscripts count from the end"),
  OpDifference(
    "cat", [1], "does not exist in [0]", "PyTorch leaves out tensors of shape [0] whatever the other shapes are"),
  OpDifference(
    "__getitem__", [6, 10, 11, 14, 15], "only one mask or index tensor",
    "later issue: several index tensors in one subscript"),
]

/// The titles of all pinned cases: "ops/cat #3".
let pinnedCases = Set(opDifferences.flatMap { difference in difference.cases.map { "ops/\(difference.file) #\($0)" } })

/// The reason why a failed case ("ops/cat #3: refused: …") is known, or nil. Another case of the same function, or
/// another message, is none.
func opDifference(_ failure: String) -> String? {
  opDifferences.first { difference in
    difference.cases.contains { failure.hasPrefix("ops/\(difference.file) #\($0): refused: ") }
      && failure.contains(difference.words)
  }?.reason
}
