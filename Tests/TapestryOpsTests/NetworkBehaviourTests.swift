import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// What the networks' ops promise besides single values.
struct NetworkBehaviourTests {
  @Test func dropoutKeepsTheMean() {
    let y = withSeed(3) { dropout(Variable(.ones([100, 100], .float64)), p: 0.2) }.value.array(Double.self)
    #expect(y.allSatisfy { $0 == 0 || $0 == 1.25 })
    // 10,000 draws of Bernoulli(0.2): five standard deviations are 200.
    #expect(abs(y.count { $0 == 0 } - 2000) < 200)
  }

  @Test func dropoutSendsTheGradientThroughTheSameElements() {
    let x = Variable(.full([1000], 3, .float64), requiresGrad: true)
    let y = dropout(x, p: 0.5)
    y.backward(gradient: .ones([1000], .float64))
    // y = x·m/(1 − p), dx = m/(1 − p)
    #expect(y.value == x.grad! * 3)
    #expect(y.value.array(Double.self).contains(0) && y.value.array(Double.self).contains(6))
  }

  @Test func dropoutOfNothingAndEverything() {
    let x = Variable(Tensor([1, -2, .infinity] as [Double]), requiresGrad: true)
    #expect(dropout(x, p: 0, training: true) === x)
    #expect(dropout(x, p: 0.9, training: false) === x)
    let y = dropout(x, p: 1)
    #expect(y.value == .zeros([3], .float64))
    y.backward(gradient: .ones([3], .float64))
    #expect(x.grad == .zeros([3], .float64))
  }

  @Test func dropoutDrawsNewNumbersEachTime() {
    let x = Variable(.ones([64]))
    let (a, b, c) = (withSeed(1) { dropout(x) }, withSeed(1) { dropout(x) }, withSeed(2) { dropout(x) })
    #expect(a.value == b.value)
    #expect(a.value != c.value)
    withSeed(1) { #expect(dropout(x).value != dropout(x).value) }
  }

  @Test func softmaxOfLargeAndInfiniteLogits() {
    let y = softmax(Variable(Tensor([[1000, 1000], [-.infinity, 5]] as [[Double]])))
    #expect(y.value.array(Double.self) == [0.5, 0.5, 0, 1])
    let logs = logSoftmax(Variable(Tensor([[1e4, 0]] as [[Double]])))
    #expect(logs.value.array(Double.self) == [0, -1e4])
  }

  /// ignore_index in PyTorch: what a row without a label holds never reaches the loss or the gradient.
  @Test func crossEntropyOfIgnoredRows() {
    let x = Variable(Tensor([[1, 1], [.infinity, 0]] as [[Double]]), requiresGrad: true)
    let loss = crossEntropy(x, Tensor([0, -100]))
    #expect(near([loss.item], [0.6931471805599453]))  // ln 2
    loss.backward()
    #expect(near(x.grad!.array(Double.self), [-0.5, 0.5, 0, 0]))
    // 0/0, as PyTorch's
    #expect(crossEntropy(x, Tensor([-100, -100])).item.isNaN)
  }

  /// F.cross_entropy in float32 against its own float64 result.
  @Test func crossEntropyInFloat32() {
    let x = ramp([4, 3]), labels = Tensor([0, 2, 1, 1])
    let weights = Tensor([0.5, 1, 2])
    let (a, b) = (Variable(x.cast(to: .float32), requiresGrad: true), Variable(x, requiresGrad: true))
    let (single, double) = (crossEntropy(a, labels, weight: weights), crossEntropy(b, labels, weight: weights))
    single.backward()
    double.backward()
    #expect(single.dtype == .float32 && near([single.item], [double.item], 1e-6))
    #expect(near(a.grad!.cast(to: .float64).array(Double.self), b.grad!.array(Double.self), 1e-6))
  }

  @Test func castingCarriesGradientsBetweenFloatingTypes() {
    let x = Variable(Tensor([1.5, -2] as [Double]), requiresGrad: true)
    let y = x.cast(to: .float32)
    #expect(y.dtype == .float32 && y.requiresGrad)
    (y * y).sum().backward()
    #expect(x.grad == Tensor([3, -4] as [Double]))
    #expect(!x.cast(to: .int64).requiresGrad)
    #expect(x.cast(to: .int64).value == Tensor([1, -2]))
  }
}

/// What shape ops promise besides single values.
struct ShapeBehaviourTests {
  @Test func viewsCopyNothing() {
    let x = Variable(ramp([4, 6]))
    let views = [x[1], x[.all, 2..<4], x.transposed(), x.flipped(0), x.diagonal(), x.expanded(2, 4, 6), x.narrowed(axis: 1, start: 0, count: 3)]
    for view in views + x.split(2) + x.unbind(axis: 1) { #expect(view.value.storage === x.value.storage) }
    #expect(x.reshaped(24).value.storage === x.value.storage)
  }

  /// Backward through n parts makes one gradient of x's size, and no gradient for each part.
  @Test func unbindGoesBackAtOnce() {
    let x = Variable(ramp([50, 40]), requiresGrad: true)
    let parts = x.unbind()
    var y = parts[0]
    for part in parts.dropFirst() { y = y + part }
    #expect(Set(parts.map { ObjectIdentifier($0.node!) }).count == 1)
    y.sum().backward()
    #expect(x.grad == .ones([50, 40], .float64))
  }

  @Test func partsThatNobodyUsedGetZeros() {
    let x = Variable(ramp([2, 3]), requiresGrad: true)
    x.unbind(axis: 1)[1].sum().backward()
    #expect(x.grad == Tensor([0, 1, 0, 0, 1, 0] as [Double], shape: [2, 3]))
  }

  @Test func concatenateOfMany() {
    let inputs = (0..<100).map { Variable(Tensor([Double($0)]), requiresGrad: true) }
    let y = concatenate(inputs)
    #expect(y.value == Tensor((0..<100).map(Double.init)))
    (y * y).sum().backward()
    for (i, input) in inputs.enumerated() { #expect(input.grad == Tensor([2 * Double(i)])) }
  }

  @Test func integersPassThrough() {
    let x = Variable(Tensor([[1, 2, 3], [4, 5, 6]]))
    #expect(x[.all, 1].value == Tensor([2, 5]))
    #expect(concatenate([x, x], axis: 1).value.shape == [2, 6])
    #expect(x.gather(1, Tensor([[2], [0]])).value == Tensor([[3], [4]]))
    #expect(x.tril().value == Tensor([[1, 0, 0], [4, 5, 0]]))
    #expect(x.padded([(0, 1)], mode: .constant(7)).value == Tensor([[1, 2, 3, 7], [4, 5, 6, 7]]))
    #expect(matmul(x, x.transposed()).value == Tensor([[14, 32], [32, 77]]))
  }
}
