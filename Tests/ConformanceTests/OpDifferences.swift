/// Where a function of ours refuses, on purpose or still, what PyTorch takes: the function ("*" for any), words of our message, and the reason.
let opDifferences: [(op: String, words: String, reason: String)] = [
  ("masked_fill", "does not broadcast to", "the result has the shape of what is filled; a larger mask is a mistake"),
  ("clamp", "with int32", "nothing promotes silently"),
  ("gather", "must have as many axes", "PyTorch takes an empty index of any shape"),
  ("gather", "must be int64 or int32, got uint8 [0]", "PyTorch takes an empty index of any type"),
  ("take_along_dim", "lies outside axis", "an index is a position; only subscripts count from the end"),
  ("cat", "does not exist in [0]", "PyTorch leaves out tensors of shape [0] whatever the other shapes are"),
  ("nn.functional.gaussian_nll_loss", "the target must have the shape of the input", "a target is not broadcast: elements would be compared with strangers"),
  ("nn.functional.multi_margin_loss", "needs labels [], one for each row", "labels have one shape, that of the input without the axis of classes"),
  ("__getitem__", "only one mask or index tensor", "later issue: several index tensors in one subscript"),
]

/// The reason why a failed case ("ops/cat #3: refused: …") is known, or nil.
func opDifference(_ failure: String) -> String? {
  let op = failure.dropFirst("ops/".count).prefix { $0 != " " && $0 != "@" }
  return opDifferences.first { ($0.op == "*" || $0.op == op) && failure.contains("refused: ") && failure.contains($0.words) }?.reason
}
