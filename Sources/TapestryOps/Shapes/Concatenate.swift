import TapestryAutograd
import TapestryTensors

/// The inputs one after another along an axis; their other sizes agree.    dxᵢ = its part of dy, a view
package struct Concatenate: Op {
  package static let name = "concatenate"
  let axis: Int

  /// How many there are along the axis, of each input.
  let sizes: [Int]

  init(_ inputs: [Shape], axis: Int) {
    self.axis = axis
    sizes = inputs.map { shape in shape.axis(axis).map { shape[$0] } ?? 0 }
  }

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name, floating: false)
    guard let axis = x[0].axis(axis) else {
      throw ShapeError("concatenate: axis \(axis) does not exist in \(x[0]), which has \(x[0].count) axes")
    }
    var shape = x[0]
    for i in 1..<max(1, x.count) {
      var other = x[i]
      if other.count == shape.count { other[axis] = x[0][axis] }
      if other != x[0] {
        throw ShapeError("concatenate: input 0 has shape \(x[0]), input \(i) \(x[i]); only axis \(axis) may differ")
      }
      let (size, overflow) = shape[axis].addingReportingOverflow(x[i][axis])
      if overflow {
        throw ShapeError("concatenate: axis \(axis) of \(shape) and \(x[i]) together is longer than fits into memory")
      }
      shape[axis] = size
    }
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let axis = shape.resolve(axis, Self.name), sources = x.all.map(\.value)
    var starts = [0]
    for x in sources { starts.append(starts.last! + x.shape[axis]) }
    let y = Kernel.assemble(shape, sources) { y, i in
      y.strided(axis: axis, start: starts[i], count: sources[i].shape[axis], step: 1)
    }
    return (y, ())
  }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let axis = dy.shape.resolve(axis, Self.name)
    var start = 0
    return InputGradients(
      sizes.enumerated().map { i, size in
        defer { start += size }
        return wants[i] ? dy.narrowed(axis: axis, start: start, count: size) : nil
      })
  }

  package static let law = Law(
    name,
    misuse: [
      .init("concatenate", "input 1", "[2, 3]", "[3, 4]", "axis 1") { () throws(ShapeError) in
        _ = try Concatenate([[2, 3], [3, 4]], axis: 1).shape(of: Specs([[2, 3], [3, 4]], [.float32, .float32]))
      },
      .init("concatenate", "float32 [2]", "int64 [2]") { () throws(ShapeError) in
        _ = try Concatenate([[2], [2]], axis: 0).shape(of: Specs([[2], [2]], [.float32, .int64]))
      },
      .init("concatenate", "axis 0", "[]") { () throws(ShapeError) in
        _ = try Concatenate([[]], axis: 0).shape(of: Specs([[]], [.float32]))
      },
    ], neverScalar: true
  ) { draw in
    let (shape, axis) = draw.shapeAndFilledAxis()
    let inputs = (0..<draw.int(1...5)).map { _ in
      var part = shape
      part[shape.resolve(axis, "law")] = draw.size(most: 5)
      return draw.tensor(part)
    }
    return LawCase(inputs, label: "\(inputs.map(\.shape)) along \(axis)", isLinear: true) {
      concatenate($0, axis: axis)
    }
  }
}

/// The inputs, all of one shape, along a new axis.    dxᵢ = position i of dy, a view
package struct Stack: Op {
  package static let name = "stack"
  let axis: Int

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name, floating: false)
    guard let axis = x[0].axis(axis, extra: 1) else {
      throw ShapeError("stack: there is no place \(axis) for a new axis in \(x[0])")
    }
    if x[0].count == Shape.maximumRank { throw ShapeError("stack: \(x[0]) has 8 axes already") }
    for i in 1..<max(1, x.count) where x[i] != x[0] {
      throw ShapeError("stack: input 0 has shape \(x[0]), input \(i) \(x[i]); they must be equal")
    }
    var shape = x[0]
    shape.insert(x.count, at: axis)
    return shape
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let axis = shape.resolve(axis, Self.name)
    return (
      Kernel.assemble(shape, x.all.map(\.value)) { y, i in
        y.strided(axis: axis, start: i, count: 1, step: 1).droppingAxis(axis)
      }, ()
    )
  }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let axis = dy.shape.resolve(axis, Self.name)
    return InputGradients((0..<dy.shape[axis]).map { wants[$0] ? dy.selected(axis: axis, index: $0) : nil })
  }

  package static let law = Law(
    name,
    misuse: [
      .init("stack", "input 1", "[2]", "[3]") { () throws(ShapeError) in
        _ = try Stack(axis: 0).shape(of: Specs([[2], [3]], [.float32, .float32]))
      },
      .init("stack", "place 2", "[2]") { () throws(ShapeError) in
        _ = try Stack(axis: 2).shape(of: Specs([[2]], [.float32]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), axis = draw.int(-shape.count - 1...shape.count)
    let inputs = (0..<draw.int(1...5)).map { _ in draw.tensor(shape) }
    return LawCase(inputs, label: "\(inputs.count) × \(shape) at \(axis)", isLinear: true) { stack($0, axis: axis) }
  }
}

/// The inputs one after another along an axis. Their types and other sizes must agree.
public func concatenate(_ inputs: [Variable], axis: Int = 0) -> Variable {
  if inputs.isEmpty { fail("concatenate: needs at least one input, got []") }
  return Concatenate(inputs.map(\.shape), axis: axis).apply(Inputs(inputs))
}

/// The Tensors one after another along an axis: batches of predictions, columns of features.
@_disfavoredOverload
public func concatenate(_ inputs: [Tensor], axis: Int = 0) -> Tensor {
  concatenate(inputs.map { Variable($0) }, axis: axis).value
}

/// The inputs, all of one shape and type, along a new axis before position `axis` (−1: after the last).
public func stack(_ inputs: [Variable], axis: Int = 0) -> Variable {
  if inputs.isEmpty { fail("stack: needs at least one input, got []") }
  return Stack(axis: axis).apply(Inputs(inputs))
}

/// The Tensors, all of one shape and type, along a new axis before position `axis`.
@_disfavoredOverload
public func stack(_ inputs: [Tensor], axis: Int = 0) -> Tensor { stack(inputs.map { Variable($0) }, axis: axis).value }

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func concatenate(_ inputs: [any VariableConvertible], axis: Int = 0) -> Variable {
  concatenate(inputs.map(\.asVariable), axis: axis)
}

/// The same of Variables and Tensors together.
@_disfavoredOverload
public func stack(_ inputs: [any VariableConvertible], axis: Int = 0) -> Variable {
  stack(inputs.map(\.asVariable), axis: axis)
}
