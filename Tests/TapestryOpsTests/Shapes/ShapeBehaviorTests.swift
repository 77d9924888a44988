import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// What shape ops promise besides single values.
struct ShapeBehaviorTests {
  @Test func viewsCopyNothing() {
    let x = Variable(ramp([4, 6]))
    let views = [
      x[1], x[.all, 2..<4], x.transposed(), x.flipped(0), x.diagonal(), x.expanded(2, 4, 6),
      x.narrowed(axis: 1, start: 0, count: 3),
    ]
    for view in views + x.split(2) + x.unbind(axis: 1) { #expect(view.value.storage === x.value.storage) }
    #expect(x.reshaped(24).value.storage === x.value.storage)
  }

  /// Of Tensors come Tensors: predictions of batches, columns of features.
  @Test func tensorsAreJoinedAsTensors() {
    let a: Tensor = Tensor([[1, 2], [3, 4]]), b: Tensor = Tensor([[5, 6]])
    let rows: Tensor = concatenate([a, b])
    #expect(rows == Tensor([[1, 2], [3, 4], [5, 6]]))
    #expect(concatenate([a, a], axis: 1) == Tensor([[1, 2, 1, 2], [3, 4, 3, 4]]))
    #expect(stack([a[0], a[1], b[0]], axis: 1) == Tensor([[1, 3, 5], [2, 4, 6]]))
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
