import TapestryAutograd
import TapestryOptim
import TapestryTensors
import Testing

/// Gradients in other layouts than the parameter's: every step sees the gradient of that step, and the memory behind it
/// stays.
struct StridedGradientTests {
  /// A (4, 6) matrix of step s, and the same elements in other layouts.
  private func layouts(_ s: Int, _ dtype: DType) -> [(name: String, tensor: Tensor)] {
    let plain = Tensor((0..<24).map { Double(($0 * 7 + s * 5) % 11 - 5) / 4 }, shape: [4, 6]).cast(to: dtype)
    let rows = stride(from: 1, to: 8, by: 2), columns = stride(from: 2, to: 18, by: 3)
    var wide = Tensor.zeros([8, 18], dtype)
    wide[rows, columns] = plain
    return [
      ("contiguous", plain), ("transposed", plain.transposed().contiguous().transposed()),
      ("sliced", wide[rows, columns]),
      ("flipped", plain.flipped(0, 1).contiguous().flipped(0, 1)), ("broadcast", plain),
    ]
  }

  @Test(arguments: makeOptimizerCases().indices, [DType.float32, .float64])
  func everyStepSeesItsOwnGradient(_ index: Int, _ dtype: DType) {
    let test = makeOptimizerCases()[index]
    func start() -> [Parameter] { [Parameter(Tensor.arange(24, dtype).reshaped(4, 6)), Parameter(.ones([3], dtype))] }
    let plain = start(), expected = test.make(plain)
    let others = layouts(0, dtype).dropFirst().map { (name: $0.name, parameters: start()) },
      optimizers = others.map { test.make($0.parameters) }
    for s in 0..<3 {
      let gradients = layouts(s, dtype), small = Tensor.full([3], Double(s) - 0.5, dtype)
      (plain[0].grad, plain[1].grad) = (gradients[0].tensor, small)
      expected.step()
      for (i, (name, parameters)) in others.enumerated() {
        let gradient = gradients[i + 1].tensor
        parameters[0].grad = gradient
        parameters[1].grad = name == "broadcast" ? Tensor.full([1], Double(s) - 0.5, dtype).expanded(to: [3]) : small
        optimizers[i].step()
        #expect(gradient == gradients[0].tensor, "\(name): the step changed the gradient")
        #expect(
          parameters[0].value == plain[0].value && parameters[1].value == plain[1].value,
          "\(test.description), \(name), step \(s)")
      }
    }
  }

  /// The kept copy of a strided gradient follows the parameter's type.
  @Test func aStridedGradientOfANewType() {
    let w = Parameter(.zeros([2, 3])), optimizer = SGD([w], learningRate: 1)
    w.grad = Tensor.ones([3, 2]).transposed()
    optimizer.step()
    w.convert(to: .float64)
    w.grad = Tensor.full([3, 2], 2, .float64).transposed()
    optimizer.step()
    #expect(w.value == .full([2, 3], -3, .float64))
  }
}
