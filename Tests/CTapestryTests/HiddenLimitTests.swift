import Foundation
import Testing

/// No size that switches a path hides in a kernel: numbers that sizes are compared with are in `tapestry_limits.h`, or
/// here with a reason.
struct HiddenLimitTests {
  /// File, a part of the line, why this number is no such size.
  private static let excused = [
    ("dispatch.c", "i < 3", "three names of backends"),
    ("check.inc", "bad >> 63", "the sign bit"),
    ("memory.c", "CLASSES = 320", "size classes: tests allocate in many of them"),
    ("memory.c", "REPORT_BYTES", "when counters are added up, and what a thread keeps: a few blocks cross both"),
    ("memory.c", "LARGEST", "more than addresses can name"),
    ("memory.c", "#define HUGE_PAGE", "the system's huge pages"),
    ("memory.c", "n < 512", "size classes"),
    ("memory.c", "63 - __builtin_clzll", "size classes"),
    ("memory.c", "c < 8", "size classes"),
    ("memory.c", "n > 128", "what a thread's list keeps of the smallest classes"),
    ("memory.c", "HUGE_PAGE : 64", "alignment"),
    ("pool.c", "#define TASK_BITS", "the layout of a ticket"),
    ("pool.c", "#define HELPERS", "the layout of a ticket"),
    ("pool.c", "MAX_THREADS = 256", "what the layout of a ticket allows; and how long to spin"),
    ("pool.c", "_Alignas(128)", "two lines of the cache"),
    ("pool.c", "1000000000", "nanoseconds"),
    ("pool.c", "turn % 64", "how often a spinning thread reads the clock"),
    ("clipping.inc", "k < 4", "four sums of vectors"),
    ("gemm.inc", "#define GEMM_MR", "registers: rows of a tile"),
    ("gemm.inc", "#define GEMM_NV", "registers: vectors of a tile"),
    ("gemm.inc", "#define GEMM_LINE", "a line of the cache"),
    ("gemm_batch.inc", "each <= 16 * alone", "follows from gemm_alone"),
    ("gemm_block.inc", "aligned(64)", "alignment"),
    ("gemm_dots.inc", "#define GEMM_DOT_COLUMNS", "registers: columns of a tile"),
    ("gemm_dots.inc", "tile[4 * 16]", "room for a tile"),
    ("gemm_dots.inc", "r < 4", "rows of a tile"),
    ("gemm_int.inc", "o < 3", "three operands"),
    ("gemm_plan.inc", "p->m > 3", "a tile of dot products has four rows"),
    ("gemm_stream.inc", "aligned(64)", "alignment"),
    ("gemm_stream.inc", "i < 4", "rows of a tile"),
    ("gemm_tile.inc", "j += 64", "a line of the cache"),
    ("lanes.inc", "vector_size(32)", "a vector"),
    ("layernorm.inc", "16 * n", "bytes of two doubles"),
    ("lines.inc", "(n + 20)", "what a line costs beside its elements"),
    ("loop.inc", "#define WALK_OPERANDS", "a kernel has at most four operands"),
    ("loop.inc", "_Alignas(64)", "alignment"),
    ("reduce_arg.inc", "i + 64 <= n", "a block of whole vectors: drawn sizes lie at its edges"),
    ("reduce_arg.inc", "j < i + 64", "the same"),
    ("reduce_kernels.inc", "vector_size(", "vectors of eight lanes"),
    ("reduce_kernels.inc", "R_TWO, 16)", "a step of two vectors of eight lanes: drawn sizes lie at the edges"),
    ("reduce_kernels.inc", "(R_LOAD8(T, p, (at) + 16)", "the same with four"),
    ("reduce_kernels.inc", "R_FOUR, 32)", "the same"),
    ("reduce_kernels.inc", "STEP > 16", "whether steps of two vectors are left over"),
    ("reduce_kernels.inc", "STEP > 8", "whether steps of one vector are left over"),
    ("reduce_kernels.inc", "EXTREMUM_STEP(", "two vectors of eight lanes: drawn sizes lie at the edges"),
    ("reduce_kernels.inc", "i + 64 <= n", "four steps of them"),
    ("reduce_kernels.inc", "n >= 64", "the same"),
    ("reduce_kernels.inc", "k < 8", "eight lanes"),
    ("reduce_kernels.inc", "n >= 8", "a vector of eight lanes"),
    ("reduce_kernels.inc", "rows - r < 8", "eight rows at a time"),
    ("softmax_rows.inc", "4 * N", "four vectors in registers: drawn sizes lie at the edges"),
    ("triangle.inc", "<< 60", "diagonals beyond any tensor"),
    ("avx2.h", "#define VB", "bytes of a vector"),
    ("avx512.h", "#define VB", "bytes of a vector"),
    ("neon.h", "#define VB", "bytes of a vector"),
    ("portable.h", "#define VB", "bytes of a vector"),
    ("transpose.inc", "#define TILE", "registers: a tile"),
    ("transpose.inc", "vector_size(16)", "a vector"),
  ]

  /// Not looked at: formulas of numbers (the limits of their domains are no sizes), the oracle, and the allocator's
  /// test mode.
  private static let formulas = [
    "caches.c", "cores.c", "format.c", "failure.c", "generator.c", "guards.c", "limits.c", "random.c", "threads.c",
    "entry.c", "softmax.inc", "random.inc", "random_formulas.inc", "elements.inc",
  ]

  @Test func numbersThatSizesAreComparedWithAreListed() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/CTapestry")
      .standardized
    var used = Set<Int>(), seen = 0
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path()).sorted()
    where [".c", ".inc", ".def"].contains(where: name.hasSuffix) || name.hasPrefix("tiers/") && name.hasSuffix(".h") {
      let file = String(name.split(separator: "/").last!)
      if Self.formulas.contains(file) || file.hasPrefix("reference") || file.hasPrefix("math") { continue }
      seen += 1
      for (number, whole) in try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false
      )
      .enumerated() {
        let line = whole.replacing(#/\/\/.*|\/\*.*?\*\/|"[^"]*"/#, with: "")
        // A number of 16 or more anywhere, of 3 or more behind < > <= >=, and whatever gets a name.
        let large = line.matches(of: #/(?:^|[^\w.])([1-9]\d*)(?![\w.])/#).contains { Int($0.1)! >= 16 }
        let compared = line.matches(of: #/(?:^|[^<>\-])[<>]=?\s*([1-9]\d*)(?![\w.])/#).contains { Int($0.1)! >= 3 }
        guard large || compared || line.contains(#/#define \w+ +\(*[2-9]|\b[A-Z_]{3,} = [2-9]/#) else { continue }
        let excuse = Self.excused.indices.filter { Self.excused[$0].0 == file && line.contains(Self.excused[$0].1) }
        #expect(
          !excuse.isEmpty, "\(name):\(number + 1): a size in the code? It belongs into tapestry_limits.h: \(line)")
        used.formUnion(excuse)
      }
    }
    #expect(seen > 30)
    #expect(
      Self.excused.indices.filter { !used.contains($0) }.map { Self.excused[$0] }.isEmpty, "excuses that nothing needs")
  }
}
