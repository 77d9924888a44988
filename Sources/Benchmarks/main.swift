// Measures Tapestry. The workloads carry the names of PyTorch's side (shared/bench/pytorch_bench.py); compare.py runs
// both in turns.
//
//     swift run -c release Benchmarks [--only NAME,NAME] [--seconds 1.0] [--threads 2]     one JSON line a workload
//     swift run -c release Benchmarks products     matrix products against the peak of the same core
//     swift run -c release Benchmarks accuracy     the float32 functions over every float32 [--only EXP,LOG]
//     swift run -c release Benchmarks optimizers   steps against the speed of memory
//     swift run -c release Benchmarks memory       a million small training steps
//     swift run -c release Benchmarks machine      what the machine can do: multiply-adds and bytes a second
//     swift run -c release Benchmarks list         the names of the workloads

import Foundation
import Tapestry

#if DEBUG
  FileHandle.standardError.write(
    Data(
      "Benchmarks: this is a debug build, whose times mean nothing; run it with: swift run -c release Benchmarks\n".utf8
    ))
  exit(1)
#else
  let options = Options(CommandLine.arguments.dropFirst())
  if let threads = options.threads { Threads.count = threads }
  Random.seed(0)
  switch options.command {
  case "products": measureProducts()
  case "accuracy": measureAccuracy(options.only)
  case "optimizers": measureOptimizers()
  case "memory": measureMemory()
  case "machine": measureMachine(Threads.count)
  case "list": for workload in makeWorkloads() { print("{\"name\": \"\(workload.name)\"}") }
  default: measure(makeWorkloads(), options)
  }
#endif
