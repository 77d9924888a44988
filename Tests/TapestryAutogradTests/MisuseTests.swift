import TapestryAutograd
import TapestryOps
import TapestryTensors
import TestSupport
import Testing

/// Mistakes end the program with a message: the operation, the shapes, what differs, the way out.
struct MisuseTests {
  @Test func backwardTwice() {
    let result = mistake {
      let x = leaf(1)
      let y = (x * x).sum()
      y.backward()
      y.backward()
    }
    #expect(
      result.contains(
        "*: backward ran through this graph before and released it; pass retainGraph: true to the first backward pass"))
  }

  @Test func backwardOfAnArray() {
    let result = mistake { (leaf(1, 2, 3) * 2).backward() }
    #expect(result.contains("backward: the result has shape [3]"))
    #expect(result.contains("reduce it with sum() or mean(), or pass gradient:"))
  }

  @Test func backwardOfAConstant() {
    let result = mistake { Variable(Tensor([1.0], .float64)).backward() }
    #expect(result.contains("backward: this Variable needs no gradient"))
  }

  @Test func gradientOfAnotherShape() {
    let result = mistake { (leaf(1, 2) * 2).backward(gradient: .ones([3], .float64)) }
    #expect(result.contains("backward: the gradient is float64 [3], but the result is float64 [2]"))
  }

  @Test func cotangentOfAnotherType() {
    let result = mistake {
      let x = leaf(1)
      _ = gradients(of: [x * 2], withRespectTo: [x], cotangents: [Variable(.ones([1], .float32))])
    }
    #expect(result.contains("gradients: cotangent 0 is float32 [1], its output float64 [1]"))
  }

  @Test func integerLeaf() {
    let result = mistake { _ = Variable(Tensor([1, 2] as [Int]), requiresGrad: true) }
    #expect(
      result.contains(
        "only floating-point tensors can require a gradient, got int64; convert it with cast(to: .float32)"))
  }

  @Test func gradientOfAResult() {
    let result = mistake { (leaf(1) * 2).grad = nil }
    #expect(result.contains("grad: only a leaf that requires a gradient has one"))
  }

  @Test func gradientsByAConstant() {
    let result = mistake {
      _ = gradients(of: [leaf(1)], withRespectTo: [Variable(Tensor.ones([2, 3]))])
    }
    #expect(result.contains("gradients: input 0 of shape [2, 3] needs no gradient; make it with requiresGrad: true"))
  }

  @Test func hookOnAConstant() {
    let result = mistake { Variable(Tensor([1.0], .float64)).onGradient { _ in } }
    #expect(result.contains("onGradient: this Variable of shape [1] needs no gradient"))
  }

  @Test func hookThatChangesTheShape() {
    let result = mistake {
      let x = leaf(1, 2)
      x.mapGradient { $0.sum() }
      (x * 2).sum().backward()
    }
    #expect(result.contains("mapGradient: the new gradient is float64 [], it must be float64 [2] as before"))
  }

  @Test func customOpWithTooFewGradients() {
    let result = mistake {
      customOp("mine", [leaf(1), leaf(2)], forward: { $0[0] * $0[1] }) { x, _, dy in [dy * x[1]] }.backward()
    }
    #expect(result.contains("mine: backward gave 1 gradients for 2 inputs"))
  }

  @Test func customOpWithAGradientOfAnotherType() {
    let result = mistake {
      customOp("mine", [leaf(1, 2)], forward: { $0[0] * 2 }) { x, _, dy in [Variable(.ones([2]))] }.sum().backward()
    }
    #expect(result.contains("mine: backward gave a gradient of float32 [2] for input 0, which is float64 [2]"))
    let integers = mistake {
      _ = customOp("mine", [leaf(1, 2)], forward: { $0[0].cast(to: .int64) }) { x, _, dy in [dy] }
    }
    #expect(integers.contains("mine: the result is int64, which has no gradient; compute it inside noGrad"))
  }

  @Test func customOpWithAGradientThatDoesNotFit() {
    let result = mistake {
      customOp("mine", [leaf(1, 2)], forward: { $0[0] * 2 }) { x, _, dy in [dy.sum()] }.sum().backward()
    }
    #expect(result.contains("mine: backward gave a gradient of float64 [] for input 0, which is float64 [2]"))
  }

  @Test func checkpointThatDoesAnotherThing() {
    let result = mistake {
      let x = leaf(1, 2)
      var first = true
      checkpoint(x) { x in
        defer { first = false }
        return first ? x * 2 : (x * 2).sum()
      }.sum().backward()
    }
    #expect(result.contains("checkpoint: the closure gave [[2]] before, but [[]] in the backward pass"))
  }

  @Test func jvpWithATangentThatDoesNotFit() {
    let result = mistake {
      _ = jvp({ $0 * 2 }, at: Tensor.ones([2], .float64), tangent: Tensor.ones([3], .float64))
    }
    #expect(result.contains("jvp: the inputs are [\"float64 [2]\"], but the tangent is [\"float64 [3]\"]"))
  }
}
