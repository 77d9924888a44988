import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors

/// The seeds' network: 784–256–128–10.
func seedsNetwork() -> Sequential {
  Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 128), ReLU(), Dropout(0.3), Linear(128, 10))
}

/// Notes in every kind of state that a module can have.
final class Counter: Layer, ModeDependent {
  let weight = Parameter(.ones([2]))
  let mean = Buffer(.zeros([2]))
  var training = true
  var calls = 0
  var last: Tensor?

  func forward(_ x: Variable) -> Variable {
    calls += 1
    last = x.value
    mean.assign(0.9 * mean.value + 0.1 * x.value.mean(0))
    return dropout(x, p: 0.5) * weight + Variable(.normal([2]))
  }
}
