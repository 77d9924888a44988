// swift-format-ignore-file
import Tapestry

// As LongFormulas.swift. Without Sources/TapestryTensors/Unavailable.swift most of these take five seconds and end in "unable to type-check this
// expression in reasonable time".

func moreLongFormulas(
  _ x: Variable, _ a: Variable, _ w: [Variable], _ t: Tensor, _ n: Int, _ s: Double, _ f: Float, _ maybe: Variable?, _ labels: [Int], _ count: Int32
) {
  _ = a * x * x + 3 * n - sin(t) / 2 + w[0] * 2
  _ = 1 / (1 + exp(-x)) * count - 2 * s * x + t / n  // error: convert it, as in Int(n)
  _ = 0.5 * x * (1 + tanh(0.797 * (x + 0.044 * x * x * x.shape)))  // error: a shape is no number
  _ = x * x + x.missing * 2 - 1  // error: has no member 'missing'
  _ = 3 * n * s - x  // error: the other side does not fit: numbers are converted to one type first, as in Double(n)
  _ = (x - t) * (x - t) / 2 + n * (w[0] - w[1]) / (n + s)  // error: the other side does not fit: numbers are converted to one type first, as in Double(n)
  _ = 2 * t * t + 3 * maybe - 1  // error: unwrap the optional first, as in x.grad!
  _ = t * t + 2 * t - 1 > 0.5 * t  // error: compare element by element, with .< .<= .> or .>=
  _ = s * x + n * s * x + f  // error: the other side does not fit: numbers are converted to one type first, as in Double(n)
  _ = x / n * s + f * count  // error: convert it, as in Int(n)
  _ = x * x - x * x + x * x + count  // error: convert it, as in Int(n)
}
