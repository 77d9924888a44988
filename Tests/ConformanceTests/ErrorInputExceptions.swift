/// Error inputs of PyTorch that a Swift program cannot contain, by the reason why the compiler refuses them. Each is
/// one case, by its number.
let cannotBeWritten: [String: [String]] = [
  "the function takes two Variables, and a number is none": [
    "atan2 #3: other: expected a tensor, got an integer", "atan2 #4: input: expected a tensor, got an integer",
    "atan2 #5: input: expected a tensor, got an integer", "copysign #6: input: expected a tensor, got an integer",
    "copysign #7: input: expected a tensor, got an integer", "fmod #22: input: expected a tensor, got an integer",
    "fmod #23: input: expected a tensor, got an integer", "hypot #217: other: expected a tensor, got an integer",
    "hypot #218: input: expected a tensor, got an integer", "hypot #219: input: expected a tensor, got an integer",
    "logaddexp #25: other: expected a tensor, got an integer",
    "logaddexp #26: input: expected a tensor, got an integer",
    "logaddexp #27: input: expected a tensor, got an integer", "max #30: input: expected a tensor, got an integer",
    "max #31: input: expected a tensor, got an integer", "maximum #32: other: expected a tensor, got an integer",
    "maximum #33: input: expected a tensor, got an integer", "maximum #34: input: expected a tensor, got an integer",
    "min #36: input: expected a tensor, got an integer", "min #37: input: expected a tensor, got an integer",
    "minimum #38: other: expected a tensor, got an integer", "minimum #39: input: expected a tensor, got an integer",
    "minimum #40: input: expected a tensor, got an integer", "pow #178: input: expected a tensor, got an integer",
    "remainder #24: input: expected a tensor, got an integer", "xlogy #242: input: expected a tensor, got an integer",
  ],
  "an array of Variables has no nil in it": [
    "cat #227: tensors: expected a tensor, got None"
  ],
  "the axis is an Int": [
    "nn.LogSoftmax #45: dim is a number", "nn.LogSoftmax #46: dim is a bool", "nn.Softmax #44: dim is a bool",
  ],
  "the parameter is an Int": [
    "narrow #175: start: expected an integer, got a tensor int32 [5]",
    "narrow #176: start: expected an integer, got a tensor bool []",
  ],
  "the parameter is an enum": [
    "nn.functional.gaussian_nll_loss #262: reduction is an enum without abc",
    "nn.functional.gelu #167: approximate is an enum without asdf",
    "nn.functional.hinge_embedding_loss #265: reduction is an enum without abc",
    "nn.functional.huber_loss #266: reduction is an enum without abc",
    "nn.functional.l1_loss #248: reduction is an enum without abc",
    "nn.functional.margin_ranking_loss #90: reduction is an enum without abc",
    "nn.functional.multi_margin_loss #92: reduction is an enum without abc",
    "nn.functional.poisson_nll_loss #269: reduction is an enum without abc",
    "nn.functional.triplet_margin_loss #157: reduction is an enum without abc",
  ],
  "the parameter is a pair": [
    "rot90 #183: axes is a pair"
  ],
  "without axes there is an overload for one number alone": [
    "roll #179: without axes the shift is one number"
  ],
]

/// Error inputs of PyTorch that are no mistake here, with the reason.
let acceptedErrorInputs: [String: String] = [:]
