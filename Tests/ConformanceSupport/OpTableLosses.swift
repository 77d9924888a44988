import TapestryAutograd
import TapestryOps
import TapestryTensors

extension Arguments {
  /// `reduction=`, an enum here.
  func reduction() throws -> Reduction {
    switch try string("reduction", "mean") {
    case "mean": return .mean
    case "sum": return .sum
    case "none": return .none
    case let other: throw CaseFailure("reduction is an enum without \(other)")
    }
  }
}

/// A loss of two tensors and a reduction.
private func loss(
  _ name: String, _ ours: String, _ f: @escaping @Sendable (Variable, Variable, Arguments) throws -> Variable
) -> OpEntry {
  OpEntry("nn.functional.\(name)", ours: ours, "input target") { c in
    [try f(try c.variable("input"), try c.variable("target"), c)]
  }
}

let lossEntries: [OpEntry] = [
  loss("mse_loss", "mseLoss") { mseLoss($0, $1, reduction: try $2.reduction()) },
  loss("l1_loss", "l1Loss") { l1Loss($0, $1, reduction: try $2.reduction()) },
  loss("huber_loss", "huberLoss") {
    huberLoss($0, $1, delta: try $2.double("delta", 1), reduction: try $2.reduction())
  },
  loss("smooth_l1_loss", "smoothL1Loss") {
    smoothL1Loss($0, $1, beta: try $2.double("beta", 1), reduction: try $2.reduction())
  },
  loss("binary_cross_entropy", "binaryCrossEntropy") {
    binaryCrossEntropy($0, $1, weight: try $2.optionalTensor("weight"), reduction: try $2.reduction())
  },
  loss("binary_cross_entropy_with_logits", "binaryCrossEntropyWithLogits") {
    binaryCrossEntropyWithLogits(
      $0, $1, weight: try $2.optionalTensor("weight"), posWeight: try $2.optionalTensor("pos_weight"),
      reduction: try $2.reduction())
  },
  loss("kl_div", "klDivLoss") { x, target, c in
    let logTarget = try c.bool("log_target", false)
    if try c.string("reduction", "mean") == "batchmean" {
      return klDivLoss(x, target, logTarget: logTarget, reduction: .batchMean)
    }
    switch try c.reduction() {
    case .none: return klDivLoss(x, target, logTarget: logTarget, reduction: .none)
    case .mean: return klDivLoss(x, target, logTarget: logTarget, reduction: .mean)
    case .sum: return klDivLoss(x, target, logTarget: logTarget, reduction: .sum)
    }
  },
  loss("poisson_nll_loss", "poissonNLLLoss") {
    poissonNLLLoss(
      $0, $1, logInput: try $2.bool("log_input", true), full: try $2.bool("full", false),
      eps: try $2.double("eps", 1e-8), reduction: try $2.reduction())
  },
  loss("hinge_embedding_loss", "hingeEmbeddingLoss") {
    hingeEmbeddingLoss($0, $1, margin: try $2.double("margin", 1), reduction: try $2.reduction())
  },
  loss("multi_margin_loss", "multiMarginLoss") {
    multiMarginLoss(
      $0, $1, p: try $2.int("p", 1), margin: try $2.double("margin", 1), weight: try $2.optionalTensor("weight"),
      reduction: try $2.reduction())
  },
  loss("nll_loss", "nllLoss") {
    nllLoss(
      $0, $1, weight: try $2.optionalTensor("weight"), ignoreIndex: try $2.int("ignore_index", -100),
      reduction: try $2.reduction())
  },
  loss("cross_entropy", "crossEntropy") {
    crossEntropy(
      $0, $1, weight: try $2.optionalTensor("weight"), ignoreIndex: try $2.int("ignore_index", -100),
      reduction: try $2.reduction(),
      labelSmoothing: try $2.double("label_smoothing", 0))
  },
  OpEntry("nn.functional.gaussian_nll_loss", ours: "gaussianNLLLoss", "input target var") { c in
    let (x, target, variance) = (try c.variable("input"), try c.variable("target"), try c.variable("var"))
    return [
      gaussianNLLLoss(
        x, target, variance, full: try c.bool("full", false), eps: try c.double("eps", 1e-6),
        reduction: try c.reduction())
    ]
  },
  OpEntry("nn.functional.margin_ranking_loss", ours: "marginRankingLoss", "input1 input2 target") { c in
    let (a, b, target) = (try c.variable("input1"), try c.variable("input2"), try c.variable("target"))
    return [marginRankingLoss(a, b, target, margin: try c.double("margin", 0), reduction: try c.reduction())]
  },
  OpEntry("nn.functional.cosine_embedding_loss", ours: "cosineEmbeddingLoss", "input1 input2 target") { c in
    let (a, b, target) = (try c.variable("input1"), try c.variable("input2"), try c.variable("target"))
    return [cosineEmbeddingLoss(a, b, target, margin: try c.double("margin", 0), reduction: try c.reduction())]
  },
  OpEntry("nn.functional.triplet_margin_loss", ours: "tripletMarginLoss", "anchor positive negative") { c in
    let (anchor, positive, negative) = (
      try c.variable("anchor"), try c.variable("positive"), try c.variable("negative")
    )
    let (margin, p, eps) = (try c.double("margin", 1), try c.double("p", 2), try c.double("eps", 1e-6))
    return [
      tripletMarginLoss(
        anchor, positive, negative, margin: margin, p: p, eps: eps, swap: try c.bool("swap", false),
        reduction: try c.reduction())
    ]
  },
  OpEntry("nn.functional.cosine_similarity", ours: "cosineSimilarity", "x1 x2 dim eps") { c in
    let (a, b) = (try c.variable("x1"), try c.variable("x2"))
    return [cosineSimilarity(a, b, axis: try c.int("dim", 1), eps: try c.double("eps", 1e-8))]
  },
  OpEntry("nn.functional.pairwise_distance", ours: "pairwiseDistance", "x1 x2 p eps keepdim") { c in
    let (a, b) = (try c.variable("x1"), try c.variable("x2"))
    return [
      pairwiseDistance(
        a, b, p: try c.double("p", 2), eps: try c.double("eps", 1e-6), keepDims: try c.bool("keepdim", false))
    ]
  },
]
