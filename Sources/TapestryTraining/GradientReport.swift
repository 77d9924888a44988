import Foundation
import TapestryAutograd
import TapestryNN
import TapestryTensors

/// How a training step treats each parameter. Print it for a table.
public struct GradientReport: Sendable, CustomStringConvertible {
  /// One parameter.
  public struct Row: Sendable {
    /// The parameter's name in the model.
    public let name: String
    /// The parameter's shape, as in memory.
    public let shape: Shape
    /// Whether it gets no gradient.
    public let isFrozen: Bool
    /// ‖w‖₂
    public let weightNorm: Double
    /// ‖dw‖₂; nil where no gradient arrived.
    public let gradientNorm: Double?
    /// ‖Δw‖₂ of the step: measured, or learningRate·‖dw‖₂ as plain SGD would take it; nil where neither was given.
    public internal(set) var updateNorm: Double?
    /// Output units (of a table: rows) of the weight.
    public let units: Int
    /// Of these, those whose gradient is exactly zero: a ReLU behind them was off for the whole batch, or no index
    /// named the row.
    public let deadUnits: Int
    /// Elements of the gradient that are NaN.
    public let nanCount: Int
    /// Elements of the gradient that are +∞ or −∞.
    public let infiniteCount: Int

    /// ‖Δw‖/‖w‖, usually near 10⁻³; nil where the weight is zero or no update is known.
    public var updateRatio: Double? { updateNorm.flatMap { weightNorm > 0 ? $0 / weightNorm : nil } }
  }

  /// One row a parameter, in order of discovery.
  public internal(set) var rows: [Row] = []

  /// The table, a line for each parameter.
  public var description: String {
    var table = Table([
      ("parameter", .left), ("shape", .left), ("weight", .right), ("gradient", .right), ("", .left),
      ("update/weight", .right), ("dead units", .right),
      ("", .left),
    ])
    let largest = rows.compactMap(\.gradientNorm).filter(\.isFinite).max() ?? 0
    for row in rows {
      var notes: [String] = []
      if row.isFrozen { notes.append("frozen") } else if row.gradientNorm == nil { notes.append("no gradient") }
      if row.nanCount > 0 { notes.append("\(grouped(row.nanCount)) NaN") }
      if row.infiniteCount > 0 { notes.append("\(grouped(row.infiniteCount)) infinite") }
      table.add([
        row.name, "\(row.shape)", short(row.weightNorm), row.gradientNorm.map(short) ?? "–",
        row.gradientNorm.map { bar($0, largest) } ?? "",
        row.updateRatio.map(short) ?? "", row.deadUnits > 0 ? "\(grouped(row.deadUnits)) of \(grouped(row.units))" : "",
        notes.joined(separator: ", "),
      ])
    }
    return table.text
  }

  /// Eight blocks for the largest norm, one less for each half decade below it.
  private func bar(_ norm: Double, _ largest: Double) -> String {
    if !(norm > 0) || !norm.isFinite { return "" }
    // Not of the quotient, which can overflow.
    return String(repeating: "▇", count: max(1, 8 - Int((2 * (log10(largest) - log10(norm))).rounded())))
  }

  private func short(_ x: Double) -> String {
    if x == 0 || !x.isFinite { return x == 0 ? "0" : "\(x)" }
    return String(format: abs(x) >= 0.001 && abs(x) < 10000 ? "%.4g" : "%.2e", x)
  }
}

/// The norms of all weights and gradients after a backward pass, dead units, and NaN, by the parameters' names.
///
///     loss.backward()
///     print(gradientReport(model))
///
/// With a `learningRate` the ratio of update to weight is that of plain SGD. For what an optimizer really does pass its
/// step.
public func gradientReport(_ model: any Module, learningRate: Double? = nil) -> GradientReport {
  var report = GradientReport()
  for (name, parameter) in model.namedParameters() {
    var row = GradientReport.Row(name, parameter)
    row.updateNorm = learningRate.flatMap { rate in row.gradientNorm.map { abs(rate) * $0 } }
    report.rows.append(row)
  }
  return report
}

/// The same with the updates measured: runs `step`, which moves the weights, and compares them with copies.
///
///     print(gradientReport(model) { optimizer.step() })
///
/// The gradients are those before the step, so `step` may forget them.
public func gradientReport(_ model: any Module, _ step: () -> Void) -> GradientReport {
  let parameters = model.parameters(), before = parameters.map(\.value)
  var report = gradientReport(model)
  step()
  for (i, parameter) in parameters.enumerated() {
    report.rows[i].updateNorm = norm(parameter.value.cast(to: .float64) - before[i].cast(to: .float64))
  }
  return report
}

/// The units of each `ReLU` module that were zero for every example that `body` showed the model: by the module's path,
/// how many of how many. Units lie on the last axis, or on axis 1 of (batch, channels, height, width). A module that is
/// used at several widths has one entry for each.
///
///     deadUnits(model) { _ = model(images) }
public func deadUnits(_ model: any Module, _ body: () -> Void) -> [(path: String, dead: Int, units: Int)] {
  var alive: [(path: String, alive: Tensor)] = []
  observe(model) { event in
    guard event.moment == .ends, event.module is ReLU, let y = event.outputs.first?.value, y.rank > 0 else { return }
    let active = Tensor.activeSlices(y, axis: y.rank > 3 ? 1 : y.rank - 1)
    if let i = alive.firstIndex(where: { $0.path == event.path && $0.alive.count == active.count }) {
      alive[i].alive = alive[i].alive | active
    } else {
      alive.append((event.path, active))
    }
  } during: {
    body()
  }
  return alive.map { ($0.path, $0.alive.count - $0.alive.array(Bool.self).count { $0 }, $0.alive.count) }
}

private func norm(_ x: Tensor) -> Double { (x * x).sum().item.squareRoot() }

extension GradientReport.Row {
  init(_ name: String, _ parameter: Parameter) {
    self.name = name
    shape = parameter.shape
    isFrozen = parameter.isFrozen
    weightNorm = norm(parameter.value.cast(to: .float64))
    let gradient = parameter.grad
    gradientNorm = gradient.map { norm($0.cast(to: .float64)) }
    nanCount = gradient.map { Int(Variable($0).isNaN().sum().item) } ?? 0
    infiniteCount = gradient.map { Int(Variable($0).isInfinite().sum().item) } ?? 0
    // A Linear's weight is (in, out) here; PyTorch's layouts, which all others have, put the outputs first.
    let axis = parameter.fileLayout == .transposed ? parameter.rank - 1 : 0
    let active = gradient.map { Tensor.activeSlices($0, axis: axis).array(Bool.self) } ?? []
    units = parameter.rank == 0 ? 1 : parameter.shape[axis]
    deadUnits = active.count { !$0 }
  }
}

extension Tensor {
  /// Which positions of an axis hold anything but zeros (NaN is something), as a bool vector.
  fileprivate static func activeSlices(_ x: Tensor, axis: Int) -> Tensor {
    let nonzero = x .!= 0
    if x.rank == 0 { return nonzero.reshaped([1]) }
    let others = x.shape.indices.filter { $0 != axis }
    if others.isEmpty { return nonzero }
    // Not −1: of no elements it cannot be computed.
    let rest = others.reduce(1) { $0 * x.shape[$1] }
    return nonzero.cast(to: .int64).permuted([axis] + others).reshaped(x.shape[axis], rest).sum(1) .> 0
  }
}
