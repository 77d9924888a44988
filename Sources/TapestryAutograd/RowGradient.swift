import TapestryTensors

/// The gradient of a table (count, dim) of which a batch reads a few rows: those rows alone. It goes to a leaf as it
/// is, where nobody looks on the way and nobody will differentiate it again; else, and where `grad` is read, it becomes
/// the table's gradient, zeros where no row is.
package final class RowGradient: Variable {
  /// The rows' positions (n), int64, all inside the table; they may repeat. The rows are the value, (n, 1, dim): of no
  /// shape that a table has.
  let places: Tensor
  private let table: Shape

  package init(places: Tensor, rows: Tensor, of table: Shape) {
    (self.places, self.table) = (places, table)
    super.init(rows.reshaped([places.count, 1, table[1]]))
  }

  var rows: Tensor { value.reshaped([places.count, table[1]]) }

  /// The gradient of the whole table.
  var whole: Variable { Variable(result: Kernel.indexAdded(places, rows, axis: 0, shape: table)) }
}

extension GradientSink {
  /// A gradient of another shape than its node's output: what broadcasting added is summed. Rows go to their leaf at
  /// once where nobody waits for them; nil then.
  @inline(never)
  func fit(_ gradient: Variable, _ node: Node, _ shape: Shape) -> Variable? {
    guard type(of: gradient) == RowGradient.self else { return sumTo(gradient, shape) }
    let rows = unsafeDowncast(gradient, to: RowGradient.self)
    if targets == nil, !isWatched, node.hooks == nil, let leaf = node as? Leaf {
      leaf.accumulate(rows)
      return nil
    }
    return rows.whole
  }
}

/// The gradients that passes brought to a table, as rows in the order in which they came.
package final class GradientRows {
  /// The positions (n), which may repeat, and the rows (n, dim).
  package private(set) var places: Tensor
  package var rows: Tensor

  private let table: Shape
  private var areDistinct = false

  init(_ gradient: RowGradient, _ rows: Tensor, of table: Shape) {
    (places, self.rows, self.table) = (gradient.places, rows, table)
  }

  /// More rows; the whole gradient once they are as many as the table has.
  func add(_ more: Tensor, at others: Tensor) -> Tensor? {
    areDistinct = false
    let n = places.count, m = others.count
    func joined(_ shape: Shape, _ parts: [Tensor]) -> Tensor {
      Kernel.assemble(shape, parts) { y, i in y.narrowed(axis: 0, start: i * n, count: i == 0 ? n : m) }
    }
    (places, rows) = (joined([n + m], [places, others]), joined([n + m, table[1]], [rows, more]))
    return n + m < table[0] ? nil : whole
  }

  var whole: Tensor { Kernel.indexAdded(places, rows, axis: 0, shape: table) }

  /// Each position once: equal ones add up, in their order, as they do in the whole gradient.
  package func makeDistinct() {
    if areDistinct { return }
    var slots: [Int: Int] = [:], positions: [Int] = []
    let numbers = places.array(Int.self).map { position in
      if let slot = slots[position] { return slot }
      slots[position] = positions.count
      positions.append(position)
      return positions.count - 1
    }
    if positions.count < places.count {
      (places, rows) = (
        Tensor(positions), Kernel.indexAdded(Tensor(numbers), rows, axis: 0, shape: [positions.count, table[1]])
      )
    }
    areDistinct = true
  }
}
