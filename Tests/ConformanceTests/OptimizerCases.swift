import ConformanceSupport
import Tapestry

/// How each optimizer of torch.optim is built from its keyword arguments.
let optimizerTable: [String: @Sendable ([Parameter], Arguments) throws -> any Optimizer] = [
  "SGD": {
    SGD(
      $0, learningRate: try $1.double("lr", 1e-3), momentum: try $1.double("momentum", 0),
      dampening: try $1.double("dampening", 0),
      weightDecay: try $1.double("weight_decay", 0), nesterov: try $1.bool("nesterov", false),
      maximize: try $1.bool("maximize", false))
  },
  "Adam": {
    Adam(
      $0, learningRate: try $1.double("lr", 1e-3), betas: try betas($1), eps: try $1.double("eps", 1e-8),
      weightDecay: try $1.double("weight_decay", 0),
      amsgrad: try $1.bool("amsgrad", false), maximize: try $1.bool("maximize", false))
  },
  "AdamW": {
    AdamW(
      $0, learningRate: try $1.double("lr", 1e-3), betas: try betas($1), eps: try $1.double("eps", 1e-8),
      weightDecay: try $1.double("weight_decay", 1e-2),
      amsgrad: try $1.bool("amsgrad", false), maximize: try $1.bool("maximize", false))
  },
  "RMSprop": {
    RMSprop(
      $0, learningRate: try $1.double("lr", 1e-2), alpha: try $1.double("alpha", 0.99), eps: try $1.double("eps", 1e-8),
      weightDecay: try $1.double("weight_decay", 0), momentum: try $1.double("momentum", 0),
      centered: try $1.bool("centered", false),
      maximize: try $1.bool("maximize", false))
  },
  "Adagrad": {
    Adagrad(
      $0, learningRate: try $1.double("lr", 1e-2), lrDecay: try $1.double("lr_decay", 0),
      weightDecay: try $1.double("weight_decay", 0),
      initialAccumulatorValue: try $1.double("initial_accumulator_value", 0), eps: try $1.double("eps", 1e-10),
      maximize: try $1.bool("maximize", false))
  },
]

private func betas(_ options: Arguments) throws -> (Double, Double) {
  guard let pair = try options.value("betas")?.list() else { return (0.9, 0.999) }
  return (try pair[0].number(), try pair[1].number())
}

/// At step s minimizes Σ (p − target)² over the parameters, with `grads[s]` as targets, and compares the parameters
/// with `after[s]`.
@Sendable func runOptimizer(_ item: Case) throws {
  let options = try CaseDecoder(item).arguments("kwargs", prefix: "kwargs")
  let parameters = try item.tensorList("start").map { Parameter($0) }
  let optimizer = try optimizerTable[item.name]!(parameters, options)
  try options.finish()
  guard case .array(let targets)? = item.json["grads"], case .array(let after)? = item.json["after"],
    case .integer(let steps)? = item.json["steps"]
  else {
    throw CaseFailure("the case has no grads, after and steps")
  }
  for step in 0..<steps {
    optimizer.zeroGrad()
    for (parameter, target) in zip(parameters, try item.tensorList(targets[step])) {
      let distance = parameter - target
      (distance * distance).sum().backward()
    }
    optimizer.step()
    for (i, (parameter, want)) in zip(parameters, try item.tensorList(after[step])).enumerated() {
      if let how = difference(parameter.value, want) { throw CaseFailure("after step \(step) parameter \(i) \(how)") }
    }
  }
}
