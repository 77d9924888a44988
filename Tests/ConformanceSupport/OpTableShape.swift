import TapestryAutograd
import TapestryOps
import TapestryTensors

/// `reshape` and `view`: sizes, of which one may be −1.
private func reshape(_ name: String) -> OpEntry {
  OpEntry(name, ours: "reshaped", "input shape") { c in
    let x = try c.variable("input"), sizes = try c.ints("shape")
    return [x.reshaped(sizes)]
  }
}

let shapeEntries: [OpEntry] = formEntries + orderEntries + partEntries

private let formEntries: [OpEntry] = [
  reshape("reshape"),
  reshape("view"),
  OpEntry("flatten", ours: "flattened", "input start_dim end_dim") { c in
    let x = try c.variable("input"), start = try c.optionalInt("start_dim") ?? 0
    return [x.flattened(from: start, to: try c.optionalInt("end_dim") ?? -1)]
  },
  OpEntry("unflatten", ours: "unflattened", "input dim sizes") { c in
    let x = try c.variable("input"), axis = try c.int("dim")
    return [x.unflattened(axis, try c.ints("sizes"))]
  },
  OpEntry("squeeze", ours: "squeezed", "input dim") { c in
    // PyTorch leaves a named axis of another size alone; ours refuses it, so only those of size 1 are named.
    let x = try c.variable("input")
    guard let axes = try c.optionalInts("dim") else { return [x.squeezed()] }
    let single = axes.map { $0 < 0 ? $0 + x.rank : $0 }.filter { $0 < x.rank && x.shape[$0] == 1 }
    return [single.sorted(by: >).reduce(x) { $0.squeezed($1) }]
  },
  OpEntry("unsqueeze", ours: "unsqueezed", "input dim") { c in
    let x = try c.variable("input")
    return [x.unsqueezed(try c.int("dim"))]
  },
  OpEntry("expand", ours: "expanded", "input size") { c in
    let x = try c.variable("input")
    return [x.expanded(try c.ints("size"))]
  },
  OpEntry("broadcast_to", ours: "expanded", "input size") { c in
    let x = try c.variable("input")
    return [x.expanded(to: Shape(try c.ints("size")))]
  },
  OpEntry("repeat", ours: "tiled", "input repeats") { c in
    let x = try c.variable("input")
    return [x.tiled(try c.ints("repeats"))]
  },
  OpEntry("tile", ours: "tiled", "input dims") { c in
    // As `repeat`, with ones for the axes in front that have no count.
    let x = try c.variable("input"), counts = try c.ints("dims")
    return [x.tiled([Int](repeating: 1, count: Swift.max(0, x.rank - counts.count)) + counts)]
  },
  OpEntry("repeat_interleave", ours: "repeatInterleave", "input repeats dim output_size") { c in
    let x = try c.variable("input"), axis = try c.optionalInt("dim")
    c.ignoring("output_size")  // a hint
    let (y, along) = axis.map { (x, $0) } ?? (x.flattened(), 0)
    guard case .tensor(let counts)? = c.given("repeats") else {
      return [y.repeatInterleave(try c.int("repeats"), axis: along)]
    }
    if counts.count == 1 { return [y.repeatInterleave(Int(counts.item), axis: along)] }
    return [y.repeatInterleave(counts.value.array(Int.self), axis: along)]
  },
]

private let orderEntries: [OpEntry] = [
  OpEntry("transpose", ours: "transposed", "input dim0 dim1") { c in
    let x = try c.variable("input"), first = try c.int("dim0")
    return [x.transposed(first, try c.int("dim1"))]
  },
  OpEntry("permute", ours: "permuted", "input dims") { c in
    let x = try c.variable("input")
    return [x.permuted(try c.ints("dims"))]
  },
  OpEntry("movedim", ours: "movedAxis movedAxes", "input source destination") { c in
    let x = try c.variable("input"), source = try c.ints("source"), destination = try c.ints("destination")
    return [
      source.count == 1 && destination.count == 1
        ? x.movedAxis(source[0], to: destination[0]) : x.movedAxes(source, to: destination)
    ]
  },
  OpEntry("flip", ours: "flipped", "input dims") { c in
    let x = try c.variable("input")
    return [x.flipped(try c.ints("dims"))]
  },
  OpEntry("roll", ours: "rolled", "input shifts dims") { c in
    let x = try c.variable("input"), shifts = try c.ints("shifts")
    if let axes = try c.optionalInts("dims") { return [x.rolled(shifts, axes: axes)] }
    if shifts.count != 1 { throw CaseFailure("without axes the shift is one number") }
    return [x.rolled(shifts[0])]
  },
  OpEntry("rot90", ours: "rotated90", "input k dims") { c in
    let x = try c.variable("input"), times = try c.optionalInt("k") ?? 1, axes = try c.optionalInts("dims") ?? [0, 1]
    if axes.count != 2 { throw CaseFailure("axes is a pair") }
    return [x.rotated90(times, axes: (axes[0], axes[1]))]
  },
]

private let partEntries: [OpEntry] = [
  OpEntry("narrow", ours: "narrowed", "input dim start length") { c in
    let x = try c.variable("input"), axis = try c.int("dim"), start = try c.position("start")
    return [x.narrowed(axis: axis, start: start, count: try c.int("length"))]
  },
  OpEntry("select", ours: "selected", "input dim index") { c in
    let x = try c.variable("input"), axis = try c.int("dim")
    return [x.selected(axis: axis, index: try c.int("index"))]
  },
  OpEntry("split", "input split_size_or_sections dim") { c in
    let x = try c.variable("input"), axis = try c.optionalInt("dim") ?? 0
    if case .integer(let size)? = c.given("split_size_or_sections") { return x.split(size, axis: axis) }
    return x.split(try c.ints("split_size_or_sections"), axis: axis)
  },
  OpEntry("chunk", "input chunks dim") { c in
    let x = try c.variable("input"), count = try c.int("chunks")
    return x.chunk(count, axis: try c.optionalInt("dim") ?? 0)
  },
  OpEntry("unbind", "input dim") { c in
    let x = try c.variable("input")
    return x.unbind(axis: try c.optionalInt("dim") ?? 0)
  },
  OpEntry("cat", ours: "concatenate", "tensors dim") { c in
    let inputs = try c.variables("tensors")
    return [concatenate(inputs, axis: try c.optionalInt("dim") ?? 0)]
  },
  OpEntry("stack", "tensors dim") { c in
    let inputs = try c.variables("tensors")
    return [stack(inputs, axis: try c.optionalInt("dim") ?? 0)]
  },
  OpEntry("diagonal", "input offset dim1 dim2") { c in
    let x = try c.variable("input"), offset = try c.optionalInt("offset") ?? 0
    return [x.diagonal(offset: offset, axis1: try c.optionalInt("dim1") ?? 0, axis2: try c.optionalInt("dim2") ?? 1)]
  },
  OpEntry("diag_embed", ours: "diagonalEmbedded", "input offset dim1 dim2") { c in
    let x = try c.variable("input"), offset = try c.optionalInt("offset") ?? 0
    let (axis1, axis2) = (try c.optionalInt("dim1") ?? -2, try c.optionalInt("dim2") ?? -1)
    return [x.diagonalEmbedded(offset: offset, axis1: axis1, axis2: axis2)]
  },
  OpEntry("tril", "input diagonal") { c in
    let x = try c.variable("input")
    return [x.tril(try c.optionalInt("diagonal") ?? 0)]
  },
  OpEntry("triu", "input diagonal") { c in
    let x = try c.variable("input")
    return [x.triu(try c.optionalInt("diagonal") ?? 0)]
  },
]
