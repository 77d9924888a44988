import TapestryAutograd
import TapestryTensors

// As Sources/TapestryTensors/Unavailable.swift.

@available(*, unavailable, message: "compare element by element, with .< .<= .> or .>=")
extension Variable: Elementwise {}
