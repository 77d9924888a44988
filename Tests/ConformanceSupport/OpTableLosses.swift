import TapestryAutograd
import TapestryOps
import TapestryTensors

/// `reduction=`, an enum here.
func reduction(_ c: Arguments) throws -> Reduction {
  switch try c.string("reduction", "mean") {
  case "mean": return .mean
  case "sum": return .sum
  case "none": return .none
  case let other: throw CaseFailure("reduction is an enum without \(other)")
  }
}

/// Losses of an input and a target; classes and their probabilities are in OpTableNetwork.swift.
let lossEntries: [OpEntry] = [
  OpEntry("nn.functional.l1_loss", ours: "l1Loss", "input target") { c in
    [l1Loss(try c.variable("input"), try c.variable("target"), reduction: try reduction(c))]
  },
  OpEntry("nn.functional.smooth_l1_loss", ours: "smoothL1Loss", "input target") { c in
    let x = try c.variable("input"), t = try c.variable("target")
    return [smoothL1Loss(x, t, beta: try c.double("beta", 1), reduction: try reduction(c))]
  },
  OpEntry("nn.functional.huber_loss", ours: "huberLoss", "input target") { c in
    let x = try c.variable("input"), t = try c.variable("target")
    return [huberLoss(x, t, delta: try c.double("delta", 1), reduction: try reduction(c))]
  },
  OpEntry("nn.functional.binary_cross_entropy", ours: "binaryCrossEntropy", "input target weight") { c in
    let x = try c.variable("input"), t = try c.variable("target")
    return [binaryCrossEntropy(x, t, weight: try c.optionalTensor("weight"), reduction: try reduction(c))]
  },
  OpEntry("nn.functional.binary_cross_entropy_with_logits", ours: "binaryCrossEntropyWithLogits", "input target weight") { c in
    let x = try c.variable("input"), t = try c.variable("target")
    let weight = try c.optionalTensor("weight"), positive = try c.optionalTensor("pos_weight")
    return [binaryCrossEntropyWithLogits(x, t, weight: weight, posWeight: positive, reduction: try reduction(c))]
  },
  OpEntry("nn.functional.kl_div", ours: "klDivLoss", "input target") { c in
    let x = try c.variable("input"), t = try c.variable("target"), log = try c.bool("log_target", false)
    switch try c.string("reduction", "mean") {
    case "mean": return [klDivLoss(x, t, logTarget: log)]
    case "sum": return [klDivLoss(x, t, logTarget: log, reduction: .sum)]
    case "none": return [klDivLoss(x, t, logTarget: log, reduction: .none)]
    case "batchmean": return [klDivLoss(x, t, logTarget: log, reduction: .batchMean)]
    case let other: throw CaseFailure("reduction is an enum without \(other)")
    }
  },
  OpEntry("nn.functional.poisson_nll_loss", ours: "poissonNLLLoss", "input target") { c in
    let x = try c.variable("input"), t = try c.variable("target")
    let log = try c.bool("log_input", true), full = try c.bool("full", false), eps = try c.double("eps", 1e-8)
    return [poissonNLLLoss(x, t, logInput: log, full: full, eps: eps, reduction: try reduction(c))]
  },
  OpEntry("nn.functional.gaussian_nll_loss", ours: "gaussianNLLLoss", "input target var") { c in
    let x = try c.variable("input"), t = try c.variable("target"), variance = try c.variable("var")
    let full = try c.bool("full", false), eps = try c.double("eps", 1e-6)
    return [gaussianNLLLoss(x, t, variance, full: full, eps: eps, reduction: try reduction(c))]
  },
  OpEntry("nn.functional.hinge_embedding_loss", ours: "hingeEmbeddingLoss", "input target") { c in
    let x = try c.variable("input"), t = try c.variable("target")
    return [hingeEmbeddingLoss(x, t, margin: try c.double("margin", 1), reduction: try reduction(c))]
  },
  OpEntry("nn.functional.cosine_embedding_loss", ours: "cosineEmbeddingLoss", "input1 input2 target") { c in
    let a = try c.variable("input1"), b = try c.variable("input2"), t = try c.variable("target")
    return [cosineEmbeddingLoss(a, b, t, margin: try c.double("margin", 0), reduction: try reduction(c))]
  },
  OpEntry("nn.functional.margin_ranking_loss", ours: "marginRankingLoss", "input1 input2 target") { c in
    let a = try c.variable("input1"), b = try c.variable("input2"), t = try c.variable("target")
    return [marginRankingLoss(a, b, t, margin: try c.double("margin", 0), reduction: try reduction(c))]
  },
  OpEntry("nn.functional.triplet_margin_loss", ours: "tripletMarginLoss", "anchor positive negative") { c in
    let anchor = try c.variable("anchor"), positive = try c.variable("positive"), negative = try c.variable("negative")
    let margin = try c.double("margin", 1), p = try c.double("p", 2), eps = try c.double("eps", 1e-6), swap = try c.bool("swap", false)
    return [tripletMarginLoss(anchor, positive, negative, margin: margin, p: p, eps: eps, swap: swap, reduction: try reduction(c))]
  },
  OpEntry("nn.functional.multi_margin_loss", ours: "multiMarginLoss", "input target") { c in
    let x = try c.variable("input"), labels = try c.variable("target"), p = try c.int("p", 1), margin = try c.double("margin", 1)
    return [multiMarginLoss(x, labels, p: p, margin: margin, weight: try c.optionalTensor("weight"), reduction: try reduction(c))]
  },
]
