/// Error inputs of PyTorch that a Swift program cannot contain: the compiler refuses them, for the parameter has another type.
let cannotBeWritten: Set<String> = []

/// Error inputs of PyTorch that are no mistake here, with the reason.
let acceptedErrorInputs: [String: String] = [:]
