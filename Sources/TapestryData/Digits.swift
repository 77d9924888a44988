import CTapestryData
import TapestryTensors

/// Handwritten digits: 1,797 real 8×8 images with their labels, embedded in the library.
///
///     let digits = try Digits.load()
///     digits.train      // 1,437 examples: images (1437, 64) float32 in 0 … 1, labels (1437) int64 in 0 … 9
///     digits.test       // 360 examples: every fifth image
///
/// Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
/// 1998, https://doi.org/10.24432/C50P49, CC BY 4.0: its test part, as scikit-learn ships it.
public struct Digits: Sendable {
  /// The examples to train with: images (count, 64), labels (count).
  public let train: Examples
  /// The examples to test with, of which training sees none.
  public let test: Examples

  /// Splits the images: those whose index is a multiple of 5 are for testing. Throws if the embedded data is damaged.
  public static func load() throws(DataError) -> Digits {
    let rows = Int(TP_DIGITS_COUNT), width = Int(TP_DIGITS_ROW)
    let bytes = UnsafeBufferPointer(start: tp_digits(), count: rows * width)
    var pixels: [[Float]] = [[], []], labels: [[Int]] = [[], []]
    for i in 0..<rows {
      let row = bytes[i * width..<(i + 1) * width], part = i % 5 == 0 ? 1 : 0
      guard let label = row.last, label <= 9, row.dropLast().allSatisfy({ $0 <= 16 }) else {
        throw DataError("digits: image \(i) has a pixel above 16 or a label above 9; the embedded file is damaged")
      }
      pixels[part] += row.dropLast().map { Float($0) / 16 }
      labels[part].append(Int(label))
    }
    func examples(_ part: Int) -> Examples {
      let count = labels[part].count
      return Examples(Tensor(pixels[part], shape: [count, width - 1]), Tensor(labels[part]))
    }
    return Digits(train: examples(0), test: examples(1))
  }
}
