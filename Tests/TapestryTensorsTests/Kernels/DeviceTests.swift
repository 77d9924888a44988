import CTapestry
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import TapestryTensors

/// A device of the tests' own: the reference kernels under another number, with an allocator that counts.
private enum Second {
  static let blocks = Atomic<Int>(0), products = Atomic<Int>(0)

  static let number: Int32 = {
    let table = UnsafeMutablePointer<tp_backend>.allocate(capacity: 1)
    table.initialize(to: tp_backend_named("reference").pointee)
    table.pointee.device = 1
    table.pointee.allocate = { bytes in
      Second.blocks.add(1, ordering: .relaxed)
      return tp_alloc(bytes)
    }
    table.pointee.release = { memory, bytes in
      Second.blocks.subtract(1, ordering: .relaxed)
      tp_free(memory, bytes)
    }
    table.pointee.gemm = { c, a, b, epilogue in
      Second.products.add(1, ordering: .relaxed)
      tp_backend_named("reference").pointee.gemm(c, a, b, epilogue)
    }
    tp_set_device(table)
    return 1
  }()

  static func tensor(_ shape: Shape, _ value: Double = 2) -> Tensor {
    var x = Tensor(uninitialized: shape, .float32, on: number)
    x.fill(value)
    return x
  }
}

@Suite(.serialized)
struct DeviceTests {
  @Test func resultsStayOnTheDeviceOfTheirInputs() {
    let before = Second.blocks.load(ordering: .relaxed)
    do {
      let x = Second.tensor([2, 3]), products = Second.products.load(ordering: .relaxed)
      var changed = x
      changed += x
      let results = [
        x + x, x * 3, -x, x.contiguous(), x.transposed().contiguous(), x.cast(to: .float64), x.sum(), x.amax(1),
        x.argmax(1), x[0], changed,
        Kernel.gemm(x, x.transposed(), shape: [2, 2]), Kernel.softmax(log: false, x, axis: 1),
        Kernel.variance(x, axes: [1], keepDims: true, correction: 1),
        Kernel.layerNorm(x, gamma: nil, beta: nil, eps: 1e-5).rstd, Kernel.scan(Int(TP_CUMSUM), x, axis: 1),
        Kernel.triangle(upper: true, x, diagonal: 0),
        Kernel.select(x .> 1, x, x, shape: [2, 3]), Kernel.dropout(x, tp_random_state(), p: 0), Kernel.sumOfRows(x),
      ]
      #expect(results.allSatisfy { $0.descriptor.device == 1 && $0.storage.device == 1 })
      #expect(Second.products.load(ordering: .relaxed) == products + 1)
      withExtendedLifetime(results) { #expect(Second.blocks.load(ordering: .relaxed) > before + 10) }
      #expect((x + x).array(Float.self) == [4, 4, 4, 4, 4, 4] && changed.array(Float.self) == [4, 4, 4, 4, 4, 4])
      // An override of this computer's kernels is none of the device's; a dry run serves every device.
      withBackend("portable") { #expect(Kernel.table(1).pointee.device == 1) }
      let dry = tp_dry_begin()
      #expect(String(cString: Kernel.table(1).pointee.name) == "dry")
      tp_dry_end(dry)
    }
    #expect(Second.blocks.load(ordering: .relaxed) == before)
  }

  static let mistakes: [Mistake] = [
    Mistake("+: cannot combine tensors of two devices, 1 and 0; bring them to one") {
      _ = Second.tensor([2]) + Tensor.zeros([2])
    },
    Mistake("one operation cannot work on tensors of two devices, 0 and 1; bring them to one") {
      var a = Tensor.zeros([2, 2]), b = Second.tensor([2, 2])
      _ = Kernel.product(&a, &b, bias: nil)
    },
    Mistake("one operation cannot work on tensors of two devices, 1 and 0; bring them to one") {
      _ = Kernel.layerNorm(Second.tensor([2, 2]), gamma: .ones([2]), beta: nil, eps: 1e-5)
    },
    Mistake("device 5: there are no kernels for it") { _ = Tensor(uninitialized: [2], .float32, on: 5) },
    Mistake("device -1: there are no kernels for it") { _ = Tensor(uninitialized: [2], .float32, on: -1) },
  ]

  @Test(arguments: mistakes) func areRefused(_ mistake: Mistake) { #expect(mistake.problem == nil) }

  /// Only the funnel asks which kernels run.
  @Test func kernelsAreChosenInOnePlace() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../../Sources").standardized
    let asking = try FileManager.default.subpathsOfDirectory(atPath: root.path()).filter { name in
      guard name.hasSuffix(".swift") else { return false }
      let text = try String(contentsOf: root.appending(path: name), encoding: .utf8)
      return text.contains("tp_kernels(") || text.contains("tp_current()")
    }.sorted()
    #expect(asking == ["TapestryTensors/Kernels/KernelFunnel.swift", "TapestryTensors/Runtime/Runtime.swift"])
  }
}
