import TapestryAutograd
import TapestryTensors

/// Changes parameters by their gradients: `SGD`, `Adam`, `AdamW`, `RMSprop`, or your own class, which needs
/// `paramGroups` and a step. Its state is that of its groups' options, unless it says more with `stateDict()` and
/// `loadStateDict(_:)`:
///
///     final class SignDescent: Optimizer {
///       let paramGroups: [ParameterGroup]
///       init(_ parameters: [Parameter], learningRate: Double) {
///         paramGroups = [ParameterGroup(parameters, learningRate: learningRate)]
///       }
///       func step() {
///         for group in paramGroups {
///           for w in group.parameters {
///             if let dw = w.grad { w.assign(w.value - group.learningRate * dw.sign()) }
///           }
///         }
///       }
///     }
public protocol Optimizer: Stateful, SendableMetatype {
  /// The parameters with their options. Options may be set at any time: `optimizer.paramGroups[1].learningRate = 1e-4`.
  var paramGroups: [ParameterGroup] { get }

  /// One step for every parameter that has a gradient.
  func step()
}

extension Optimizer {
  /// The parameters of all groups.
  public var parameters: [Parameter] {
    paramGroups.count == 1 ? paramGroups[0].parameters : paramGroups.flatMap(\.parameters)
  }

  /// The learning rate: of the first group when read, of every group when set. `paramGroups[i].learningRate` is one
  /// group's.
  public var learningRate: Double {
    get {
      guard let first = paramGroups.first else { fail("Optimizer: has no groups, so it has no learning rate") }
      return first.learningRate
    }
    set { for group in paramGroups { group.learningRate = newValue } }
  }

  /// Forgets the gradients, so that the next backward pass starts anew.
  public func zeroGrad() {
    for group in paramGroups {
      for parameter in group.parameters { parameter.forgetGradient() }
    }
  }
}
