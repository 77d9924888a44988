import TapestryAutograd
import TapestryTensors

// Activations that are a short formula in other ops, and have their derivatives from it.

/// x/(1 + |x|) of each element.
public func softsign(_ x: Variable) -> Variable { x / (abs(x) + 1) }

/// x·tanh(softplus(x)) of each element (Misra 2019).
public func mish(_ x: Variable) -> Variable { tanh(softplus(x)) * x }

/// x limited to min … max.
public func hardtanh(_ x: consuming Variable, min: Double = -1, max: Double = 1) -> Variable { clamp(x, min: min, max: max) }

/// x limited to 0 … 6.
public func relu6(_ x: consuming Variable) -> Variable { clamp(x, min: 0, max: 6) }

/// relu6(x + 3)/6, the logistic function in three straight pieces (Howard et al. 2019).
public func hardsigmoid(_ x: consuming Variable) -> Variable { relu6(x + 3) / 6 }

/// x·relu6(x + 3)/6 (Howard et al. 2019).
public func hardswish(_ x: Variable) -> Variable { hardsigmoid(x) * x }

/// The exponential linear unit whose constants keep mean 0 and variance 1 through layers: λ·elu(x, α) (Klambauer et al. 2017).
public func selu(_ x: consuming Variable) -> Variable { elu(x, alpha: 1.6732632423543772848170429916717) * 1.0507009873554804934193349852946 }

/// max(0, x) + min(0, α·(exp(x/α) − 1)), an elu with a continuous derivative for every α (Barron 2017).
public func celu(_ x: consuming Variable, alpha: Double = 1) -> Variable { elu(x / alpha) * alpha }

/// x − tanh x of each element.
public func tanhshrink(_ x: Variable) -> Variable { x - tanh(x) }

/// x moved towards 0 by λ, and 0 where |x| ≤ λ.
public func softshrink(_ x: Variable, lambda: Double = 0.5) -> Variable {
  (x - clamp(x, min: -lambda, max: lambda)).where(abs(x) .> lambda, 0)
}

/// x where |x| > λ, else 0.
public func hardshrink(_ x: Variable, lambda: Double = 0.5) -> Variable { x.where(abs(x) .> lambda, 0) }
