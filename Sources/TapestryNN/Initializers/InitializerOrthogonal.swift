import TapestryAutograd
import TapestryOps
import TapestryTensors

extension Initializer {
  /// Orthonormal rows, or columns where there are more rows, times 1 (Saxe et al. 2014, arXiv:1312.6120)
  public static let orthogonal = orthogonal(gain: 1)

  /// A weight (n, …) taken as a matrix (n, rest): its rows are orthogonal with length `gain`; its columns where there
  /// are more rows than columns. All such matrices are equally likely.
  ///
  /// Needs two axes at least.
  public static func orthogonal(gain: Double) -> Initializer {
    if !gain.isFinite { fail("Initializer.orthogonal: the gain must be finite, got \(gain)") }
    return Initializer { shape, _, dtype in
      if shape.count < 2 { fail("Initializer.orthogonal: needs a weight of two axes or more, got \(shape)") }
      if shape.volume == 0 { return .zeros(shape, dtype) }
      let rows = shape[0], columns = shape.volume / rows
      return noGrad {
        let short = orthonormalRows(min(rows, columns), max(rows, columns))
        let matrix = rows <= columns ? short : short.transposed()
        return (matrix * gain).value.reshaped(shape).cast(to: dtype)
      }
    }
  }

  /// (count, length) normal numbers made orthonormal by Gram and Schmidt's method, in float64. What is left of a row
  /// after taking its part along the rows before it has lost digits; taking it twice restores them ("twice is enough",
  /// Giraud, Langou and Rozložník 2005). Blocks of rows make most of the work matrix products.
  private static func orthonormalRows(_ count: Int, _ length: Int) -> Variable {
    let random = Variable(.normal([count, length], .float64))
    var done: [Variable] = []
    for start in stride(from: 0, to: count, by: 64) {
      var block = random.narrowed(axis: 0, start: start, count: Swift.min(64, count - start))
      if !done.isEmpty {
        let before = concatenate(done, axis: 0)
        for _ in 0..<2 { block = block - matmul(matmul(block, before.transposed()), before) }
      }
      done.append(orthonormalized(block))
    }
    return concatenate(done, axis: 0)
  }

  private static func orthonormalized(_ block: Variable) -> Variable {
    var rows: [Variable] = []
    for i in 0..<block.shape[0] {
      var row = block.narrowed(axis: 0, start: i, count: 1)
      if !rows.isEmpty {
        let before = concatenate(rows, axis: 0)
        for _ in 0..<2 { row = row - matmul(matmul(row, before.transposed()), before) }
      }
      rows.append(row / row.norm())
    }
    return concatenate(rows, axis: 0)
  }
}
