import TapestryAutograd
import TapestryOps
import TapestryTensors

private func product(_ name: String, _ ours: String? = nil, _ f: @escaping @Sendable (Variable, Variable) -> Variable)
  -> OpEntry
{
  OpEntry(name, ours: ours, "input mat2") { c in [f(try c.variable("input"), try c.variable("mat2"))] }
}

let productEntries: [OpEntry] = [
  product("matmul") { matmul($0, $1) },
  product("mm", "matmul") { matmul($0, $1) },
  product("mv", "matmul") { matmul($0, $1) },
  product("bmm") { bmm($0, $1) },
  product("dot") { dot($0, $1) },
  product("outer") { outer($0, $1) },
  OpEntry("addmm", "input mat1 mat2 beta alpha") { c in
    let (x, a, b) = (try c.variable("input"), try c.variable("mat1"), try c.variable("mat2"))
    return [addmm(x, a, b, beta: try c.optionalDouble("beta") ?? 1, alpha: try c.optionalDouble("alpha") ?? 1)]
  },
  OpEntry("einsum", "operands equation") { c in
    // The database's own order: the tensors, then the equation.
    let inputs = try c.variables("operands"), equation = try c.string("equation", "")
    switch inputs.count {
    case 1: return [einsum(equation, inputs[0])]
    case 2: return [einsum(equation, inputs[0], inputs[1])]
    case 3: return [einsum(equation, inputs[0], inputs[1], inputs[2])]
    default: throw CaseFailure("einsum of \(inputs.count) inputs")
    }
  },
]
