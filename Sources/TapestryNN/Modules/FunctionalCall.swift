import TapestryAutograd
import TapestryOps
import TapestryTensors

/// The model's answer with other weights than its own, which stay as they are: `torch.func.functional_call`. Gradients
/// flow to what computed them.
///
///     let w = model.parameters().map { … }                       // one step of an inner loop, recorded
///     let loss = mseLoss(functionalCall(model, ["weight": w[0], "bias": w[1]], x), y)
///
/// - Parameter parameters: by their names in `namedParameters()`; those that are left out have their own values. Shapes
///   and types must be the parameters'; a name that the model has not ends the program with a list of those that it
///   has.
public func functionalCall(_ model: some Layer, _ parameters: [String: Variable], _ x: Variable) -> Variable {
  withParameters(of: model, parameters) { model(x) }
}

/// Runs `body` with other weights in a model than its own: see `functionalCall`, for models that are called otherwise.
public func withParameters<R, E: Error>(
  of model: some Module, _ parameters: [String: Variable], _ body: () throws(E) -> R
) throws(E) -> R {
  let own = Dictionary(model.namedParameters().map { ($0.name, $0.parameter) }) { first, _ in first }
  let pairs = parameters.sorted { $0.key < $1.key }.map { name, value -> (parameter: Parameter, by: Variable) in
    guard let parameter = own[name] else {
      fail(
        """
        functionalCall: there is no parameter '\(name)'; the model has \
        \(own.keys.sorted().map { "'\($0)'" }.joined(separator: ", "))
        """)
    }
    if value.shape != parameter.shape || value.dtype != parameter.dtype {
      fail("functionalCall: '\(name)' is \(parameter.dtype) \(parameter.shape), got \(value.dtype) \(value.shape)")
    }
    return (parameter, value.index == 0 ? value : value * 1)
  }
  return try Parameter.substituting(pairs, body)
}
