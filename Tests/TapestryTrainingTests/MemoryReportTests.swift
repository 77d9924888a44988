import TapestryAutograd
import TapestryNN
import TapestryOps
import TapestryOptim
import TapestryTensors
import TapestryTraining
import TestSupport
import Testing

private final class Model: Layer {
  let hidden = Linear(8, 16)
  let output = Linear(16, 4)
  let table = Buffer(.ones([5]))
  func forward(_ x: Variable) -> Variable { output(tanh(hidden(x))) }
}

struct MemoryReportTests {
  @Test func partsOfAModel() {
    let model = Model()
    model(.ones([2, 8])).sum().backward()
    let report = memoryReport(model)
    #expect(
      report.bytes(.parameters) == model.parameterCount * 4 && report.bytes(.gradients) == model.parameterCount * 4)
    #expect(report.bytes(.buffers) == 20 && report.bytes(.activations) == 0 && report.bytes(.others) == 0)
    #expect(
      report.rows.map(\.path) == ["hidden (Linear)", "hidden (Linear)", "output (Linear)", "output (Linear)", "Model"])
    #expect(report.rows.map(\.kind) == [.gradients, .parameters, .gradients, .parameters, .buffers])
    #expect(report.rows.map(\.bytes) == [576, 576, 272, 272, 20] && report.rows.map(\.count) == [2, 2, 2, 2, 1])
    #expect(report.tracked == nil)
  }

  @Test func activationsByModule() {
    let model = Model(), x = Tensor.ones([2, 8])
    withMemoryTracking {
      let loss = model(x).sum()
      let before = memoryReport()
      // hidden's result is overwritten by tanh, which the tape keeps; the sum is made outside.
      #expect(before.bytes(.activations) == 2 * 16 * 4 + 2 * 4 * 4 || before.bytes(.activations) == 2 * 16 * 4)
      #expect(before.rows.first { $0.kind == .activations }?.path == "hidden (Linear)")
      #expect(before.rows.first { $0.kind == .others }.map { $0.path.isEmpty && $0.bytes == 4 } == true)
      loss.backward()
      let after = memoryReport()
      #expect(after.bytes(.activations) == 0 && after.bytes(.gradients) == model.parameterCount * 4)
      #expect(after.bytes(.parameters) == model.parameterCount * 4)
    }
  }

  @Test func wholeModelsComeBeforeTheirParts() {
    for _ in 0..<4 {
      let model = Model()
      withMemoryTracking {
        _ = model.output(.ones([2, 16]))
        _ = model(.ones([2, 8]))
        _ = model.hidden(.ones([2, 8]))
        #expect(
          memoryReport().rows.filter { $0.kind == .parameters }.map(\.path) == ["hidden (Linear)", "output (Linear)"])
      }
    }
  }

  @Test func sharedMemoryCountsOnce() {
    withMemoryTracking {
      let x = Tensor.ones([100]), views = [x[0..<50], x.reshaped([10, 10]), x]
      let report = memoryReport()
      #expect(report.count == 1 && report.bytes == 400 && report.tracked == 400 && views.count == 3)
    }
  }

  @Test func scopesNest() {
    withMemoryTracking {
      let x = Tensor.ones([10])
      withMemoryTracking {
        let y = Tensor.ones([20])
        #expect(memoryReport().tracked == 80 && y.count == 20)
      }
      let y = Tensor.ones([30])
      #expect(memoryReport().tracked == 160 && x.count + y.count == 40)
    }
  }

  @Test func otherThreadsFree() async {
    final class Box: @unchecked Sendable { var tensor: Tensor? }
    let box = Box()
    withMemoryTracking {
      box.tensor = .ones([1000])
      #expect(memoryReport().tracked == 4000)
      try! Failure.catching { box.tensor = nil }
      #expect(memoryReport().tracked == 0)
    }
  }

  /// What a caught failure left tracks nothing any more.
  @Test func aTrackingThatWasLeftEnds() {
    final class Box: @unchecked Sendable { var tensor: Tensor?, watch: MemoryWatch? }
    let box = Box()
    withMemoryTracking {
      try? Failure.catching {
        MemoryWatch.run {
          box.watch = .current
          box.tensor = .ones([1000])
          fail("left")
        }
      }
      #expect(box.watch?.blocks.count == 1)
      box.tensor = nil
      #expect(box.watch?.blocks.count == 1 && memoryReport().tracked == 0)
    }
  }

  /// In a process of its own, for `Memory.live` counts all threads.
  @Test func totalsAgreeWithTheAllocator() async {
    await #expect(processExitsWith: .success) {
      let images = Tensor.normal([32, 8]), labels = Tensor.zeros([32], .int64)
      withMemoryTracking {
        let model = Model(), optimizer = Adam(model.parameters(), learningRate: 0.01)
        for _ in 0..<3 {
          let loss = crossEntropy(model(images), labels)
          check(memoryReport(model))
          optimizer.zeroGrad()
          loss.backward()
          optimizer.step()
          check(memoryReport())
        }
      }
    }
  }

  @Test func theTable() {
    let model = Model()
    #expect(
      memoryReport(model).description == """
        module           kind        tensors  memory
        ──────────────────────────────────────────────────────
        hidden (Linear)  parameters        2   576 B  ▇▇▇▇▇▇▇▇
        output (Linear)  parameters        2   272 B  ▇▇▇▇
        Model            buffers           1    20 B
        ──────────────────────────────────────────────────────
        total                              5   868 B
        """)
  }

  @Test func withoutTrackingAModelIsNeeded() {
    let mistake = Mistake(
      "memoryReport: nothing is tracked here; pass a model, or call it inside withMemoryTracking { }"
    ) { _ = memoryReport() }
    #expect(mistake.problem == nil)
  }
}

/// Everything alive was made since tracking began, so the report, what was tracked and the allocator's growth are one
/// number.
private func check(_ report: MemoryReport) {
  if report.bytes != report.growth || report.tracked != report.growth { fail("\(report)") }
}
