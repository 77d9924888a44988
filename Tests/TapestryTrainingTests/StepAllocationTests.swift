import CSanitizers
import CTapestry
import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryOptim
import TapestryTensors
import Testing

#if os(Linux)
  /// The types of the objects that `step` makes on this thread.
  private func made(_ step: () -> Void) -> (types: [UnsafeRawPointer], others: Int) {
    var types = [UnsafeRawPointer?](repeating: nil, count: 10_000)
    objects_begin()
    step()
    var others: Int32 = 0
    let count = Int(objects_end(&types, Int32(types.count), &others))
    return (types.prefix(count).compactMap { $0 }, Int(others))
  }

  private func name(_ type: UnsafeRawPointer) -> String { _typeName(unsafeBitCast(type, to: Any.Type.self)) }

  /// What a step of a training loop of fixed shape makes, once the first steps are over: the graph's objects, and
  /// nothing else. Their memory comes from the caches of the allocators.
  struct StepAllocationTests {
    @Test func theCountSeesArraysAndBoxes() {
      func kept(_ x: Int) -> () -> Int {
        var x = x
        return {
          x += 1; return x
        }
      }
      var arrays: [[Int]] = [], closures: [() -> Int] = []
      arrays.reserveCapacity(1)
      closures.reserveCapacity(1)
      let (types, _) = made {
        arrays.append([1, 2, arrays.count])
        closures.append(kept(arrays.count))
      }
      #expect(types.contains { object_is_box($0) })
      #expect(!Self.isOptimized || types.contains { !object_is_box($0) && name($0).contains("ContiguousArrayStorage") })
    }

    /// The boxes are what the derivatives of layer norm, tanh, GELU and cross-entropy have captured: the graph's, as
    /// its nodes are. Unoptimized code makes arrays and boxes of its own:
    /// `swift test -c release -Xswiftc -enable-testing --filter StepAllocationTests`. (In a process of its own: a hook
    /// that another test holds would have backward passes look for leaves.)
    @Test(.enabled(if: isOptimized)) func aStepMakesItsGraphAndNoArray() async {
      await #expect(processExitsWith: .success) {
        let model = Sequential(Linear(6, 16), LayerNorm(16), Tanh(), Linear(16, 16, bias: false), GELU(), Linear(16, 3))
        let parameters = model.parameters()
        let x = Tensor.normal([8, 6]), labels = Tensor((0..<8).map { $0 % 3 })
        let optimizers: [any Optimizer] = [
          SGD(parameters, learningRate: 0.1), SGD(parameters, learningRate: 0.1, momentum: 0.9),
          Adam(parameters, learningRate: 0.01),
          AdamW(parameters, learningRate: 0.01),
        ]
        for optimizer in optimizers {
          func step() {
            optimizer.zeroGrad()
            crossEntropy(model(x), labels).backward()
            optimizer.step()
          }
          for _ in 0..<3 { step() }
          let (types, others) = made(step)
          let boxes = types.filter { object_is_box($0) }.count
          let arrays = types.filter { !object_is_box($0) }.map(name).filter { $0.contains("Storage<") }
          if types.count < 20 || boxes > 4 || !arrays.isEmpty || others > 0 {
            fail("of \(types.count) objects \(boxes) are boxes and \(arrays) arrays; \(others) other blocks")
          }
        }
      }
    }

    private static var isOptimized: Bool {
      #if DEBUG
        false
      #else
        true
      #endif
    }

    /// Tensors of a step take the memory that those of the step before gave back.
    @Test func aStepTakesNothingFromTheSystem() async {
      await #expect(processExitsWith: .success) {
        let model = Sequential(Linear(6, 16), LayerNorm(16), Tanh(), Linear(16, 3))
        let optimizer = Adam(model.parameters(), learningRate: 0.01)
        let x = Tensor.normal([8, 6]), labels = Tensor((0..<8).map { $0 % 3 })
        var system: [Int64] = []
        for _ in 0..<6 {
          optimizer.zeroGrad()
          crossEntropy(model(x), labels).backward()
          optimizer.step()
          system.append(tp_memory().system_allocations)
        }
        if Set(system.dropFirst(2)).count > 1 { fail("each step takes memory from the system: \(system)") }
      }
    }
  }
#endif
