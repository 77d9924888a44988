import CSanitizers
import CTapestry
import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// No step leaves anything behind. In processes of their own, for the counters are process-wide.
struct MemoryTests {
  @Test(.enabled(if: !sanitizing())) func trainingSteps() async {
    await #expect(processExitsWith: .success) {
      let x = Variable(Tensor.normal([4, 2])), target = Variable(Tensor.normal([4, 1]))
      let parameters = [
        Parameter(.normal([2, 8])), Parameter(.zeros([8])), Parameter(.normal([8, 1])), Parameter(.zeros([1])),
      ]
      func step() {
        let hidden = tanh(matmul(x, parameters[0]) + parameters[1])
        let error = matmul(hidden, parameters[2]) + parameters[3] - target
        (error * error).sum().backward()
        for parameter in parameters {
          parameter.assign(parameter.value - parameter.grad! * 0.01)
          parameter.grad = nil
        }
      }
      for _ in 0..<3000 { step() }
      _ = residentBytes()
      #if DEBUG
        let steps = 20_000
      #else
        let steps = 1_000_000
      #endif
      let blocks = Memory.liveBlocks, resident = residentBytes()
      for _ in 0..<steps { step() }
      let left = Memory.liveBlocks - blocks
      #expect(left == 0, "\(left) blocks are left of \(steps) steps")
      // At least some pages, for the system counts nothing smaller.
      let growth = residentBytes() - resident
      #expect(growth <= max(steps / 1000 * 1024, 16 * 4096), "\(growth) bytes in \(steps) steps")
      withExtendedLifetime((x, target, parameters)) {}  // an optimized build would free them after their last use
    }
  }

  @Test func nothingIsLeftBehind() async {
    await #expect(processExitsWith: .success) {
      func everything() {
        let x = leaf(0.5, 1.5)
        x.onGradient { _ in }
        let h = x * 2
        h.onGradient { _ in _ = h.shape }  // names its own Variable
        h.sum().backward()
        let y = checkpoint(x) { exp($0) * tanh($0) } / (x * x + 1)
        let z = customOp("twice", [y], forward: { $0[0] * 2 }) { _, y, dy in [2 * dy + 0 * y] }
        let dx = gradients(of: z.sum(), withRespectTo: [x], createGraph: true)[0]
        (dx * dx).sum().backward()
        _ = hessian({ ($0 * $0 * $0).sum() }, at: x.value)
        _ = gradientCheck({ exp($0) }, at: x.value)
        _ = sqrt(x).sum()  // a graph that nobody runs
      }
      everything()
      let blocks = Memory.liveBlocks
      for _ in 0..<20 { everything() }
      let left = Memory.liveBlocks - blocks
      #expect(left == 0, "\(left) blocks are left")
    }
  }

  /// A kept output held as a Variable would hold its own node.
  @Test func noCycles() {
    weak var kept: Variable?
    weak var node: Node?
    do {
      let x = leaf(1)
      let y = tanh(exp(x))
      (kept, node) = (y, y.node)
      _ = gradients(of: y.sum(), withRespectTo: [x], createGraph: true)
    }
    #expect(kept == nil && node == nil)
  }

  /// What backward has used is let go of, though the result lives on.
  @Test func released() {
    let x = leaf(2)
    weak var temporary: Variable?
    func forward() -> Variable {
      let h = x * 3
      temporary = h
      return (h * h).sum()
    }
    let y = forward()
    #expect(temporary != nil)
    y.backward()
    #expect(temporary == nil)
  }

  /// What no operation keeps dies during forward.
  @Test func temporariesDieDuringForward() {
    let x = leaf(2)
    weak var temporary: Variable?
    func forward() -> Variable {
      let h = x * 3
      temporary = h
      return h.sum()
    }
    let y = forward()
    #expect(temporary == nil && y.requiresGrad)
  }
}

/// The process's resident memory without mapped files (code that is touched for the first time is no leak); 0 where the
/// system has no /proc.
private func residentBytes() -> Int {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
  let pages = text.split(separator: " ").map { Int($0) ?? 0 }  // size, resident, of it shared
  return (pages[1] - pages[2]) * 4096
}
