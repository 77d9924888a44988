import TapestryAutograd
import TapestryOps
import TapestryOptim
import TapestryTensors
import Testing

/// Five steps of Σ (p − s/10)² + Σ (q + s/5)² at step s, from p = (1, −2, 3), q = ((0.5), (−1.5)), in float64. Expected: what PyTorch
/// 2.15's optimizer of the same name leaves in p and q.
struct OptimizerTests {
  struct Case: CustomStringConvertible, Sendable {
    let description: String
    let make: @Sendable ([Parameter]) -> any Optimizer
    let expected: [Double]
  }

  static let cases: [Case] = [
    Case(
      description: "SGD", make: { SGD($0, learningRate: 0.1) },
      expected: [0.49152000000000007, -0.49151999999999996, 1.14688, -0.16384000000000004, -0.8192]),
    Case(
      description: "SGD, momentum", make: { SGD($0, learningRate: 0.1, momentum: 0.9) },
      expected: [-0.2817600000000001, 1.4595, -1.4426000000000003, -0.8875300000000002, 0.27331000000000016]),
    Case(
      description: "SGD, dampening and decay", make: { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.3, weightDecay: 0.05) },
      expected: [-0.22028879032925042, 1.1082809948177508, -1.1060019804272512, -0.6665639069640004, 0.2191492831340006]),
    Case(
      description: "SGD, Nesterov", make: { SGD($0, learningRate: 0.1, momentum: 0.9, weightDecay: 0.05, nesterov: true) },
      expected: [-0.06309259555695941, 1.192617907833169, -0.9002329311503783, -0.9202402283778548, -0.08309989278443598]),
    Case(
      description: "SGD, maximize", make: { SGD($0, learningRate: 0.01, momentum: 0.5, maximize: true) },
      expected: [1.1405459072000002, -2.3661274624000006, 3.4783281536, 0.6411359936, -1.6966462528000001]),
    Case(
      description: "Adam", make: { Adam($0, learningRate: 0.1) },
      expected: [0.5284068149927492, -1.5000000012445962, 2.5043693467872443, -0.0017503212415537622, -1.0286086539643866]),
    Case(
      description: "Adam, betas, eps and decay", make: { Adam($0, learningRate: 0.1, betas: (0.8, 0.95), eps: 1e-3, weightDecay: 0.1) },
      expected: [0.5351801470278431, -1.5002867499401968, 2.506275174917276, -0.0052610687108192306, -1.0348419464011158]),
    Case(
      description: "Adam, maximize", make: { Adam($0, learningRate: 0.01, maximize: true) },
      expected: [1.0493177015260848, -2.050165573210479, 3.049842828511209, 0.5497615437185928, -1.5488028934990719]),
    Case(
      description: "AdamW", make: { AdamW($0, learningRate: 0.1) },
      expected: [0.5246656389840352, -1.4910599552391717, 2.490484045976245, -0.003254572770073641, -1.022386304669064]),
    Case(
      description: "AdamW, decay", make: { AdamW($0, learningRate: 0.1, weightDecay: 0.3) },
      expected: [0.42412900070700693, -1.247953680704531, 2.112496259888479, -0.04346817369581214, -0.8541797173115308]),
  ]

  static func step(_ p: Parameter, _ q: Parameter, _ optimizer: any Optimizer, _ s: Int) {
    optimizer.zeroGrad()
    let a = p - 0.1 * Double(s), b = q + 0.2 * Double(s)
    ((a * a).sum() + (b * b).sum()).backward()
    optimizer.step()
  }

  @Test(arguments: cases)
  func agreesWithPyTorch(_ test: Case) {
    let p = Parameter(Tensor([1, -2, 3] as [Double])), q = Parameter(Tensor([0.5, -1.5] as [Double], shape: [2, 1]))
    let optimizer = test.make([p, q])
    for s in 0..<5 { Self.step(p, q, optimizer, s) }
    for (found, expected) in zip(p.value.array(Double.self) + q.value.array(Double.self), test.expected) {
      #expect(abs(found - expected) <= 1e-12 * max(1, abs(expected)), "\(test): \(found), PyTorch \(expected)")
    }
  }

  @Test(arguments: cases)
  func stepsInPlaceWithoutAllocating(_ test: Case) async {
    // In a process of its own, because the allocator's counters are the process's.
    await #expect(processExitsWith: .success) {
      for test in OptimizerTests.cases {
        let p = Parameter(.ones([300], .float64)), q = Parameter(.ones([7, 5]))
        let optimizer = test.make([p, q])
        p.grad = .ones([300], .float64)
        q.grad = .ones([7, 5])
        optimizer.step()
        let places = [p, q].map { $0.value.storage.pointer }
        let before = Memory.allocations
        for _ in 0..<3 { optimizer.step() }
        if Memory.allocations != before || [p, q].map({ $0.value.storage.pointer }) != places { fail("\(test) allocated or moved a parameter") }
      }
    }
  }

  @Test func aParameterStillHeldByAGraphIsCopiedNotCorrupted() {
    let w = Parameter(Tensor([2, 3] as [Double]))
    let optimizer = SGD([w], learningRate: 1)
    let loss = (w * w).sum()
    w.grad = Tensor([1, 1] as [Double])
    optimizer.step()
    #expect(w.value.array(Double.self) == [1, 2])
    w.grad = nil
    loss.backward()
    // d(w²)/dw at the values of the forward pass, not at the stepped ones.
    #expect(w.grad!.array(Double.self) == [4, 6])
  }

  @Test func parametersWithoutGradientStay() {
    let a = Parameter(.ones([2])), b = Parameter(.ones([2]))
    let optimizer = Adam([a, b], learningRate: 0.5)
    a.grad = .ones([2])
    optimizer.step()
    #expect(b.value.array(Float.self) == [1, 1])
    #expect(a.value.array(Float.self) != [1, 1])
  }

  @Test func misuseEndsWithAMessage() async {
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Adam([]) }
    #expect(String(decoding: none!.standardErrorContent, as: UTF8.self).contains("Adam: got no parameters; pass model.parameters()"))
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let p = Parameter(.ones([2]))
      _ = SGD([p, p])
    }
    #expect(String(decoding: twice!.standardErrorContent, as: UTF8.self).contains("listed twice"))
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = SGD([Parameter(.ones([2]))], learningRate: -1) }
    #expect(String(decoding: rate!.standardErrorContent, as: UTF8.self).contains("learningRate must be at least 0, got -1.0"))
  }
}
