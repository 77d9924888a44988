/// Error inputs of PyTorch that a Swift program cannot contain, by the reason why the compiler refuses them.
let cannotBeWritten: [String: [String]] = [
  "the function takes two Variables, and a number is none": [
    "atan2: input: expected a tensor, got an integer", "atan2: other: expected a tensor, got an integer",
    "copysign: input: expected a tensor, got an integer", "fmod: input: expected a tensor, got an integer",
    "hypot: input: expected a tensor, got an integer", "hypot: other: expected a tensor, got an integer",
    "logaddexp: input: expected a tensor, got an integer", "logaddexp: other: expected a tensor, got an integer",
    "max: input: expected a tensor, got an integer", "maximum: input: expected a tensor, got an integer",
    "maximum: other: expected a tensor, got an integer", "min: input: expected a tensor, got an integer",
    "minimum: input: expected a tensor, got an integer", "minimum: other: expected a tensor, got an integer",
    "pow: input: expected a tensor, got an integer", "remainder: input: expected a tensor, got an integer",
    "xlogy: input: expected a tensor, got an integer",
  ],
  "an array of Variables has no nil in it": ["cat: tensors: expected a tensor, got None"],
  "the parameter is an Int": ["narrow: start: expected an integer, got a tensor int32 [5]", "narrow: start: expected an integer, got a tensor bool []"],
  "the parameter is an enum": ["nn.functional.gelu: approximate is an enum without asdf"],
  "the parameter is a pair": ["rot90: axes is a pair"],
  "without axes there is an overload for one number alone": ["roll: without axes the shift is one number"],
]

/// Error inputs of PyTorch that are no mistake here, with the reason.
let acceptedErrorInputs: [String: String] = [:]
