import TapestryAutograd
import TapestryNN
import TapestryOptim
import TapestryTensors
import TestSupport
import Testing

/// A norm that is no number, of a model's gradients: the message names the parameter as the model does.
struct ClippingNameTests {
  private static func made() -> Sequential {
    let model = Sequential(Linear(3, 2), Sequential(LayerNorm(2), Linear(2, 1)))
    for parameter in model.parameters() { parameter.grad = .ones(parameter.shape) }
    return model
  }

  @Test(arguments: [
    Mistake("clipGradNorm: the norm of the gradients is nan: the gradient of '1.0.bias' of shape [2] contains nan") {
      let model = made(), parameters = model.parameters()
      parameters[3].grad = Tensor([0, .nan] as [Float])
      parameters[4].grad = .full([2, 1], Double.nan)
      clipGradNorm(parameters, maxNorm: 1, errorIfNonfinite: true)
    },
    // A parameter of a part has the name that the part gave last.
    Mistake("clipGradNorm: the norm of the gradients is inf: the gradient of 'bias' of shape [1] contains inf") {
      let model = made(), part = (model[1] as! Sequential)[1] as! Linear
      part.bias!.grad = .full([1], Double.infinity)
      clipGradNorm(part.parameters(), maxNorm: 1, errorIfNonfinite: true)
    },
  ])
  func theParameterIsNamed(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  /// torch.nn.utils.clip_grad_norm_(error_if_nonfinite=True) raises before it scales anything.
  @Test func nothingIsScaledBefore() {
    let model = Self.made(), parameters = model.parameters()
    parameters[0].grad = .full([3, 2], Double.nan)
    let mistake = Mistake("clipGradNorm: the norm of the gradients is nan: the gradient of '0.weight' of shape [3, 2]")
    { [copy = UncheckedBox(parameters)] in
      clipGradNorm(copy.value, maxNorm: 1e-3, errorIfNonfinite: true)
    }
    #expect(mistake.problem == nil)
    for parameter in parameters.dropFirst() { #expect(parameter.grad == .ones(parameter.shape)) }
    #expect(clipGradNorm(Array(parameters.dropFirst()), maxNorm: 100, errorIfNonfinite: true) == 9.0.squareRoot())
  }

  private struct UncheckedBox: @unchecked Sendable {
    let value: [Parameter]
    init(_ value: [Parameter]) { self.value = value }
  }
}
