import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Losses of an input and a target: values and derivatives of both (the laws check those of LossesElementwise.swift
/// too).
struct LossTests {
  @Test("values and derivatives are PyTorch's", arguments: pairLossSamples)
  func samples(_ sample: PairLossSample) {
    for dtype in [DType.float64, .float32] {
      for backend in [Backend.current.name, "reference"] {
        withBackend(backend) {
          let x = Variable(sample.x.cast(to: dtype), requiresGrad: true),
            t = Variable(sample.t.cast(to: dtype), requiresGrad: true)
          let y = sample.function(x, t)
          let tolerance = dtype == .float64 ? 1e-13 : 4e-6
          expectNear(y.value, sample.y, tolerance, "y, \(dtype), \(backend)")
          let weights = Variable(Tensor((0..<y.count).map { Double($0 + 1) }, shape: y.shape).cast(to: dtype))
          // With and without a graph of the derivative.
          for createGraph in [true, false] {
            let all = gradients(of: [y], withRespectTo: [x, t], cotangents: [weights], createGraph: createGraph)
            expectNear(all[0]?.value, sample.dx, tolerance, "dx, \(dtype), \(backend), create graph: \(createGraph)")
            if let dt = sample.dt {
              expectNear(all[1]?.value, dt, tolerance, "dt, \(dtype), \(backend), create graph: \(createGraph)")
            }
          }
        }
      }
    }
  }

  @Test("losses written in other ops have right derivatives of both orders")
  func compositions() {
    var draw = Draw(seed: 5)
    let x = draw.tensor([3, 4]), t = draw.tensor([3, 4], 1.2, 3),
      signs = Tensor([1, -1, -1, 1, -1, 1, 1, 1, -1, -1, 1, -1] as [Double], shape: [3, 4])
    let bits = (signs + 1) / 2, rows = Tensor([1, -1, 1] as [Double]), labels = Tensor([2, 0, 3])
    let losses: [(String, ([Variable]) -> Variable)] = [
      ("poisson", { poissonNLLLoss($0[0], $0[1], full: true) }),
      ("poisson of rates", { poissonNLLLoss(square($0[0]) + 1, $0[1], logInput: false) }),
      ("gaussian", { gaussianNLLLoss($0[0], $0[1], square($0[0]) + 0.5, full: true) }),
      ("soft margin", { softMarginLoss($0[0], $0[1]) }),
      ("hinge", { hingeEmbeddingLoss($0[0], signs, margin: 5) }),
      ("ranking", { marginRankingLoss($0[0], $0[1], signs, margin: 0.3) }),
      ("cosine", { cosineEmbeddingLoss($0[0], $0[1], rows, margin: -0.9) }),
      ("triplet", { tripletMarginLoss($0[0], $0[1], signs, margin: 3) }),
      ("triplet swapped", { tripletMarginLoss($0[0], $0[1], signs, margin: 3, swap: true) }),
      ("multi margin", { multiMarginLoss($0[0], labels, p: 2, reduction: .none) }),
      ("soft labels", { multiLabelSoftMarginLoss($0[0], bits) }),
      (
        "labels",
        { multiLabelMarginLoss($0[0], Tensor([[0, 2, -1, -1], [3, -1, 1, 1], [1, 0, 2, -1]]), reduction: .none) }
      ),
      ("probabilities", { crossEntropy($0[0], softmax($0[1], axis: 1), labelSmoothing: 0.1) }),
    ]
    for (name, f) in losses {
      let report = gradientCheck(f, at: [x, t])
      #expect(report.passed, "\(name): \(report)")
    }
  }

  @Test func eitherSideMayBeAConstant() {
    let x = Tensor([0.2, 0.7] as [Double]), t = Tensor([0, 1] as [Double])
    let losses: [(Variable, Variable, Variable, Variable)] = [
      (mseLoss(x, t), mseLoss(Variable(x), t), mseLoss(x, Variable(t)), mseLoss(Variable(x), Variable(t))),
      (
        binaryCrossEntropy(x, t), binaryCrossEntropy(Variable(x), t), binaryCrossEntropy(x, Variable(t)),
        binaryCrossEntropy(Variable(x), Variable(t))
      ),
    ]
    for (a, b, c, d) in losses { #expect(a.value == b.value && b.value == c.value && c.value == d.value) }
    let labels = Tensor([1, 0]), logits = Tensor([[1, 2], [3, 0.5]] as [[Double]])
    #expect(crossEntropy(logits, labels).value == crossEntropy(Variable(logits), Variable(labels)).value)
  }

  @Test func oneNodeIsRecorded() {
    let x = Variable(.ones([4]), requiresGrad: true), t = Variable(.zeros([4]))
    for y in [
      l1Loss(x, t), huberLoss(x, t), smoothL1Loss(x, t), binaryCrossEntropy(x, t), binaryCrossEntropyWithLogits(x, t),
      mseLoss(x, t),
    ] {
      #expect(y.node?.first.node === x.node)
    }
  }

  static let mistakes: [Mistake] = [
    Mistake("l1Loss: the input has shape [4, 1], the target [4]; they must be equal") {
      _ = l1Loss(Tensor.zeros([4, 1]), Tensor.zeros([4]))
    },
    Mistake(
      """
      binaryCrossEntropy: the input must lie in 0 … 1, but [2] has -1.0 at position 0; for logits use \
      binaryCrossEntropyWithLogits
      """
    ) {
      _ = binaryCrossEntropy(Tensor([-1, 3] as [Float]), Tensor.zeros([2]))
    },
    Mistake("binaryCrossEntropy: the target must lie in 0 … 1, but [1] has 2.0 at position 0") {
      _ = binaryCrossEntropy(Tensor.zeros([1]), Tensor.full([1], 2))
    },
    Mistake("huberLoss: delta must be positive and finite, got 0.0") {
      _ = huberLoss(Tensor.zeros([1]), Tensor.zeros([1]), delta: 0)
    },
    Mistake("smoothL1Loss: beta must be at least 0 and finite, got -1.0") {
      _ = smoothL1Loss(Tensor.zeros([1]), Tensor.zeros([1]), beta: -1)
    },
    Mistake("binaryCrossEntropyWithLogits: the posWeight [3] does not broadcast to the input [2, 2]") {
      _ = binaryCrossEntropyWithLogits(Tensor.zeros([2, 2]), Tensor.zeros([2, 2]), posWeight: .ones([3]))
    },
    Mistake(
      """
      gaussianNLLLoss: the variance must have the shape of the input [10, 2, 3], with 1 for one axis, or without the \
      last axis, got [10, 2, 2]
      """
    ) {
      _ = gaussianNLLLoss(Tensor.zeros([10, 2, 3]), Tensor.zeros([10, 2, 3]), Tensor.zeros([10, 2, 2]))
    },
    Mistake("gaussianNLLLoss: a variance cannot be negative") {
      _ = gaussianNLLLoss(Tensor.zeros([2]), Tensor.zeros([2]), Tensor([1, -1] as [Float]))
    },
    Mistake("tripletMarginLoss: the margin must be positive, got -1.0") {
      _ = tripletMarginLoss(Tensor.zeros([3, 4]), Tensor.zeros([3, 4]), Tensor.zeros([3, 4]), margin: -1)
    },
    Mistake("cosineEmbeddingLoss: inputs [3, 4] need a target [3]") {
      _ = cosineEmbeddingLoss(Tensor.zeros([3, 4]), Tensor.zeros([3, 4]), Tensor.zeros([3, 4]))
    },
    Mistake("multiMarginLoss: p must be 1 or 2, got 3") {
      _ = multiMarginLoss(Tensor.zeros([5, 4]), Tensor.zeros([5], .int64), p: 3)
    },
    Mistake("multiMarginLoss: 4 classes need a weight [4], got [5]") {
      _ = multiMarginLoss(Tensor.zeros([5, 4]), Tensor.zeros([5], .int64), weight: .ones([5]))
    },
    Mistake("multiLabelMarginLoss: label 7 at position 4 of [2, 3] is no class: there are 3") {
      _ = multiLabelMarginLoss(Tensor.zeros([2, 3]), Tensor([[0, -1, 9], [1, 7, -1]]))
    },
    Mistake("multiLabelMarginLoss: labels must be class numbers of an integer type, got float32 [2, 3]") {
      _ = multiLabelMarginLoss(Tensor.zeros([2, 3]), Tensor.zeros([2, 3]))
    },
    Mistake("multiLabelMarginLoss: labels must be class numbers of an integer type, got bool [3]") {
      _ = multiLabelMarginLoss(Tensor.zeros([3]), Tensor.zeros([3], .bool))
    },
    Mistake("gaussianNLLLoss: cannot combine float32 [2] with float64 [2]") {
      _ = gaussianNLLLoss(Tensor.zeros([2]), Tensor.zeros([2], .float64), Tensor.ones([2]))
    },
    Mistake("gaussianNLLLoss: cannot combine float32 [2] with float64 [2]") {
      _ = gaussianNLLLoss(Tensor.zeros([2]), Tensor.zeros([2]), Tensor.ones([2], .float64))
    },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
