// swift-format-ignore-file
import Tapestry

final class WithoutForward: Layer {  // error: type 'WithoutForward' does not conform to protocol 'Layer'
  let linear = Linear(2, 3)
}

final class WithoutMode: Layer, ModeDependent {  // error: type 'WithoutMode' does not conform to protocol 'ModeDependent'
  func forward(_ x: Variable) -> Variable { x }
}

struct NoClass: Module {}  // error: non-class type 'NoClass' cannot conform to class protocol 'Module'

final class OfTensors: Layer {  // error: type 'OfTensors' does not conform to protocol 'Layer'
  func forward(_ x: Tensor) -> Tensor { x }
}

final class Labeled: Layer {
  func forward(x: Variable) -> Variable { x }  // error: has different argument labels from those required by protocol 'Layer'
}

final class WithoutInit: Layer {  // error: class 'WithoutInit' has no initializers
  let linear: Linear
  func forward(_ x: Variable) -> Variable { linear(x) }
}

final class Early: Layer {
  let size = 3
  let linear = Linear(size, 4)  // error: cannot use instance member 'size' within property initializer; property initializers run before 'self' is available
  func forward(_ x: Variable) -> Variable { linear(x) }
}

final class Pair: Module {
  let left = Linear(3, 4)
}

func building(_ layers: [any Layer]) {
  _ = Linear(in: 3, out: 4)  // error: extraneous argument labels 'in:out:' in call
  _ = Linear(3)  // error: missing argument for parameter #2 in call
  _ = Linear(3, 4, bias: 0)  // error: integer literal value '0' cannot be used as a boolean; did you mean 'false'?
  _ = Linear(3, 4, false)  // error: missing argument label 'bias:' in call
  _ = Dropout(p: 0.5)
  _ = Sequential(Linear(2, 3), relu, Linear(3, 4))  // error: does not conform to expected type 'Layer'
  _ = Sequential(Linear(2, 3), Pair())  // error: argument type 'Pair' does not conform to expected type 'Layer'
  _ = Residual([Linear(2, 2)])  // error: argument type '[Linear]' does not conform to expected type 'Layer'
}

func builders() {
  _ = Sequential {
    Linear(2, 3)
    relu  // error: 'buildExpression' is unavailable: a function is no layer: write ReLU() for relu, or Lambda { relu($0) }
  }
}

func calling(_ model: Sequential, _ pair: Pair, _ x: Variable, _ t: Tensor) {
  _ = pair(x)  // error: cannot call value of non-function type 'Pair'
  _ = model.forward(t)  // error: cannot convert value of type 'Tensor' to expected argument type 'Variable'
  _ = model([1, 2, 3])  // error: no exact matches in call to instance method 'callAsFunction'
  _ = model(x, x)  // error: extra argument in call
  _ = model[0].weight  // error: value of type 'any Layer' has no member 'weight'
  model.training = false  // error: value of type 'Sequential' has no member 'training'
}
