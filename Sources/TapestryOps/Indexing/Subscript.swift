import TapestryAutograd
import TapestryTensors

/// y = x[parts], the view that a Tensor's subscript gives.    dx = dy in its place among zeros (`SubscriptGradient`)
package struct Subscript: AdjointPair {
  package static let name = "subscript"

  /// No masks or positions, which copy.
  let parts: [IndexPart]

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    let used = parts.count {
      switch $0 {
      case .ellipsis, .newAxis: false
      default: true
      }
    }
    if used > x[0].count { throw ShapeError("subscript: \(used) indices for \(x[0]), which has \(x[0].count) axes") }
    return view(of: Tensor(0).expandedView(x[0])).shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) { (view(of: x.first.value), ()) }
  package func adjoint(of shape: Shape) -> SubscriptGradient { SubscriptGradient(parts: self, shape: shape) }

  func view(of x: Tensor) -> Tensor { Selection(parts, x.shape).view(of: x).0 }

  package static let law = Law(
    name,
    misuse: [
      .init("subscript", "3 indices", "[2, 3]") { () throws(ShapeError) in
        _ = try Subscript(parts: [.position(0), .range(nil, nil), .position(1)]).shape(of: Specs([[2, 3]], [.float32]))
      }
    ]
  ) { draw in
    let shape = draw.shape(), parts = draw.parts(of: shape)
    return LawCase([draw.tensor(shape)], label: "\(shape)[\(parts)]", isLinear: true) { $0[0].part(parts) }
  }
}

/// y = zeros of a shape with x at y[parts].    dx = dy[parts] (`Subscript`)
package struct SubscriptGradient: AdjointPair {
  package static let name = "subscriptGradient"
  let parts: Subscript
  let shape: Shape

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    let part = try parts.shape(of: Specs([shape], [x.dtype(0)]))
    if x[0] != part { throw ShapeError("subscriptGradient: \(x[0]) does not fill a part \(part) of \(shape)") }
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.embed(x.first.value, in: shape) { parts.view(of: $0) }, ())
  }
  package func adjoint(of _: Shape) -> Subscript { parts }

  package static let law = Law(
    name,
    misuse: [
      .init("subscriptGradient", "[2]", "[3]", "[2, 3]") { () throws(ShapeError) in
        _ = try SubscriptGradient(parts: Subscript(parts: [.position(0)]), shape: [2, 3]).shape(
          of: Specs([[2]], [.float32]))
      }
    ]
  ) { draw in
    let shape = draw.shape(), parts = Subscript(parts: draw.parts(of: shape))
    let part = parts.view(of: Tensor(0).expandedView(shape)).shape
    return LawCase([draw.tensor(part)], label: "\(part) in \(shape)[\(parts.parts)]", isLinear: true) {
      SubscriptGradient(parts: parts, shape: shape).apply(Inputs($0[0]))
    }
  }
}

extension Draw {
  /// Any parts that fit a shape.
  fileprivate mutating func parts(of shape: Shape) -> [IndexPart] {
    var parts: [IndexPart] = []
    for size in shape {
      if int(0...5) == 0 && parts.count < 6 { parts.append(.newAxis) }
      let start = int(0...size), end = int(start...size)
      var choices: [IndexPart] = [
        .range(nil, nil), .range(start, end), .slice(from: nil, to: nil, step: pick([-2, -1, 2, 3])),
        .range(start - size - (size == 0 ? 1 : 0), nil),
      ]
      if size == 0 || start == size { choices.removeLast() }
      if size > 0 { choices.append(.position(int(-size...size - 1))) }
      parts.append(pick(choices))
    }
    if bool() { parts = parts.prefix(parts.count / 2) + [.ellipsis] }
    return parts
  }
}

extension Variable {
  /// A part, as of a Tensor: `x[0]`, `x[1..<3, .all]`, `x[..., -1]`, `x[.newAxis]`, `x[mask]`, `x[.all, positions]`.
  /// Gradients flow back to where the elements came from; masks and positions copy. To change a part, see `where`,
  /// `indexAdd` and `scatterAdd`.
  public subscript(_ parts: any TensorIndex...) -> Variable { part(parts.map(\.indexPart)) }
  /// `x[..., 0]`: the parts are of the last axes.
  public subscript(_: UnboundedRange, _ parts: any TensorIndex...) -> Variable {
    part([.ellipsis] + parts.map(\.indexPart))
  }
  /// `x[0, ..., 1]`: one part of the first axis, the others of the last ones.
  public subscript(_ first: any TensorIndex, _: UnboundedRange, _ parts: any TensorIndex...) -> Variable {
    part([first.indexPart, .ellipsis] + parts.map(\.indexPart))
  }

  /// One position of an axis, which disappears; −1 is the last.
  public func selected(axis: Int, index: Int) -> Variable {
    let axis = shape.resolve(axis, "selected"), size = shape[axis]
    if index < -size || index >= size {
      fail("selected: index \(index) lies outside axis \(axis) of \(shape), which has size \(size)")
    }
    return part([IndexPart](repeating: .range(nil, nil), count: axis) + [.position(index)])
  }

  /// `count` positions of an axis from `start` on, without copying; a negative start counts from the end.
  public func narrowed(axis: Int, start: Int, count: Int) -> Variable {
    let (axis, first) = failing { () throws(ShapeError) in try shape.narrowing(axis, start, count) }
    var starts = shape.map { _ in 0 }, counts = Array(shape)
    (starts[axis], counts[axis]) = (first, count)
    return sliced(starts, counts, starts.map { _ in 1 })
  }

  fileprivate func part(_ parts: [IndexPart]) -> Variable {
    let places = parts.indices.filter { if case .tensor = parts[$0] { true } else { false } }
    guard let place = places.first, case .tensor(let tensor) = parts[place] else {
      return Subscript(parts: parts).apply(Inputs(self))
    }
    // The view with all axes that the mask or the positions speak of; those are made one axis, and the positions of it
    // picked.
    let (axis, positions) = Selection(parts, shape).view(of: Tensor(0).expandedView(shape)).picks!
    let covered = tensor.dtype == .bool ? tensor.rank : 1
    let whole = parts[..<place] + [IndexPart](repeating: .range(nil, nil), count: covered) + parts[(place + 1)...]
    let view = Subscript(parts: Array(whole)).apply(Inputs(self))
    let (before, after) = (view.shape[..<axis], view.shape[(axis + covered)...])
    let flat = view.reshaped(Shape(before + [view.shape[axis..<(axis + covered)].reduce(1, *)] + after))
    return flat.indexSelect(axis, positions.reshaped([positions.count])).reshaped(
      Shape(before + Array(positions.shape) + after))
  }
}
