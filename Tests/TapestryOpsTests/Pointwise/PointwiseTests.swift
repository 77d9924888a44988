import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// A function of one input at points where it is special, with its values and derivatives there.
struct UnarySample: Sendable, CustomTestStringConvertible {
  let expression: String
  let x: [Double], y: [Double], dx: [Double]
  let tolerance: Double
  let function: @Sendable (Variable) -> Variable

  init(
    _ expression: String, x: [Double], y: [Double], dx: [Double], tolerance: Double = 1e-13,
    _ function: @escaping @Sendable (Variable) -> Variable
  ) {
    self.expression = expression
    (self.x, self.y, self.dx) = (x, y, dx)
    self.tolerance = tolerance
    self.function = function
  }

  var testDescription: String { expression }
}

/// The same for two inputs.
struct BinarySample: Sendable, CustomTestStringConvertible {
  let expression: String
  let x: [Double], y: [Double], result: [Double], dx: [Double], dy: [Double]
  let function: @Sendable (Variable, Variable) -> Variable

  init(
    _ expression: String, _ x: [Double], _ y: [Double], result: [Double], dx: [Double], dy: [Double],
    _ function: @escaping @Sendable (Variable, Variable) -> Variable
  ) {
    self.expression = expression
    (self.x, self.y, self.result, self.dx, self.dy) = (x, y, result, dx, dy)
    self.function = function
  }

  var testDescription: String { expression }
}

/// Equal to within `tolerance` of the larger of 1 and the number; infinities and NaN exactly.
func expectNear(
  _ actual: Tensor?, _ expected: [Double], _ tolerance: Double, _ comment: Comment,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let actual = actual?.doubles ?? []
  let near =
    actual.count == expected.count
    && zip(actual, expected).allSatisfy { a, b in
      a == b || (a.isNaN && b.isNaN) || Swift.abs(a - b) <= tolerance * Swift.max(1, Swift.abs(b))
    }
  #expect(near, "\(comment): \(actual), expected \(expected)", sourceLocation: sourceLocation)
}

struct PointwiseTests {
  static let unarySamples =
    powersSamples + exponentialsSamples + circularSamples + specialSamples + roundingSamples + activationsSamples

  @Test("values and derivatives at special points are PyTorch's", arguments: unarySamples)
  func special(_ sample: UnarySample) {
    for dtype in [DType.float64, .float32] {
      for backend in [Backend.current.name, "portable", "reference"] {
        withBackend(backend) {
          let x = Variable(Tensor(sample.x).cast(to: dtype), requiresGrad: true)
          let y = sample.function(x)
          let tolerance = dtype == .float64 ? sample.tolerance : 2e-6
          expectNear(y.value, sample.y, tolerance, "y, \(dtype), \(backend)")
          let dx = gradients(of: [y], withRespectTo: [x], cotangents: [Variable(.ones(y.shape, dtype))])
          expectNear(dx[0]?.value, sample.dx, tolerance, "dx, \(dtype), \(backend)")
        }
      }
    }
  }

  @Test("the same for two inputs", arguments: binarySamples)
  func special(_ sample: BinarySample) {
    for backend in [Backend.current.name, "portable", "reference"] {
      withBackend(backend) {
        let x = Variable(Tensor(sample.x), requiresGrad: true), y = Variable(Tensor(sample.y), requiresGrad: true)
        let result = sample.function(x, y)
        expectNear(result.value, sample.result, 1e-13, "result, \(backend)")
        let all = gradients(of: [result], withRespectTo: [x, y], cotangents: [Variable(.ones(result.shape, .float64))])
        expectNear(all[0]?.value, sample.dx, 1e-13, "dx, \(backend)")
        expectNear(all[1]?.value, sample.dy, 1e-13, "dy, \(backend)")
      }
    }
  }

  @Test("compositions have right derivatives of both orders")
  func compositions() {
    let x = Tensor([-4.5, -2.2, -0.9, -0.2, 0.3, 0.7, 2.2, 4.5] as [Double])
    let functions: [(String, (Variable) -> Variable)] = [
      ("hardtanh", { hardtanh($0) }), ("relu6", { relu6($0) }), ("glu", { glu($0) }), ("softmin", { softmin($0) }),
      ("trigamma", { trigamma($0) }),
    ]
    for (name, f) in functions {
      let report = gradientCheck(f, at: x)
      #expect(report.passed, "\(name): \(report)")
    }
    let weights = Tensor([0.1, 0.9, 0.5, -0.2, 1.5, 0.3, 0.7, 0.2] as [Double])
    let report = gradientCheck({ lerp($0[0], $0[1], $0[2]) }, at: [x, x * x, weights])
    #expect(report.passed, "lerp: \(report)")
  }

  @Test func floorDivisionRoundsDownAndHasNoSlope() {
    let a = Variable(Tensor([7, -7, 7, -7.5] as [Double]), requiresGrad: true),
      b = Variable(Tensor([3, 3, -3, -2] as [Double]), requiresGrad: true)
    let y = floorDivide(a, b)
    #expect(y.value.doubles == [2, -3, -3, 3])  // Python's 7 // 3, -7 // 3, 7 // -3, -7.5 // -2
    y.sum().backward()
    #expect(a.grad!.doubles == [0, 0, 0, 0] && b.grad!.doubles == [0, 0, 0, 0])
  }

  @Test func everyOrderOfDerivativeOfLgammaIsRight() {
    // lgamma''' = ψ″ and lgamma'''' = ψ‴
    let x = Variable(Tensor([-0.3, 0.1, 1, 3.7] as [Double]), requiresGrad: true)
    var y = lgamma(x)
    var orders: [[Double]] = []
    for _ in 1...4 {
      y = gradients(of: y.sum(), withRespectTo: [x], createGraph: true)[0]
      orders.append(y.value.doubles)
    }
    expectNear(
      Tensor(orders[2]),
      pytorch(
        "torch.polygamma(2, x)", [67.63908119988314, -2001.8614573783439, -2.404113806319188, -0.09539530872855405]),
      1e-12, "third")
    expectNear(
      Tensor(orders[3]),
      pytorch(
        "torch.polygamma(3, x)", [766.6198904191684, 60004.512876790235, 6.493939402266829, 0.05827921795656364]),
      1e-11, "fourth")
  }
}
