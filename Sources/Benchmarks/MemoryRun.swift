import CTapestry
import Foundation
import Tapestry

/// Resident memory of this process in bytes, 0 where the system does not tell.
private func residentBytes() -> Int {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
  return (Int(text.split(separator: " ")[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE))
}

/// Trains a small network for a million steps and fails if memory grows: by 1 KB of resident memory a 1,000 steps, or
/// by any live tensor.
func measureMemory() {
  let model = Sequential(Linear(2, 8), Tanh(), Linear(8, 1))
  let optimizer = SGD(model.parameters(), learningRate: 0.1)
  let x = Tensor.normal([4, 2]), y = Tensor.normal([4, 1])
  func run(_ steps: Int) {
    for _ in 0..<steps {
      let loss = mseLoss(model(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
    }
  }
  run(10_000)
  let resident = residentBytes(), live = tp_memory().live_blocks
  let steps = 1_000_000
  let start = now()
  run(steps)
  let grown = Double(residentBytes() - resident), blocks = tp_memory().live_blocks - live
  print(
    String(
      format: "%d steps in %.1f s: resident memory grew %.0f bytes (%.3f bytes a 1,000 steps), live tensors %+lld",
      steps, now() - start, grown, grown / Double(steps) * 1000, Int64(blocks)))
  if grown / Double(steps) * 1000 >= 1024 || blocks != 0 { exit(1) }
}
