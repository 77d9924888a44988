import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A table of vectors, looked up by index: indices (…) of an integer type give vectors (…, embeddingDim). Rows start
/// normal with σ = 1, as in PyTorch.
///
/// A row that is looked up several times gets the sum of the gradients. An index outside the table ends the program
/// with a message.
public final class Embedding: Layer {
  /// (numEmbeddings, embeddingDim)
  public let weight: Parameter
  /// The row that stands for nothing: it starts at zero and gets no gradient.
  public let paddingIdx: Int?
  /// Rows longer than this are shortened to it, for good, when they are looked up; the length is the `normType`-norm.
  public let maxNorm: Double?
  /// p of the norm ‖row‖ₚ that `maxNorm` limits.
  public let normType: Double
  /// Whether a row's gradient is divided by how often it was looked up in the batch.
  public let scaleGradByFreq: Bool

  /// A negative `paddingIdx` counts from the end.
  public convenience init(
    _ numEmbeddings: Int, _ embeddingDim: Int, paddingIdx: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
    scaleGradByFreq: Bool = false,
    init weightInit: Initializer = .normal()
  ) {
    if numEmbeddings < 1 || embeddingDim < 1 {
      fail("Embedding: the sizes must be at least 1, got \(numEmbeddings) and \(embeddingDim)")
    }
    var table = weightInit([numEmbeddings, embeddingDim])
    let padding = Self.row(paddingIdx, of: table.shape)
    if let padding { table[padding] = .zeros([embeddingDim]) }
    self.init(table: table, padding, maxNorm, normType, scaleGradByFreq)
  }

  /// A given table (numEmbeddings, embeddingDim); frozen, unless told otherwise, so that it is not trained.
  public static func fromPretrained(
    _ table: Tensor, freeze: Bool = true, paddingIdx: Int? = nil, maxNorm: Double? = nil, normType: Double = 2,
    scaleGradByFreq: Bool = false
  ) -> Embedding {
    if table.rank != 2 || table.count == 0 || !table.dtype.isFloatingPoint {
      fail(
        """
        Embedding.fromPretrained: the table must be floating-point (numEmbeddings, embeddingDim), got \(table.dtype) \
        \(table.shape)
        """)
    }
    let embedding = Embedding(table: table, row(paddingIdx, of: table.shape), maxNorm, normType, scaleGradByFreq)
    embedding.weight.isFrozen = freeze
    return embedding
  }

  private init(table: Tensor, _ paddingIdx: Int?, _ maxNorm: Double?, _ normType: Double, _ scaleGradByFreq: Bool) {
    if let maxNorm, !(maxNorm >= 0) { fail("Embedding: maxNorm must be at least 0, got \(maxNorm)") }
    weight = Parameter(table)
    self.paddingIdx = paddingIdx
    self.maxNorm = maxNorm
    self.normType = normType
    self.scaleGradByFreq = scaleGradByFreq
  }

  private static func row(_ index: Int?, of table: Shape) -> Int? {
    guard let index else { return nil }
    if index < -table[0] || index >= table[0] {
      fail("Embedding: the padding index \(index) is no row of a table of \(table[0]), \(-table[0]) ..< \(table[0])")
    }
    return index < 0 ? index + table[0] : index
  }

  /// How many rows the table has.
  public var numEmbeddings: Int { weight.shape[0] }
  /// How long a row is.
  public var embeddingDim: Int { weight.shape[1] }

  /// `embedding`: indices (…) of an integer type give (…, embeddingDim). Traps for an index outside of the table. With
  /// `maxNorm` rows that are looked up and longer are shortened first, in the table.
  public func forward(_ indices: Variable) -> Variable {
    let indices = indices.value
    if let maxNorm { shorten(indices, to: maxNorm) }
    return embedding(indices, weight, paddingIdx: paddingIdx, scaleGradByFreq: scaleGradByFreq)
  }

  private func shorten(_ indices: Tensor, to maxNorm: Double) {
    if indices.dtype.isFloatingPoint || indices.dtype == .bool { return }  // the look-up itself refuses them
    let rows = failing { () throws(ShapeError) in
      try indices.cast(to: .int64).indices(into: weight.shape, axis: 0, "embedding")
    }
    let used = Set(rows.array(Int.self)).sorted()
    noGrad {
      let rows = weight.indexSelect(0, Tensor(used))
      let norms = rows.norm(normType, axes: [1]).value.cast(to: .float64).array(Double.self)
      // In the parameter's own memory: a variable for the table would be a second holder, and the first row then copy
      // it all.
      for (i, norm) in norms.enumerated() where norm > maxNorm {
        weight.value[used[i]] = rows.value[i] * (maxNorm / (norm + 1e-7))
      }
    }
  }

  /// What stands in brackets where the model is printed: `50000, 512`.
  public var details: String { "\(numEmbeddings), \(embeddingDim)" + (paddingIdx.map { ", paddingIdx: \($0)" } ?? "") }
}
