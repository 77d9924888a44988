import TapestryData
import TapestryTensors
import Testing

/// Expected values: scikit-learn 1.9.1, `load_diabetes()` and `LinearRegression().fit(data, target)`.
struct DiabetesTests {
  @Test func splitsEveryFifthPatientOff() throws {
    let diabetes = try Diabetes.load()
    #expect(diabetes.train.inputs.shape == [353, 10])
    #expect(diabetes.train.labels.shape == [353, 1])
    #expect(diabetes.test.inputs.shape == [89, 10])
    #expect(diabetes.test.labels.dtype == .float32)
    // target[:6] == [151, 75, 141, 206, 135, 97]
    #expect(diabetes.train.labels.array(Float.self).prefix(4) == [75, 141, 206, 135])
    #expect(diabetes.test.labels.array(Float.self).prefix(2) == [151, 97])
    #expect(diabetes.train.labels.sum().item + diabetes.test.labels.sum().item == 67243)
  }

  @Test func featuresAreScaledAsScikitLearnDoes() throws {
    let first = try Diabetes.load(.float64).test.inputs[0].array(Double.self)
    let expected = [
      0.038075906433423026, 0.05068011873981862, 0.061696206518683294, 0.0218723855140367, -0.04422349842444599,
      -0.03482076283769895,
      -0.04340084565202491, -0.002592261998183278, 0.019907486170462722, -0.01764612515980379,
    ]
    #expect(first.count == expected.count && zip(first, expected).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func rawValuesAreTheFiles() throws {
    let raw = try Diabetes.load(scaled: false, .float64)
    #expect(raw.test.inputs[0].array(Double.self) == [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87])
    let sums = (raw.train.inputs.sum(0) + raw.test.inputs.sum(0)).array(Double.self)
    let expected = [21445, 649, 11658.1, 41833.98, 83600, 51024.1, 22006.5, 1799.05, 2051.5036, 40337]
    #expect(sums.count == expected.count && zip(sums, expected).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  @Test func linearRegressionExplainsWhatScikitLearnSays() throws {
    let diabetes = try Diabetes.load(.float64), all = diabetes.train.concatenated(with: diabetes.test)
    #expect(all.count == 442)
    let x = all.inputs.unbind().map { $0.array(Double.self) + [1] }, y = all.labels.array(Double.self)
    let coefficients = leastSquares(x, y)
    let mean = y.reduce(0, +) / Double(y.count)
    var residual = 0.0, total = 0.0
    for (row, target) in zip(x, y) {
      let predicted = zip(row, coefficients).reduce(0.0) { $0 + $1.0 * $1.1 }
      residual += (target - predicted) * (target - predicted)
      total += (target - mean) * (target - mean)
    }
    #expect(abs(1 - residual / total - 0.5177484222203499) < 1e-12)
    let expected = [
      -10.00986629981065, -239.815643672423, 519.845920054461, 324.3846455023232, -792.1756385522297,
      476.73902100525765, 101.0432679380334, 177.063237671346,
      751.2736995571038, 67.62669218370499, 152.13348416289597,
    ]
    #expect(coefficients.count == expected.count && zip(coefficients, expected).allSatisfy { abs($0 - $1) < 1e-8 })
  }

  /// Solves XᵀX b = Xᵀy by elimination with pivots.
  private func leastSquares(_ x: [[Double]], _ y: [Double]) -> [Double] {
    let n = x[0].count
    var a = [[Double]](repeating: [Double](repeating: 0, count: n + 1), count: n)
    for (row, target) in zip(x, y) {
      for i in 0..<n {
        for j in 0..<n { a[i][j] += row[i] * row[j] }
        a[i][n] += row[i] * target
      }
    }
    for k in 0..<n {
      let pivot = (k..<n).max { abs(a[$0][k]) < abs(a[$1][k]) }!
      a.swapAt(k, pivot)
      for i in 0..<n where i != k {
        let factor = a[i][k] / a[k][k]
        for j in k...n { a[i][j] -= factor * a[k][j] }
      }
    }
    return (0..<n).map { a[$0][n] / a[$0][$0] }
  }
}
