import TapestryAutograd
import TapestryOps
import TapestryTensors

let indexEntries: [OpEntry] = [
  OpEntry("gather", "input dim index") { c in
    let x = try c.variable("input"), axis = try c.int("dim")
    return [x.gather(axis, try c.tensor("index"))]
  },
  OpEntry("scatter", "input dim index src") { c in
    let x = try c.variable("input"), axis = try c.int("dim"), index = try c.tensor("index")
    if case .number(let value)? = c.given("src") {
      return [x.scatter(axis, index, Variable(.full(index.shape, value, x.dtype)))]
    }
    return [x.scatter(axis, index, try c.variable("src"))]
  },
  OpEntry("scatter_add", ours: "scatterAdd", "input dim index src") { c in
    let x = try c.variable("input"), axis = try c.int("dim"), index = try c.tensor("index")
    return [x.scatterAdd(axis, index, try c.variable("src"))]
  },
  OpEntry("index_select", ours: "indexSelect", "input dim index") { c in
    let x = try c.variable("input"), axis = try c.int("dim")
    return [x.indexSelect(axis, try c.tensor("index"))]
  },
  OpEntry("index_add", ours: "indexAdd", "input dim index source alpha") { c in
    let x = try c.variable("input"), axis = try c.int("dim"), index = try c.tensor("index"),
      source = try c.variable("source")
    guard let alpha = try c.optionalDouble("alpha") else { return [x.indexAdd(axis, index, source)] }
    return [x.indexAdd(axis, index, source * alpha)]
  },
  OpEntry("take_along_dim", ours: "takeAlong", "input indices dim") { c in
    let x = try c.variable("input"), index = try c.tensor("indices")
    if let axis = try c.optionalInt("dim") { return [x.takeAlong(axis, index)] }
    return [x.flattened().takeAlong(0, index.reshaped(-1))]
  },
  OpEntry("masked_fill", ours: "maskedFill", "input mask value") { c in
    let x = try c.variable("input"), mask = try c.tensor("mask")
    if case .tensor(let value)? = c.given("value") { return [x.maskedFill(mask, value)] }
    return [x.maskedFill(mask, try c.double("value"))]
  },
  OpEntry("masked_select", ours: "maskedSelect", "input mask") { c in
    let x = try c.variable("input")
    return [x.maskedSelect(try c.tensor("mask"))]
  },
]
