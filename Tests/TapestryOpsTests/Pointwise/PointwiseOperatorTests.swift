import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Operators with a Variable, a Tensor or a number on either side.
struct PointwiseOperatorTests {
  let x = Variable(Tensor([1, -2, 4] as [Double]), requiresGrad: true)
  let y = Variable(Tensor([0.5, 2, -1] as [Double]), requiresGrad: true)
  let t = Tensor([2, 3, 5] as [Double])

  @Test func arithmeticOfEveryPair() {
    let n = 3, f: Float = 0.5, d = -1.5
    let pairs: [(String, Variable, [Double])] = [
      ("x + y", x + y, [1.5, 0, 3]), ("x - y", x - y, [0.5, -4, 5]), ("x * y", x * y, [0.5, -4, -4]),
      ("x / y", x / y, [2, -1, -4]),
      ("x + t", x + t, [3, 1, 9]), ("x - t", x - t, [-1, -5, -1]), ("x * t", x * t, [2, -6, 20]),
      ("x / t", x / t, [0.5, -2.0 / 3, 0.8]),
      ("t + x", t + x, [3, 1, 9]), ("t - x", t - x, [1, 5, 1]), ("t * x", t * x, [2, -6, 20]),
      ("t / x", t / x, [2, -1.5, 1.25]),
      ("x + n", x + n, [4, 1, 7]), ("x - n", x - n, [-2, -5, 1]), ("x * n", x * n, [3, -6, 12]),
      ("x / n", x / n, [1.0 / 3, -2.0 / 3, 4.0 / 3]),
      ("n + x", n + x, [4, 1, 7]), ("n - x", n - x, [2, 5, -1]), ("n * x", n * x, [3, -6, 12]),
      ("n / x", n / x, [3, -1.5, 0.75]),
      ("x + f", x + f, [1.5, -1.5, 4.5]), ("f - x", f - x, [-0.5, 2.5, -3.5]), ("x * d", x * d, [-1.5, 3, -6]),
      ("d / x", d / x, [-1.5, 0.75, -0.375]),
      ("-x", -x, [-1, 2, -4]),
    ]
    for (name, result, expected) in pairs { expectNear(result.value, expected, 1e-15, "\(name)") }
  }

  @Test func aNumberTakesTheTypeOfTheTensor() {
    let single = Variable(Tensor([1, 2] as [Float])), whole = Variable(Tensor([7, -7] as [Int]))
    #expect((single * 2.5).dtype == .float32 && (1 - single).dtype == .float32 && pow(single, 2).dtype == .float32)
    #expect((whole + 1).dtype == .int64 && (whole + 1).value.doubles == [8, -6])
    #expect((whole / 2).dtype == .float32 && (whole / 2).value.doubles == [3.5, -3.5])  // as torch.tensor([7, -7]) / 2
  }

  @Test func compoundAssignmentBindsANewResult() {
    var z = x
    z += y
    z -= 1
    z *= t
    z /= 2
    z += t
    z -= y
    z *= 3
    z /= t
    // ((x + y − 1)·t/2 + t − y)·3/t = 1.5·(x + y − 1) + 3 − 3y/t
    let expected: [Double] = [(1.0, 0.5, 2.0), (-2, 2, 3), (4, -1, 5)].map { (x: Double, y: Double, t: Double) in
      1.5 * (x + y - 1) + 3 - 3 * y / t
    }
    expectNear(z.value, expected, 1e-15, "z")
    z.sum().backward()
    expectNear(x.grad, [1.5, 1.5, 1.5], 1e-15, "dx")
    expectNear(y.grad, [1.5 - 3.0 / 2, 1.5 - 1, 1.5 - 3.0 / 5], 1e-15, "dy")
    #expect(x.value.doubles == [1, -2, 4])
  }

  @Test func aLongExpressionOfMixedTypesCompiles() {
    let n = 3, z = Variable(t)
    let result = x * n + 2.0 / y - 3 * z.sum() + t * 0.5 - (1 - x) / Float(2) * n
    expectNear(result.value, [3 + 4 - 30 + 1 - 0, -6 + 1 - 30 + 1.5 - 4.5, 12 - 2 - 30 + 2.5 + 4.5], 1e-14, "result")
  }

  @Test func comparisonsGiveBoolTensors() {
    let z = Variable(Tensor([1, 2, .nan] as [Double])), u = Tensor([1, 3, 1] as [Double]), v = Variable(u)
    let all: [(String, Tensor, [Double])] = [
      ("z .< v", z .< v, [0, 1, 0]), ("z .<= v", z .<= v, [1, 1, 0]), ("z .> v", z .> v, [0, 0, 0]),
      ("z .>= v", z .>= v, [1, 0, 0]),
      ("z .== v", z .== v, [1, 0, 0]), ("z .!= v", z .!= v, [0, 1, 1]),
      ("z .< u", z .< u, [0, 1, 0]), ("z .<= u", z .<= u, [1, 1, 0]), ("z .> u", z .> u, [0, 0, 0]),
      ("z .>= u", z .>= u, [1, 0, 0]),
      ("z .== u", z .== u, [1, 0, 0]), ("z .!= u", z .!= u, [0, 1, 1]),
      ("u .< z", u .< z, [0, 0, 0]), ("u .<= z", u .<= z, [1, 0, 0]), ("u .> z", u .> z, [0, 1, 0]),
      ("u .>= z", u .>= z, [1, 1, 0]),
      ("u .== z", u .== z, [1, 0, 0]), ("u .!= z", u .!= z, [0, 1, 1]),
      ("z .< 2", z .< 2, [1, 0, 0]), ("z .<= 2", z .<= 2, [1, 1, 0]), ("z .> 1.5", z .> 1.5, [0, 1, 0]),
      ("z .>= 2", z .>= 2, [0, 1, 0]),
      ("z .== 2", z .== 2, [0, 1, 0]), ("z .!= 2", z .!= 2, [1, 0, 1]),
      ("2 .< z", 2 .< z, [0, 0, 0]), ("2 .<= z", 2 .<= z, [0, 1, 0]), ("1.5 .> z", 1.5 .> z, [1, 0, 0]),
      ("2 .>= z", 2 .>= z, [1, 1, 0]),
      ("2 .== z", 2 .== z, [0, 1, 0]), ("2 .!= z", 2 .!= z, [1, 0, 1]),
      ("isNaN", z.isNaN(), [0, 0, 1]), ("isFinite", z.isFinite(), [1, 1, 0]),
      ("isInfinite", (1 / (z - 1)).isInfinite(), [1, 0, 0]),
    ]
    for (name, result, expected) in all {
      #expect(result.dtype == .bool && result.doubles == expected, "\(name): \(result)")
    }
  }

  @Test func whereTakesATensorOrANumber() {
    let condition = Tensor([true, false, true])
    expectNear(x.where(condition, t).value, [1, 3, 4], 0, "a Tensor")
    expectNear(x.where(condition, 0.5).value, [1, 0.5, 4], 0, "a number")
    let table = Variable(Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3]), requiresGrad: true)
    let picked = table.where(Tensor([true, false], shape: [2, 1]), x)
    expectNear(picked.value, [1, 2, 3, 1, -2, 4], 0, "broadcast")
    picked.sum().backward()
    expectNear(table.grad, [1, 1, 1, 0, 0, 0], 0, "gradient of the first")
    expectNear(x.grad, [1, 1, 1], 0, "gradient of the other")
  }

  @Test(arguments: [
    Mistake("*: cannot broadcast [2, 3] with [2]: sizes 3 and 2 of axis -1 differ") {
      _ = Variable(Tensor.zeros([2, 3])) * Variable(Tensor.zeros([2]))
    },
    Mistake("+: cannot combine float64 [2] with float32 [2]; convert one with cast(to:)") {
      _ = Variable(Tensor.zeros([2], .float64)) + Tensor.zeros([2])
    },
    Mistake("sqrt: needs a floating-point tensor, got int64 [2]; convert it with cast(to: .float32)") {
      _ = sqrt(Variable(Tensor([1, 2] as [Int])))
    },
    Mistake("*: cannot combine int64 [2] with the fraction 0.5; convert the tensor with cast(to: .float32)") {
      _ = Variable(Tensor([1, 2] as [Int])) * 0.5
    },
    Mistake("-x: is not defined for bool [1]") { _ = -Variable(Tensor([true])) },
  ]) func mistakesAreRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
