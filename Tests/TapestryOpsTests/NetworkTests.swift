import CTapestry
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// Linear, softmax, layer norm, embedding and dropout in every form of their arguments.
struct NetworkTests {
  @Test("Values and gradients are PyTorch's", arguments: cases)
  func pytorch(_ c: PyTorchCase) { c.check() }

  @Test func oneVariableAsInputAndWeight() {
    // d Σ(A·A) = 1·Aᵀ + Aᵀ·1 with 1 all ones, for A = ((1, 2), (3, 4))
    let a = Variable(Tensor([1, 2, 3, 4] as [Double], shape: [2, 2]), requiresGrad: true)
    let y = linear(a, a)
    #expect(y.value.array(Double.self) == [7, 10, 15, 22])
    y.sum().backward()
    #expect(a.grad!.array(Double.self) == [7, 11, 9, 13])
  }

  /// Written by PyTorch 2.15; a, b, c are `ramp` of the given shapes, and so is the gradient of the result.
  static let cases: [PyTorchCase] = [
    PyTorchCase(
      "F.linear(a, b.mT, c)", [[2, 3], [3, 2], [2]], { linear($0[0], $0[1], $0[2]) },
      [2, 2], [-0.0625, 0.875, -3.125, 2],
      [[1.8125, 1.25, -0.6875, 1.25, 1.8125, -1.0625], [0.9375, 0.9375, -0.75, 0.5625, 1, -1.1875], [-1.75, 1.75]]),
    PyTorchCase(
      "F.linear(a, b.mT)", [[2, 2, 3], [3, 2]], { linear($0[0], $0[1]) },
      [2, 2, 2], [1.1875, 0.375, -1.875, 1.5, -1.5, 1.25, -1.125, 1],
      [
        [1.8125, 1.25, -0.6875, 1.25, 1.8125, -1.0625, -0.6875, -1.0625, 0.625, -1.25, -0.5, 0.25],
        [1.9375, 0.1875, -1, 0.5625, -0.5, -0.4375],
      ]),
    PyTorchCase(
      "F.linear(a, b.mT, c)", [[3], [3, 2], [2]], { linear($0[0], $0[1], $0[2]) },
      [2], [-0.0625, 0.875],
      [[1.8125, 1.25, -0.6875], [1.5625, -0.625, -0.625, 0.25, 0.625, -0.25], [-1.25, 0.5]]),
    PyTorchCase(
      "F.linear(a, b.mT, c)", [[0, 3], [3, 2], [2]], { linear($0[0], $0[1], $0[2]) },
      [0, 2], [],
      [[], [0, 0, 0, 0, 0, 0], [0, 0]]),
    PyTorchCase(
      "F.softmax(a, 1)", [[2, 3]], { softmax($0[0], axis: 1) },
      [2, 3],
      [
        0.11271920470830457, 0.6486542370516473, 0.23862655824004828, 0.6652409557748218, 0.2447284710547976,
        0.09003057317038045,
      ],
      [
        [
          -0.14812597892980767, 0.282738760104943, -0.13461278117513537, 0.2825874510794423, -0.1407703574696301,
          -0.14181709360981212,
        ]
      ]),
    PyTorchCase(
      "F.softmax(a, 0)", [[2, 3]], { softmax($0[0], axis: 0) },
      [2, 3],
      [
        0.07585818002124356, 0.5621765008857981, 0.5621765008857981, 0.9241418199787566, 0.4378234991142019,
        0.4378234991142019,
      ],
      [
        [
          -0.1752592913627704, 0.0615335206843996, 0.06153352068439957, 0.17525929136277038, -0.061533520684399566,
          -0.061533520684399594,
        ]
      ]),
    PyTorchCase(
      "F.softmax(a + 1000, -1)", [[2, 3]], { softmax($0[0] + 1000) },
      [2, 3],
      [
        0.11271920470830457, 0.6486542370516473, 0.23862655824004828, 0.6652409557748218, 0.2447284710547976,
        0.09003057317038045,
      ],
      [
        [
          -0.14812597892980767, 0.282738760104943, -0.13461278117513537, 0.2825874510794423, -0.1407703574696301,
          -0.14181709360981212,
        ]
      ]),
    PyTorchCase(
      "F.log_softmax(a, -2)", [[2, 3]], { logSoftmax($0[0], axis: -2) },
      [2, 3],
      [
        -2.5788897342925496, -0.5759394198788437, -0.5759394198788437, -0.07888973429254957, -0.8259394198788437,
        -0.8259394198788437,
      ],
      [[-1.25, 0.07836762433565145, 0.2027206261072476, 1.25, -0.0783676243356514, -0.20272062610724767]]),
    PyTorchCase(
      "F.log_softmax(a * 500, 1)", [[2, 3]], { logSoftmax($0[0] * 500, axis: 1) },
      [2, 3], [-875, 0, -500, 0, -500, -1000],
      [[-625, 875, -250, 250, 125, -375]]),
    PyTorchCase(
      "F.layer_norm(a, (3,))", [[2, 3]], { layerNorm($0[0]) },
      [2, 3],
      [-1.1624650770221965, 1.2787115847244164, -0.11624650770221963, 1.2247356859083902, 0, -1.2247356859083902],
      [
        [
          -2.262050185655534e-05, 2.488255204205675e-05, -2.262050185689866e-06, 1.837075972732638e-05,
          5.551115123125783e-17, -1.8370759727104335e-05,
        ]
      ]),
    PyTorchCase(
      "F.layer_norm(a, (3,), b, c)", [[2, 3], [3], [3]], { layerNorm($0[0], gamma: $0[1], beta: $0[2]) },
      [2, 3],
      [0.2030813462777456, 1.1393557923622082, -0.44187674614889016, -2.7809196073854876, 0.5, 0.11236784295419511],
      [
        [
          0.39588253401765994, 0.29688221110455826, -0.6927647451222179, -0.2934440547557044, 0.5868525161644369,
          -0.2934084614087327,
        ],
        [2.9840009536632337, 0.6393557923622081, 0.9766750182824024], [0, 0.75, -1.25],
      ]),
    PyTorchCase(
      "F.layer_norm(a, (3,), b, eps=0.1)", [[2, 3], [3]], { layerNorm($0[0], gamma: $0[1], eps: 0.1) },
      [2, 3], [1.3294863431609905, 0.5849739909908359, 0.05317945372643962, -1.427600601800402, 0, 0.5710402407201608],
      [
        [
          0.48511212087105104, 0.13643778399498308, -0.6215499048660341, -0.41793524864301607, 0.5472468973568207,
          -0.12931164871380457,
        ],
        [2.757086944961393, 0.5849739909908359, 0.9097398148066809],
      ]),
    PyTorchCase(
      "F.layer_norm(a, (3,), bias=b)", [[2, 3], [3]], { layerNorm($0[0], beta: $0[1]) },
      [2, 3],
      [-2.4124650770221963, 1.7787115847244164, -0.6162465077022197, -0.025264314091609785, 0.5, -1.7247356859083902],
      [
        [
          -2.262050185655534e-05, 2.488255204205675e-05, -2.262050185689866e-06, 1.837075972732638e-05,
          5.551115123125783e-17, -1.8370759727104335e-05,
        ],
        [0, 0.75, -1.25],
      ]),
    PyTorchCase(
      "F.layer_norm(a, (2, 3), b, c)", [[2, 2, 3], [2, 3], [2, 3]], { layerNorm($0[0], gamma: $0[1], beta: $0[2]) },
      [2, 2, 3],
      [
        0.49130266966497194, 0.8482605339329943, -0.25124247576214687, 3.240060193902825, 0.34950300969514125,
        -0.1529819418291524, -2.95244981810803,
        0.5756644363603569, 0.029651054522498055, 2.5741276363062453, 0.21216778181982157, 0.2714698908648178,
      ],
      [
        [
          1.0026654746868275, -0.5386463659790917, -0.553423829997695, 1.0396091347333356, -0.7662225037978103,
          -0.18398190964556604, -1.0389039844788936,
          -0.13785286830813098, -0.14477498846165066, 1.4562918853745033, -0.3665767074275815, 0.2318166633017537,
        ],
        [
          3.1032625241513956, 0.3482605339329944, 1.3080596332828494, 2.784536775686572, 0.1373352278753197,
          2.299467876278877,
        ],
        [-0.25, 0.5, -1.5, 2, 0, -2],
      ]),
    PyTorchCase(
      "F.layer_norm(a, (2, 2))", [[2, 2, 2]], { layerNorm($0[0], normalizedShape: [2, 2]) },
      [2, 2, 2],
      [
        -1.3130570841643319, 0.5252228336657327, -0.5252228336657327, 1.3130570841643319, 0.19999744004915102,
        -1.3999820803440568, 1.3999820803440568,
        -0.1999974400491509,
      ],
      [
        [
          -1.4488745880836262e-05, 5.795498352334505e-06, -5.795498352334505e-06, 1.4488745880836262e-05,
          5.1198033982180495e-06, -3.583862378782609e-05,
          3.5838623787792793e-05, -5.119803398306864e-06,
        ]
      ]),
    PyTorchCase(
      "F.layer_norm(a, (3,))", [[0, 3]], { layerNorm($0[0]) },
      [0, 3], [],
      [[]]),
  ]

  private func leaf(_ numbers: [Double], _ shape: Shape) -> Variable {
    Variable(Tensor(numbers, shape: shape), requiresGrad: true)
  }
  private func range(_ count: Int, _ shape: Shape, _ f: (Double) -> Double = { $0 }) -> Tensor {
    Tensor((0..<count).map { f(Double($0)) }, shape: shape)
  }

  @Test func softmaxOfLargeNumbers() {
    for backend in [Backend.current.name, "reference"] {
      withBackend(backend) {
        expectNear(logSoftmax(leaf([1000, 0, -1000], [3])).value, [0, -1000, -2000], 0, "logSoftmax")
        expectNear(softmax(leaf([1000, 1000, -.infinity], [3])).value, [0.5, 0.5, 0], 0, "softmax")
      }
    }
  }

  @Test func embeddingWithRepeats() {
    // table = torch.arange(8.).reshape(4, 2)/2; y = F.embedding(torch.tensor([[1, 3], [1, 0]]), table, padding_idx=0)
    // y.backward(torch.arange(1., 9.).reshape(2, 2, 2))
    for dtype in [DType.int64, .int32, .uint8] {
      let table = Variable(range(8, [4, 2]) { $0 / 2 }, requiresGrad: true)
      let indices = Tensor([[1, 3], [1, 0]]).cast(to: dtype)
      let y = embedding(indices, table, paddingIdx: 0)
      #expect(y.shape == [2, 2, 2])
      expectNear(y.value, [1, 1.5, 3, 3.5, 1, 1.5, 0, 0.5], 0, "y, \(dtype)")
      let dy = range(8, [2, 2, 2]) { $0 + 1 }
      y.backward(gradient: dy)
      expectNear(table.grad, [0, 0, 6, 8, 0, 0, 3, 4], 0, "dTable, \(dtype)")
      table.grad = nil
      embedding(indices, table).backward(gradient: dy)
      expectNear(table.grad, [7, 8, 6, 8, 0, 0, 3, 4], 0, "dTable without padding, \(dtype)")
    }
  }

  @Test func dropoutKeepsTheMean() {
    let x = Variable(.ones([20_000]), requiresGrad: true)
    for p in [0.1, 0.5, 0.9] {
      let y = withSeed(3) { dropout(x, p: p) }
      let kept = y.value.array(Float.self).filter { $0 != 0 }
      #expect(kept.allSatisfy { abs($0 - Float(1 / (1 - p))) < 1e-5 }, "p = \(p)")
      // The number kept is binomial: five standard deviations.
      let deviation = (20_000 * p * (1 - p)).squareRoot()
      #expect(abs(Double(kept.count) - 20_000 * (1 - p)) < 5 * deviation, "p = \(p): \(kept.count)")
      x.grad = nil
      y.backward(gradient: .ones([20_000]))
      #expect(x.grad! == y.value, "p = \(p): the gradient has the same m")
    }
  }

  @Test func dropoutAtTheEnds() {
    let x = leaf([1, .infinity, -3], [3])
    #expect(dropout(x, p: 0) === x)
    #expect(dropout(x, p: 0.5, training: false) === x)
    let y = dropout(x, p: 1)
    expectNear(y.value, [0, 0, 0], 0, "y")
    y.backward(gradient: .ones([3], .float64))
    expectNear(x.grad, [0, 0, 0], 0, "dx")
  }

  @Test func dropoutDrawsAnew() {
    let x = Variable(.ones([200]))
    withSeed(5) {
      let a = dropout(x, p: 0.5), b = dropout(x, p: 0.5)
      #expect(a.value != b.value)
    }
    #expect(withSeed(5) { dropout(x, p: 0.5) }.value == withSeed(5) { dropout(x, p: 0.5) }.value)
  }
}
