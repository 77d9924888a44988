import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

struct ImputerTests {
  private let x = Tensor(
    [1, 10, .nan, .nan, 40, 3, 5, 20, 3, 2, .nan, 8, 5, 20, 1] as [Double], shape: [5, 3])

  @Test func whatIsFilledInIsScikitLearns() {
    expectClose(
      Imputer(fitting: x).fill.value, scikit("sklearn.impute.SimpleImputer().fit(x).statistics_", [3.25, 22.5, 3.75]))
    expectClose(
      Imputer(fitting: x, .median).fill.value,
      scikit("sklearn.impute.SimpleImputer(strategy='median').fit(x).statistics_", [3.5, 20, 3]))
    expectClose(
      Imputer(fitting: x, .mostFrequent).fill.value,
      scikit("sklearn.impute.SimpleImputer(strategy='most_frequent').fit(x).statistics_", [5, 20, 3]))
    // The smallest of several that are as frequent.
    let ties = Tensor([4, 2, 2, 4, 9] as [Double], shape: [5, 1])
    expectClose(
      Imputer(fitting: ties, .mostFrequent).fill.value,
      scikit("sklearn.impute.SimpleImputer(strategy='most_frequent').fit(ties).statistics_", [2]))
    #expect(Imputer(fitting: x, .constant(-1)).fill.value.array(Double.self) == [-1, -1, -1])
  }

  @Test func missingValuesAndOnlyTheyAreFilled() {
    let imputer = Imputer(fitting: x, .median)
    expectClose(
      imputer.transform(x),
      scikit(
        "sklearn.impute.SimpleImputer(strategy='median').fit_transform(x)",
        [1, 10, 3, 3.5, 40, 3, 5, 20, 3, 2, 20, 8, 5, 20, 1]))
    let row = imputer(Tensor([Float.nan, 7, .infinity]))
    #expect(row.dtype == .float32 && row.value.array(Float.self) == [3.5, 7, .infinity])
    #expect(imputer.transform(Tensor([1, 2, 3])).array(Float.self) == [1, 2, 3])
    // All of a column missing there: only the training part needs a number.
    #expect(imputer.transform(.full([1, 3], Double.nan, .float64)).array(Double.self) == [3.5, 20, 3])
  }

  @Test func anIndicatorTellsWhatWasMissing() {
    let imputer = Imputer(fitting: x, .median, indicator: true)
    expectClose(
      imputer.transform(x[0..<2]), [1, 10, 3, 0, 0, 1, 3.5, 40, 3, 1, 0, 0])
    #expect(imputer.transform(Tensor.zeros([0, 2, 3])).shape == [0, 2, 6])
    #expect("\(imputer)".contains("Imputer(3, indicator: true)"))
  }

  /// A filled number hangs on nothing.
  @Test func gradientsFlowToWhatWasThere() {
    let x = Variable(Tensor([[Float.nan, 2, 3]]), requiresGrad: true)
    (Imputer(fitting: self.x)(x) * 2).sum().backward()
    #expect(x.grad!.array(Float.self) == [0, 2, 2])
  }

  @Test func aModelsStateHasIt() throws {
    let imputer = Imputer(fitting: x, .median, indicator: true)
    let model = Sequential(imputer, Standardizer(fitting: imputer.transform(x)), Linear(6, 1))
    let twin = Sequential(Imputer(3, indicator: true), Standardizer(6), Linear(6, 1))
    try twin.loadStateDict(model.stateDict())
    let row = Tensor([Float.nan, 7, 1])
    #expect(twin(row).value == model(row).value && !twin(row).value.item.isNaN)
  }

  private static let mistakes: [Mistake] = [
    Mistake("Imputer: needs at least 1 column, got 0") { _ = Imputer(0) },
    Mistake("Imputer: needs x (…, columns) to be fitted to, got a scalar") { _ = Imputer(fitting: Tensor(1.0)) },
    Mistake("Imputer: was made for 2 columns, x (…, 2), got [4, 3]") { Imputer(2).fit(.zeros([4, 3])) },
    Mistake("Imputer: was made for 2 columns, x (…, 2), got [3]") {
      _ = Imputer(fitting: .zeros([4, 2])).transform(.zeros([3]))
    },
    Mistake("Imputer: was not fitted; call fit(x) with the training part, or load a state that was") {
      _ = Imputer(2).transform(.zeros([2]))
    },
    Mistake("Imputer: column 0 of [1, 2] has no number to take the median of; leave it out, or fill it with .constant")
    {
      _ = Imputer(fitting: Tensor([[Float.nan, 1]]), .median)
    },
    Mistake("Imputer: only a finite number can stand for missing values, got inf") {
      _ = Imputer(fitting: .zeros([1, 2]), .constant(.infinity))
    },
    Mistake("Imputer: column 1 of [1, 2] has inf in row 0") {
      _ = Imputer(fitting: Tensor([[1, Float.infinity]]), .constant(0))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
