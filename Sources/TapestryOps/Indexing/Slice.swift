import TapestryAutograd
import TapestryTensors

/// y[i, j, …] = x[start₀ + i·step₀, start₁ + j·step₁, …]: a view, steps may be negative.
/// dx = dy in its place among zeros (`Pad`)
package struct Slice: AdjointPair {
  package static let name = "slice"
  let starts: [Int], counts: [Int], steps: [Int]

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    if starts.count != x[0].count {
      throw ShapeError("slice: \(starts.count) starts for \(x[0]), which has \(x[0].count) axes")
    }
    for axis in x[0].indices where counts[axis] != 0 {
      let first = starts[axis], last = first + (counts[axis] - 1) * steps[axis]
      if counts[axis] < 0 || first < 0 || last < 0 || first >= x[0][axis] || last >= x[0][axis] {
        throw ShapeError("slice: positions \(first) … \(last) lie outside axis \(axis) of \(x[0]), 0 ..< \(x[0][axis])")
      }
    }
    return Shape(counts)
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) { (view(of: x.first.value), ()) }
  package func adjoint(of shape: Shape) -> Pad { Pad(slice: self, shape: shape, value: .whole(0)) }

  func view(of x: Tensor) -> Tensor {
    var y = x
    for axis in 0..<x.rank where counts[axis] != x.shape[axis] || steps[axis] != 1 {
      y = y.strided(axis: axis, start: starts[axis], count: counts[axis], step: steps[axis])
    }
    return y
  }

  package static let law = Law(
    name,
    misuse: [
      .init("slice", "positions 1 … 3", "axis 1 of [2, 3]") { () throws(ShapeError) in
        _ = try Slice(starts: [0, 1], counts: [2, 3], steps: [1, 1]).shape(of: Specs([[2, 3]], [.float32]))
      }
    ]
  ) { draw in
    let (small, shape, slice) = draw.slice()
    return LawCase([draw.tensor(shape)], label: "\(small) of \(shape), steps \(slice.steps)", isLinear: true) {
      slice.apply(Inputs($0[0]))
    }
  }
}

/// x among elements of one value: y[start₀ + i·step₀, …] = x[i, …].    dx = dy at those places (`Slice`)
package struct Pad: AdjointPair {
  package static let name = "padded"

  /// Where x lies in the result.
  let slice: Slice
  let shape: Shape
  let value: ExactNumber

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    if try slice.shape(of: Specs([shape], x.dtypes)) != x[0] {
      throw ShapeError("padded: \(x[0]) does not fill a part \(slice.counts) of \(shape)")
    }
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    (Kernel.embed(x.first.value, in: shape, value: value) { slice.view(of: $0) }, ())
  }
  package func adjoint(of _: Shape) -> Slice { slice }

  package static let law = Law(
    name,
    misuse: [
      .init("pad", "[2, 2]", "[2, 3]", "[4, 4]") { () throws(ShapeError) in
        let slice = Slice(starts: [0, 0], counts: [2, 3], steps: [1, 1])
        _ = try Pad(slice: slice, shape: [4, 4], value: .whole(0)).shape(of: Specs([[2, 2]], [.float32]))
      },
      .init("pad", "3 widths", "[2, 3]") { () throws(ShapeError) in
        _ = try Pad.widths([(1, 1), (1, 1), (0, 0)], of: [2, 3])
      },
    ]
  ) { draw in
    let (small, shape, slice) = draw.slice(), value = ExactNumber.real(draw.real(-1, 1))
    return LawCase([draw.tensor(small)], label: "\(small) in \(shape), steps \(slice.steps)", isLinear: true) {
      Pad(slice: slice, shape: shape, value: value).apply(Inputs($0[0]))
    }
  }
}

extension Draw {
  /// A part of a shape with any steps.
  fileprivate mutating func slice() -> (part: Shape, of: Shape, Slice) {
    let part = shape()
    var starts: [Int] = [], steps: [Int] = [], whole = Shape()
    for count in part {
      let step = pick([1, 1, 1, 2, 3, -1, -2]), before = int(0...2), reach = Swift.max(0, count - 1) * abs(step)
      whole.append(count == 0 ? before : before + reach + 1 + int(0...2))
      starts.append(step > 0 ? before : before + reach)
      steps.append(step)
    }
    return (part, whole, Slice(starts: starts, counts: Array(part), steps: steps))
  }
}
