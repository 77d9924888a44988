import Foundation
import TapestryAutograd
import TapestryOps
import TapestryTensors
import Testing

/// A float64 leaf.
func leaf(_ values: Double...) -> Variable { Variable(Tensor(values), requiresGrad: true) }

/// A float64 leaf without axes.
func scalar(_ value: Double) -> Variable { Variable(Tensor(value, .float64), requiresGrad: true) }

extension Variable {
  /// The elements of the gradient; empty when there is none.
  var gradient: [Double] { grad?.doubles ?? [] }
}

/// Whether all numbers agree to `tolerance`, relative to the larger of 1 and their size.
func near(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
}

/// Carries what is not Sendable to another thread, one at a time.
final class Box<T>: @unchecked Sendable {
  var content: T
  init(_ content: T) { self.content = content }
}

/// Runs `body` on a thread of its own with a stack of the given size, and waits for its end.
func onThread(stackKiB: Int = 512, _ body: @escaping @Sendable () -> Void) {
  let done = DispatchSemaphore(value: 0)
  let thread = Thread {
    body()
    done.signal()
  }
  thread.stackSize = stackKiB * 1024
  thread.start()
  done.wait()
}

/// What a process that ended with a failure wrote.
func words(_ result: ExitTest.Result?) -> String { String(decoding: result?.standardErrorContent ?? [], as: UTF8.self) }
