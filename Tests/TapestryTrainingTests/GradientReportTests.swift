import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryOptim
import TapestryTensors
import TapestryTraining
import Testing

struct GradientReportTests {
  /// y = w₂·relu(x·w₁): unit 1 of the hidden layer is off for both examples.
  private func network() -> Sequential {
    let model = Sequential(Linear(2, 3), ReLU(), Linear(3, 1))
    let parameters = model.parameters()
    parameters[0].assign(Tensor([[1, -1, 2], [1, -1, 0]] as [[Float]]))
    parameters[2].assign(Tensor([[3], [4], [0]] as [[Float]]))
    return model
  }

  @Test func norms() {
    let model = network()
    model(Tensor([[1, 0], [0, 1]] as [[Float]])).sum().backward()
    let rows = gradientReport(model).rows
    #expect(rows.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(rows.map(\.weightNorm).map { ($0 * $0).rounded() } == [8, 0, 25, 0])
    // dh = (3, 4, 0) where h > 0: h = (1, −1, 2) and (1, −1, 0). dw₁ = xᵀ·dh = [[3, 0, 0], [3, 0, 0]], db₁ = (6, 0, 0),
    // dw₂ = Σh = (2, 0, 2), db₂ = 2
    let expected: [Double] = [18, 36, 8, 4]
    for (row, square) in zip(rows, expected) {
      #expect(abs(row.gradientNorm! * row.gradientNorm! - square) < 1e-5, "\(row.name)")
    }
    #expect(rows.map(\.deadUnits) == [2, 2, 0, 0] && rows.map(\.units) == [3, 3, 1, 1])
    #expect(
      rows.allSatisfy { $0.updateNorm == nil && $0.updateRatio == nil && $0.nanCount == 0 && $0.infiniteCount == 0 })
  }

  @Test func updates() {
    let model = network(), optimizer = SGD(model.parameters(), learningRate: 0.1)
    model(Tensor([[1, 0], [0, 1]] as [[Float]])).sum().backward()
    let planned = gradientReport(model, learningRate: 0.1).rows
    let measured = gradientReport(model) {
      optimizer.step()
      optimizer.zeroGrad()
    }.rows
    #expect(planned.count == 4 && measured.count == 4)
    for (a, b) in zip(planned, measured) {
      #expect(abs(a.updateNorm! - b.updateNorm!) < 1e-6 && a.gradientNorm == b.gradientNorm)
    }
    #expect(abs(measured[0].updateRatio! - 0.1 * (18.0 / 8.0).squareRoot()) < 1e-6)
    #expect(measured[1].updateRatio == nil)  // the weight before was zero
    #expect(model.parameters()[2].grad == nil || model.parameters()[2].grad == .zeros([3, 1]))
  }

  @Test func whatIsWrongIsMarked() {
    let model = network()
    model.freeze("2.bias")
    let parameters = model.parameters()
    parameters[0].grad = Tensor([[Float.nan, 0, .infinity], [.nan, 0, -.infinity]])
    parameters[1].grad = .zeros([3])
    let report = gradientReport(model)
    #expect(report.rows.map(\.nanCount) == [2, 0, 0, 0] && report.rows.map(\.infiniteCount) == [2, 0, 0, 0])
    #expect(report.rows.map(\.deadUnits) == [1, 3, 0, 0])
    #expect(
      report.description == """
        parameter  shape   weight  gradient  dead units
        ──────────────────────────────────────────────────────────────────
        0.weight   [2, 3]   2.828       nan      1 of 3  2 NaN, 2 infinite
        0.bias     [3]          0         0      3 of 3
        2.weight   [3, 1]       5         –              no gradient
        2.bias     [1]          0         –              frozen
        """)
  }

  @Test func theTable() {
    let model = network()
    model(Tensor([[1, 0], [0, 1]] as [[Float]])).sum().backward()
    #expect(
      gradientReport(model, learningRate: 0.01).description == """
        parameter  shape   weight  gradient            update/weight  dead units
        ────────────────────────────────────────────────────────────────────────
        0.weight   [2, 3]   2.828     4.243  ▇▇▇▇▇▇▇▇          0.015      2 of 3
        0.bias     [3]          0         6  ▇▇▇▇▇▇▇▇                     2 of 3
        2.weight   [3, 1]       5     2.828  ▇▇▇▇▇▇▇        0.005657
        2.bias     [1]          0         2  ▇▇▇▇▇▇▇
        """)
  }

  @Test func rowsOfATableThatNobodyLookedUp() {
    let table = Embedding(5, 3)
    table(Tensor([1, 1, 3])).sum().backward()
    let row = gradientReport(table).rows[0]
    #expect(row.units == 5 && row.deadUnits == 3)
  }

  /// One ReLU behind two layers has units of both widths.
  private final class Shared: Layer {
    let first: Linear, second: Linear
    let relu = ReLU()

    init(_ first: Int, _ second: Int) {
      self.first = Linear(2, first, init: .ones)
      self.second = Linear(first, second, init: .constant(-1))
    }

    func forward(_ x: Variable) -> Variable { relu(second(relu(first(x)))) }
  }

  @Test(arguments: [(128, 64), (1, 128), (128, 1)])
  func unitsOfAModuleOfSeveralWidths(_ widths: (Int, Int)) {
    let model = Shared(widths.0, widths.1)
    let dead = deadUnits(model) { for _ in 0..<2 { _ = model(Tensor.ones([3, 2])) } }
    // Positive after the first layer, negative after the second.
    #expect(
      dead.map(\.path) == ["relu", "relu"] && dead.map(\.units) == [widths.0, widths.1]
        && dead.map(\.dead) == [0, widths.1])
  }

  /// Channels of pictures are units, on axis 1: of (2, 3, 2, 2) the second is never positive.
  @Test func channelsAreUnits() {
    let x = Tensor((0..<24).map { Float($0 / 4 % 3 == 1 ? -1 : $0 % 2) }, shape: [2, 3, 2, 2])
    let dead = deadUnits(Sequential(ReLU())) {}
    #expect(dead.isEmpty)
    let model = Sequential(ReLU()), found = deadUnits(model) { _ = model(x) }
    #expect(found.map(\.dead) == [1] && found.map(\.units) == [3])
    let wide = deadUnits(model) { _ = model(x.reshaped(2, 3, 4)) }  // three axes: the last
    #expect(wide.map(\.dead) == [2] && wide.map(\.units) == [4])
  }

  @Test func aRateBelowZeroHasALengthToo() {
    let model = network()
    model(Tensor([[1, 0], [0, 1]] as [[Float]])).sum().backward()
    #expect(gradientReport(model, learningRate: -0.5).rows[3].updateNorm == 1)
  }

  @Test func gradientsWithoutElements() {
    let empty = Holder(Parameter(.zeros([0, 5])))
    empty.weight.grad = .zeros([0, 5])
    let row = gradientReport(empty).rows[0]
    #expect(row.units == 0 && row.deadUnits == 0 && row.gradientNorm == 0)
    // A table of five empty rows: none of them moves.
    let rows = Holder(Parameter(.zeros([5, 0])))
    rows.weight.grad = .zeros([5, 0])
    #expect(gradientReport(rows).rows[0].deadUnits == 5)
  }

  private final class Holder: Module {
    let weight: Parameter
    init(_ weight: Parameter) { self.weight = weight }
  }

  @Test func barsOfNormsFarApart() {
    let model = Sequential(Linear(1, 1).to(.float64))
    let parameters = model.parameters()
    // The quotient of the norms, 10³¹⁰, is more than a Double holds.
    parameters[0].grad = Tensor([[1e152]] as [[Double]])
    parameters[1].grad = Tensor([1e-158] as [Double])
    let lines = gradientReport(model).description.split(separator: "\n")
    #expect(lines[2].contains("▇▇▇▇▇▇▇▇") && lines[3].contains("▇") && !lines[3].contains("▇▇"))
  }

  @Test func unitsThatNeverFire() {
    let model = network()
    let dead = deadUnits(model) {
      _ = model(Tensor([[1, 0], [0, 1]] as [[Float]]))
      _ = model(Tensor([[2, 0]] as [[Float]]))
    }
    #expect(dead.map(\.path) == ["1"] && dead[0].dead == 1 && dead[0].units == 3)
    // Unit 2 fires in the first call alone, and then is not dead.
    let both = deadUnits(model) { for x in [[1, 0], [0, 1]] as [[Float]] { _ = model(Tensor([x])) } }
    #expect(both[0].dead == 1)
    #expect(deadUnits(model) { _ = model(Tensor([[-1, 0]] as [[Float]])) }[0].dead == 2)
  }
}
