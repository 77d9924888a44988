import CTapestry

// Random tensors. Each draws from the generator named, else from the thread's current one, and is decided by its state
// alone: the same bits on any number of threads and on any backend.

extension Tensor {
  /// Uniform in [low, high). (float16 and bfloat16 are drawn in float32 and rounded, which may give `high`.)
  public static func uniform(
    _ shape: Shape, low: Double = 0, high: Double = 1, _ dtype: DType = .float32,
    using generator: Generator = Random.generator
  ) -> Tensor {
    if !(low <= high) || !(high - low).isFinite { fail("uniform: [\(low), \(high)) is no finite range") }
    return random(Int(TP_UNIFORM), shape, low, high, floating(dtype, "uniform"), generator)
  }

  /// Normal with the given mean and standard deviation σ.
  public static func normal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, _ dtype: DType = .float32,
    using generator: Generator = Random.generator
  ) -> Tensor {
    checkDeviation(mean, standardDeviation, "normal")
    return random(Int(TP_NORMAL), shape, mean, standardDeviation, floating(dtype, "normal"), generator)
  }

  /// Normal, cut off at two standard deviations: always within mean ± 2σ. σ is that of the uncut distribution; what
  /// remains has 0.8796·σ.
  public static func truncatedNormal(
    _ shape: Shape, mean: Double = 0, standardDeviation: Double = 1, _ dtype: DType = .float32,
    using generator: Generator = Random.generator
  ) -> Tensor {
    checkDeviation(mean, standardDeviation, "truncatedNormal")
    return random(
      Int(TP_TRUNCATED_NORMAL), shape, mean, standardDeviation, floating(dtype, "truncatedNormal"), generator)
  }

  /// 1 with the given probability, else 0.
  public static func bernoulli(
    _ shape: Shape, probability: Double = 0.5, _ dtype: DType = .float32, using generator: Generator = Random.generator
  ) -> Tensor {
    if !(probability >= 0 && probability <= 1) { fail("bernoulli: a probability lies in 0 … 1, got \(probability)") }
    return random(Int(TP_BERNOULLI), shape, probability, 0, dtype, generator)
  }

  /// Whole numbers of a range, all equally likely (to within its size · 2⁻⁶⁴): int64.
  public static func randint(
    _ shape: Shape, in range: Range<Int>, _ dtype: DType = .int64, using generator: Generator = Random.generator
  ) -> Tensor {
    if range.isEmpty { fail("randint: the range \(range) is empty") }
    let numbers = dtype.isFloatingPoint ? -(1 << dtype.digits)...(1 << dtype.digits) : dtype.wholeNumbers
    if range.lowerBound < numbers.lowerBound || range.upperBound - 1 > numbers.upperBound {
      fail("randint: \(dtype) cannot hold every number of \(range)")
    }
    return random(
      Int(TP_RANDINT), shape, tp_number(whole: range.lowerBound), tp_number(whole: range.upperBound), dtype, generator)
  }

  /// 0 ..< count in random order, each order equally likely: int64, (count).
  public static func permutation(_ count: Int, using generator: Generator = Random.generator) -> Tensor {
    if count < 0 { fail("permutation: cannot order \(count) numbers") }
    // Fisher and Yates: position i is exchanged with one of 0 … i. ⌊u·(i + 1)⌋ is uniform to within i·2⁻⁵³.
    let u = uniform([count], .float64, using: generator).array(Double.self)
    var order = Array(0..<count)
    for i in Swift.stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, Swift.min(i, Int(u[i] * Double(i + 1)))) }
    return Tensor(order)
  }

  private static func random(
    _ kind: Int, _ shape: Shape, _ p: Double, _ q: Double, _ dtype: DType, _ generator: Generator
  ) -> Tensor {
    random(kind, shape, tp_number(p), tp_number(q), dtype, generator)
  }

  private static func random(
    _ kind: Int, _ shape: Shape, _ p: tp_number, _ q: tp_number, _ dtype: DType, _ generator: Generator
  ) -> Tensor {
    if !dtype.isComputed { return random(kind, shape, p, q, dtype.computedIn, generator).cast(to: dtype) }
    let y = Tensor(uninitialized: shape, dtype)
    let state = generator.reserve(shape.volume)
    Kernel.run(y) { $0.pointee.random(Int32(kind), $1, state, p, q) }
    return y
  }

  private static func floating(_ dtype: DType, _ name: String) -> DType {
    if !dtype.isFloatingPoint { fail("\(name): makes floating-point tensors, not \(dtype); use randint") }
    return dtype
  }

  private static func checkDeviation(_ mean: Double, _ deviation: Double, _ name: String) {
    if !(deviation >= 0) || !deviation.isFinite || !mean.isFinite {
      fail("\(name): needs a finite mean and a standard deviation ≥ 0, got \(mean) and \(deviation)")
    }
  }
}
