import CMeasures
import Foundation

/// What this machine can do at best, on as many threads as Tapestry uses: multiply-adds of float32 vectors, and bytes
/// read from memory.
func measureMachine(_ threads: Int) {
  var rates = [Double](repeating: 0, count: threads)
  rates.withUnsafeMutableBufferPointer { buffer in
    nonisolated(unsafe) let rates = buffer
    DispatchQueue.concurrentPerform(iterations: threads) { rates[$0] = tp_fma_peak(0.5) }
  }
  print("{\"name\": \"peak\", \"gflops\": \(rates.reduce(0, +) / 1e9)}")
  print("{\"name\": \"bandwidth\", \"gbs\": \(readRate(threads) / 1e9)}")
}

/// Bytes a second that plain loads see: the best of some passes over 256 MB, far more than caches hold, a part for each
/// thread.
private func readRate(_ threads: Int) -> Double {
  let count = 1 << 22, part = count / threads  // of 64 bytes
  nonisolated(unsafe) let memory = UnsafeMutablePointer<SIMD16<UInt32>>.allocate(capacity: count)
  memory.initialize(repeating: .one, count: count)
  defer { memory.deallocate() }
  nonisolated(unsafe) let sums = UnsafeMutablePointer<SIMD16<UInt32>>.allocate(capacity: threads)
  defer { sums.deallocate() }
  var best = 0.0
  for _ in 0..<10 {
    let start = now()
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      var a = SIMD16<UInt32>.zero, b = a, c = a, d = a
      for i in stride(from: thread * part, to: (thread + 1) * part, by: 4) {
        a &+= memory[i]
        b &+= memory[i + 1]
        c &+= memory[i + 2]
        d &+= memory[i + 3]
      }
      sums[thread] = a &+ b &+ c &+ d
    }
    best = max(best, Double(count * 64) / (now() - start))
  }
  return best
}
