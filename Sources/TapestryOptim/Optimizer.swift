import TapestryAutograd
import TapestryTensors

/// Changes parameters by their gradients: `SGD`, `Adam`, `AdamW`, `RMSprop`, or your own class, which needs groups and a step:
///
///     final class SignDescent: Optimizer {
///       let groups: [ParameterGroup]
///       init(_ parameters: [Parameter], learningRate: Double) { groups = [ParameterGroup(parameters, learningRate: learningRate)] }
///       func step() {
///         for group in groups {
///           for w in group.parameters {
///             if let dw = w.grad { w.assign(w.value - group.learningRate * dw.sign()) }
///           }
///         }
///       }
///     }
public protocol Optimizer: AnyObject, SendableMetatype {
  /// The parameters with their options. Options may be set at any time: `optimizer.groups[1].learningRate = 1e-4`.
  var groups: [ParameterGroup] { get }

  /// One step for every parameter that has a gradient.
  func step()
}

extension Optimizer {
  /// The parameters of all groups.
  public var parameters: [Parameter] { groups.count == 1 ? groups[0].parameters : groups.flatMap(\.parameters) }

  /// The learning rate: of the first group when read, of every group when set. `groups[i].learningRate` is one group's.
  public var learningRate: Double {
    get {
      guard let first = groups.first else { fail("Optimizer: has no groups, so it has no learning rate") }
      return first.learningRate
    }
    set { for group in groups { group.learningRate = newValue } }
  }

  /// Forgets the gradients, so that the next backward pass starts anew.
  public func zeroGrad() {
    for group in groups {
      for parameter in group.parameters where parameter.requiresGrad { parameter.grad = nil }
    }
  }
}
