import TapestryAutograd
import TapestryTensors

/// An operation with a derivative of your own: for a formula whose recorded derivative is slow or not stable, or for
/// numbers that come from elsewhere. There are three forms:
///
///     customOp("cube", x) { x in … } backward: { x, y, dy in … }                // one input, one result
///     customOp("f", [a, b]) { v in … } backward: { v, y, dy in [da, db] }       // several inputs: this one
///     customOp("g", [a], keepsInputs: []) { v in [y, z] } backward: { kept in [da] }     // several results
///
/// `forward` gets and gives Tensors, for nothing in it is recorded; `backward` gets and gives Variables, so that it can
/// be differentiated again.
///
///     /// y = x³,  dx = 3·x²·dy
///     func cube(_ x: Variable) -> Variable {
///       customOp("cube", [x]) { x in
///         x[0] * x[0] * x[0]
///       } backward: { x, y, dy in
///         [3 * x[0] * x[0] * dy]
///       }
///     }
///
/// - Parameters:
///   - name: Stands in messages and in drawings of the graph.
///   - inputs: What the operation is differentiated for; all of them are kept for backward, and so is the result.
///   - forward: Computes the result from the inputs' values.
///   - backward: Gives the gradient of each input (nil for zero) from the inputs, the result and the result's gradient.
///     A gradient of a shape that the input broadcasts to is summed. Written in operations on Variables it can be
///     differentiated again; `gradientCheck` tells whether it is right. It runs later: what it captures besides (a
///     `var`, a parameter) it sees as that is then, so make everything it computes with an input.
///
/// Traps when the number of gradients or a gradient's shape or type does not fit the inputs.
public func customOp(
  _ name: String, _ inputs: [Variable], forward: @escaping ([Tensor]) -> Tensor,
  backward: @escaping (_ inputs: [Variable], _ result: Variable, _ dy: Variable) -> [Variable?]
) -> Variable {
  let count = inputs.count  // the closure must not hold the inputs
  return customOp(name, inputs, forward: { [forward($0)] }) { kept in
    backward((0..<count).map { kept.input($0) }, kept.result(0), kept.gradients[0]!)
  }[0]
}

/// The same for one input: `forward` gets its value (…) and gives the result, of any shape; `backward` gets the input, the
/// result and dy, which has the result's shape, and gives dx, of the input's shape or one that it broadcasts to.
///
///     customOp("cube", x) { x in x * x * x } backward: { x, y, dy in 3 * x * x * dy }
public func customOp(
  _ name: String, _ input: Variable, forward: @escaping (Tensor) -> Tensor,
  backward: @escaping (_ input: Variable, _ result: Variable, _ dy: Variable) -> Variable
) -> Variable {
  customOp(name, [input], forward: { forward($0[0]) }, backward: { [backward($0[0], $1, $2)] })
}

/// The same with everything that the library's own operations have: several results, a shape rule, a choice of what is
/// kept.
///
///     /// (sin x, cos x) from one pass over x; both derivatives need the results alone
///     func sincos(_ x: Variable) -> (Variable, Variable) {
///       let y = customOp("sincos", [x], keepsInputs: []) { x in
///         [sin(Variable(x[0])).value, cos(Variable(x[0])).value]
///       } backward: { kept in
///         let (s, c) = (kept.result(0), kept.result(1))
///         return [kept.gradient(0) * c - kept.gradient(1) * s]
///       }
///       return (y[0], y[1])
///     }
///
/// - Parameters:
///   - name: Stands in messages and in drawings of the graph.
///   - inputs: What the operation is differentiated for.
///   - shapes: The shapes of the results from those of the inputs, or a thrown error whose words end the program; what
///     `forward` gives is compared with it.
///   - keepsInputs: Which inputs backward reads; nil for all. The others are freed with the last that uses them.
///   - keepsResults: Whether backward reads results.
///   - differentiated: How many of the first results have a derivative; the rest (indices, statistics) need no
///     gradient. Nil for all.
///   - forward: Computes the results from the inputs' values.
///   - backward: Gives the gradient of each input (nil for zero).
public func customOp(
  _ name: String, _ inputs: [Variable], shapes: (([Shape]) throws -> [Shape])? = nil, keepsInputs: [Int]? = nil,
  keepsResults: Bool = true,
  differentiated: Int? = nil, forward: @escaping ([Tensor]) -> [Tensor],
  backward: @escaping (_ kept: CustomKept) -> [Variable?]
) -> [Variable] {
  if inputs.isEmpty { fail("\(name): an operation needs an input") }
  let keeps = (keepsInputs ?? Array(inputs.indices)).reduce(keepsResults ? Keeps.output : .nothing) {
    $0.union(.input(min($1, 62)))
  }
  let op = CustomOp(
    title: name, count: inputs.count, rule: shapes, keeps: keeps, differentiated: differentiated, compute: forward,
    derivative: backward)
  return op.apply(Inputs(inputs))
}

/// What the backward of a `customOp` with several results sees: the gradients of the results, and of inputs and results
/// those that were to be kept. Asking for another one traps with the name of the operation.
public struct CustomKept {
  /// Of the results, nil where none arrived; one at least is there.
  public let gradients: [Variable?]
  fileprivate let kept: Kept<CustomOp.Others>, wants: Wants, name: String

  /// The same with zeros for nil.
  public func gradient(_ i: Int) -> Variable {
    gradients[i] ?? Variable(.zeros(kept.extra.shapes[i], gradients.lazy.compactMap(\.self).first!.dtype))
  }

  /// Input i, attached to what it came from.
  public func input(_ i: Int) -> Variable {
    guard let x = kept.optional(i) else {
      fail("\(name): backward reads input \(i), which is not among those that it keeps")
    }
    return x
  }

  /// Result i, attached to this operation.
  public func result(_ i: Int) -> Variable {
    if kept.extra.results.isEmpty { fail("\(name): backward reads result \(i), but keepsResults is false") }
    return kept.attached(kept.extra.results[i], Int32(i))
  }

  /// Whether the gradient of input i is asked for; if not, it need not be computed.
  public func wants(_ i: Int) -> Bool { wants[i] }
}

/// An operation of a user's, as closures.    dx as the closure says
package struct CustomOp: Op {
  package static let name = "customOp"
  package let title: String
  let count: Int
  let rule: (([Shape]) throws -> [Shape])?
  let keeps: Keeps
  let differentiated: Int?
  let compute: ([Tensor]) -> [Tensor]
  let derivative: (CustomKept) -> [Variable?]

  /// The shapes of the results, and themselves where they are kept.
  package struct Others {
    let shapes: [Shape], results: [Tensor]
  }

  package func shape(of x: Specs) throws(ShapeError) -> [Shape] {
    do { return try rule?(x.shapes) ?? [] } catch { throw ShapeError("\(title): \(error)") }
  }

  package func forward(_ x: Inputs, _ shapes: [Shape]) -> (Results, Others) {
    let results = compute(x.all.map(\.value)), found = results.map(\.shape),
      differentiated = differentiated ?? results.count
    if results.isEmpty { fail("\(title): forward gave no result") }
    if rule != nil && shapes != found { fail("\(title): forward gave \(found), but the shape rule says \(shapes)") }
    if differentiated < 1 || differentiated > results.count {
      fail("\(title): differentiated must be 1 … \(results.count), got \(differentiated)")
    }
    for y in results.prefix(differentiated) where !y.dtype.isFloatingPoint && isRecording && x.requiresGrad {
      fail("\(title): the result is \(y.dtype), which has no gradient; compute it inside noGrad")
    }
    return (
      Results(results, differentiated: differentiated),
      Others(shapes: found, results: keeps.contains(.output) ? results : [])
    )
  }

  package func keeps(_ wants: Wants) -> Keeps { keeps.subtracting(.output) }

  package func backward(_ dy: [Variable?], _ kept: Kept<Others>, _ wants: Wants) -> InputGradients {
    let dtype = dy.lazy.compactMap(\.self).first!.dtype
    let gradients = derivative(CustomKept(gradients: dy, kept: kept, wants: wants, name: title))
    if gradients.count != count { fail("\(title): backward gave \(gradients.count) gradients for \(count) inputs") }
    return InputGradients(
      gradients.enumerated().map { i, dx in
        guard let dx, wants[i] else { return nil }
        let shape = kept.shapes[i]
        if shape.broadcast(with: dx.shape) != dx.shape || dx.dtype != dtype {
          fail(
            "\(title): backward gave a gradient of \(dx.dtype) \(dx.shape) for input \(i), which is \(dtype) \(shape)")
        }
        return dx
      })
  }

  package static let law = Law(
    name,
    misuse: [
      .init(name, "needs two") { () throws(ShapeError) in
        let op = CustomOp(
          title: name, count: 1, rule: { _ in throw ShapeError("needs two") }, keeps: .nothing, differentiated: nil,
          compute: { $0 }, derivative: { _ in [] })
        _ = try op.shape(of: Specs([[2]], [.float32]))
      }
    ]
  ) { draw in
    // (x³·w, x), of which the backward reads x and w alone.
    let shape = draw.shape(), both = draw.bool()
    return LawCase(
      [draw.tensor(shape), draw.tensor(shape)], label: "\(shape), both results \(both)",
      composed: { v in
        let y = v[0] * v[0] * v[0] * v[1]
        return both ? y + v[0] : y
      }
    ) { v in
      let y = customOp("mine", v, keepsResults: false) { x in
        [x[0] * x[0] * x[0] * x[1], x[0] * 1]
      } backward: { kept in
        let (x, w) = (kept.input(0), kept.input(1)), dy = kept.gradient(0), square = x * x
        return [dy * square * w * 3 + kept.gradient(1), kept.wants(1) ? dy * square * x : nil]
      }
      return both ? y[0] + y[1] : y[0]
    }
  }
}
