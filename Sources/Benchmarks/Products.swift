import CMeasures
import Foundation
import Tapestry

/// Median seconds of 20 products through the public `matmul`, after three to warm up. Small products are timed in
/// groups.
private func seconds(_ a: Variable, _ b: Variable, threads: Int) -> Double {
  withThreads(threads) {
    let group = max(1, 2_000_000 / (a.count / a.shape[0] * a.shape[0] * b.shape[1]))
    for _ in 0..<3 { _ = matmul(a, b) }
    return median(
      (0..<20).map { _ in
        let start = now()
        for _ in 0..<group { _ = matmul(a, b) }
        return (now() - start) / Double(group)
      })
  }
}

/// Prints how near matrix products come to the peak of multiply-adds that this program measures on the same core, just
/// before and after.
func measureProducts() {
  print("product (m, k)·(k, n)        threads     time     GFLOP/s   of peak (1 core)")
  for (m, k, n) in [
    (1024, 1024, 1024), (512, 512, 512), (256, 256, 256), (128, 784, 256), (32, 784, 256), (64, 64, 64),
  ] {
    let a = Variable(.normal([m, k])), b = Variable(.normal([k, n]))
    for threads in [1, 2] {
      let before = tp_fma_peak(0.2), time = seconds(a, b, threads: threads), after = tp_fma_peak(0.2)
      let rate = 2 * Double(m * k * n) / time, peak = max(before, after)
      let shape = "(\(m), \(k))·(\(k), \(n))".padding(toLength: 28, withPad: " ", startingAt: 0)
      let text = String(
        format: "%5d %10.3f ms %9.1f %9.1f %%   (peak %.1f)", threads, time * 1e3, rate / 1e9, 100 * rate / peak,
        peak / 1e9)
      print("\(shape) \(text)")
    }
  }
}
