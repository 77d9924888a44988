import ConformanceSupport
import Tapestry

let lossTable: [String: @Sendable (Arguments) throws -> CaseModule] = [
  "nn.MSELoss": { .loss(MSELoss(reduction: try reduction($0))) },
  "nn.L1Loss": { .loss(L1Loss(reduction: try reduction($0))) },
  "nn.HuberLoss": { .loss(HuberLoss(delta: try $0.double("delta", 1), reduction: try reduction($0))) },
  "nn.SmoothL1Loss": { .loss(SmoothL1Loss(beta: try $0.double("beta", 1), reduction: try reduction($0))) },
  "nn.BCELoss": { .loss(BCELoss(weight: try $0.optionalTensor("weight"), reduction: try reduction($0))) },
  "nn.BCEWithLogitsLoss": {
    .loss(
      BCEWithLogitsLoss(
        weight: try $0.optionalTensor("weight"), posWeight: try $0.optionalTensor("pos_weight"),
        reduction: try reduction($0)))
  },
  "nn.CrossEntropyLoss": {
    .loss(
      CrossEntropyLoss(
        weight: try $0.optionalTensor("weight"), ignoreIndex: try $0.int("ignore_index", -100),
        reduction: try reduction($0),
        labelSmoothing: try $0.double("label_smoothing", 0)))
  },
  "nn.NLLLoss": {
    .loss(
      NLLLoss(
        weight: try $0.optionalTensor("weight"), ignoreIndex: try $0.int("ignore_index", -100),
        reduction: try reduction($0)))
  },
  "nn.KLDivLoss": {
    let all: [String: DivergenceReduction] = ["none": .none, "mean": .mean, "sum": .sum, "batchmean": .batchMean]
    return .loss(
      KLDivLoss(reduction: try choice($0, "reduction", or: "mean", all), logTarget: try $0.bool("log_target", false)))
  },
  "nn.PoissonNLLLoss": {
    .loss(
      PoissonNLLLoss(
        logInput: try $0.bool("log_input", true), full: try $0.bool("full", false), eps: try $0.double("eps", 1e-8),
        reduction: try reduction($0)),
      input: "log_input")
  },
  "nn.GaussianNLLLoss": {
    let loss = GaussianNLLLoss(
      full: try $0.bool("full", false), eps: try $0.double("eps", 1e-6), reduction: try reduction($0))
    return CaseModule(module: loss) {
      [loss(try $0.variable("input"), try $0.variable("target"), try $0.variable("var"))]
    }
  },
  "nn.SoftMarginLoss": { .loss(SoftMarginLoss(reduction: try reduction($0))) },
  "nn.HingeEmbeddingLoss": {
    .loss(HingeEmbeddingLoss(margin: try $0.double("margin", 1), reduction: try reduction($0)))
  },
  "nn.MultiMarginLoss": {
    .loss(
      MultiMarginLoss(
        p: try $0.int("p", 1), margin: try $0.double("margin", 1), weight: try $0.optionalTensor("weight"),
        reduction: try reduction($0)))
  },
  "nn.MultiLabelMarginLoss": { .loss(MultiLabelMarginLoss(reduction: try reduction($0))) },
  "nn.MultiLabelSoftMarginLoss": {
    .loss(MultiLabelSoftMarginLoss(weight: try $0.optionalTensor("weight"), reduction: try reduction($0)))
  },
  "nn.MarginRankingLoss": {
    let loss = MarginRankingLoss(margin: try $0.double("margin", 0), reduction: try reduction($0))
    return CaseModule(module: loss) {
      [loss(try $0.variable("input1"), try $0.variable("input2"), try $0.variable("target"))]
    }
  },
  "nn.CosineEmbeddingLoss": {
    let loss = CosineEmbeddingLoss(margin: try $0.double("margin", 0), reduction: try reduction($0))
    return CaseModule(module: loss) {
      [loss(try $0.variable("input1"), try $0.variable("input2"), try $0.variable("target"))]
    }
  },
  "nn.TripletMarginLoss": {
    let loss = TripletMarginLoss(
      margin: try $0.double("margin", 1), p: try $0.double("p", 2), eps: try $0.double("eps", 1e-6),
      swap: try $0.bool("swap", false),
      reduction: try reduction($0))
    return CaseModule(module: loss) {
      [loss(try $0.variable("anchor"), try $0.variable("positive"), try $0.variable("negative"))]
    }
  },
  "nn.CosineSimilarity": {
    let module = CosineSimilarity(try $0.int("dim", 1), eps: try $0.double("eps", 1e-8))
    return CaseModule(module: module) { [module(try $0.variable("x1"), try $0.variable("x2"))] }
  },
  "nn.PairwiseDistance": {
    let module = PairwiseDistance(
      p: try $0.double("p", 2), eps: try $0.double("eps", 1e-6), keepDims: try $0.bool("keepdim", false))
    return CaseModule(module: module) { [module(try $0.variable("x1"), try $0.variable("x2"))] }
  },
]

extension CaseModule {
  /// A loss of two arguments: `forward(input, target)`.
  fileprivate static func loss(_ loss: any Loss, input: String = "input") -> CaseModule {
    CaseModule(module: loss) { [loss(try $0.variable(input), try $0.variable("target"))] }
  }
}

private func reduction(_ options: Arguments) throws -> Reduction {
  try choice(options, "reduction", or: "mean", ["none": .none, "mean": .mean, "sum": .sum])
}
