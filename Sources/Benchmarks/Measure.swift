import Foundation

/// A named piece of work: `make` prepares it and returns one step.
struct Workload {
  let name: String
  let make: () -> () -> Void

  init(_ name: String, _ make: @escaping () -> () -> Void) {
    self.name = name
    self.make = make
  }
}

/// Seconds on the monotonic clock.
func now() -> Double {
  Double(DispatchTime.now().uptimeNanoseconds) * 1e-9
}

/// The middle of some times.
func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

/// Runs each workload as PyTorch's side does: three steps to warm up, then steps until the time is over, at least five;
/// the median counts.
func measure(_ workloads: [Workload], _ options: Options) {
  let workloads =
    workloads
    + options.only.subtracting(workloads.map(\.name)).sorted().map { name in
      shapeWorkload(name) ?? { Options.stop("there is no workload \(name)") }()
    }
  for workload in workloads where options.only.isEmpty || options.only.contains(workload.name) {
    let step = workload.make()
    for _ in 0..<3 { step() }
    var times: [Double] = []
    let end = now() + options.seconds
    while now() < end || times.count < 5 {
      let start = now()
      step()
      times.append(now() - start)
    }
    print(
      "{\"name\": \"\(workload.name)\", \"ms\": \(String(format: "%.5f", median(times) * 1e3)), \"n\": \(times.count)}")
    fflush(nil)
  }
}
