import TapestryAutograd
import TapestryTensors

// Shapes of calls. A module writes `forward`; the protocol supplies the call, so that paths in messages, observers,
// summaries and checkpoints cannot be forgotten. `Layer` (x → y) and `Loss` (input, target → number) stand elsewhere. A
// Tensor in a call is a constant.

/// A module of two inputs: a similarity, a merge of two branches, a decoder with its memory.
///
///     final class Merge: PairLayer {
///       let project = Linear(128, 64)
///       func forward(_ a: Variable, _ b: Variable) -> Variable { project(concatenate([a, b], axis: -1)) }
///     }
public protocol PairLayer: Module {
  /// What the module computes; call the module itself, `merge(a, b)`.
  func forward(_ a: Variable, _ b: Variable) -> Variable
}

extension PairLayer {
  /// Runs `forward`, so that messages name the module and observers see the call.
  public func callAsFunction(_ a: some VariableConvertible, _ b: some VariableConvertible) -> Variable {
    let a = a.asVariable, b = b.asVariable
    return running(self, a, b) { forward(a, b) }
  }
}

/// A module of three inputs: a loss of two inputs and a target, of an anchor, a positive and a negative.
public protocol TripleLayer: Module {
  /// What the module computes; call the module itself, `loss(a, b, c)`.
  func forward(_ a: Variable, _ b: Variable, _ c: Variable) -> Variable
}

extension TripleLayer {
  /// Runs `forward`, so that messages name the module and observers see the call.
  public func callAsFunction(
    _ a: some VariableConvertible, _ b: some VariableConvertible, _ c: some VariableConvertible
  ) -> Variable {
    let a = a.asVariable, b = b.asVariable, c = c.asVariable
    return running(self, a, b, c) { forward(a, b, c) }
  }
}

/// A module that carries a state from one call to the next: (x, state) → (y, state), where nil is the state to begin
/// with. The state is what the caller keeps: a Variable, or a struct of several.
///
///     final class Counter: RecurrentLayer {
///       let step = Linear(8, 8)
///       func forward(_ x: Variable, _ state: Variable?) -> (output: Variable, state: Variable) {
///         let h = tanh(step(x) + (state ?? Variable(.zeros(x.shape))))
///         return (h, h)
///       }
///     }
public protocol RecurrentLayer: Module {
  /// What goes from one call to the next.
  associatedtype State
  /// What the module computes; call the module itself, `let (y, state) = layer(x, before)`.
  func forward(_ x: Variable, _ state: State?) -> (output: Variable, state: State)
}

extension RecurrentLayer {
  /// Runs `forward`, so that messages name the module and observers see the call.
  public func callAsFunction(_ x: some VariableConvertible, _ state: State? = nil) -> (output: Variable, state: State) {
    let x = x.asVariable
    return running(self, x) { forward(x, state) }
  }
}

/// A module that lets queries look at keys and values: (batch, time, channels) each, with a mask that broadcasts to
/// (batch, heads, queries, keys), true where a query may not look.
public protocol AttentionLayer: Module {
  /// What the module computes; call the module itself, `attention(q, k, v, mask: mask)`.
  func forward(_ query: Variable, _ key: Variable, _ value: Variable, mask: Tensor?) -> Variable
}

extension AttentionLayer {
  /// Runs `forward`, so that messages name the module and observers see the call.
  public func callAsFunction(
    _ query: some VariableConvertible, _ key: some VariableConvertible, _ value: some VariableConvertible,
    mask: Tensor? = nil
  ) -> Variable {
    let query = query.asVariable, key = key.asVariable, value = value.asVariable
    return running(self, query, key, value) { forward(query, key, value, mask: mask) }
  }
}
