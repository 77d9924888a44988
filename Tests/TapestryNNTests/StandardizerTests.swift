import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

struct StandardizerTests {
  /// Numbers of different sizes, one of which is missing, and a column that is constant but for rounding.
  private let x = Tensor(
    [20.5, 1_700_000_012, 0.1, 22, 1_700_000_019, 0.1, .nan, 1_700_000_031, 0.1, 18.25, 1_700_000_018, 0.1] as [Double],
    shape: [4, 3])

  @Test func meansAndScalesAreScikitLearns() {
    let standardizer = Standardizer(fitting: x)
    expectClose(
      standardizer.mean.value,
      scikit("sklearn.preprocessing.StandardScaler().fit(x).mean_", [20.25, 1_700_000_020, 0.1]))
    expectClose(
      standardizer.scale.value,
      scikit("sklearn.preprocessing.StandardScaler().fit(x).scale_", [1.541103500742244, 6.892024376045111, 1]))
    let z = standardizer.transform(x)
    #expect(z.dtype == .float64 && z[2, 0].item.isNaN)
    expectClose(
      z.reshaped(-1)[Tensor([0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11])],
      scikit(
        "np.delete(sklearn.preprocessing.StandardScaler().fit_transform(x).ravel(), 6)",
        [
          0.16222142113076254, -1.1607620001760186, 0, 1.135549947915338, -0.14509525002200233, 0, 1.5960477502420256,
          0, -1.2977713690461004, -0.29019050004400465, 0,
        ]))
    expectClose(standardizer.inverseTransform(z).reshaped(-1)[0..<6], x.reshaped(-1)[0..<6].array(Double.self), 1e-15)
  }

  /// Every batch has its own mean; what is fitted once is not.
  @Test func onlyTheTrainingPartIsLookedAt() {
    let standardizer = Standardizer(fitting: Tensor([[0, 10], [2, 30]] as [[Float]]))
    let z = standardizer.transform(Tensor([[4, 20], [4, 20]] as [[Float]]))
    #expect(z.dtype == .float32 && z.array(Float.self) == [3, 0, 3, 0])
    standardizer.fit(Tensor([[4, 20], [8, 20]] as [[Float]]))
    #expect(standardizer(Tensor([4, 21] as [Float])).value.array(Float.self) == [-1, 1])
  }

  /// Sums of thousands of 0.1 leave a variance that is not 0; 1e-9 apart is not constant.
  @Test func whatRoundingMakesOfAConstantIsConstant() {
    let tenths = Standardizer(fitting: Tensor.full([5000, 1], 0.1, .float64))
    #expect(tenths.scale.value.item == 1 && abs(tenths.mean.value.item - 0.1) < 1e-12)
    let close = Standardizer(fitting: Tensor([0.1, 0.1 + 1e-9] as [Double], shape: [2, 1]))
    #expect(abs(close.scale.value.item - 5e-10) < 1e-16)
    // Two numbers beside each other, of those that Double has there.
    let neighbors = Tensor([1e16, 1e16 + 4] as [Double], shape: [2, 1])
    #expect(
      Standardizer(fitting: neighbors).scale.value.item
        == scikit("sklearn.preprocessing.StandardScaler().fit(neighbors).scale_", 1))
    // One row: all constant.
    #expect(Standardizer(fitting: Tensor([[3, 4]] as [[Float]])).scale.value.array(Double.self) == [1, 1])
  }

  @Test func anyLeadingAxesAndTypes() {
    let standardizer = Standardizer(fitting: Tensor.arange(24).reshaped(2, 4, 3))
    #expect(standardizer.mean.value.array(Double.self) == [10.5, 11.5, 12.5])
    let z = standardizer(Tensor([10, 12, 13]))
    #expect(z.dtype == .float32 && z.shape == [3])
    #expect(standardizer(Tensor.zeros([0, 3])).shape == [0, 3])
    #expect(standardizer.inverseTransform(Tensor.zeros([3])).array(Float.self) == [10.5, 11.5, 12.5])
  }

  /// dx = dz/scale
  @Test func gradientsFlowToTheInputs() {
    let standardizer = Standardizer(fitting: Tensor([[0, 10], [2, 30]] as [[Double]]))
    let x = Variable(Tensor([[1, 2]] as [[Float]]), requiresGrad: true)
    standardizer(x).sum().backward()
    expectClose(x.grad, [1, 0.1], 1e-7)
    #expect(gradientCheck({ standardizer($0) }, at: Tensor([[1, 2]] as [[Double]])).passed)
  }

  /// The state of a model has the mean and the scale, in float64 beside weights of float32.
  @Test func aModelsStateHasThem() throws {
    let model = Sequential(Standardizer(fitting: x[.all, 0..<2]), Linear(2, 1))
    let state = model.stateDict()
    #expect(state.names == ["1.weight", "1.bias", "0.mean", "0.scale"] && state["0.mean"]!.dtype == .float64)
    #expect(model.parameters().count == 2)
    let twin = Sequential(Standardizer(2), Linear(2, 1))
    try twin.loadStateDict(state)
    let row = Tensor([19, 1_700_000_000] as [Double]).cast(to: .float32)
    #expect(twin(row).value == model(row).value)
    #expect(model.copy()(row).value == model(row).value && model.frozen()(row) == model(row).value)
    #expect(twin.details.isEmpty && "\(twin)".contains("Standardizer(2)"))
  }

  private static let mistakes: [Mistake] = [
    Mistake("Standardizer: needs at least 1 column, got 0") { _ = Standardizer(0) },
    Mistake("Standardizer: needs x (…, columns) to be fitted to, got a scalar") {
      _ = Standardizer(fitting: Tensor(1.0))
    },
    Mistake("Standardizer: was made for 3 columns, x (…, 3), got [10, 4]") { Standardizer(3).fit(.zeros([10, 4])) },
    Mistake("0 (Standardizer): Standardizer: was made for 3 columns, x (…, 3), got [1, 2]") {
      _ = Sequential(Standardizer(3))(Tensor.zeros([1, 2]))
    },
    Mistake("Standardizer: was made for 2 columns, x (…, 2), got [3]") {
      _ = Standardizer(fitting: .zeros([1, 2])).inverseTransform(.zeros([3]))
    },
    Mistake("Standardizer: was not fitted; call fit(x) with the training part, or load a state that was") {
      _ = Standardizer(3).transform(.zeros([2, 3]))
    },
    Mistake("Standardizer: was not fitted") { _ = Standardizer(3).inverseTransform(.zeros([2, 3])) },
    Mistake("Standardizer: column 0 of [0, 2] has no number to take the mean of; leave it out") {
      _ = Standardizer(fitting: .zeros([0, 2]))
    },
    Mistake("Standardizer: column 1 of [2, 2] has no number") {
      _ = Standardizer(fitting: Tensor([[1, .nan], [2, .nan]] as [[Float]]))
    },
    Mistake("Standardizer: column 1 of [2, 2] has -inf in row 1; mend the data, or make it NaN, a missing value") {
      _ = Standardizer(fitting: Tensor([[1, 2], [2, -.infinity]] as [[Float]]))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  /// Shapes alone need no fit.
  @Test func dryRunsNeedNoFit() {
    let model = Sequential(Imputer(3), Standardizer(3))
    let y = Dry.run { model(Tensor.zeros([5, 3])).shape }
    #expect(y == [5, 3])
    #expect(mistake { _ = model(Tensor.zeros([5, 3])) }.contains("was not fitted"))
  }
}
