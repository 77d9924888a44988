import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import TapestryTraining
import Testing

struct MissingGradientsTests {
  final class Net: Layer {
    let encoder = Sequential(Linear(2, 3), ReLU(), Linear(3, 3))
    let spare = Sequential(Linear(3, 3), Linear(3, 3))
    let head = Linear(3, 1)
    let scale = Parameter(.ones([1]))
    let factor = Parameter(.ones([1]))
    func forward(_ x: Variable) -> Variable { head(encoder(x)) * scale.value + factor * 0 }
  }

  private func trained(_ prepare: (Net) -> Void = { _ in }) -> Net {
    let model = withSeed(0) { Net() }
    prepare(model)
    (model.encoder[0] as! Linear).bias!.assign(.ones([3]))
    model(Tensor.ones([4, 2])).sum().backward()
    return model
  }

  @Test func namesAndWholeModules() {
    let missing = trained().parametersWithoutGradient()
    #expect(Array(missing) == ["spare.0.weight", "spare.0.bias", "spare.1.weight", "spare.1.bias", "scale"])
    #expect(missing.zero == ["factor"] && missing.frozen.isEmpty)
    #expect(
      missing.description == """
        5 of 12 parameters have no gradient:
          spare (all 4)
          scale
        The loss does not depend on them, so no optimizer moves them: was the module called, was its result used, and does \
        nothing on the way to the loss end the history (detach(), .value, noGrad, argmax, a comparison)?
        0 everywhere is the gradient of factor: units that are off for all inputs, or a factor that is 0
        """)
  }

  @Test func frozenOnesAreLeftOut() {
    let missing = trained { $0.freeze("spare", "encoder.0.bias") }.parametersWithoutGradient()
    #expect(
      Array(missing) == ["scale"]
        && missing.frozen == ["encoder.0.bias"] + ["spare.0.weight", "spare.0.bias", "spare.1.weight", "spare.1.bias"])
    #expect(missing.description.hasPrefix("1 of 7 parameters have no gradient:\n  scale\n"))
    #expect(
      missing.description.hasSuffix(
        "\nfrozen, so without one: encoder.0.bias, spare.0.weight, spare.0.bias, spare.1.weight, spare.1.bias"))
    let model = Linear(2, 1)
    model.freeze()
    #expect(
      "\(model.parametersWithoutGradient())" == "there is no parameter to train\nfrozen, so without one: weight, bias")
  }

  /// A part of a module only: its own names, also behind a module that has none at all.
  @Test func partsOfModules() {
    let model = trained()
    model.encoder.parameters()[3].grad = nil
    model.head.parameters()[1].grad = nil
    #expect(
      model.parametersWithoutGradient().description.contains(
        ":\n  encoder.2.bias\n  spare (all 4)\n  head.bias\n  scale\n"))
  }

  @Test func allAndNone() {
    let model = Linear(2, 1)
    #expect(
      "\(model.parametersWithoutGradient())"
        == "none of 2 parameters has a gradient: call loss.backward() first, and zeroGrad() after the step")
    model(Tensor.ones([1, 2])).sum().backward()
    #expect(model.parametersWithoutGradient().isEmpty)
    #expect("\(model.parametersWithoutGradient())" == "all 2 parameters have a gradient")
    // NaN is not 0.
    model.weight.grad = .full([2, 1], Double.nan)
    #expect(model.parametersWithoutGradient().zero.isEmpty)
  }
}
