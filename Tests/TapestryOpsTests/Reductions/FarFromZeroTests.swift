import CTapestry
import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Reductions of numbers far from 0, against the formulas written out in Double: rows near −1000 whose exponentials are
/// all 0 in either type, and numbers of mean 1003 and σ = 0.01, of which a formula that does not subtract the mean
/// first keeps nothing. Axes of every length beside the vector widths, first and last, beside more than 64 other lanes.
struct FarFromZeroTests {
  /// The numbers of each line along an axis, in the order of the elements.
  private static func lines(_ shape: Shape, _ axis: Int) -> [[Int]] {
    let inner = shape[(axis + 1)...].reduce(1, *), size = shape[axis]
    return (0..<shape.volume / max(size, 1)).map { line in
      (0..<size).map { line / inner * size * inner + $0 * inner + line % inner }
    }
  }

  private static let shapes: [(shape: Shape, axis: Int)] =
    [1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 129].map { (Shape([3, $0]), 1) }
    + [65, 66, 80, 127, 130, 257].flatMap { lanes in [2, 5, 17].map { (Shape([$0, lanes]), 0) } } + [
      ([2, 3, 70], 1), ([4, 65, 3], 1),
    ]

  @Test("softmax and its gradient far from 0", arguments: [DType.float32, .float64])
  func softmaxes(_ dtype: DType) {
    var draw = Draw(seed: 41)
    for (shape, axis) in Self.shapes {
      for level in [-1000.0, 1000] {
        let x = draw.tensor(shape, level - 3, level + 3).cast(to: dtype), dy = draw.tensor(shape, -1, 1).cast(to: dtype)
        let (numbers, weights) = (x.doubles, dy.doubles)
        var shares = numbers, logs = numbers, dShares = numbers, dLogs = numbers
        for line in Self.lines(shape, axis) {
          let most = line.map { numbers[$0] }.max()!, sum = line.reduce(0) { $0 + Foundation.exp(numbers[$1] - most) }
          for i in line {
            (shares[i], logs[i]) = (Foundation.exp(numbers[i] - most) / sum, numbers[i] - most - Foundation.log(sum))
          }
          let weighted = line.reduce(0) { $0 + shares[$1] * weights[$1] }, total = line.reduce(0) { $0 + weights[$1] }
          for i in line {
            (dShares[i], dLogs[i]) = (shares[i] * (weights[i] - weighted), weights[i] - shares[i] * total)
          }
        }
        for backend in Backend.all {
          withBackend(backend.name) {
            for (log, values, gradient) in [(false, shares, dShares), (true, logs, dLogs)] {
              let leaf = Variable(x, requiresGrad: true),
                y = log ? logSoftmax(leaf, axis: axis) : softmax(leaf, axis: axis)
              y.backward(gradient: dy)
              let tolerance = dtype == .float32 ? 3e-6 : 1e-13,
                comment = Comment("\(shape) along \(axis) near \(level), log \(log), \(dtype), \(backend.name)")
              let value = near(y.value.doubles, values, tolerance),
                slope = near(leaf.grad!.doubles, gradient, tolerance)
              #expect(value, comment)
              #expect(slope, comment)
            }
          }
        }
      }
    }
  }

  @Test("variance and standard deviation far from 0, in parts", arguments: [DType.float32, .float64])
  func variances(_ dtype: DType) {
    let cases: [(Shape, Int, correction: Double)] =
      Self.shapes.filter { $0.shape[$0.axis] > 1 }.map { ($0.shape, $0.axis, 1) } + [
        ([3, 40_000], 1, 1), ([70_001], 0, 1), ([70_001], 0, 0), ([40_000, 3], 0, 1),
      ]
    for (number, (shape, axis, correction)) in cases.enumerated() {
      var draw = Draw(seed: UInt64(number) &+ 43)
      let x = draw.tensor(shape, 1003 - 0.0173, 1003 + 0.0173).cast(to: dtype), numbers = x.doubles
      var variances: [Double] = []
      for line in Self.lines(shape, axis) {
        let mean = line.reduce(0) { $0 + (numbers[$1] - 1003) } / Double(line.count)
        variances.append(
          line.reduce(0) { $0 + (numbers[$1] - 1003 - mean) * (numbers[$1] - 1003 - mean) }
            / (Double(line.count) - correction))
      }
      for backend in [Backend.current.name, "reference"] {
        withBackend(backend) {
          let y = Variable(x).variance(axis, correction: correction).value.doubles,
            deviation = Variable(x).standardDeviation(axis, correction: correction).value.doubles
          let relative = zip(y, variances).map { abs($0 / $1 - 1) }.max()!,
            second = zip(deviation, variances).map { abs($0 / $1.squareRoot() - 1) }.max()!
          let right = max(relative, second) <= (dtype == .float32 ? 2e-6 : 1e-9)
          #expect(
            right,
            "\(shape) along \(axis), correction \(correction), \(dtype), \(backend): off by \(relative) and \(second)")
        }
      }
    }
  }
}
