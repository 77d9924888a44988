import TapestryAutograd
import TapestryOps
import TapestryTensors

/// A function of one tensor and nothing else.
private func unary(_ name: String, _ ours: String? = nil, _ f: @escaping @Sendable (Variable) -> Variable) -> OpEntry {
  OpEntry(name, ours: ours, "input") { c in [f(try c.variable("input"))] }
}

/// A function of two tensors and nothing else.
private func binary(_ name: String, _ ours: String? = nil, _ f: @escaping @Sendable (Variable, Variable) -> Variable)
  -> OpEntry
{
  OpEntry(name, ours: ours, "input other") { c in [f(try c.variable("input"), try c.variable("other"))] }
}

let pointwiseEntries: [OpEntry] = unaryEntries + binaryEntries + limitEntries

private let unaryEntries: [OpEntry] = [
  unary("abs") { abs($0) },
  unary("neg", "-x") { -$0 },
  unary("exp") { exp($0) },
  unary("exp2") { exp2($0) },
  unary("expm1") { expm1($0) },
  unary("log") { log($0) },
  unary("log1p") { log1p($0) },
  unary("log2") { log2($0) },
  unary("log10") { log10($0) },
  unary("sqrt") { sqrt($0) },
  unary("rsqrt") { rsqrt($0) },
  unary("square") { square($0) },
  unary("reciprocal") { reciprocal($0) },
  unary("sin") { sin($0) },
  unary("sinc") { sinc($0) },
  unary("cos") { cos($0) },
  unary("tan") { tan($0) },
  unary("asin") { asin($0) },
  unary("acos") { acos($0) },
  unary("atan") { atan($0) },
  unary("sinh") { sinh($0) },
  unary("cosh") { cosh($0) },
  unary("tanh") { tanh($0) },
  unary("asinh") { asinh($0) },
  unary("acosh") { acosh($0) },
  unary("atanh") { atanh($0) },
  unary("erf") { erf($0) },
  unary("erfc") { erfc($0) },
  unary("erfinv") { erfinv($0) },
  unary("lgamma") { lgamma($0) },
  unary("digamma") { digamma($0) },
  unary("sign") { sign($0) },
  unary("floor") { floor($0) },
  unary("ceil") { ceil($0) },
  unary("trunc") { trunc($0) },
  unary("frac") { frac($0) },
  OpEntry("round", "input decimals") { c in
    let x = try c.variable("input")
    guard let decimals = try c.optionalInt("decimals"), decimals != 0 else { return [round(x)] }
    throw CaseFailure("round to \(decimals) decimals")
  },
]

private let binaryEntries: [OpEntry] = [
  OpEntry("add", ours: "+", "input other alpha") { c in
    let (a, b) = (try c.variable("input"), try c.variable("other"))
    guard let alpha = try c.optionalDouble("alpha") else { return [a + b] }
    return [a + b * alpha]
  },
  OpEntry("sub", ours: "-", "input other alpha") { c in
    let (a, b) = (try c.variable("input"), try c.variable("other"))
    guard let alpha = try c.optionalDouble("alpha") else { return [a - b] }
    return [a - b * alpha]
  },
  binary("mul", "*") { $0 * $1 },
  OpEntry("div", ours: "/", "input other rounding_mode") { c in
    let (a, b) = (try c.variable("input"), try c.variable("other"))
    switch try c.string("rounding_mode", "") {
    case "": return [a / b]
    case "floor": return [floorDivide(a, b)]
    case "trunc": return [trunc(a / b)]
    case let mode: throw CaseFailure("rounding mode \(mode)")
    }
  },
  binary("pow") { pow($0, $1) },
  binary("maximum") { maximum($0, $1) },
  binary("minimum") { minimum($0, $1) },
  binary("fmod") { fmod($0, $1) },
  binary("remainder") { remainder($0, $1) },
  binary("atan2") { atan2($0, $1) },
  binary("hypot") { hypot($0, $1) },
  binary("logaddexp") { logaddexp($0, $1) },
  binary("xlogy") { xlogy($0, $1) },
  OpEntry("copysign", "input other") { c in
    let x = try c.variable("input")
    if case .number(let sign)? = c.given("other") { return [copysign(x, Variable(Tensor(sign, x.dtype)))] }
    return [copysign(x, try c.variable("other"))]
  },
]

private let limitEntries: [OpEntry] = [
  OpEntry("lerp", "input end weight") { c in
    let (a, b) = (try c.variable("input"), try c.variable("end"))
    if case .tensor(let weight)? = c.given("weight") { return [lerp(a, b, weight)] }
    return [lerp(a, b, try c.double("weight"))]
  },
  OpEntry("clamp", "input min max") { c in
    // Limits that are tensors are `maximum` and `minimum`.
    let x = try c.variable("input"), low = c.given("min"), high = c.given("max")
    switch (low, high) {
    case (.tensor(let low)?, .tensor(let high)?): return [minimum(maximum(x, low), high)]
    case (.tensor(let low)?, nil): return [maximum(x, low)]
    case (nil, .tensor(let high)?): return [minimum(x, high)]
    case (.number(let low)?, .number(let high)?): return [clamp(x, min: low, max: high)]
    case (.number(let low)?, nil): return [clamp(x, min: low)]
    case (nil, .number(let high)?): return [clamp(x, max: high)]
    default: throw CaseFailure("limits are two numbers or two tensors")
    }
  },
  // op_db calls it on the first values, condition second.
  OpEntry("where", "input condition other") { c in
    let (a, b) = (try c.variable("input"), try c.variable("other"))
    return [a.where(try c.tensor("condition"), b)]
  },
]
