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

/// Runs `body` on a thread of its own with a stack of the given size, waits for its end and returns its result, so that
/// the test's own thread checks it: elsewhere a failure would not know its test.
func onThread<T>(stackKiB: Int = 512, _ body: @escaping @Sendable () -> T) -> T {
  let done = DispatchSemaphore(value: 0)
  let result = Box<T?>(nil)
  let thread = Thread {
    result.content = body()
    done.signal()
  }
  thread.stackSize = stackKiB * 1024
  thread.start()
  done.wait()
  return result.content!
}
