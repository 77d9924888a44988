import TapestryTensors

// Derivatives of functions as functions: products with the Jacobian and the Hessian, and the whole matrices. They do
// not touch any `grad`.

/// f(x) and the product of its Jacobian with `tangent`: how the result changes when x moves along it.
///
/// The Jacobian's transpose times u is linear in u, so its own gradient by u, weighted with the tangent, is J·tangent:
/// two backward passes, and no forward mode.
public func jvp(_ f: ([Variable]) -> Variable, at x: [Tensor], tangent: [Tensor]) -> (value: Tensor, tangent: Tensor) {
  checkFit("jvp", "tangent", x, tangent)
  return enableGrad {
    let x = leaves(x)
    let y = f(x)
    let u = Variable(.zeros(y.shape, y.dtype), requiresGrad: true)
    let product = gradients(of: [y], withRespectTo: x, cotangents: [u], createGraph: true)
    let pairs = zip(product, tangent).filter { $0.0 != nil }
    let dy = gradients(of: pairs.map { $0.0! }, withRespectTo: [u], cotangents: pairs.map { Variable($0.1) })[0]
    return (y.value, dy?.value ?? .zeros(y.shape, y.dtype))
  }
}

/// The same for a function of one tensor.
public func jvp(_ f: (Variable) -> Variable, at x: Tensor, tangent: Tensor) -> (value: Tensor, tangent: Tensor) {
  jvp({ f($0[0]) }, at: [x], tangent: [tangent])
}

/// f(x) and the product of `cotangent` with its Jacobian: the gradients of Σ cotangent·f(x).
public func vjp(_ f: ([Variable]) -> Variable, at x: [Tensor], cotangent: Tensor) -> (
  value: Tensor, gradients: [Tensor]
) {
  enableGrad {
    let x = leaves(x)
    let y = f(x)
    return (y.value, values(gradients(of: [y], withRespectTo: x, cotangents: [Variable(cotangent)]), like: x))
  }
}

/// The same for a function of one tensor.
public func vjp(_ f: (Variable) -> Variable, at x: Tensor, cotangent: Tensor) -> (value: Tensor, gradient: Tensor) {
  let (value, gradients) = vjp({ f($0[0]) }, at: [x], cotangent: cotangent)
  return (value, gradients[0])
}

/// The product of the Hessian of a scalar function with `vector`, without the Hessian: the derivative of the gradient
/// along `vector`.
public func hvp(_ f: ([Variable]) -> Variable, at x: [Tensor], vector: [Tensor]) -> [Tensor] {
  checkFit("hvp", "vector", x, vector)
  return enableGrad {
    let x = leaves(x)
    let dx = gradients(of: [scalar(f(x), "hvp")], withRespectTo: x, createGraph: true)
    let pairs = zip(dx, vector).filter { $0.0 != nil }
    return values(
      gradients(of: pairs.map { $0.0! }, withRespectTo: x, cotangents: pairs.map { Variable($0.1) }), like: x)
  }
}

/// The same for a function of one tensor.
public func hvp(_ f: (Variable) -> Variable, at x: Tensor, vector: Tensor) -> Tensor {
  hvp({ f($0[0]) }, at: [x], vector: [vector])[0]
}

/// The Jacobians of f by each input: (f's axes…, the input's axes…). One backward pass for each element of the result.
public func jacobian(_ f: ([Variable]) -> Variable, at x: [Tensor]) -> [Tensor] {
  enableGrad {
    let x = leaves(x)
    return rows(of: f(x), by: x)
  }
}

/// The same for a function of one tensor: `jacobian(f, at: x)` has the shape f(x).shape + x.shape.
public func jacobian(_ f: (Variable) -> Variable, at x: Tensor) -> Tensor { jacobian({ f($0[0]) }, at: [x])[0] }

/// The second derivatives of a scalar function: block (i, j) has the axes of input i, then those of input j.
public func hessian(_ f: ([Variable]) -> Variable, at x: [Tensor]) -> [[Tensor]] {
  enableGrad {
    let x = leaves(x)
    let dx = gradients(of: [scalar(f(x), "hessian")], withRespectTo: x, createGraph: true)
    return zip(dx, x).map { dx, x0 in rows(of: dx ?? Variable(.zeros(x0.shape, x0.dtype)), by: x) }
  }
}

/// The same for a function of one tensor: (x's axes…, x's axes…).
public func hessian(_ f: (Variable) -> Variable, at x: Tensor) -> Tensor { hessian({ f($0[0]) }, at: [x])[0][0] }

private func leaves(_ x: [Tensor]) -> [Variable] { x.map { Variable($0, requiresGrad: true) } }

private func values(_ gradients: [Variable?], like x: [Variable]) -> [Tensor] {
  zip(gradients, x).map { $0?.value ?? .zeros($1.shape, $1.dtype) }
}

private func scalar(_ y: Variable, _ name: String) -> Variable {
  if y.count != 1 { fail("\(name): the function must have a scalar result, got shape \(y.shape)") }
  return y
}

private func checkFit(_ name: String, _ what: String, _ x: [Tensor], _ v: [Tensor]) {
  if x.map(\.shape) != v.map(\.shape) || x.map(\.dtype) != v.map(\.dtype) {
    fail(
      """
      \(name): the inputs are \(x.map { "\($0.dtype) \($0.shape)" }), but the \(what) is \
      \(v.map { "\($0.dtype) \($0.shape)" })
      """)
  }
}

/// Row k holds the gradients of element k of y.
private func rows(of y: Variable, by x: [Variable]) -> [Tensor] {
  var result = x.map { Tensor.zeros([y.count, $0.count], $0.dtype) }
  for k in 0..<y.count {
    var unit = Tensor.zeros([y.count], y.dtype)
    unit[k] = Tensor(1, y.dtype)
    let dx = gradients(of: [y], withRespectTo: x, cotangents: [Variable(unit.reshaped(y.shape))], retainGraph: true)
    for (i, dx) in dx.enumerated() { if let dx { result[i][k] = dx.value.reshaped([dx.count]) } }
  }
  return zip(result, x).map { $0.reshaped(Shape(Array(y.shape) + Array($1.shape))) }
}

/// The gradients of one scalar for each of `inputs`; zeros where an input does not matter.
public func gradients(
  of output: Variable, withRespectTo inputs: [Variable], createGraph: Bool = false, retainGraph: Bool? = nil
) -> [Variable] {
  zip(inputs, gradients(of: [output], withRespectTo: inputs, createGraph: createGraph, retainGraph: retainGraph)).map {
    input, gradient in
    gradient ?? Variable(.zeros(input.shape, input.dtype))
  }
}
