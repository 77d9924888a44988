import CTapestry
import TapestryAutograd
import TapestryTensors

/// y[…] = table[indices[…]], rows of a table (count, dim).    dTable[i] = Σ of dy over the places where the index is i
///
/// Equal rows add up in the order of the indices: the same bits always. The row `padding` gets no gradient. With
/// `scaleByFrequency` dTable[i] is divided by how many indices are i.
package struct EmbeddingOp: Op {
  package static let name = "embedding"
  let indices: Tensor

  /// The row that gets no gradient.
  var padding: Int?
  var scaleByFrequency = false

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    let table = x[0]
    if table.count != 2 { throw ShapeError("embedding: the table must be (count, dim), got \(table)") }
    if indices.dtype.isFloatingPoint || indices.dtype == .bool {
      throw ShapeError(
        """
        embedding: the indices must be of an integer type, got \(indices.dtype) \(indices.shape); convert them with \
        cast(to: .int64)
        """)
    }
    if indices.rank == Shape.maximumRank {
      throw ShapeError("embedding: the result of indices \(indices.shape) has more than 8 axes")
    }
    if let padding, !(0..<table[0]).contains(padding) {
      throw ShapeError("embedding: the padding index \(padding) is no row of a table \(table)")
    }
    return Shape(Array(indices.shape) + [table[1]])
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Tensor) {
    let table = x.first.value
    let rows = failing { () throws(ShapeError) in
      try indices.cast(to: .int64).indices(into: table.shape, axis: 0, Self.name)
    }.reshaped([indices.count])
    return (table.picking(rows, axis: 0).reshaped(shape), rows)
  }

  package func backward(_ dy: Variable, _ kept: Kept<Tensor>, _ wants: Wants) -> InputGradients {
    InputGradients(IndexAdd(axis: 0, index: kept.extra, shape: kept.shapes[0]).apply(Inputs(rows(dy, kept))))
  }

  /// The rows alone: most of a large table is zero.
  package func fused(_ dy: Variable, _ kept: Kept<Tensor>, _ wants: Wants) -> InputGradients? {
    InputGradients(RowGradient(places: kept.extra, rows: rows(dy, kept).value, of: kept.shapes[0]))
  }

  /// What each index adds to its row: (indices, dim).
  private func rows(_ dy: Variable, _ kept: Kept<Tensor>) -> Variable {
    let table = kept.shapes[0]
    var rows = dy.reshaped([kept.extra.count, table[1]])
    if let padding {
      rows = rows.where(kept.extra.unsqueezed(-1) .!= padding, 0)
    }
    if scaleByFrequency {
      var counts = Tensor.zeros([table[0]], dy.dtype)
      Kernel.indexAdd(into: &counts, kept.extra, .ones([kept.extra.count], dy.dtype), axis: 0)
      rows = rows / Variable(counts.picking(kept.extra, axis: 0).unsqueezed(-1))
    }
    return rows
  }

  package static let law = Law(
    name,
    misuse: [
      .init("embedding", "(count, dim)", "[4]") { () throws(ShapeError) in
        _ = try EmbeddingOp(indices: Tensor([0])).shape(of: Specs([[4]], [.float32]))
      },
      .init("embedding", "float32 [2]", "cast(to: .int64)") { () throws(ShapeError) in
        _ = try EmbeddingOp(indices: .zeros([2])).shape(of: Specs([[4, 3]], [.float32]))
      },
      .init("embedding", "index 4 at position 1", "0 ..< 4") { () throws(ShapeError) in
        _ = try Tensor([0, 4]).indices(into: [4, 3], axis: 0, "embedding")
      },
      .init("embedding", "padding index 9", "[4, 3]") { () throws(ShapeError) in
        _ = try EmbeddingOp(indices: Tensor([0]), padding: 9).shape(of: Specs([[4, 3]], [.float32]))
      },
    ], neverScalar: true
  ) { draw in
    let count = draw.size(zero: false, most: 9), dim = draw.size(most: 9)
    let shape = draw.shape(rank: draw.int(0...3)), indices = draw.indices(shape, below: count)
    return LawCase([draw.tensor([count, dim])], label: "\(shape) of \(count) × \(dim)", isLinear: true) {
      embedding(indices, $0[0])
    }
  }
}

/// The rows of a table (count, dim) that `indices` (…) name: (…, dim). Indices are of an integer type and may repeat.
///
/// The row `paddingIdx` gets no gradient. With `scaleGradByFreq` a row's gradient is divided by how often `indices`
/// name it. An index outside the table ends the program with a message that names it and its position.
public func embedding(_ indices: Tensor, _ table: Variable, paddingIdx: Int? = nil, scaleGradByFreq: Bool = false)
  -> Variable
{
  EmbeddingOp(indices: indices, padding: paddingIdx, scaleByFrequency: scaleGradByFreq).apply(Inputs(table))
}

/// The same of a Tensor.
@_disfavoredOverload
public func embedding(_ indices: Tensor, _ table: Tensor, paddingIdx: Int? = nil, scaleGradByFreq: Bool = false)
  -> Tensor
{
  embedding(indices, Variable(table), paddingIdx: paddingIdx, scaleGradByFreq: scaleGradByFreq).value
}
