import TapestryAutograd
import TapestryOps
import TapestryTensors

/// Views, repetitions, masks and positions: each against the element by element formula.
let structureLaws: [Law] = axisLaws + shapeLaws + repetitionLaws + maskLaws + paddingLaws

private let axisLaws: [Law] = [
  Law("transposed", misuse: [.trap("[3]", "no two axes") { _ = Variable(.ones([3])).transposed() }], neverScalar: true)
  { draw in
    let (shape, a) = draw.shapeAndAxis(rank: 2...4), b = draw.anyAxis(of: shape), i = plain(a, shape.count),
      j = plain(b, shape.count)
    var swapped = shape
    (swapped[i], swapped[j]) = (shape[j], shape[i])
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(a) and \(b)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: swapped) { at in
          var at = at
          at.swapAt(i, j)
          return at
        }
      }, call: { $0[0].transposed(a, b) })
  },
  Law(
    "movedAxis", misuse: [.trap("axis 2", "[2, 3]") { _ = Variable(.ones([2, 3])).movedAxis(2, to: 0) }],
    neverScalar: true
  ) { draw in
    let (shape, from) = draw.shapeAndAxis(), place = draw.anyAxis(of: shape)
    var sizes = Array(shape)
    sizes.insert(sizes.remove(at: plain(from, shape.count)), at: plain(place, shape.count))
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(from) to \(place)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: Shape(sizes)) { at in
          var at = at
          at.insert(at.remove(at: plain(place, shape.count)), at: plain(from, shape.count))
          return at
        }
      }, call: { $0[0].movedAxis(from, to: place) })
  },
  Law(
    "movedAxes",
    misuse: [.trap("2 axes [0, 1]", "1 places") { _ = Variable(.ones([2, 3])).movedAxes([0, 1], to: [0]) }],
    neverScalar: true
  ) { draw in
    let shape = draw.shape(rank: draw.int(1...4)), count = draw.int(0...shape.count)
    let from = Array(draw.order(shape.count).prefix(count)), places = Array(draw.order(shape.count).prefix(count)),
      negative = draw.bool()
    // Where axis i of the result comes from.
    var order = [Int](repeating: -1, count: shape.count), rest = shape.indices.filter { !from.contains($0) }
    for (f, p) in zip(from, places) { order[p] = f }
    for p in order.indices where order[p] < 0 { order[p] = rest.removeFirst() }
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(from) to \(places)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: Shape(order.map { shape[$0] })) { at in
          var source = at
          for (place, axis) in order.enumerated() { source[axis] = at[place] }
          return source
        }
      }, call: { $0[0].movedAxes(negative ? from.map { $0 - shape.count } : from, to: places) })
  },
  Law(
    "rotated90",
    misuse: [.trap("two different axes", "[2, 3]") { _ = Variable(.ones([2, 3])).rotated90(axes: (1, -1)) }],
    neverScalar: true
  ) { draw in
    let shape = draw.shape(rank: draw.int(2...3)), a = draw.int(0...shape.count - 1),
      b = (a + draw.int(1...shape.count - 1)) % shape.count
    let times = draw.int(-5...5), turns = ((times % 4) + 4) % 4
    var turned = shape
    if turns % 2 == 1 { (turned[a], turned[b]) = (shape[b], shape[a]) }
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(times) times, \(a) to \(b)", isLinear: true,
      composed: { v in
        // A turn takes (i, j) from (j, n − 1 − i).
        rearranged(v[0], to: turned) { at in
          var at = at, sizes = (turned[a], turned[b])
          for _ in 0..<turns {
            (at[a], at[b]) = (at[b], sizes.0 - 1 - at[a])
            sizes = (sizes.1, sizes.0)
          }
          return at
        }
      }, call: { $0[0].rotated90(times, axes: (a, b - (times % 2 == 0 ? 0 : shape.count))) })
  },
  Law(
    "selected",
    misuse: [.trap("index 3", "axis 1 of [2, 3]") { _ = Variable(.ones([2, 3])).selected(axis: 1, index: 3) }],
    neverScalar: true
  ) { draw in
    var (shape, axis) = draw.shapeAndAxis()
    if shape[plain(axis, shape.count)] == 0 { shape[plain(axis, shape.count)] = 2 }
    let size = shape[plain(axis, shape.count)], index = draw.int(-size...size - 1), a = plain(axis, shape.count)
    var rest = Array(shape)
    rest.remove(at: a)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(index) of axis \(axis)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: Shape(rest)) { at in
          var at = at
          at.insert(index < 0 ? index + size : index, at: a)
          return at
        }
      }, call: { [axis] in $0[0].selected(axis: axis, index: index) })
  },
  Law(
    "narrowed",
    misuse: [.trap("narrowed", "[2, 3]") { _ = Variable(.ones([2, 3])).narrowed(axis: 1, start: 2, count: 2) }],
    neverScalar: true
  ) { draw in
    let (shape, axis) = draw.shapeAndAxis(), a = plain(axis, shape.count), size = shape[a], count = draw.int(0...size),
      start = draw.int(0...size - count)
    var part = shape
    part[a] = count
    let negative = draw.bool() && start > 0 && start < size
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(count) from \(start) of axis \(axis)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: part) { at in
          var at = at
          at[a] += start
          return at
        }
      }, call: { $0[0].narrowed(axis: axis, start: negative ? start - size : start, count: count) })
  },
]

private let shapeLaws: [Law] = [
  Law("unsqueezed", misuse: [.trap("[2, 3]", "4") { _ = Variable(.ones([2, 3])).unsqueezed(4) }]) { draw in
    let shape = draw.shape(), place = draw.int(-shape.count - 1...shape.count)
    var wide = Array(shape)
    wide.insert(1, at: place < 0 ? place + shape.count + 1 : place)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) at \(place)", isLinear: true, composed: { $0[0].reshaped(Shape(wide)) },
      call: { $0[0].unsqueezed(place) })
  },
  Law("squeezed", misuse: [.trap("axis 1 of [2, 3]", "size 3") { _ = Variable(.ones([2, 3])).squeezed(1) }]) { draw in
    var shape = draw.shape()
    let all = draw.bool() || shape.isEmpty, axis = draw.anyAxis(of: shape)
    if !all { shape[plain(axis, shape.count)] = 1 }
    var rest = Array(shape)
    if all { rest.removeAll { $0 == 1 } } else { rest.remove(at: plain(axis, shape.count)) }
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(all ? "all" : "\(axis)")", isLinear: true,
      composed: { $0[0].reshaped(Shape(rest)) }
    ) {
      all ? $0[0].squeezed() : $0[0].squeezed(axis)
    }
  },
  Law(
    "flattened",
    misuse: [.trap("from axis 1 to axis 0", "[2, 3]") { _ = Variable(.ones([2, 3])).flattened(from: 1, to: 0) }]
  ) { draw in
    let shape = draw.shape(), x = draw.tensor(shape)
    if shape.isEmpty {
      return LawCase([x], isLinear: true, composed: { $0[0].reshaped([1]) }, call: { $0[0].flattened() })
    }
    let a = draw.int(0...shape.count - 1), b = draw.int(a...shape.count - 1), negative = draw.bool()
    let flat = Shape(shape[..<a] + [shape[a...b].reduce(1, *)] + shape[(b + 1)...])
    return LawCase([x], label: "\(shape) from \(a) to \(b)", isLinear: true, composed: { $0[0].reshaped(flat) }) {
      $0[0].flattened(from: negative ? a - shape.count : a, to: negative ? b - shape.count : b)
    }
  },
  Law(
    "unflattened", misuse: [.trap("[2, 2]", "3") { _ = Variable(.ones([2, 3])).unflattened(1, [2, 2]) }],
    neverScalar: true
  ) { draw in
    let parts = (0..<draw.int(1...3)).map { _ in draw.int(1...4) }
    var (shape, axis) = draw.shapeAndAxis(rank: 1...3)
    let a = plain(axis, shape.count)
    shape[a] = parts.reduce(1, *)
    let whole = Shape(shape[..<a] + parts + shape[(a + 1)...]), open = draw.int(0...parts.count - 1),
      inferred = draw.bool()
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), axis \(axis) as \(parts)", isLinear: true,
      composed: { $0[0].reshaped(whole) }
    ) { [axis] in
      $0[0].unflattened(axis, parts.enumerated().map { inferred && $0 == open ? -1 : $1 })
    }
  },
  Law("chunk", misuse: [.trap("0 parts", "[2]") { _ = Variable(.ones([2])).chunk(0) }], neverScalar: true) { draw in
    let (shape, axis) = draw.shapeAndAxis(), count = draw.int(1...5)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) in \(count) along \(axis)", isLinear: true, composed: { $0[0] * 1 }
    ) {
      concatenate($0[0].chunk(count, axis: axis), axis: axis)
    }
  },
  Law(
    "diagonalEmbedded", misuse: [.trap("[]", "axes") { _ = Variable(Tensor(1)).diagonalEmbedded() }], neverScalar: true
  ) { draw in
    var drawn = draw.shape(rank: draw.int(1...3))
    if drawn.last! > 200 { drawn[drawn.count - 1] = 70 }  // its square is made
    let shape = drawn, offset = draw.int(-2...2), n = shape.last!, size = n + abs(offset)
    // The matrices' two axes stand anywhere among the others.
    let places = draw.order(shape.count + 1), (a, b) = (places[0], places[1])
    var whole = Array(shape.dropLast())
    for axis in [a, b].sorted() { whole.insert(size, at: axis) }
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), offset \(offset), axes \(a) and \(b)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: Shape(whole)) { at in
          let row = at[a], column = at[b]
          if column - row != offset { return nil }
          return at.indices.filter { $0 != a && $0 != b }.map { at[$0] } + [min(row, column)]
        }
      }, call: { $0[0].diagonalEmbedded(offset: offset, axis1: a, axis2: b - shape.count - 1) })
  },
  Law("trace", misuse: [.trap("matrix", "[3]") { _ = Variable(.ones([3])).trace() }], neverScalar: true) { draw in
    let shape = draw.shape(rank: 2)
    let eye = Tensor((0..<shape.volume).map { $0 / max(1, shape[1]) == $0 % max(1, shape[1]) ? 1.0 : 0 }, shape: shape)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape)", isLinear: true, composed: { ($0[0] * eye.cast(to: $0[0].dtype)).sum() }
    ) { $0[0].trace() }
  },
]

extension Draw {
  /// How often each axis of a shape, and of new ones before it, is repeated: few times where it is large.
  fileprivate mutating func counts(_ shape: Shape, _ more: Int) -> [Int] {
    (0..<shape.count + more).map { axis in
      shape.volume > 1000 ? (axis == 0 ? int(1...2) : 1) : int(0...9) == 0 ? 0 : int(1...3)
    }
  }
}

private let repetitionLaws: [Law] = [
  Law("tiled", misuse: [.trap("[2, 3]", "each of its 2 axes", "[4]") { _ = Variable(.ones([2, 3])).tiled(4) }]) {
    draw in
    let shape = draw.shape(rank: draw.int(0...3)), more = draw.int(0...1),
      counts = draw.counts(shape, more)
    let inner = [Int](repeating: 1, count: more) + Array(shape)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) by \(counts)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: Shape(zip(inner, counts).map { $0 * $1 })) { at in
          zip(at, inner).map { $0 % $1 }.suffix(shape.count).map { $0 }
        }
      }, call: { $0[0].tiled(counts) })
  },
  Law(
    "repeatInterleave", misuse: [.trap("-1", "[2]") { _ = Variable(.ones([2])).repeatInterleave(-1, axis: 0) }],
    neverScalar: true
  ) { draw in
    let (shape, axis) = draw.shapeAndAxis(rank: 1...3), a = plain(axis, shape.count), same = draw.bool(),
      one = draw.int(0...3)
    let counts = (0..<shape[a]).map { _ in same ? one : draw.int(0...3) },
      from = counts.enumerated().flatMap { [Int](repeating: $0, count: $1) }
    var long = shape
    long[a] = from.count
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) along \(axis), \(counts)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: long) { at in
          var at = at
          at[a] = from[at[a]]
          return at
        }
      }, call: { same ? $0[0].repeatInterleave(one, axis: axis) : $0[0].repeatInterleave(counts, axis: axis) })
  },
  Law("rolled", misuse: [.trap("2 shifts for 1 axes", "[2]") { _ = Variable(.ones([2])).rolled([1, 2], axes: [0]) }]) {
    draw in
    let shape = draw.shape(), flat = shape.isEmpty || draw.int(0...3) == 0,
      shifts = shape.map { draw.int(-2 * $0 - 1...2 * $0 + 1) }, one = draw.int(-9...9)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) by \(flat ? [one] : shifts)", isLinear: true,
      composed: { v in
        let n = shape.volume
        if flat { return rearranged(v[0].reshaped([n]), to: [n]) { [(($0[0] - one) % n + n) % n] }.reshaped(shape) }
        return rearranged(v[0], to: shape) { at in
          at.indices.map { ((at[$0] - shifts[$0]) % shape[$0] + shape[$0]) % shape[$0] }
        }
      },
      call: {
        flat
          ? $0[0].rolled(one)
          : shape.count == 1
            ? $0[0].rolled(shifts[0], axis: -1) : $0[0].rolled(shifts, axes: shape.indices.map { $0 - shape.count })
      })
  },
]

private let maskLaws: [Law] = [
  Law(
    "maskedFill",
    misuse: [
      .trap("[3]", "[2]", "does not broadcast") { _ = Variable(.ones([2])).maskedFill(Tensor([true, false, true]), 0) }
    ]
  ) { draw in
    let shape = draw.shape(), mask = draw.tensor(Shape(shape.map { draw.bool() ? $0 : 1 }), -1, 1) .> 0,
      number = draw.bool()
    let inputs = [draw.tensor(shape)] + (number ? [] : [draw.tensor([])])
    return LawCase(
      inputs, label: "\(shape), mask \(mask.shape), a number \(number)", isLinear: true,
      composed: { v in
        let m = Variable(mask.cast(to: v[0].dtype))
        return v[0] * (1 - m) + (number ? 0.5 * m : v[1] * m)
      }, call: { number ? $0[0].maskedFill(mask, 0.5) : $0[0].maskedFill(mask, $0[1]) })
  },
  Law("maskedSelect", misuse: [.trap("bool", "float32 [2]") { _ = Variable(.ones([2])).maskedSelect(.ones([2])) }]) {
    draw in
    let (a, b) = draw.broadcastPair(), mask = draw.tensor(b, -1, 1) .> 0, common = a.broadcast(with: b)!
    let chosen = mask.expanded(to: common).array(Bool.self).enumerated().filter(\.element).map(\.offset)
    return LawCase(
      [draw.tensor(a)], label: "\(a) by \(b)", isLinear: true,
      composed: { v in
        rearranged(v[0].expanded(to: common).contiguous(), to: [chosen.count]) { common.position(chosen[$0[0]]) }
      },
      call: { $0[0].maskedSelect(mask) })
  },
  Law(
    "subscript", misuse: [.trap("axis 0", "[2]", "7") { _ = Variable(.ones([2]))[Tensor([0, 7])] }], neverScalar: true
  ) { draw in
    let shape = draw.shape(rank: draw.int(1...3)), count = shape[0] == 0 ? 0 : draw.int(0...5), masked = draw.bool()
    let positions = draw.indices([count], below: shape[0])
    let mask = draw.tensor([shape[0]], -1, 1) .> 0, flags = mask.array(Bool.self)
    let from = masked ? flags.indices.filter { flags[$0] } : positions.array(Int.self)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) at \(from)", isLinear: true,
      composed: { v in rearranged(v[0], to: Shape([from.count] + shape.dropFirst())) { [from[$0[0]]] + $0.dropFirst() }
      },
      call: { masked ? $0[0][mask] : $0[0][positions] })
  },
  Law(
    "scatter",
    misuse: [.trap("twice", "[3]") { _ = Variable(.ones([3])).scatter(0, Tensor([1, 1]), Variable(.ones([2]))) }]
  ) { draw in
    let shape = draw.shape(zero: false), axis = draw.anyAxis(of: shape),
      a = shape.isEmpty ? 0 : plain(axis, shape.count)
    let size = shape.isEmpty ? 1 : shape[a], count = shape.isEmpty ? 1 : draw.int(0...size)
    var part = shape
    if !shape.isEmpty { part[a] = count }
    // Different positions along the axis, the same for all lines.
    let places = Array(draw.order(size).prefix(count))
    let index = Tensor((0..<part.volume).map { shape.isEmpty ? 0 : places[part.position($0)[a]] }, shape: part)
    return LawCase(
      [draw.tensor(shape), draw.tensor(part)], label: "\(shape) along \(axis) at \(places)", isLinear: true,
      composed: { v in
        if shape.isEmpty { return v[1] + v[0] * 0 }
        func source(_ at: [Int]) -> [Int]? {
          var at = at
          guard let place = places.firstIndex(of: at[a]) else { return nil }
          at[a] = place
          return at
        }
        return rearranged(v[0], to: shape) { source($0) == nil ? $0 : nil } + rearranged(v[1], to: shape, source)
      }, call: { $0[0].scatter(axis, index, $0[1]) })
  },
  Law(
    "takeAlong",
    misuse: [.trap("[3]", "as many axes as [2, 3]") { _ = Variable(.ones([2, 3])).takeAlong(1, Tensor([0, 1, 2])) }],
    neverScalar: true
  ) {
    draw in
    var (shape, axis) = draw.shapeAndAxis()
    let a = plain(axis, shape.count), count = draw.int(0...5)
    shape[a] = max(1, shape[a])
    var sizes = Shape(shape.map { draw.bool() ? $0 : 1 }), wide = shape
    (sizes[a], wide[a]) = (count, count)
    let index = draw.indices(sizes, below: shape[a])
    let numbers = index.expanded(to: wide).array(Int.self)
    return LawCase(
      [draw.tensor(shape)], label: "\(shape) along \(axis) by \(sizes)", isLinear: true,
      composed: { [shape] v in
        rearranged(v[0], to: wide) { at in
          var from = at
          from[a] = numbers[zip(at, wide).reduce(0) { $0 * $1.1 + $1.0 }]
          return from
        }
      }, call: { [axis] in $0[0].takeAlong(axis, index) })
  },
]

/// Every mode with every width, also negative ones.
private let paddingLaws: [Law] = [
  Law(
    "padded",
    misuse: [.trap("reflect", "too wide", "[3]") { _ = Variable(.ones([3])).padded([(3, 0)], mode: .reflect) }],
    neverScalar: true
  ) { draw in
    let mode = draw.pick([PaddingMode.constant(1.5), .reflect, .replicate, .circular]),
      shape = draw.shape(rank: draw.int(1...3), zero: mode == .constant(1.5))
    let widths = shape.suffix(draw.int(1...shape.count)).map { size -> (Int, Int) in
      let most = mode == .reflect ? min(3, size - 1) : mode == .circular ? min(3, size) : 3
      let least = mode == .constant(1.5) || mode == .replicate ? -min(2, (size - 1) / 2) : 0
      return (draw.int(least...most), draw.int(least...most))
    }
    let all = [(Int, Int)](repeating: (0, 0), count: shape.count - widths.count) + widths
    return LawCase(
      [draw.tensor(shape)], label: "\(shape), \(widths), \(mode)", isLinear: true,
      composed: { v in
        rearranged(v[0], to: Shape(zip(shape, all).map { $0 + $1.0 + $1.1 }), value: 1.5) { at in
          var from = at
          for i in at.indices {
            let n = shape[i]
            var p = at[i] - all[i].0
            switch mode {
            case .filled: if p < 0 || p >= n { return nil }
            case .reflect: p = p < 0 ? -p : p >= n ? 2 * n - 2 - p : p
            case .replicate: p = max(0, min(n - 1, p))
            case .circular: p = (p + n) % n
            }
            from[i] = p
          }
          return from
        }
      }, call: { $0[0].padded(widths, mode: mode) })
  }
]
