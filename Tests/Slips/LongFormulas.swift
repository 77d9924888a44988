// swift-format-ignore-file
import Tapestry

// One wrong operand in a long formula. Without Sources/TapestryTensors/Unavailable.swift most of these take five seconds and end in "unable to type-check this
// expression in reasonable time".

func longFormulas(
  _ x: Variable, _ a: Variable, _ w: [Variable], _ t: Tensor, _ n: Int, _ s: Double, _ f: Float, _ maybe: Variable?, _ labels: [Int], _ count: Int32
) {
  _ = 2 * x * x + 3 * maybe - 1  // error: unwrap the optional first, as in x.grad!
  _ = 2 * x * x + 3 * count - 1  // error: convert it, as in Int(n)
  _ = 2 * x * x + 3 * labels - 1  // error: an array is no operand: make a Tensor of it, as in Tensor([1, 2], .float32)
  _ = 2 * x * x + 3 * "1" - 1  // error: a text is no number
  _ = 2 * x * x + 3 * x.grad - 1  // error: unwrap the optional first, as in x.grad!
  _ = 2 * x * x + missing(x) - 1  // error: cannot find 'missing' in scope
  _ = 2 * x * x + 3 * true - 1  // error: a Bool is no number
  _ = 2 * x * x > 3 * x + 1  // error: compare element by element, with .< .<= .> or .>=
}
