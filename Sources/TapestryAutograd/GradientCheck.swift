import TapestryTensors

/// What `gradientCheck` found: whether every derivative agrees with finite differences, and if not, which one differs,
/// where and by how much.
public struct GradientCheck: Sendable, CustomStringConvertible {
  /// The largest error in units of what the tolerance allows: up to 1 passes, infinity stands for NaN and for what
  /// cannot be compared.
  public fileprivate(set) var worst = 0.0

  /// Where the worst error is, with both numbers.
  public fileprivate(set) var description = "gradientCheck: nothing was differentiable"

  /// Whether every derivative agrees within the tolerance.
  public var passed: Bool { worst <= 1 }

  /// Throws the description unless the check passed: `try gradientCheck(f, at: [x]).verify()`.
  public func verify() throws(GradientMismatch) {
    if !passed { throw GradientMismatch(description: description) }
  }

  fileprivate mutating func note(_ error: Double, _ words: String) {
    let error = error.isNaN ? .infinity : error
    if error < worst || (error == worst && worst > 0) { return }
    worst = error
    description = "gradientCheck: " + words
  }
}

/// A derivative that differs from finite differences.
public struct GradientMismatch: Error, CustomStringConvertible, Sendable, Equatable {
  /// Which derivative differs, where and by how much.
  public let description: String
}

/// Compares the derivatives of `f` at `inputs` with Richardson-extrapolated central differences in float64.
///
///     let report = gradientCheck({ x in (x[0] * x[1]).sum() }, at: [a, b])
///     report.passed          // true
///     report.description     // "gradientCheck: passed, the worst error is 0.02 times the tolerance (order 2, input 0)"
///
/// The result of `f` may have any shape: it is weighted with random numbers. Derivatives of order 1 … `orders` are
/// checked; the second is the derivative of the gradient by the inputs and by the weights. Each input is moved in a
/// random direction, so one wrong element anywhere shows; a failing check then looks for the element. An error may be
/// `tolerance` times the sum of the magnitudes that make up the derivative.
///
/// `f` must be a function of its inputs alone, smooth near them. Random operations inside it draw the same numbers each
/// time. float32 inputs become float64, so constants inside `f` should be float64; integer and bool inputs are passed
/// on and not differentiated.
public func gradientCheck(
  _ f: @escaping ([Variable]) -> Variable, at inputs: [Tensor], orders: Int = 2, tolerance: Double = 1e-8,
  seed: UInt64 = 0
) -> GradientCheck {
  gradientCheck(f, at: inputs, named: [], orders: orders, tolerance: tolerance, seed: seed)
}

/// The same with names for the inputs, which stand in the description.
package func gradientCheck(
  _ f: @escaping ([Variable]) -> Variable, at inputs: [Tensor], named names: [String], orders: Int, tolerance: Double,
  seed: UInt64
) -> GradientCheck {
  if orders < 1 { fail("gradientCheck: orders must be at least 1, got \(orders)") }
  var checker = Checker(tolerance: tolerance, seed: seed, names: names)
  var x = inputs.map { $0.dtype == .float32 ? $0.cast(to: .float64) : $0 }
  var g: Checker.Function = { [f($0)] }
  for order in 1...orders {
    guard let weights = checker.check(order, g, at: x) else { break }
    (g, x) = (gradient(of: g, inputs: x.count), x + weights)
  }
  return checker.report
}

/// The same for a function of one input.
public func gradientCheck(
  _ f: @escaping (Variable) -> Variable, at input: Tensor, orders: Int = 2, tolerance: Double = 1e-8, seed: UInt64 = 0
) -> GradientCheck {
  gradientCheck({ f($0[0]) }, at: [input], orders: orders, tolerance: tolerance, seed: seed)
}

/// The gradient of Σ wᵢ·fᵢ(x) as a function of x and w, so that it can be checked in its turn.
private func gradient(of f: @escaping Checker.Function, inputs count: Int) -> Checker.Function {
  return { all in
    let y = f(Array(all[..<count])), x = all[..<count].filter(\.requiresGrad)
    return gradients(of: y.compactMap(\.self), withRespectTo: x, cotangents: Array(all[count...]), createGraph: true)
  }
}

/// The comparison for functions of several inputs and outputs; a missing output is zero.
private struct Checker {
  typealias Function = ([Variable]) -> [Variable?]

  let tolerance: Double
  let seed: UInt64
  let names: [String]
  var draw: Draw
  var report = GradientCheck()

  init(tolerance: Double, seed: UInt64, names: [String]) {
    self.tolerance = tolerance
    self.seed = seed
    self.names = names
    draw = Draw(seed: seed)
  }

  /// Checks the first derivatives of `f`. Returns the weights of its outputs, or nil where a higher order makes no
  /// sense.
  mutating func check(_ order: Int, _ f: Function, at x: [Tensor]) -> [Tensor]? {
    let leaves = x.map { Variable($0, requiresGrad: $0.dtype.isFloatingPoint) }
    let y = run(f, leaves)
    let again = run(f, x.map { Variable($0, requiresGrad: $0.dtype.isFloatingPoint) })
    for (a, b) in zip(y, again) {
      guard let a, let b else { continue }
      if !a.dtype.isFloatingPoint {
        report.note(.infinity, "the function's result is \(a.dtype), which has no derivative")
        return nil
      }
      let values = a.value.doubles
      if !values.allSatisfy(\.isFinite) {
        report.note(.infinity, "\(result(order)) of shape \(a.shape) has a NaN or an infinity")
        return nil
      }
      if values != b.value.doubles {
        report.note(
          .infinity,
          "\(result(order)) differs between two evaluations at the same inputs: it depends on something besides them")
        return nil
      }
    }
    // An evaluation elsewhere: a derivative that remembers the last evaluation instead of its own is found out.
    _ = run(
      f,
      x.map {
        Variable(
          $0.dtype.isFloatingPoint ? $0.moved(along: $0.doubles, 0x1p-10) : $0, requiresGrad: $0.dtype.isFloatingPoint)
      })

    let outputs = y.compactMap(\.self)
    let weights = outputs.map { drawWeights(like: $0.value) }
    let wanted = leaves.filter(\.requiresGrad)
    let dx = gradients(of: outputs, withRespectTo: wanted, cotangents: weights.map { Variable($0) }, retainGraph: true)
    let recorded = gradients(
      of: outputs, withRespectTo: wanted, cotangents: weights.map { Variable($0) }, createGraph: true)
    var next = 0
    for (i, leaf) in leaves.enumerated() where leaf.requiresGrad {
      compare(order, i, f, x, weights, dx[next], recorded[next])
      next += 1
    }
    return weights
  }

  private func result(_ order: Int) -> String {
    order == 1 ? "the function's result" : "the gradient of order \(order - 1)"
  }

  private func run(_ f: Function, _ x: [Variable]) -> [Variable?] { withSeed(seed) { f(x) } }

  /// Numbers of both signs, none of them small.
  private mutating func drawWeights(like y: Tensor) -> Tensor {
    Tensor((0..<y.count).map { _ in draw.real(0.5, 1.5) * (draw.bool() ? 1 : -1) }, shape: y.shape).cast(to: y.dtype)
  }

  /// Compares the derivative by input `i`, computed with and without a graph, with differences.
  private mutating func compare(
    _ order: Int, _ i: Int, _ f: Function, _ x: [Tensor], _ w: [Tensor], _ dx: Variable?, _ recorded: Variable?
  ) {
    let place = "order \(order), \(i < names.count ? names[i] : "input \(i)")"
    for dx in [dx, recorded].compactMap(\.self) where dx.shape != x[i].shape || dx.dtype != x[i].dtype {
      return report.note(
        .infinity, "\(place): the gradient is \(dx.dtype) \(dx.shape), the input \(x[i].dtype) \(x[i].shape)")
    }
    let zeros = [Double](repeating: 0, count: x[i].count)
    let analytic = dx?.value.doubles ?? zeros
    for (j, (a, b)) in zip(analytic, recorded?.value.doubles ?? zeros).enumerated()
    where !(abs(a - b) <= 1e-10 * (abs(a) + abs(b)) + 1e-12) {
      return report.note(
        .infinity, "\(place), element \(x[i].shape.position(j)): the gradient is \(a) alone, but \(b) with createGraph")
    }
    if x[i].count == 0 { return }

    let direction = x[i].doubles.map { draw.real(0.5, 1) * (draw.bool() ? 1 : -1) * max(1, abs($0)) }
    let error = error(f, x, w, i, analytic, direction)
    if error.relative <= 1 {
      return report.note(
        error.relative, "passed, the worst error is \(short(error.relative)) times the tolerance (\(place))")
    }
    report.note(
      error.relative,
      "\(place): along a random direction the derivative is \(error.analytic), by differences \(error.numeric)")
    for j in analytic.indices.prefix(2000) {
      var unit = zeros
      unit[j] = 1
      let element = self.error(f, x, w, i, analytic, unit)
      if !(element.relative <= 1) {
        return report.note(
          .infinity,
          """
          \(place), element \(x[i].shape.position(j)): the gradient is \(element.analytic), by differences \
          \(element.numeric) (off by \(short(element.relative)) × the tolerance)
          """)
      }
    }
  }

  /// Two digits behind the point, or two digits in all of what is smaller.
  private func short(_ x: Double) -> String {
    if x >= 0.01 || x == 0 { return x < 1e15 ? "\((x * 100).rounded() / 100)" : "\(x)" }
    var (digits, power) = (x, 0)
    while digits < 1 && power < 320 { (digits, power) = (digits * 10, power + 1) }
    return "\((digits * 10).rounded() / 10)e-\(power)"
  }

  /// The difference between both derivatives along a direction, in units of what is allowed.
  private func error(
    _ f: Function, _ x: [Tensor], _ w: [Tensor], _ i: Int, _ gradient: [Double], _ direction: [Double]
  ) -> (relative: Double, analytic: Double, numeric: Double) {
    let terms = zip(gradient, direction).map { $0 * $1 }
    let analytic = terms.reduce(0, +), magnitude = terms.reduce(0) { $0 + abs($1) }
    let (numeric, uncertainty, size) = slope(f, x, w, i, direction, enough: tolerance / 20 * magnitude)
    // What rounding does to differences of numbers this large cannot be told from an error.
    let allowed = tolerance * (magnitude + abs(numeric)) + 1e-12 * (1 + size)
    return (max(abs(analytic - numeric), uncertainty) / allowed, analytic, numeric)
  }

  /// d/dt Σ w·f(x + t·direction) at t = 0 by central differences, extrapolated to step 0 (C. Ridders: Accurate
  /// computation of F′(x), 1982), with an estimate of its error and the size of the numbers that were subtracted.
  ///
  ///     D₀(h) = (φ(h) − φ(−h)) / 2h,    Dₖ(h) = (4ᵏ·Dₖ₋₁(h) − Dₖ₋₁(2h)) / (4ᵏ − 1)
  private func slope(_ f: Function, _ x: [Tensor], _ w: [Tensor], _ i: Int, _ direction: [Double], enough: Double) -> (
    Double, error: Double, size: Double
  ) {
    var best = Double.nan, error = Double.infinity, size = 0.0
    var row: [Double] = [], h = 0x1p-6
    for _ in 0..<10 {
      let (above, below) = (sample(f, x, i, direction, h), sample(f, x, i, direction, -h))
      var difference = 0.0
      size = 0
      for (w, (above, below)) in zip(w, zip(above, below)) {
        for (w, (a, b)) in zip(w.doubles, zip(above, below)) {
          difference += w * (a - b)
          size += abs(w * a)
        }
      }
      var next = [difference / (2 * h)], factor = 4.0
      // Outside of the domain a smaller step may help; nothing is learnt from this one.
      if !next[0].isFinite {
        next = []
      } else {
        for (k, before) in row.enumerated() {
          next.append((factor * next[k] - before) / (factor - 1))
          let estimate = max(abs(next[k + 1] - next[k]), abs(next[k + 1] - before))
          if estimate <= error { (best, error) = (next[k + 1], estimate) }
          factor *= 4
        }
      }
      if error <= enough { break }
      row = next
      h /= 2
    }
    return (best, error, size)
  }

  private func sample(_ f: Function, _ x: [Tensor], _ i: Int, _ direction: [Double], _ t: Double) -> [[Double]] {
    var x = x
    x[i] = x[i].moved(along: direction, t)
    return run(f, x.map { Variable($0, requiresGrad: $0.dtype.isFloatingPoint) }).compactMap { $0?.value.doubles }
  }
}

extension Tensor {
  /// The elements in row-major order as Doubles.
  package var doubles: [Double] { cast(to: .float64).array(Double.self) }

  /// x + t·direction, in memory of its own.
  fileprivate func moved(along direction: [Double], _ t: Double) -> Tensor {
    Tensor(zip(doubles, direction).map { $0 + t * $1 }, shape: shape)
  }
}

extension Shape {
  /// The indices of the element that comes `number`-th in row-major order.
  package func position(_ number: Int) -> [Int] {
    var rest = number, position: [Int] = []
    for size in reversed() {
      position.insert(rest % Swift.max(size, 1), at: 0)
      rest /= Swift.max(size, 1)
    }
    return position
  }
}
