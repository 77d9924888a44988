import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// A call and what PyTorch gives for it: the result, and the gradient of each input when `ramp` of the result's shape
/// comes back.
struct PyTorchCase: Sendable, CustomTestStringConvertible {
  let python: String
  let inputs: [Shape]
  let call: @Sendable ([Variable]) -> Variable
  let shape: Shape
  let y: [Double]
  let dx: [[Double]]

  init(
    _ python: String, _ inputs: [Shape], _ call: @escaping @Sendable ([Variable]) -> Variable, _ shape: Shape,
    _ y: [Double], _ dx: [[Double]]
  ) {
    self.python = python
    self.inputs = inputs
    self.call = call
    self.shape = shape
    self.y = y
    self.dx = dx
  }

  var testDescription: String { "\(python) with \(inputs)" }

  func check() {
    for backend in [Backend.current.name, "reference"] { withBackend(backend) { check(backend) } }
  }

  private func check(_ backend: String) {
    let leaves = inputs.map { Variable(ramp($0), requiresGrad: true) }
    let result = call(leaves)
    #expect(result.shape == shape, "\(python) (\(backend))")
    #expect(near(result.value.array(Double.self), y), "\(python) (\(backend)): \(result.value)")
    result.backward(gradient: ramp(result.shape))
    for (i, leaf) in leaves.enumerated() {
      let gradient = leaf.grad?.array(Double.self) ?? [Double](repeating: 0, count: leaf.count)
      #expect(near(gradient, dx[i]), "\(python) (\(backend)), gradient of input \(i): \(gradient)")
    }
  }
}

/// ((7·i) mod 11 − 5)/4 in row-major order: −1.25, 0.5, −0.5, 1.25, … as the Python side makes it.
func ramp(_ shape: Shape) -> Tensor { Tensor((0..<shape.volume).map { Double($0 * 7 % 11 - 5) / 4 }, shape: shape) }

func near(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  a.count == b.count
    && zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= tolerance * (1 + abs($1)) }
}
