import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

private final class Block: Layer {
  let linear = Linear(3, 3)
  let plant: (Variable) -> Variable
  init(_ plant: @escaping (Variable) -> Variable) { self.plant = plant }
  func forward(_ x: Variable) -> Variable { linear(plant(x)) }
}

private final class Encoder: Layer {
  let layers: [Block]
  init(_ plant: @escaping (Variable) -> Variable) { layers = [Block { $0 }, Block(plant)] }
  func forward(_ x: Variable) -> Variable { layers[1](layers[0](x)) }
}

private final class Model: Layer {
  let encoder: Encoder
  let head = Linear(3, 1)
  init(_ plant: @escaping (Variable) -> Variable) { encoder = Encoder(plant) }
  func forward(_ x: Variable) -> Variable { head(encoder(x)) }
}

/// Looking for NaN, the message names the module in which the operation was recorded.
struct AnomalyPathTests {
  @Test(arguments: [
    Mistake("encoder.layers.1 (Block): log: the result of shape [2, 3] has a NaN (found by detectAnomaly)") {
      detectAnomaly { _ = Model { log(0 * $0 - 1) }(.ones([2, 3])) }
    },
    // √x has the derivative ∞ at 0, and the derivative of x² there is 0: 0·∞.
    Mistake("encoder.layers.1 (Block): square: backward: the gradient for an input of shape [2, 3]") {
      detectAnomaly { Model { $0 + sqrt(square(0 * $0)) }(.ones([2, 3])).sum().backward() }
    },
    Mistake("square: backward: the gradient for an input of shape [2, 1]") {
      detectAnomaly { sqrt(square(0 * Linear(3, 1)(.ones([2, 3])))).sum().backward() }
    },
  ])
  func theModuleIsNamed(_ mistake: Mistake) { #expect(mistake.problem == nil) }
}
