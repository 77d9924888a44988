// swift-format-ignore-file
import Tapestry

// Formulas as people write them, with every mixture of numbers, Tensors and Variables. No slip: they compile, and quickly.

func formulas(_ x: Variable, _ w: [Variable], _ t: Tensor, _ n: Int, _ s: Double, _ f: Float) -> [Variable] {
  let a = Parameter(t)
  var r: [Variable] = []
  r.append(x * n + 1)
  r.append(a * x * x + 3 * n - sin(x) / 2 + w[0] * Float(2) - 1)
  r.append(a * x * x + n * x - sin(x) / 2 + w[0] * f - t * s + 0.5)
  r.append(1 / (1 + exp(-x)) * n - 2 * s * x + t / n)
  r.append((x - t) * (x - t) / 2 + n * (w[0] - w[1]) / (n + 1))
  r.append(0.5 * x * (1 + tanh(0.7978845608 * (x + 0.044715 * x * x * x))))
  r.append(-x * log(x + 1e-8) - (1 - x) * log(1 - x + 1e-8))
  r.append(t * x + x * t - t / x + x / t - t)
  r.append((t - t.mean()) / (t.standardDeviation() + 1e-5) * a + w[0])
  r.append(2 * (x + 1) * (x - 1) / 3 + 4 * x * 5 - 6 + n * 7 - s / 8 + f * x)
  r.append(w[0] + w[1] * x + w[2] * x * x + w[3] * x * x * x + w[4] * x * x * x * x)
  r.append((x * x).sum() / n + s * (a * a).sum() + f * abs(a).sum())
  r.append((x - x.mean(-1, keepDims: true)) / sqrt(x.variance(-1, correction: 0, keepDims: true) + 1e-5) * a + w[0])
  r.append(-0.5 * (square((x - w[0]) / w[1]) + 2 * log(w[1]) + 1.8378770664093453).sum() / n)
  r.append(matmul(x, w[0]) * s + matmul(t, w[1]) - relu(matmul(x, w[2]) + w[3]) * 2 * n)
  r.append(x[0] * 2 + x[1] * n - x[-1] / s + x[0, 1] * w[0][1..<3] + 1)
  return r
}

func data(_ t: Tensor, _ u: Tensor, _ n: Int, _ s: Double, _ f: Float) -> [Tensor] {
  var r: [Tensor] = []
  r.append(t * n + 1 - u / 2 * s + f * t - 3 * u * t + n)
  r.append((t - t.mean(0, keepDims: true)) / (t.standardDeviation(0, keepDims: true) + 1e-8) * s - n * u)
  r.append(((t .> 0) & (t .< n)) | (u .== 3))
  r.append(2 * t * u - 3 * t / n + 4 * u * s - 5 + f * t * t * t - u * u * 0.5)
  return r
}

func places(_ x: inout Variable, _ t: inout Tensor, _ n: Int, _ rate: Double) {
  x += n
  x -= 2 * t * rate + 1
  x *= x * n + t
  t -= rate * t * n / (t * t + 1e-8)
  t[0] = t[1] * 2 + n
}
