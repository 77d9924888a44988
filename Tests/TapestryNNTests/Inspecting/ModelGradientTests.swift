import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryTensors
import Testing

/// y = c·(x·w) with a derivative by w that forgets the factor c, as a hand-written layer might.
private final class Wrong: Layer {
  let weight = Parameter(.normal([3]))
  let forgets: Bool
  init(forgets: Bool) { self.forgets = forgets }
  func forward(_ x: Variable) -> Variable {
    let forgets = forgets
    return customOp(
      "scaled", [x, weight], forward: { 3 * $0[0] * $0[1] },
      backward: { x, _, dy in [3 * dy * x[1], ((forgets ? dy : 3 * dy) * x[0]).sum(0)] })
  }
}

private final class Net: Layer {
  let hidden = Linear(4, 5)
  let norm = LayerNorm(5)
  let drop = Dropout(0.5)
  let out: any Layer
  let counts = Buffer(.zeros([1]))
  init(_ out: any Layer) { self.out = out }
  func forward(_ x: Variable) -> Variable {
    counts.assign(counts.value + 1)
    return out(drop(tanh(norm(hidden(x)))) * counts)
  }
}

struct ModelGradientTests {
  @Test func aRightModelPasses() {
    for training in [true, false] {
      let model = Net(Linear(5, 2))
      if !training { model.eval() }
      let before = model.stateDict().map(\.1)
      let report = gradientCheck(model, at: Tensor.normal([3, 4]))
      #expect(report.passed && report.worst > 0, "\(report)")
      #expect(
        model.stateDict().map(\.1) == before && model.hidden.weight.grad == nil && model.hidden.weight.dtype == .float32
      )
    }
    let labels = Tensor([0, 1, 1])
    #expect(gradientCheck(Net(Linear(5, 2)), at: Tensor.normal([3, 4]), loss: { crossEntropy($0, labels) }).passed)
  }

  @Test func aWrongDerivativeIsNamedByItsParameterAndElement() {
    let report = gradientCheck(Sequential(Linear(4, 3), Wrong(forgets: true)), at: Tensor.normal([2, 4]))
    #expect(!report.passed && report.description.contains("order 1, parameter '1.weight', element ["), "\(report)")
    #expect(gradientCheck(Sequential(Linear(4, 3), Wrong(forgets: false)), at: Tensor.normal([2, 4])).passed)
    #expect(throws: GradientMismatch.self) { try report.verify() }
  }

  @Test func severalInputsAndFrozenParameters() {
    let table = Embedding(6, 4), mix = Mix(), both = Pair(table, mix)
    mix.freeze()
    let report = gradientCheck(both, at: [Tensor([0, 5, 5]), Tensor.normal([3, 4])]) { both, x in
      both.mix(both.table(x[0]) * x[1])
    }
    #expect(report.passed && report.worst > 0, "\(report)")
  }

  @Test func functionalCallUsesOtherWeights() {
    let model = Linear(2, 1), x = Variable(Tensor([[1, 2]] as [[Float]])), own = model.weight.value
    let w = Variable(Tensor([[3], [5]] as [[Float]]), requiresGrad: true)
    let y = functionalCall(model, ["weight": w * 2], x)
    #expect(y.value == Tensor([[26]] as [[Float]]) && model.weight.value == own)
    y.sum().backward()
    #expect(
      w.grad == Tensor([[2], [4]] as [[Float]]) && model.weight.grad == nil
        && model.bias!.grad == Tensor([1] as [Float]))
    // One of several results, too.
    let halves = w.split(1)
    let z = withParameters(of: model, ["weight": concatenate(halves), "bias": halves[1].reshaped(1)]) { model(x) }
    #expect(z.value == Tensor([[18]] as [[Float]]))
    let wide = Variable(Tensor([[3, 1], [5, 1]] as [[Float]]), requiresGrad: true).split(1, axis: 1)
    #expect(functionalCall(model, ["weight": wide[1]], x).value == Tensor([[3]] as [[Float]]))
  }

  @Test func functionalCallRefusesWhatDoesNotFit() {
    func message(_ values: [String: Variable]) -> String {
      let failure = #expect(throws: Failure.self) {
        try Failure.catching { functionalCall(Linear(2, 1), values, Variable(.ones([1, 2]))) }
      }
      return failure?.message ?? ""
    }
    #expect(
      message(["wieght": Variable(.ones([2, 1]))]).contains("no parameter 'wieght'; the model has 'bias', 'weight'"))
    #expect(message(["weight": Variable(.ones([1, 2]))]).contains("'weight' is float32 [2, 1], got float32 [1, 2]"))
  }
}

private final class Mix: Layer {
  let inner = Linear(4, 3)
  func forward(_ x: Variable) -> Variable { sigmoid(inner(x)) }
}

private final class Pair: Module {
  let table: Embedding
  let mix: Mix
  init(_ table: Embedding, _ mix: Mix) { (self.table, self.mix) = (table, mix) }
}
