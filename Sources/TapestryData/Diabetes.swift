import CTapestryData
import TapestryTensors

/// Progression of diabetes: 442 patients, ten features measured at the start, and how far the disease had progressed a
/// year later. Embedded in the library.
///
///     let diabetes = try Diabetes.load()
///     diabetes.train      // 353 examples: inputs (353, 10), labels (353, 1) in 25 … 346
///     diabetes.test       // 89 examples: every fifth patient
///
/// Source: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, "Least Angle Regression", Annals of Statistics 32(2),
/// 2004, 407–499, https://doi.org/10.1214/009053604000000067; the values as scikit-learn ships them (BSD 3-Clause).
public struct Diabetes: Sendable {
  /// 353 patients: inputs (353, 10), labels (353, 1).
  public let train: Examples
  /// The other 89, every fifth: inputs (89, 10), labels (89, 1).
  public let test: Examples

  /// Age in years, sex (1 or 2), body mass index, mean blood pressure, and six blood values: total cholesterol, LDL,
  /// HDL, total cholesterol / HDL, log of triglycerides, sugar.
  public static let featureNames = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]

  /// Splits the patients: those whose index is a multiple of 5 are for testing. `scaled` features are scikit-learn's:
  /// over all patients each has mean 0 and sum of squares 1, so its standard deviation is 1/√442 = 0.048; multiply by
  /// √442 for 1. Throws if the embedded data is damaged.
  public static func load(scaled: Bool = true, _ dtype: DType = .float32) throws(DataError) -> Diabetes {
    var size: Int64 = 0
    let bytes = Array(UnsafeBufferPointer(start: tp_diabetes(&size), count: Int(size)))
    let table = try CSV(bytes, file: "diabetes.csv", ",", true, [""])
    var features = try table.numbers(featureNames, .float64)
    if scaled {
      features = features - features.mean(0)
      features = features / Tensor((features * features).sum(0).array(Double.self).map { $0.squareRoot() })
    }
    let all = Examples(features.cast(to: dtype), try table.numbers(["progression"], dtype)), rows = 0..<all.count
    return Diabetes(train: all.subset(rows.filter { $0 % 5 != 0 }), test: all.subset(rows.filter { $0 % 5 == 0 }))
  }
}
