import CTapestry
import Foundation
import TestSupport
import Testing

#if os(Linux)
  /// A system of which the files given exist alone.
  private func withSystem<R>(_ files: [String: String], _ body: (String) -> R) throws -> R {
    try withScratchFolder { root in
      for (path, text) in files {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      return body(root.path())
    }
  }

  /// The second-level cache, from drawn systems' files.
  struct CacheTests {
    private func cache(_ rows: [(level: String, type: String, size: String)]) throws -> Int64 {
      var files: [String: String] = [:]
      for (i, row) in rows.enumerated() {
        for (name, text) in [("level", row.level), ("type", row.type), ("size", row.size)] {
          files["sys/devices/system/cpu/cpu0/cache/index\(i)/\(name)"] = text + "\n"
        }
      }
      return try withSystem(files) { tp_find_second_cache($0) }
    }

    @Test func theSecondLevelIsFound() throws {
      let first = [("1", "Data", "48K"), ("1", "Instruction", "32K")]
      #expect(try cache(first + [("2", "Unified", "2048K"), ("3", "Unified", "107520K")]) == 2 << 20)
      #expect(try cache(first + [("2", "Unified", "512K")]) == 512 << 10)
      #expect(try cache(first + [("2", "Unified", "1M")]) == 1 << 20)
      #expect(try cache(first + [("2", "Unified", "524288")]) == 512 << 10)
      #expect(try cache([("2", "Instruction", "4096K"), ("2", "Data", "256K")]) == 256 << 10)
    }

    @Test func withoutOneItIsAMebibyte() throws {
      #expect(try cache([]) == 1 << 20)
      #expect(try cache([("1", "Data", "48K"), ("3", "Unified", "32768K")]) == 1 << 20)
      #expect(try cache([("2", "Unified", "0K")]) == 1 << 20)
      #expect(try cache([("2", "Unified", "nonsense")]) == 1 << 20)
    }

    @Test func thisMachineHasOne() { #expect(tp_second_cache() >= 64 << 10 && tp_second_cache() == tp_second_cache()) }
  }

  /// The number of threads to begin with, from drawn systems' files.
  struct CoreTests {
    private func cores(_ cpus: [Int32], _ files: [String: String]) throws -> Int32 {
      try withSystem(files) { tp_count_cores($0, cpus, Int32(cpus.count)) }
    }

    private func siblings(_ lists: [String]) -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: lists.enumerated().map {
          ("sys/devices/system/cpu/cpu\($0.offset)/topology/thread_siblings_list", $0.element + "\n")
        })
    }

    @Test func processorsCountWhereNothingIsKnown() throws {
      #expect(try cores([0, 1, 2], [:]) == 3)
      #expect(try cores([], [:]) == 1)
    }

    @Test func aCoreCountsOnce() throws {
      #expect(try cores([0, 1], siblings(["0-1", "0-1"])) == 1)
      let pairs = siblings(["0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7"])
      #expect(try cores([0, 1, 2, 3, 4, 5, 6, 7], pairs) == 4)
      #expect(try cores([4, 5], pairs) == 2, "the first of those that may be used counts, not the first of the core")
      #expect(try cores([1, 4, 5], pairs) == 2)
      #expect(try cores([0, 1], siblings(["0", "1"])) == 2)
      #expect(
        try cores([1, 3], siblings(["0-1", "0-1", "2-3", "2-3"])) == 2, "both seconds, their firsts may not be used")
    }

    @Test(arguments: [
      ("max 100000", 8), ("250000 100000", 3), ("200000 100000", 2), ("10000 100000", 1), ("900000 100000", 8),
      ("nonsense", 8), ("0 0", 8),
    ])
    func aQuotaIsRoundedUp(line: String, expected: Int32) throws {
      #expect(
        try cores(Array(0..<8), ["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": line + "\n"]) == expected)
    }

    @Test func theLeastOfAllGroupsAboveCounts() throws {
      let group = [
        "proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/cpu.max": "150000 100000\n",
        "sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
      ]
      #expect(try cores(Array(0..<8), group) == 2)
      // A container sees its own group as the root, and its path as the host's.
      #expect(
        try cores(Array(0..<8), ["proc/self/cgroup": "0::/docker/1234\n", "sys/fs/cgroup/cpu.max": "300000 100000\n"])
          == 3)
    }

    @Test func theFirstVersionHasTwoFiles() throws {
      var files = [
        "proc/self/cgroup": "4:memory:/x\n1:cpu,cpuacct:/a\n0::/\n", "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "350000\n",
      ]
      #expect(try cores(Array(0..<8), files) == 8, "a quota without its period")
      files["sys/fs/cgroup/cpu/a/cpu.cfs_period_us"] = "100000\n"
      #expect(try cores(Array(0..<8), files) == 4)
      files["sys/fs/cgroup/cpu/a/cpu.cfs_quota_us"] = "-1\n"
      #expect(try cores(Array(0..<8), files) == 8)
    }

    @Test func thisMachineHasSome() { #expect(tp_cores() >= 1) }
  }
#endif
