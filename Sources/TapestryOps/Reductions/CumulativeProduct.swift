import CTapestry
import TapestryAutograd
import TapestryTensors

/// yᵢ = x₀·…·xᵢ along one axis; `reversed`: yᵢ = xᵢ·…·xₙ₋₁.
/// dxᵢ = yᵢ₋₁·sᵢ with sᵢ = dyᵢ + xᵢ₊₁·sᵢ₊₁ (`Recurrence`; mirrored where reversed)
///
/// A pass forward and a pass back. No element is divided by, so derivatives of every order are right where elements are
/// 0.
package struct CumulativeProduct: Op {
  package static let name = "cumprod"
  let axis: Int
  let reversed: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    _ = try x[0].axis(along: axis, Self.name)
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let value = x.first.value.cast(to: Kernel.sumType(x.first.dtype)), axis = shape.resolve(along: axis, Self.name)
    if reversed { return (Kernel.scan(Int(TP_CUMPROD), value.flipped(axis), axis: axis).flipped(axis), ()) }
    return (Kernel.scan(Int(TP_CUMPROD), value, axis: axis), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), .output) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let step = reversed ? -1 : 1
    let next = kept[0].shifted(axis, -step, filling: 1), before = kept.output.shifted(axis, step, filling: 1)
    return InputGradients(before * Recurrence(axis: axis, reversed: !reversed).apply(Inputs(next, dy)))
  }

  package static let law = Law(
    name,
    misuse: [
      .init("cumprod", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try CumulativeProduct(axis: 2, reversed: false).shape(of: Specs([[2, 3]], [.float32]))
      }
    ]
  ) { draw in
    let shape = draw.shape(), axis = draw.anyAxis(of: shape), reversed = draw.bool(), x = draw.factors(shape)
    return LawCase(
      [x], label: "\(shape) along \(axis), reversed \(reversed)",
      composed: { v in
        // In log₂ n steps a product of s factors takes over the s factors before it.
        var y = v[0], step = 1
        while step < shape.size(along: shape.resolve(along: axis, "law")) {
          y = y * y.shifted(axis, reversed ? -step : step, filling: 1)
          step *= 2
        }
        return y
      },
      call: { reversed ? CumulativeProduct(axis: axis, reversed: true).apply(Inputs($0[0])) : $0[0].cumprod(axis) })
  }
}

/// The linear recurrence y₀ = b₀, yᵢ = aᵢ·yᵢ₋₁ + bᵢ along one axis of two inputs of one shape; `reversed`: from the
/// last element to the first.
///
///     dbᵢ = dyᵢ + aᵢ₊₁·dbᵢ₊₁, the recurrence in the other direction        daᵢ = dbᵢ·yᵢ₋₁, 0 for i = 0
package struct Recurrence: Op {
  package static let name = "recurrence"
  let axis: Int
  let reversed: Bool

  package func shape(of x: Specs) throws(ShapeError) -> Shape {
    try x.sameType(Self.name)
    if x[0] != x[1] { throw ShapeError("recurrence: needs factors and terms of one shape, got \(x[0]) and \(x[1])") }
    _ = try x[0].axis(along: axis, Self.name)
    return x[0]
  }

  package func forward(_ x: Inputs, _ shape: Shape) -> (Tensor, Void) {
    let a = x[0].value, b = x[1].value, axis = shape.resolve(along: axis, Self.name)
    if reversed { return (Kernel.recurrence(a.flipped(axis), b.flipped(axis), axis: axis).flipped(axis), ()) }
    return (Kernel.recurrence(a, b, axis: axis), ())
  }

  package func keeps(_ wants: Wants) -> Keeps { Keeps(.input(0), wants[0] ? .output : .nothing) }

  package func backward(_ dy: Variable, _ kept: Kept<Void>, _ wants: Wants) -> InputGradients {
    let step = reversed ? -1 : 1
    let db = Recurrence(axis: axis, reversed: !reversed).apply(Inputs(kept[0].shifted(axis, -step, filling: 0), dy))
    return InputGradients(wants[0] ? db * kept.output.shifted(axis, step, filling: 0) : nil, wants[1] ? db : nil)
  }

  package static let law = Law(
    name,
    misuse: [
      .init("recurrence", "[2]", "[3]", "one shape") { () throws(ShapeError) in
        _ = try Recurrence(axis: 0, reversed: false).shape(of: Specs([[2], [3]], [.float32, .float32]))
      },
      .init("recurrence", "axis 2", "[2, 3]") { () throws(ShapeError) in
        _ = try Recurrence(axis: 2, reversed: false).shape(of: Specs([[2, 3], [2, 3]], [.float32, .float32]))
      },
    ]
  ) { draw in
    let shape = draw.shape(), axis = draw.anyAxis(of: shape), reversed = draw.bool()
    return LawCase(
      [draw.factors(shape), draw.tensor(shape)], label: "\(shape) along \(axis), reversed \(reversed)",
      composed: { v in
        if shape.volume == 0 || shape.isEmpty { return v[1] + v[0] * 0 }
        var lines = zip(v[0].unbind(axis: axis), v[1].unbind(axis: axis)).map { (a: $0, b: $1) }
        if reversed { lines.reverse() }
        var y = [lines[0].b + lines[0].a * 0]
        for line in lines.dropFirst() { y.append(line.a * y.last! + line.b) }
        if reversed { y.reverse() }
        return stack(y, axis: axis)
      },
      call: { Recurrence(axis: axis, reversed: reversed).apply(Inputs($0[0], $0[1])) })
  }
}

extension Draw {
  /// One of the axes by any of its two names; of a scalar 0 or −1.
  package mutating func anyAxis(of shape: Shape) -> Int {
    shape.isEmpty ? pick([0, -1]) : int(-shape.count...shape.count - 1)
  }

  /// Numbers of which many may be multiplied: magnitudes near 1, some elements 0.
  package mutating func factors(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.volume).map { _ in int(0...7) == 0 ? 0 : real(0.7, 1.3) * (bool() ? 1 : -1) }, shape: shape)
  }
}

extension Variable {
  /// The running product along an axis: yᵢ = x₀·…·xᵢ. Integers and bool are multiplied in int64, as by `prod`.
  public func cumprod(_ axis: Int) -> Variable { CumulativeProduct(axis: axis, reversed: false).apply(Inputs(self)) }

  /// yᵢ = xᵢ₋ₛ along an axis for an offset s, with `value` where nothing comes from.
  func shifted(_ axis: Int, _ offset: Int, filling value: Double) -> Variable {
    if rank == 0 { return Variable(.full(shape, value, dtype)) }
    let axis = shape.resolve(axis, "cumprod")
    if shape[axis] == 0 { return self }
    var widths = shape.map { _ in (0, 0) }
    widths[axis] = (offset, -offset)
    return padded(widths, mode: .constant(value))
  }
}

extension Tensor {
  /// The same of a Tensor.
  public func cumprod(_ axis: Int) -> Tensor { Variable(self).cumprod(axis).value }
}
