import TapestryAutograd
import TapestryOps
import TapestryTensors

/// Products by their names and by their indices: each against sums of single products.
let productLaws: [Law] = [
  Law(
    "matmul",
    misuse: [.trap("[2]", "[3]", "inner sizes 2 and 3") { _ = matmul(Variable(.ones([2])), Variable(.ones([3]))) }],
    neverScalar: true
  ) { draw in
    // A vector on either side.
    let k = draw.bool() ? draw.longSize() : draw.int(0...9), n = draw.int(0...4), batch = draw.bool() ? [2] : [],
      left = draw.bool(), right = draw.bool()
    let a = left ? Shape([k]) : Shape(batch + [n, k]), b = right || !left ? Shape([k]) : Shape(batch + [k, n])
    return LawCase(
      [draw.tensor(a), draw.tensor(b)], label: "\(a) · \(b)",
      composed: { v in
        if a.count == 1 && b.count == 1 { return (v[0] * v[1]).sum() }
        return b.count == 1 ? (v[0] * v[1]).sum(-1) : (v[0].unsqueezed(-1) * v[1]).sum(-2)
      }, call: { matmul($0[0], $0[1]) })
  },
  Law(
    "dot", misuse: [.trap("[2]", "[3]", "one size") { _ = dot(Variable(.ones([2])), Variable(.ones([3]))) }],
    neverScalar: true
  ) { draw in
    let shape = draw.shape(rank: 1)
    return LawCase([draw.tensor(shape), draw.tensor(shape)], label: "\(shape)", composed: { ($0[0] * $0[1]).sum() }) {
      dot($0[0], $0[1])
    }
  },
  Law(
    "outer", misuse: [.trap("two vectors", "[2, 2]") { _ = outer(Variable(.ones([2, 2])), Variable(.ones([3]))) }],
    neverScalar: true
  ) { draw in
    let a = draw.shape(rank: 1), b = Shape([a.volume > 1000 ? draw.int(1...3) : draw.size(most: 5)])
    return LawCase(
      [draw.tensor(a), draw.tensor(b)], label: "\(a), \(b)",
      composed: { matmul($0[0].reshaped([a[0], 1]), $0[1].reshaped([1, b[0]])) }, call: { outer($0[0], $0[1]) })
  },
  Law(
    "bmm",
    misuse: [.trap("[2, 3, 4]", "[3, 4, 5]") { _ = bmm(Variable(.ones([2, 3, 4])), Variable(.ones([3, 4, 5]))) }],
    neverScalar: true
  ) { draw in
    let (batch, m, k, n) = (draw.size(most: 3), draw.size(most: 5), draw.size(most: 9), draw.size(most: 5))
    return LawCase(
      [draw.tensor([batch, m, k]), draw.tensor([batch, k, n])], label: "\(batch) × \(m)·\(k)·\(n)",
      composed: { ($0[0].unsqueezed(-1) * $0[1].unsqueezed(1)).sum(2) }, call: { bmm($0[0], $0[1]) })
  },
  Law(
    "addmm",
    misuse: [
      .trap("[4]", "[2, 3]") { _ = addmm(Variable(.ones([4])), Variable(.ones([2, 5])), Variable(.ones([5, 3]))) }
    ]
  ) { draw in
    let (m, k, n) = (draw.size(most: 5), draw.size(most: 9), draw.size(most: 5)), beta = draw.pick([0.0, 1, 0.5]),
      alpha = draw.pick([0.0, 1, -2])
    let x = Shape(Array(draw.pick([[m, n], [1, n], [m, 1], [n], []])))
    return LawCase(
      [draw.tensor(x), draw.tensor([m, k]), draw.tensor([k, n])],
      label: "\(x), \(m)·\(k)·\(n), beta \(beta), alpha \(alpha)",
      composed: { $0[0] * beta + ($0[1].unsqueezed(-1) * $0[2]).sum(1) * alpha },
      call: { addmm($0[0], $0[1], $0[2], beta: beta, alpha: alpha) })
  },
  Law(
    "einsum",
    misuse: [
      .trap("'j'", "size 3 and 4") { _ = einsum("ij,jk->ik", Variable(.ones([2, 3])), Variable(.ones([4, 5]))) }
    ]
  ) { draw in
    // Letters at random: in each input some, in the result some of those; a letter may be there twice.
    let letters: [Character] = ["a", "b", "c", "d"],
      sizes = letters.map { _ in draw.int(0...19) == 0 ? 0 : draw.int(1...4) }
    func size(_ letter: Character) -> Int { sizes[letters.firstIndex(of: letter)!] }
    let inputs = (0..<draw.int(1...3)).map { _ in (0..<draw.int(0...3)).map { _ in draw.pick(letters) } }
    let used = letters.filter { letter in inputs.contains { $0.contains(letter) } },
      output = draw.order(used.count).map { used[$0] }.prefix(draw.int(0...used.count))
    let equation = inputs.map { String($0) }.joined(separator: ",") + "->" + String(output),
      axes = Array(output) + used.filter { !output.contains($0) }
    return LawCase(
      inputs.map { draw.tensor(Shape($0.map(size))) }, label: "\(equation), \(sizes)", isLinear: inputs.count == 1,
      composed: { v in
        // Every input laid out over all letters, multiplied, and summed over those that the result has not.
        let whole = Shape(axes.map(size))
        var product: Variable?
        for (x, own) in zip(v, inputs) {
          let wide = rearranged(x, to: whole) { at in own.map { at[axes.firstIndex(of: $0)!] } }
          product = product.map { $0 * wide } ?? wide
        }
        return product!.sum(axes: Array(output.count..<axes.count))
      },
      call: { v in
        switch v.count {
        case 1: einsum(equation, v[0])
        case 2: einsum(equation, v[0], v[1])
        default: einsum(equation, v[0], v[1], v[2])
        }
      })
  },
]

/// Reductions that give elements of their input, by position.
let reductionLaws: [Law] = [
  Law("max", misuse: [.trap("axis 0 of [0]", "empty") { _ = Variable(.ones([0])).max(axis: 0) }]) { draw in
    extremum(&draw, largest: true)
  },
  Law("min", misuse: [.trap("axis 0 of [0]", "empty") { _ = Variable(.ones([0])).min(axis: 0) }]) { draw in
    extremum(&draw, largest: false)
  },
  // Under the name that the functions have with the axis named.
  Law("sum", misuse: [.trap("axis 2", "[2]") { _ = Variable(.ones([2])).sum(axis: 2) }], neverScalar: true) { draw in
    let (shape, axis) = draw.shapeAndAxis(), keep = draw.bool(), which = draw.int(0...2),
      size = shape[plain(axis, shape.count)]
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) along \(axis), \(which)", isLinear: which < 2,
      composed: { v in
        if which == 1 && size == 0 { return v[0].sum(axis, keepDims: keep) / 1 }
        let all = (0..<size).map { v[0].selected(axis: axis, index: $0) }
        var y = all.first ?? Variable(.full(Shape(v[0].sum(axis).shape), which == 2 ? 1.0 : 0, v[0].dtype))
        for x in all.dropFirst() { y = which == 2 ? y * x : y + x }
        if which == 1 { y = y / size }
        return keep ? y.unsqueezed(axis) : y
      },
      call: {
        which == 0
          ? $0[0].sum(axis: axis, keepDims: keep)
          : which == 2
            ? $0[0].prod(axis: axis, keepDims: keep)
            : size == 0 ? $0[0].sum(axis: axis, keepDims: keep) : $0[0].mean(axis: axis, keepDims: keep)
      })
  },
]

/// Of distinct numbers the one that is never beaten, over all or along an axis.
private func extremum(_ draw: inout Draw, largest: Bool) -> LawCase {
  var shape = draw.shape()
  for axis in shape.indices where shape[axis] == 0 && draw.int(0...1) == 0 { shape[axis] = 2 }
  let axis = draw.anyAxis(of: shape), a = shape.isEmpty ? 0 : plain(axis, shape.count), keep = draw.bool()
  if !shape.isEmpty && shape[a] == 0 { shape[a] = 1 }
  let x = draw.distinct(shape), all = draw.int(0...2) == 0 && shape.volume > 0
  let sign = largest ? 1.0 : -1
  return LawCase(
    [x], label: "\(shape), \(all ? "all" : "axis \(axis)")", isLinear: true,
    composed: { v in
      // Weighted with 1 where no other element of the line is better.
      if shape.isEmpty { return v[0] * 1 }
      let numbers = v[0].value.doubles
      func line(_ i: Int) -> [Int] {
        (0..<(all ? shape.volume : shape[a])).map { j in all ? j : flat(shape.position(i), a, j, shape) }
      }
      let chosen = (0..<shape.volume).map { i in
        line(i).allSatisfy { numbers[i] * sign >= numbers[$0] * sign } ? 1.0 : 0
      }
      let picked = v[0] * Tensor(chosen, shape: shape).cast(to: v[0].dtype)
      return all ? picked.sum() : picked.sum(a, keepDims: keep)
    },
    call: { v in
      if all { return largest ? v[0].max() : v[0].min() }
      return largest ? v[0].max(axis: axis, keepDims: keep).values : v[0].min(axis: axis, keepDims: keep).values
    })
}

/// The row-major number of the element at `at`, but with j on an axis.
private func flat(_ at: [Int], _ axis: Int, _ j: Int, _ shape: Shape) -> Int {
  at.enumerated().reduce(0) { $0 * shape[$1.offset] + ($1.offset == axis ? j : $1.element) }
}
