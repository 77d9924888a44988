// swift-format-ignore-file
import Tapestry

func crossing(_ model: Sequential, _ server: Frozen<Sequential>, _ x: Variable, _ t: Tensor) async {
  Task { model(t) }  // error: type 'Variable' does not conform to the 'Sendable' protocol
  Task.detached { server(x) }  // error: cannot convert value of type 'Variable' to expected argument type 'Tensor'
  let a: any Sendable = model  // error: type 'Sequential' does not conform to the 'Sendable' protocol
  let b: any Sendable = x  // error: type 'Variable' does not conform to the 'Sendable' protocol
  print(a, b)
}

func scopes(_ model: Sequential, _ x: Variable) async {
  _ = noGrad { await answer() }  // error: 'noGrad' is unavailable: modes belong to a thread
  _ = checkpoint(x) { await model($0) + answer() }  // error: 'checkpoint' is unavailable: the backward pass runs the closure again
  _ = checkpoint { model(x) }  // error: 'checkpoint' is unavailable: a closure kept for later sees what a var holds then
  _ = withSeed(1) { await answer() }  // error: 'withSeed' is unavailable: the override belongs to a thread
}

func answer() async -> Tensor { .zeros([1]) }

@MainActor final class OnMain: Layer {  // error: conformance of 'OnMain' to protocol 'Layer' crosses into main actor-isolated code
  func forward(_ x: Variable) -> Variable { x }
}
