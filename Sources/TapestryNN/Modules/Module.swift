import TapestryAutograd
import TapestryTensors

/// A part of a model: a class whose stored properties hold parameters, buffers and further modules. Requires nothing;
/// what it holds is found by reflection when it is asked for.
///
/// A module of one input and one result is a `Layer`; two or three inputs, a state, queries with keys and values have
/// protocols of their own (`PairLayer`, `TripleLayer`, `RecurrentLayer`, `AttentionLayer`), which supply the call. Only
/// one of yet another shape writes its own `callAsFunction`, its work inside `running(self, …) { … }`, so that messages
/// name it and observers see it:
///
///     final class Attention: Module {
///       let query = Linear(64, 64)
///
///       /// x (batch, time, 64), memory (batch, places, 64): (batch, time, places), and what was looked for
///       func callAsFunction(_ x: Variable, memory: Variable) -> (weights: Variable, query: Variable) {
///         running(self, x, memory) {
///           let q = query(x)
///           return (softmax(matmul(q, memory.transposed()), axis: -1), q)
///         }
///       }
///     }
///
///     let attention = Attention()
///     let (weights, _) = attention(x, memory: memory)
///
/// It is found, trained, saved and copied like every module. `Sequential` takes layers only; whoever holds it calls it
/// in a `forward` of their own.
///
/// A module belongs to one task at a time, but to no actor: any thread may run it. (`SendableMetatype` says so; with
/// it, models are free of the main actor also in projects that put everything there by default, and generic code may
/// take a model to another task.)
public protocol Module: Stateful, SendableMetatype, CustomStringConvertible {
  /// What stands in brackets behind the module's name where a model is printed: `Linear(64, 128)`. By default its
  /// constant numbers: `Dropout(p: 0.2)`.
  var details: String { get }
}

// What every module has by its protocol is compiled once, and not again for each of a hundred classes, as the optimizer
// would (it took half of this room's time): hence `specialize.generic.never`.
extension Module {
  /// The module's constant numbers, booleans and lists of whole numbers with their names: `p: 0.2`.
  public var details: String {
    @_semantics("optimize.sil.specialize.generic.never") get {
      ObjectField.constants(of: self).filter {
        type(of: $0.value) is any Numeric.Type || $0.value is Bool || $0.value is [Int]
      }
      .map { "\($0.name): \($0.value)" }.joined(separator: ", ")
    }
  }

  /// The model as a tree, with the number of weights of each part.
  public var description: String {
    @_semantics("optimize.sil.specialize.generic.never") get { ModuleTree(self).text }
  }
}

/// A module that maps one Variable to one: what `Sequential` chains. Call it like a function, `layer(x)`, not by
/// `forward`: the call lets messages name the layer and observers see it.
///
///     final class Scale: Layer {
///       let factor = Parameter(.ones([1]))
///       func forward(_ x: Variable) -> Variable { x * factor }
///     }
public protocol Layer: Module {
  /// The result for x. Shapes are the layer's own matter.
  func forward(_ x: Variable) -> Variable
}

extension Layer {
  /// `forward` of x, with this layer among those that messages name and observers see.
  public func callAsFunction(_ x: Variable) -> Variable {
    ModulePath.install
    Running.enter(self)
    defer { Running.leave() }
    return ThreadSlot.hasObserver ? Observation.report(self, [x]) { forward(x) } : forward(x)
  }

  /// A Tensor is a constant input.
  public func callAsFunction(_ x: Tensor) -> Variable { self(Variable(x)) }
}

/// A module that behaves differently in training than in evaluation, as dropout and batch normalization do.
/// `model.train()` and `model.eval()` set `training` of the model and of all such modules below it; a module made anew
/// is in training, as in PyTorch. No default: forgetting the property does not compile.
///
///     final class Noise: Layer, ModeDependent {
///       var training = true
///       func forward(_ x: Variable) -> Variable {
///         training ? x + 0.1 * Tensor.normal(x.shape, x.dtype) : x
///       }
///     }
///
/// A `checkpoint` finds modules in its second run in the mode of the first, if they are called like functions or run
/// inside `running`.
public protocol ModeDependent: Module {
  /// Whether the module is in training; true at first.
  var training: Bool { get set }
}

extension Module {
  /// All parameters with their names in order of discovery; one that appears under several names is listed once, under
  /// the first.
  public func namedParameters() -> [(name: String, parameter: Parameter)] {
    let parameters = Discovery(self).parameters
    for (name, parameter) in parameters { parameter.name = name }
    return parameters
  }

  /// All parameters, each once.
  public func parameters() -> [Parameter] { namedParameters().map(\.parameter) }

  /// All buffers with their names.
  public func namedBuffers() -> [(name: String, buffer: Buffer)] { Discovery(self).buffers }

  /// All buffers, each once.
  public func buffers() -> [Buffer] { namedBuffers().map(\.buffer) }

  /// This module and all below it, with their names ("" for this one), each once.
  public func namedModules() -> [(name: String, module: any Module)] { Discovery(self).modules }

  /// This module and all below it, each once: `for case let linear as Linear in model.modules() { … }`.
  public func modules() -> [any Module] { namedModules().map(\.module) }

  /// The modules that this one holds itself, by property, without theirs.
  public var children: [(name: String, module: any Module)] {
    Discovery(self).branches.filter { $0.parent == 0 && !$0.isRepeated }.map { ($0.name, $0.module) }
  }

  /// Turns training behavior on (or, with false, off) for this module and all below it.
  public func train(_ on: Bool = true) {
    for (_, module) in namedModules() { (module as? any ModeDependent)?.training = on }
  }

  /// Turns training behavior off, for evaluation.
  public func eval() { train(false) }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() {
    for parameter in parameters() { parameter.forgetGradient() }
  }

  /// The number of weights, frozen ones included.
  public var parameterCount: Int { parameters().reduce(0) { $0 + $1.count } }

  /// Converts all floating-point parameters, with their gradients, and buffers to `dtype`. Optimizers convert their
  /// state at the next step. A model in `.float16` or `.bfloat16` can be saved and loaded, not run.
  @discardableResult
  public func to(_ dtype: DType) -> Self {
    if !dtype.isFloatingPoint { fail("to: a model can be converted to a floating-point type, not to \(dtype)") }
    let found = Discovery(self)
    for (_, parameter) in found.parameters { parameter.convert(to: dtype) }
    for (_, buffer) in found.buffers where buffer.dtype.isFloatingPoint { buffer.convert(to: dtype) }
    return self
  }
}
