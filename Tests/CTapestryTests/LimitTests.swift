import CSanitizers
import CTapestry
import Foundation
import TapestryTensors
import Testing

private let families = pointwiseCases + reduceCases + networkCases + gemmCases + stepCases

/// Limits that a test below crosses, and its name.
private let others = [
  "pool_slots": "callersBeyondTheSlotsWorkAlone", "dry_small": "largeConstantsOfDryRunsAreZero",
  "memory_huge": "blocksOfAllSizes",
  "memory_keep": "blocksOfAllSizes",
]

/// Every kernel on both sides of every size at which it takes another path (`tapestry_limits.h`).
struct LimitTests {
  @Test(
    "at drawn limits every tier agrees with the reference backend, on any number of threads", arguments: families, tiers
  )
  func kernels(_ family: KernelCases, _ tier: String) {
    let tally = LimitTally()
    var draw = Draw(seed: family.name.utf8.reduce(5381) { $0 &* 33 &+ UInt64($1) })
    for _ in 0..<family.count {
      var one = KernelCase(tier: tier, limits: draw.limits(), tally: tally, draw: Draw(seed: draw.bits()))
      family.run(&one)
    }
    let missed = Set(family.crosses).subtracting(tally.crossed)
    #expect(missed.isEmpty, "\(tier) \(family.name): no size on both sides of \(missed.sorted())")
  }

  /// LIMITS.md lists what the code has and what the tests cross. `LIMITS=write` in the environment renews it.
  @Test func everyLimitIsCrossedAndListed() throws {
    var crossings: [String: [String]] = [:]
    for family in families {
      for name in family.crosses { crossings[name, default: []].append("drawn cases of \(family.name)") }
    }
    for (name, test) in others { crossings[name, default: []].append("`\(test)`") }
    #expect(
      Set(crossings.keys) == Set(Limits.rows.map(\.name)),
      "limits that no test crosses, or tests of limits that are no more")
    var table = """
      # Sizes at which kernels take another path

      Made by `LIMITS=write swift test --filter everyLimitIsCrossedAndListed` from `tapestry_limits.h` and the tests; a
      test keeps it current. Tests lower them with `withLimits` and must be seen on both sides.

      | limit | value | lowest in tests | what it switches | crossed by |
      | --- | --- | --- | --- | --- |

      """
    for row in Limits.rows {
      table +=
        """
        | `\(row.name)` | \(row.value) | \(row.low) | \(row.what) | \
        \((crossings[row.name] ?? ["nobody"]).joined(separator: ", ")) |\n
        """
    }
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "LIMITS.md")
    if ProcessInfo.processInfo.environment["LIMITS"] == "write" {
      try table.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == table, "LIMITS.md is old: renew it as it says")
  }

  @Test func loweredLimitsBelongToAScope() throws {
    #expect(Limits.current == .standard)
    var some = Limits.standard
    some["gemm_mc"] = 5
    withLimits(some) {
      #expect(Limits.current == some)
      // Tasks see their caller's limits, on whatever thread they run.
      var seen = [Bool](repeating: false, count: 64)
      seen.withUnsafeMutableBufferPointer { buffer in
        withThreads(3) {
          tp_parallel(
            64, { context, i in context!.assumingMemoryBound(to: Bool.self)[Int(i)] = Limits.current["gemm_mc"] == 5 },
            buffer.baseAddress)
        }
      }
      #expect(seen.allSatisfy { $0 })
      withLimits(.standard) { #expect(Limits.current == .standard) }
      #expect(Limits.current == some)
    }
    #expect(Limits.current == .standard)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try withLimits(.lowest) { throw Stop() } }
    #expect(Limits.current == .standard)
    for (name, value, words) in [
      ("gemm_mc", 257, "gemm_mc is 1 … 256, got 257"), ("gemm_mc", 0, "1 … 256, got 0"), ("no", 1, "no 'no'"),
    ] {
      let failure = #expect(throws: Failure.self) {
        try Failure.catching {
          var limits = Limits.standard
          limits[name] = value
        }
      }
      #expect(failure?.description.contains(words) == true)
    }
  }

  /// The pool has room for one caller: another thread's call, made inside its only task, runs alone, and so does not
  /// wait for it.
  @Test func callersBeyondTheSlotsWorkAlone() {
    let tally = LimitTally()
    var limits = Limits.standard
    limits["pool_slots"] = 1
    let expected = (0..<64).map { $0 * 3 }
    /// Calls tp_parallel on a thread of its own, with this thread's limits.
    final class Work {
      var inner = [Int](repeating: 0, count: 64)
    }
    let work = Work()
    withLimits(limits, counting: tally) {
      withThreads(3) {
        // Some other test's call may hold the slot just now; then the outer call runs alone as well, and again.
        for _ in 0..<1000 where !tally.crossed.contains("pool_slots") {
          tp_parallel(
            64,
            { context, i in
              if i == 0 {
                tp_run_apart(
                  { context in
                    tp_thread().pointee.depth = 0
                    let work = Unmanaged<Work>.fromOpaque(context!).takeUnretainedValue()
                    work.inner.withUnsafeMutableBufferPointer { buffer in
                      tp_parallel(
                        64, { context, i in context!.assumingMemoryBound(to: Int.self)[Int(i)] = Int(i) * 3 },
                        buffer.baseAddress)
                    }
                  }, context)
              }
            }, Unmanaged.passUnretained(work).toOpaque())
        }
      }
    }
    #expect(work.inner == expected && tally.crossed.contains("pool_slots"))
  }

  @Test func largeConstantsOfDryRunsAreZero() {
    let tally = LimitTally()
    var limits = Limits.standard
    limits["dry_small"] = 16
    withLimits(limits, counting: tally) {
      Dry.run {
        #expect(Tensor.full([16], 3).array(Float.self) == [Float](repeating: 3, count: 16))
        #expect(Tensor.full([17], 3).array(Float.self) == [Float](repeating: 0, count: 17))
      }
    }
    #expect(tally.crossed.contains("dry_small"))
  }

  /// Blocks on both sides of what is huge and what is kept: each holds what was written to it, and nothing is handed
  /// out twice.
  @Test func blocksOfAllSizes() {
    let tally = LimitTally()
    var limits = Limits.lowest
    limits["memory_keep"] = 64 << 20
    withLimits(limits, counting: tally) {
      // Held until the end, so that the cache, which all tests fill, runs out of them.
      var blocks: [(UnsafeMutableRawPointer, Int64)] = []
      while blocks.count < 64 || (blocks.count < 3000 && !tally.crossed.contains("memory_huge")) {
        let sizes: [Int64] = [1, 64, 576, 4096, 100_000, 589_824, 1 << 20, (9 << 20) / 4],
          bytes = sizes[blocks.count % 8]  // ends of classes among them
        let block = tp_alloc(bytes)!
        memset(block, Int32(blocks.count % 251), Int(bytes))
        blocks.append((block, bytes))
      }
      tp_trim()
      for (number, (block, bytes)) in blocks.enumerated() {
        #expect(
          UnsafeRawBufferPointer(start: block, count: Int(bytes)).allSatisfy { $0 == UInt8(number % 251) }
            && Int(bitPattern: block) % 64 == 0)
        tp_free(block, bytes)
      }
      for _ in 0..<100 where !sanitizing() && !tally.crossed.contains("memory_keep") {
        tp_trim()
        let many = (0..<40).map { _ in tp_alloc(2 << 20)! }
        for block in many { tp_free(block, 2 << 20) }
      }
    }
    // Sanitizers keep memory of their own, and nothing is kept here.
    #expect(tally.crossed.isSuperset(of: sanitizing() ? ["memory_huge"] : ["memory_huge", "memory_keep"]))
  }
}
