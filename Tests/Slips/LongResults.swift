// swift-format-ignore-file
import Tapestry

// A long formula that gives something else than what is wanted.

func longResults(_ x: Variable, _ t: Tensor) {
  let a: Tensor = 2 * x * x + 3 * t - x / 2  // error: this is a Variable: take its Tensor with .value, its only number with .item
  let b: Tensor = 2 * t * t + 3 * t - x / 2  // error: this is a Variable: take its Tensor with .value, its only number with .item
  let c: Double = 2 * x * x + 3 * x - 1  // error: this is a Variable: take its Tensor with .value, its only number with .item
  let d: Double = (x * x - x * 2 + 1).sum() * 2  // error: this is a Variable: take its Tensor with .value, its only number with .item
  let e: [Tensor] = [t, 2 * x * x + 1]  // error: this is a Variable: take its Tensor with .value, its only number with .item
  let f: Variable = 2 * t * t + 3 * t - t / 2  // error: this is a Tensor: make it a constant Variable with Variable(x)
  let g = sin(2 * t * t + 3 * t - 1)
  print(a, b, c, d, e, f, g)
}
