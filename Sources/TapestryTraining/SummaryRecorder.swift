import TapestryAutograd
import TapestryNN
import TapestryTensors

/// Makes a summary of the calls that an observer sees.
final class SummaryRecorder {
  private let found: Discovery
  private var summary: Summary
  /// The modules of the rows, and their rows.
  private var modules: [any Module] = []
  private var places: [ObjectIdentifier: Int] = [:]
  private var open: [Call] = []

  /// A module's call that has not returned.
  private struct Call {
    let row: Int
    let start = Dry.multiplyAdds
    var multiplyAddsInside = 0
    /// What the inputs and the results of modules inside lie in.
    var known: [WeakStorage]
  }

  /// Weak, or a temporary that is overwritten in place would be held and copied.
  private struct WeakStorage {
    weak var storage: Storage?
    init(_ tensor: Tensor) { storage = tensor.storage }
  }

  init(_ model: any Module) {
    found = Discovery(model)
    summary = Summary(model: typeName(model))
  }

  func see(_ event: ModuleEvent) {
    switch event.moment {
    case .begins:
      if open.isEmpty { summary.inputs += event.inputs.map { ($0.shape, $0.dtype) } }
      for call in open { summary.rows[call.row].isContainer = true }
      open.append(Call(row: row(of: event.module, event.path), known: event.inputs.map { WeakStorage($0.value) }))
    case .ends:
      let call = open.removeLast(), multiplyAdds = Dry.multiplyAdds - call.start
      var seen = call.known.compactMap(\.storage)
      for output in event.outputs where !seen.contains(where: { $0 === output.value.storage }) {
        seen.append(output.value.storage)
        summary.rows[call.row].activationMemory += output.count * output.dtype.itemSize
      }
      if summary.rows[call.row].calls == 0 { summary.rows[call.row].outputs = event.outputs.map(\.shape) }
      summary.rows[call.row].calls += 1
      summary.rows[call.row].multiplyAdds += multiplyAdds - call.multiplyAddsInside
      if !open.isEmpty {
        open[open.count - 1].multiplyAddsInside += multiplyAdds
        open[open.count - 1].known += event.outputs.map { WeakStorage($0.value) }
      }
    }
  }

  /// The summary, with weights and notes, and with the modules that were not called.
  func finish() -> Summary {
    for branch in found.branches where !branch.isRepeated && places[ObjectIdentifier(branch.module)] == nil {
      let holdsWeights = zip(found.parameters, found.owners).contains { found.branches[$1].module === branch.module }
      let hasParts = found.branches.contains { $0.parent.map { found.branches[$0].module === branch.module } ?? false }
      if holdsWeights || !hasParts { summary.rows[row(of: branch.module, branch.name)].notes.append("never called") }
    }
    for ((_, parameter), owner) in zip(found.parameters, found.owners) {
      guard let i = places[ObjectIdentifier(found.branches[owner].module)] else { continue }
      summary.rows[i].parameters += parameter.count
      summary.rows[i].parameterMemory += parameter.count * parameter.dtype.itemSize
      if parameter.isFrozen { summary.rows[i].frozen += parameter.count }
    }
    for (i, module) in modules.enumerated() { summary.rows[i].notes += notes(summary.rows[i], module) }
    noteTiedWeights()
    return summary
  }

  private func row(of module: any Module, _ path: String) -> Int {
    if let i = places[ObjectIdentifier(module)] { return i }
    places[ObjectIdentifier(module)] = modules.count
    modules.append(module)
    let details = module.details
    summary.rows.append(Summary.Row(path: path, type: typeName(module) + (details.isEmpty ? "" : "(\(details))")))
    return modules.count - 1
  }

  private func notes(_ row: Summary.Row, _ module: any Module) -> [String] {
    var notes: [String] = []
    if row.frozen > 0 { notes.append(row.frozen == row.parameters ? "frozen" : "\(grouped(row.frozen)) frozen") }
    let others = found.branches.filter { $0.module === module }.map(\.name).dropFirst()
    if !others.isEmpty {
      notes.append(
        "the same layer as \(others.prefix(3).joined(separator: ", "))"
          + (others.count > 3 ? " and \(others.count - 3) more" : ""))
    }
    if row.calls > 1 { notes.append("\(row.calls) calls") }
    return notes
  }

  /// A parameter under a second name, in another module than the one that it counts for.
  private func noteTiedWeights() {
    for ((name, parameter), owner) in zip(found.parameters, found.owners) {
      for other in found.names[ObjectIdentifier(parameter)]!.dropFirst() {
        let parts = other.split(separator: ".")
        let holder = parts.dropLast().joined(separator: ".")
        guard let module = found.branches.first(where: { $0.name == holder })?.module,
          module !== found.branches[owner].module, let i = places[ObjectIdentifier(module)]
        else { continue }
        let note = "\(parts.last!) tied to \(name)"
        if !summary.rows[i].notes.contains(note) { summary.rows[i].notes.append(note) }
      }
    }
  }
}
