import TapestryAutograd
import TapestryTensors

/// A part of a model: a class whose stored properties hold parameters, buffers and further modules. Requires nothing; what it
/// holds is found by reflection (`Mirror`) when it is asked for.
public protocol Module: AnyObject {}

/// A module that maps one Variable to one: what `Sequential` chains. Call it like a function.
public protocol Layer: Module {
  func forward(_ x: Variable) -> Variable
}

extension Layer {
  public func callAsFunction(_ x: Variable) -> Variable { forward(x) }

  /// A Tensor is a constant input.
  public func callAsFunction(_ x: Tensor) -> Variable { forward(Variable(x)) }
}

/// A module that behaves differently in training (dropout, batch normalisation). No default: forgetting the property does not compile.
public protocol ModeDependent: Module {
  var training: Bool { get set }
}

extension Module {
  /// All parameters with their names in order of discovery; one that appears under several names is listed once, under the first.
  public func namedParameters() -> [(name: String, parameter: Parameter)] { Discovery(self).parameters }

  /// All parameters, each once.
  public func parameters() -> [Parameter] { namedParameters().map(\.parameter) }

  /// All buffers with their names.
  public func namedBuffers() -> [(name: String, buffer: Buffer)] { Discovery(self).buffers }

  /// This module and all below it, with their names ("" for this one).
  public func namedModules() -> [(name: String, module: any Module)] { Discovery(self).modules }

  /// Turns training behaviour on for this module and all below it.
  public func train(_ on: Bool = true) {
    for (_, module) in namedModules() { (module as? any ModeDependent)?.training = on }
  }

  /// Turns training behaviour off, for evaluation.
  public func eval() { train(false) }

  /// The number of weights.
  public var parameterCount: Int { parameters().reduce(0) { $0 + $1.count } }
}
