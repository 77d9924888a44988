import TapestryAutograd
import TapestryTensors

/// Changes parameters by their gradients.
public protocol Optimizer: AnyObject {
  var parameters: [Parameter] { get }

  /// One step for every parameter that has a gradient.
  func step()
}

extension Optimizer {
  /// Forgets the gradients, so that the next backward pass starts anew.
  public func zeroGrad() {
    for parameter in parameters where parameter.requiresGrad { parameter.grad = nil }
  }
}

/// The parameters of one optimizer, each once.
func checked(_ parameters: [Parameter], _ name: String) -> [Parameter] {
  if parameters.isEmpty { fail("\(name): got no parameters; pass model.parameters(), after the model was built") }
  var seen = Set<ObjectIdentifier>()
  for parameter in parameters where !seen.insert(ObjectIdentifier(parameter)).inserted {
    fail("\(name): a parameter of shape \(parameter.shape) is listed twice and would be stepped twice")
  }
  return parameters
}

func check(_ name: String, _ option: String, _ value: Double, _ valid: Bool, _ range: String) {
  if !valid { fail("\(name): \(option) must be \(range), got \(value)") }
}
