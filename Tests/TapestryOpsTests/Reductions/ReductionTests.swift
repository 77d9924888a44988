import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// A reduction of `reductionInput`, with its values and derivatives.
struct ReductionSample: Sendable, CustomTestStringConvertible {
  let expression: String
  let shape: [Int], y: [Double], dx: [Double]
  let function: @Sendable (Variable) -> Variable

  init(
    _ expression: String, shape: [Int], y: [Double], dx: [Double],
    _ function: @escaping @Sendable (Variable) -> Variable
  ) {
    self.expression = expression
    (self.shape, self.y, self.dx) = (shape, y, dx)
    self.function = function
  }

  var testDescription: String { expression }
}

struct ReductionTests {
  @Test("values and derivatives are PyTorch's", arguments: reductionSamples)
  func samples(_ sample: ReductionSample) {
    for dtype in [DType.float64, .float32] {
      for backend in [Backend.current.name, "reference"] {
        withBackend(backend) {
          let x = Variable(reductionInput.cast(to: dtype), requiresGrad: true)
          let y = sample.function(x)
          let tolerance = dtype == .float64 ? 1e-14 : 1e-6
          #expect(y.shape == sample.shape)
          expectNear(y.value, sample.y, tolerance, "y, \(dtype), \(backend)")
          let weights = Tensor((0..<y.count).map { Double($0 + 1) }, shape: y.shape).cast(to: dtype)
          let dx = gradients(of: [y], withRespectTo: [x], cotangents: [Variable(weights)])
          expectNear(dx[0]?.value ?? .zeros(x.shape, dtype), sample.dx, tolerance, "dx, \(dtype), \(backend)")
        }
      }
    }
  }

  private func gradient(_ x: [Double], _ f: (Variable) -> Variable) -> Tensor? {
    let x = Variable(Tensor(x), requiresGrad: true)
    f(x).sum().backward()
    return x.grad
  }

  @Test func tiesShareTheGradientOfExtremaOverAll() {
    // x = torch.tensor([1., 5, 5, 2], requires_grad=True); x.max().backward(); x.grad
    expectNear(gradient([1, 5, 5, 2]) { $0.max() }, [0, 0.5, 0.5, 0], 0, "max()")
    expectNear(gradient([1, 5, 1, 1]) { $0.amin(0) }, [1.0 / 3, 0, 1.0 / 3, 1.0 / 3], 1e-15, "amin(0)")
    // torch.tensor([1., nan, nan, 2]).max()
    expectNear(gradient([1, .nan, .nan, 2]) { $0.max() }, [0, 0.5, 0.5, 0], 0, "max() with NaN")
  }

  @Test func theFirstOfTiesGetsTheGradientAlongAnAxis() {
    // v, i = torch.tensor([1., 5, 5, 2], requires_grad=True).max(0); v.backward()
    expectNear(gradient([1, 5, 5, 2]) { $0.max(axis: 0).values }, [0, 1, 0, 0], 0, "max(axis:)")
    expectNear(gradient([1, 1, 5, 2]) { $0.min(axis: 0).values }, [1, 0, 0, 0], 0, "min(axis:)")
    expectNear(gradient([1, .nan, .nan, 2]) { $0.max(axis: 0).values }, [0, 1, 0, 0], 0, "NaN")
    let x = Variable(Tensor([3, 1, 3, -.infinity, .infinity, 0] as [Double], shape: [2, 3]))
    let (values, indices) = x.max(axis: -1, keepDims: true)
    #expect(values.shape == [2, 1] && values.value.doubles == [3, .infinity])
    #expect(indices.dtype == .int64 && indices.shape == [2, 1] && indices.doubles == [0, 1])
    #expect(x.min(axis: 0).indices.doubles == [1, 0, 1])
    #expect(x.argmax().doubles == [4] && x.argmin().doubles == [3] && x.argmin(0).doubles == [1, 0, 1])
  }

  @Test func zerosInProducts() {
    // x = torch.tensor([0., 2, 3, 4], requires_grad=True); x.prod().backward(); and with two zeros
    expectNear(gradient([0, 2, 3, 4]) { $0.prod() }, [24, 0, 0, 0], 0, "one zero")
    expectNear(gradient([0, 2, 0, 4]) { $0.prod() }, [0, 0, 0, 0], 0, "two zeros")
    // torch.tensor([2., 0, 3, 0, 5]).cumprod(0).backward(torch.tensor([1., 2, 3, 4, 5]))
    let weights = Variable(Tensor([1, 2, 3, 4, 5] as [Double]))
    expectNear(gradient([2, 0, 3, 0, 5]) { $0.cumprod(0) * weights }, [1, 22, 0, 0, 0], 0, "cumprod")
    for x in [[2, 0, 3, 0, 5], [1.5, -2, 0.5, 3, 0.25, -1, 2]] as [[Double]] {
      let report = gradientCheck({ $0.cumprod(0) }, at: Tensor(x))
      #expect(report.passed, "cumprod: \(report)")
    }
  }

  @Test func infinitiesInLogSumExp() {
    func value(_ x: [Double]) -> Double { Variable(Tensor(x)).logSumExp().item }
    #expect(value([-.infinity, -.infinity]) == -.infinity)
    #expect(value([.infinity, 1]) == .infinity)
    #expect(value([-.infinity, 1]) == 1)
    #expect(value([1000, 1000]) == pytorch("torch.logsumexp(torch.tensor([1000., 1000.]), 0)", 1000.6931471805599))
    #expect(value([]) == -.infinity)
    #expect(value([.nan, 1]).isNaN)
    expectNear(gradient([-.infinity, 1]) { $0.logSumExp() }, [0, 1], 0, "gradient")
    let rows = Variable(Tensor([-.infinity, -.infinity, 0, 0] as [Double], shape: [2, 2]))
    #expect(rows.logSumExp(1).value.doubles == pytorch("torch.logsumexp(rows, 1)", [-.infinity, 0.6931471805599453]))
  }

  @Test func cornersHaveTheSubgradientOfPyTorch() {
    // torch.linalg.vector_norm(torch.zeros(2, requires_grad=True), p).backward() for each p; torch.tensor([1.,
    // 1]).std().backward()
    for p in [0.5, 1, 1.5, 2, 3, .infinity, -.infinity, -1] as [Double] {
      expectNear(gradient([0, 0]) { $0.norm(p) }, [0, 0], 0, "norm \(p)")
    }
    let besideZero: [Double] = [0, 3, -3, 1]
    expectNear(
      gradient(besideZero) { $0.norm(.infinity) },
      pytorch(
        "torch.func.grad(lambda x: torch.linalg.vector_norm(x, inf))(torch.tensor(besideZero))", [0, 0.5, -0.5, 0]), 0,
      "norm ∞")
    expectNear(
      gradient(besideZero) { $0.norm(0.5) },
      pytorch(
        "torch.func.grad(lambda x: torch.linalg.vector_norm(x, 0.5))(torch.tensor(besideZero))",
        [0, 2.577350269189626, -2.577350269189626, 4.464101615137754]),
      1e-14, "norm ½")
    expectNear(
      gradient(besideZero) { $0.norm(1.5) },
      pytorch(
        "torch.func.grad(lambda x: torch.linalg.vector_norm(x, 1.5))(torch.tensor(besideZero))",
        [0, 0.7697625202443363, -0.7697625202443363, 0.44442259827515235]), 1e-14, "norm 1½")
    expectNear(gradient([1, 1]) { $0.standardDeviation() }, [0, 0], 0, "standard deviation of equal numbers")
    #expect(
      Variable(Tensor([1] as [Double])).variance().item.isNaN
        && Variable(Tensor([1] as [Double])).standardDeviation().item.isNaN)
    #expect(Variable(Tensor([3] as [Double])).variance(correction: 0).item == 0)
  }

  @Test func nothingReduced() {
    let empty = Variable(Tensor.zeros([0, 3], .float64))
    #expect(empty.sum(0).value.doubles == [0, 0, 0])
    #expect(empty.prod(0).value.doubles == [1, 1, 1])
    #expect(empty.mean().item.isNaN)
    #expect(empty.logSumExp(0).value.doubles == [-.infinity, -.infinity, -.infinity])
    #expect(empty.norm().item == 0)
    #expect(empty.amax(1).shape == [0])
    #expect(empty.cumsum(0).shape == [0, 3] && empty.cumprod(0).shape == [0, 3])
    #expect(empty.all().item == 1 && empty.any().item == 0)
    // No axes at all: every element stays.
    let x = Variable(reductionInput)
    #expect(x.sum(axes: []).value == x.value && x.amax(axes: []).value == x.value && x.prod(axes: []).value == x.value)
    #expect(x.norm(axes: []).value.doubles == [1.5, 2, 0.25, 4, 0.5, 1])
  }

  @Test func truth() {
    let x = Variable(Tensor([0, 1, .nan, 0, 0, 0] as [Double], shape: [2, 3]))
    #expect(x.any(1).doubles == [1, 0] && x.any(1).dtype == .bool)
    #expect(x.all(0, keepDims: true).doubles == [0, 0, 0] && x.all(0, keepDims: true).shape == [1, 3])
    #expect(x.any().item == 1 && x.all().item == 0)
  }

  @Test func integersAreCountedExactly() {
    let x = Variable(Tensor([3, 4, 5] as [Int]))
    #expect(x.sum().dtype == .int64 && x.sum().item == 12 && x.prod().item == 60)
    #expect(x.amax(0).dtype == .int64 && x.max().item == 5 && x.cumsum(0).value.doubles == [3, 7, 12])
  }

  @Test func emptyExtremaAreRefused() {
    #expect(Mistake("amax: axis 0 of [0, 3] is empty") { _ = Variable(Tensor.zeros([0, 3])).amax(0) }.problem == nil)
  }
}
