import Foundation
import Tapestry

/// Prints what a step of each optimizer costs on `count` float32 parameters, in the bytes that it must move, beside a
/// plain sum of the same size: how far a step is from the memory's speed.
func measureOptimizers() {
  print("optimizer                parameters      time   bytes a parameter    GB/s   threads")
  for count in [1 << 16, 1 << 24] {
    for threads in [1, 2] {
      withThreads(threads) {
        let x = Tensor.normal([count]), y = Tensor.normal([count])
        report("x + y", count, 12, threads) { _ = x + y }
        run("SGD", count, 12, threads) { SGD($0) }
        run("SGD, momentum", count, 20, threads) { SGD($0, momentum: 0.9) }
        run("Adam", count, 28, threads) { Adam($0) }
        run("AdamW, amsgrad", count, 36, threads) { AdamW($0, amsgrad: true) }
        run("RMSprop", count, 20, threads) { RMSprop($0) }
        run("RMSprop, all", count, 36, threads) { RMSprop($0, momentum: 0.9, centered: true) }
        let w = parameter(count)
        report("clipGradNorm, norm alone", count, 4, threads) { clipGradNorm([w], maxNorm: 1e9) }
      }
    }
  }
}

private func parameter(_ count: Int) -> Parameter {
  let w = Parameter(.normal([count]))
  w.grad = .normal([count])
  return w
}

private func run(_ name: String, _ count: Int, _ bytes: Int, _ threads: Int, _ make: ([Parameter]) -> FusedOptimizer) {
  let optimizer = make([parameter(count)])
  report(name, count, bytes, threads) { optimizer.step() }
}

/// Median of 15 runs, after three to warm up; small work is timed in groups.
private func report(_ name: String, _ count: Int, _ bytes: Int, _ threads: Int, _ step: () -> Void) {
  let group = max(1, 4_000_000 / count)
  for _ in 0..<3 { step() }
  let time = median(
    (0..<15).map { _ in
      let start = now()
      for _ in 0..<group { step() }
      return (now() - start) / Double(group)
    })
  let label = name.padding(toLength: 24, withPad: " ", startingAt: 0)
  let rate = Double(bytes * count) / time / 1e9
  print("\(label) \(String(format: "%10d %7.3f ms %19d %7.1f %9d", count, time * 1e3, bytes, rate, threads))")
}
