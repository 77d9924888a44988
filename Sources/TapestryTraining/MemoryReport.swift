import TapestryAutograd
import TapestryNN
import TapestryTensors

/// The tensors that are alive, by the module that they belong to. Print it for a table.
public struct MemoryReport: Sendable, CustomStringConvertible {
  /// What a tensor is to its module.
  public enum Kind: String, Sendable, CaseIterable {
    /// The module's own, and the gradients of its parameters.
    case parameters, gradients, buffers
    /// Made in a module while operations were recorded: the tape keeps it for backward, or a Variable holds it.
    case activations
    /// Everything else: data, optimizer state, temporaries.
    case others
  }

  /// The tensors of one kind in one module.
  public struct Row: Sendable {
    /// `layers.0 (Linear)`, "" outside of all modules.
    public let path: String
    /// What they are.
    public let kind: Kind
    /// How many blocks of memory; tensors that share one count once.
    public internal(set) var count: Int
    /// The size of these blocks.
    public internal(set) var bytes: Int
  }

  /// The largest first.
  public internal(set) var rows: [Row] = []
  /// Bytes that `withMemoryTracking` saw made and that are alive; nil outside of it.
  public internal(set) var tracked: Int?
  /// How much `Memory.live` grew since tracking began: `tracked`, less what was freed of older memory, and what other
  /// threads did.
  public internal(set) var growth: Int?

  /// Bytes of all rows.
  public var bytes: Int { rows.reduce(0) { $0 + $1.bytes } }
  /// Blocks of memory of all rows.
  public var count: Int { rows.reduce(0) { $0 + $1.count } }
  /// Bytes of all rows of one kind.
  public func bytes(_ kind: Kind) -> Int { rows.reduce(0) { $0 + ($1.kind == kind ? $1.bytes : 0) } }

  /// The table, the largest first.
  public var description: String {
    var table = Table([("module", .left), ("kind", .left), ("tensors", .right), ("memory", .right), ("", .left)])
    for row in rows {
      let eighths = rows[0].bytes > 0 ? Double(row.bytes) / Double(rows[0].bytes) * 8 : 0
      let bar = String(repeating: "▇", count: Int(eighths.rounded()))
      table.add([
        row.path.isEmpty ? "(outside of modules)" : row.path, row.kind.rawValue, grouped(row.count),
        formatBytes(row.bytes), bar,
      ])
    }
    table.addRule()
    table.add(["total", "", grouped(count), formatBytes(bytes), ""])
    var text = table.text
    if let tracked, let growth {
      text +=
        """
        \n\(formatBytes(tracked)) of it made since tracking began; all memory grew by \(formatBytes(growth)) to \
        \(formatBytes(Memory.live))
        """
    }
    return text
  }
}

/// Runs `body` and remembers, for each tensor that the calling thread makes in it, which module was running.
/// `memoryReport()` inside tells.
///
///     withMemoryTracking {
///       let loss = crossEntropy(model(images), labels)
///       print(memoryReport())
///       loss.backward()
///     }
///
/// For looking, not for training: each allocation takes some microseconds more.
@discardableResult
public func withMemoryTracking<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  ModulePath.install
  return try MemoryWatch.run(body)
}

/// Refused: the closure must be synchronous, for tracking belongs to a thread.
@available(
  *, unavailable,
  message:
    "tracking belongs to a thread, and an async closure may change threads: await first, then track synchronous work"
)
public func withMemoryTracking<R>(_ body: () async throws -> R) async rethrows -> R {
  fail("withMemoryTracking: the closure is async")
}

/// The tensors that are alive: parameters, gradients and buffers of `model` (inside `withMemoryTracking`, of every
/// model that ran too), and, inside `withMemoryTracking`, all that was made there.
public func memoryReport(_ model: (any Module)? = nil) -> MemoryReport {
  let watch = MemoryWatch.current
  // Whole models before the parts of them that were called alone, so that paths are the longest.
  let seen = (watch?.roots.compactMap { $0 as? any Module } ?? []).sorted {
    Discovery($0, lenient: true).modules.count > Discovery($1, lenient: true).modules.count
  }
  let models = (model.map { [$0] } ?? []) + seen
  if models.isEmpty && watch == nil {
    fail("memoryReport: nothing is tracked here; pass a model, or call it inside withMemoryTracking { }")
  }
  var ledger = Ledger()
  for model in models { ledger.add(model) }
  for (address, block) in watch?.blocks ?? [:] {
    let kind: MemoryReport.Kind = block.isRecorded && block.path != nil ? .activations : .others
    ledger.add(address, block.bytes, block.path ?? "", kind)
  }
  var report = ledger.report
  report.tracked = watch?.blocks.values.reduce(0) { $0 + $1.bytes }
  report.growth = watch.map { Memory.live - $0.liveBefore }
  return report
}

/// Sums blocks of memory by path and kind, each once.
private struct Ledger {
  private var seen = Set<UInt>()
  private var rows: [String: [MemoryReport.Kind: MemoryReport.Row]] = [:]

  mutating func add(_ address: UInt, _ bytes: Int, _ path: String, _ kind: MemoryReport.Kind) {
    if !seen.insert(address).inserted { return }
    var row = rows[path]?[kind] ?? MemoryReport.Row(path: path, kind: kind, count: 0, bytes: 0)
    row.count += 1
    row.bytes += bytes
    rows[path, default: [:]][kind] = row
  }

  mutating func add(_ model: any Module) {
    let found = Discovery(model, lenient: true)
    for ((_, parameter), owner) in zip(found.parameters, found.owners) {
      let path = ModulePath.text(for: found.branches[owner].name, found.branches[owner].module)
      add(parameter.value, path, .parameters)
      for gradient in parameter.storedGradients { add(gradient, path, .gradients) }
    }
    for (name, buffer) in found.buffers {
      let holder = name.split(separator: ".").dropLast().joined(separator: ".")
      let module = found.branches.first { $0.name == holder }?.module ?? model
      add(buffer.value, ModulePath.text(for: holder, module), .buffers)
    }
  }

  private mutating func add(_ tensor: Tensor, _ path: String, _ kind: MemoryReport.Kind) {
    add(tensor.blockAddress, tensor.blockBytes, path, kind)
  }

  var report: MemoryReport {
    var report = MemoryReport()
    report.rows = rows.values.flatMap(\.values).sorted {
      ($1.bytes, $0.path, $0.kind.rawValue) < ($0.bytes, $1.path, $1.kind.rawValue)
    }
    return report
  }
}
