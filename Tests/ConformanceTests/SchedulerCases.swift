import ConformanceSupport
import Tapestry

/// How each scheduler of torch.optim.lr_scheduler is built from its keyword arguments.
let schedulerTable: [String: @Sendable (any Optimizer, Arguments) throws -> LRScheduler] = [
  "StepLR": { StepLR($0, stepSize: try $1.int("step_size"), gamma: try $1.double("gamma", 0.1)) },
  "MultiStepLR": { MultiStepLR($0, milestones: try $1.ints("milestones"), gamma: try $1.double("gamma", 0.1)) },
  "ConstantLR": { ConstantLR($0, factor: try $1.double("factor", 1.0 / 3), totalIters: try $1.int("total_iters", 5)) },
  "LinearLR": {
    LinearLR(
      $0, startFactor: try $1.double("start_factor", 1.0 / 3), endFactor: try $1.double("end_factor", 1),
      totalIters: try $1.int("total_iters", 5))
  },
  "ExponentialLR": { ExponentialLR($0, gamma: try $1.double("gamma")) },
  "PolynomialLR": { PolynomialLR($0, totalIters: try $1.int("total_iters", 5), power: try $1.double("power", 1)) },
  "CosineAnnealingLR": { CosineAnnealingLR($0, tMax: try $1.int("T_max"), etaMin: try $1.double("eta_min", 0)) },
  "CosineAnnealingWarmRestarts": {
    CosineAnnealingWarmRestarts(
      $0, t0: try $1.int("T_0"), tMult: try $1.int("T_mult", 1), etaMin: try $1.double("eta_min", 0))
  },
  "OneCycleLR": {
    OneCycleLR(
      $0, maxLR: try $1.double("max_lr"), totalSteps: try $1.int("total_steps"),
      pctStart: try $1.double("pct_start", 0.3),
      annealStrategy: try choice($1, "anneal_strategy", or: "cos", ["cos": .cos, "linear": .linear]),
      cycleMomentum: try $1.bool("cycle_momentum", true),
      baseMomentum: try $1.double("base_momentum", 0.85), maxMomentum: try $1.double("max_momentum", 0.95),
      divFactor: try $1.double("div_factor", 25),
      finalDivFactor: try $1.double("final_div_factor", 1e4), threePhase: try $1.bool("three_phase", false))
  },
  "CyclicLR": {
    CyclicLR(
      $0, baseLR: try $1.double("base_lr"), maxLR: try $1.double("max_lr"),
      stepSizeUp: try $1.int("step_size_up", 2000),
      stepSizeDown: try $1.optionalInt("step_size_down"),
      mode: try choice(
        $1, "mode", or: "triangular", ["triangular": .triangular, "triangular2": .triangular2, "exp_range": .expRange]),
      gamma: try $1.double("gamma", 1),
      cycleMomentum: try $1.bool("cycle_momentum", true), baseMomentum: try $1.double("base_momentum", 0.8),
      maxMomentum: try $1.double("max_momentum", 0.9))
  },
]

/// The learning rate at each of the case's steps, on an optimizer like generate.py's.
@Sendable func runScheduler(_ item: Case) throws {
  guard case .array(let rates)? = item.json["rates"], case .number(let base)? = item.json["base_lr"] else {
    throw CaseFailure("the case has no rates")
  }
  let options = try CaseDecoder(item).arguments("kwargs", prefix: "kwargs")
  let optimizer = SGD([Parameter(.zeros([1]))], learningRate: base, momentum: 0.9)
  let scheduler = try schedulerTable[item.name]!(optimizer, options)
  try options.finish()
  for (step, rate) in rates.enumerated() {
    if step > 0 {
      optimizer.step()
      scheduler.step()
    }
    guard case .number(let want) = rate else { throw CaseFailure("the rate of step \(step) is no number") }
    if let how = difference(Tensor(optimizer.learningRate, .float64), Tensor(want, .float64)) {
      throw CaseFailure("the rate of step \(step) \(how)")
    }
  }
}
