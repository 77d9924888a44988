import Tapestry

// The same work as pytorch_bench.py, under the same names, in float32.

private func random(_ shape: Shape) -> Variable { Variable(.normal(shape)) }
private func labels(_ count: Int, below bound: Int) -> Tensor { .randint([count], in: 0..<bound) }

private func train(
  _ model: any Layer, _ optimizer: any Optimizer, _ x: Variable, _ loss: @escaping (Variable) -> Variable
) -> () -> Void {
  model.train()
  return {
    optimizer.zeroGrad()
    loss(model(x)).backward()
    optimizer.step()
  }
}

private func infer(_ model: any Layer, _ x: Variable) -> () -> Void {
  model.eval()
  return { _ = noGrad { model(x) } }
}

private func mlp() -> Sequential {
  Sequential(Linear(784, 256), ReLU(), Dropout(0.5), Linear(256, 128), ReLU(), Dropout(0.3), Linear(128, 10))
}

private func mlpTrain(_ batch: Int) -> () -> Void {
  let model = mlp()
  let target = labels(batch, below: 10)
  return train(model, Adam(model.parameters(), learningRate: 1e-3), random([batch, 784])) { crossEntropy($0, target) }
}

/// One function of a (4096, 1024) input.
private func unary(_ name: String, _ f: @escaping (Variable) -> Variable) -> Workload {
  Workload(name) {
    let x = random([4096, 1024])
    return { _ = f(x) }
  }
}

func makeWorkloads() -> [Workload] {
  [
    // Overhead: small tensors, where the framework itself is the cost.
    Workload("add_10") {  // x + y, ten elements, no gradient, recording on; 1,000 a step
      let x = random([10]), y = random([10])
      return { for _ in 0..<1000 { _ = x + y } }
    },
    Workload("chain_10") {  // (x·y + y) five times, sum, backward
      let x = Variable(.normal([10]), requiresGrad: true), y = random([10])
      return {
        var z = x
        for _ in 0..<5 { z = z * y + y }
        z.sum().backward()
      }
    },
    Workload("xor_sgd_b4") {
      let model = Sequential(Linear(2, 8), Tanh(), Linear(8, 1))
      let target = Tensor.normal([4, 1])
      return train(model, SGD(model.parameters(), learningRate: 0.1), random([4, 2])) { mseLoss($0, target) }
    },

    // The seeds' network.
    Workload("mlp_adam_b1") { mlpTrain(1) },
    Workload("mlp_adam_b32") { mlpTrain(32) },
    Workload("mlp_adam_b256") { mlpTrain(256) },
    Workload("mlp_infer_b1") { infer(mlp(), random([1, 784])) },
    Workload("mlp_infer_b32") { infer(mlp(), random([32, 784])) },
    Workload("mlp_infer_b256") { infer(mlp(), random([256, 784])) },

    // One operation at a time.
    Workload("gemm_1024") {
      let a = random([1024, 1024]), b = random([1024, 1024])
      return { _ = matmul(a, b) }
    },
    Workload("gemm_128x784x256") {
      let a = random([128, 784]), b = random([784, 256])
      return { _ = matmul(a, b) }
    },
    Workload("bmm_3x3_1m") {  // a million products of 3×3
      let a = random([1_000_000, 3, 3]), b = random([1_000_000, 3, 3])
      return { _ = bmm(a, b) }
    },
    Workload("chain8_4m") {  // eight pointwise operations, forward and backward
      let x = Variable(.normal([4096, 1024]), requiresGrad: true), y = random([4096, 1024])
      return {
        x.grad = nil
        abs((tanh(x * y + 1) * sigmoid(x) - 0.5) * y).sum().backward()
      }
    },
    unary("add_4m") { $0 + $0 },
    unary("exp_4m") { exp($0) },
    unary("gelu_4m") { gelu($0) },
    unary("softmax_4m") { softmax($0, axis: -1) },
    unary("layernorm_4m") { layerNorm($0) },
    unary("sum_4m") { $0.sum() },
    unary("transpose_4m") { $0.transposed().contiguous() },
    Workload("embedding_50kx512") {  // 32×128 rows, forward and backward
      let table = Embedding(50000, 512)
      let ids = Tensor.randint([32, 128], in: 0..<50000)
      return {
        table.weight.grad = nil
        table(ids).sum().backward()
      }
    },
    // output layer and loss of 1,024 tokens, width 768, vocabulary 50,257, forward and backward
    Workload("cross_entropy_50k") {
      let weight = Variable(.normal([50257, 768], standardDeviation: 0.02), requiresGrad: true),
        x = Variable(.normal([1024, 768]), requiresGrad: true)
      let target = labels(1024, below: 50257)
      return {
        weight.grad = nil
        x.grad = nil
        crossEntropy(matmul(x, weight.transposed()), target).backward()
      }
    },
  ]
}
